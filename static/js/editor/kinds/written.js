// The kinds that people write or hand over: short answer, essay, file.

import { make } from "../../candidate/elements.js";
import { area, button, group, line, lines, tick } from "../parts.js";
import { set } from "./numeric.js";

const FILE_TYPES = ["xlsx", "docx", "pdf", "png", "jpg", "csv", "txt"];

export function editShortText(record, texts, changed, redraw) {
  record.body = { most: 300, ...(record.body ?? {}) };
  record.key = { model: "", elements: [], ...(record.key ?? {}) };
  const { elements } = record.key;

  function row(element, place) {
    const any = area(
      `${texts.element} ${place + 1}`,
      element.any.join("\n"),
      text => {
        element.any = lines(text);
        changed();
      },
      { place: `key.elements[${place}].any`, rows: 2, hint: texts.element_hint },
    );
    const share = line(texts.share, element.share, set(element, "share", changed), { place: `key.elements[${place}].share`, short: true });
    return make(
      "div",
      { class: "edit-row edit-part" },
      any,
      share,
      button("", () => remove(place), { icon: "stop", label: `${texts.remove} ${place + 1}`, quiet: true }),
    );
  }

  function remove(place) {
    elements.splice(place, 1);
    changed();
    redraw();
  }

  function add() {
    elements.push({ any: [], share: "" });
    changed();
    redraw();
  }

  return group(
    texts.key,
    area(texts.model, record.key.model, set(record.key, "model", changed), { place: "key.model" }),
    make("div", { "data-place": "key.elements" }, ...elements.map(row), button(texts.add_element, add)),
    whole(texts.most, record.body, "most", changed),
  );
}

export function editEssay(record, texts, changed) {
  record.body = { least: 0, most: 2000, ...(record.body ?? {}) };
  record.key = { model: "", elements: [], ...(record.key ?? {}) };
  const elements = text => {
    record.key.elements = lines(text);
    changed();
  };
  return group(
    texts.key,
    make("div", { class: "edit-row" }, whole(texts.least, record.body, "least", changed), whole(texts.most, record.body, "most", changed)),
    area(texts.model, record.key.model, set(record.key, "model", changed), { place: "key.model", rows: 6 }),
    area(texts.looked_for, record.key.elements.join("\n"), elements, { place: "key.elements", hint: texts.one_per_line }),
  );
}

export function editUpload(record, texts, changed) {
  record.body = { types: [], megabytes: 10, files: 1, ...(record.body ?? {}) };
  record.key = { model: "", ...(record.key ?? {}) };
  const type = name =>
    tick(name, record.body.types.includes(name), isOn => {
      record.body.types = FILE_TYPES.filter(each => (each === name ? isOn : record.body.types.includes(each)));
      changed();
    });
  return group(
    texts.files,
    make("div", { class: "choices-row", "data-place": "body.types" }, ...FILE_TYPES.map(type)),
    make(
      "div",
      { class: "edit-row" },
      whole(texts.megabytes, record.body, "megabytes", changed),
      whole(texts.file_count, record.body, "files", changed),
    ),
    area(texts.model_file, record.key.model, set(record.key, "model", changed), { place: "key.model" }),
  );
}

function whole(label, holder, name, changed) {
  const write = text => {
    holder[name] = /^[0-9]+$/.test(text.trim()) ? Number(text) : text;
    changed();
  };
  return line(label, holder[name], write, { place: `body.${name}`, short: true, mode: "numeric" });
}
