// Sample responses: answered with the candidate's own controls, each with what its author says it earns.

import { make } from "../candidate/elements.js";
import { button, line } from "./parts.js";
import { answered } from "./preview.js";

let drawn = "";

/** Show the samples of `record`; they are drawn anew only when the item is another one, so that nobody loses the place where they type. */
export function showSamples(place, record, item, texts, changed) {
  const now = JSON.stringify([item, record.samples.length]);
  if (now === drawn) return;
  drawn = now;
  if (!item) return place.replaceChildren();
  place.replaceChildren(...record.samples.map(row), button(texts.add_sample, add));

  function row(sample, number) {
    const name = `sample-${number}`;
    const { stem, hint, answering } = answered(item, name, sample.answer ?? null, value => {
      sample.answer = value;
      changed();
    });
    stem.classList.toggle("unseen", item.kind !== "blank");
    const share = line(
      texts.sample_fraction,
      String(sample.fraction ?? ""),
      text => {
        sample.fraction = text.trim();
        changed();
      },
      { place: `samples[${number}].fraction`, short: true },
    );
    const gone = button("", () => remove(number), { icon: "stop", label: `${texts.remove} ${number + 1}`, quiet: true });
    const head = make("div", { class: "edit-row" }, make("strong", {}, `${texts.sample} ${number + 1}`), share, gone);
    return make("div", { class: "edit-sample", "data-place": `samples[${number}]` }, head, stem, hint, answering.element);
  }

  function add() {
    record.samples.push({ answer: null, fraction: record.samples.length ? 0 : 1 });
    changed();
    showSamples(place, record, item, texts, changed);
  }

  function remove(number) {
    record.samples.splice(number, 1);
    changed();
    showSamples(place, record, item, texts, changed);
  }
}
