// Files to hand over. `files` sends them and knows what waits (see uploads.js); the answer names what the server has. A file of the same name, or
// one more where only one is asked for, takes the place of the earlier: the last one counts.

import { make, shape } from "../elements.js";
import { MEGABYTE, sizeOf } from "../sizes.js";
import { text } from "../texts.js";

const LOOKS = { waiting: ["is-caution", "store"], sending: ["is-idle", "turn"], kept: ["is-good", "check"], refused: ["is-alarm", "stop"] };

export function createUpload(item, { name, labelledBy, changed, files }) {
  const list = make("ul", { class: "files" });
  const rule = make("p", { class: "hint", id: `${name}-rule` }, text("upload_rule", { ...item, types: item.types.join(text("and")) }));
  const wrong = make("p", { class: "wrong", role: "status" });
  const chooser = make("input", {
    type: "file",
    class: "unseen",
    id: `${name}-file`,
    accept: item.types.map(type => `.${type}`).join(","),
    "aria-describedby": `${labelledBy} ${rule.id}`,
    onchange: choose,
  });
  const button = make("label", { class: "btn file-chooser" }, shape("up"), text("upload_choose"), chooser);
  let kept = [];

  function choose() {
    const [file] = chooser.files;
    chooser.value = "";
    if (!file) return;
    const words = objection(item, file, [...kept, ...files.waiting(item)]);
    complain(words);
    if (words === "") files.add(item, file);
  }

  function complain(words) {
    wrong.replaceChildren(...(words ? [shape("stop"), make("span", {}, words)] : []));
  }

  function remove(file) {
    files.forget(item, file);
    if (file.digest) changed(kept.filter(each => each !== file));
  }

  function row(file, state, isLocked) {
    const [look, drawn] = LOOKS[state];
    const words = file.digest ? make("a", { href: files.address(file.digest), download: file.name }, file.name) : file.name;
    const away = make(
      "button",
      { type: "button", class: "btn btn-small end", disabled: isLocked, onclick: () => remove(file) },
      text("upload_remove"),
    );
    away.setAttribute("aria-label", text("upload_remove_named", { name: file.name }));
    const told = file.words ?? text(`upload_${state}`);
    return make(
      "li",
      {},
      make("span", { class: look }, shape(drawn)),
      make("strong", {}, words),
      make("span", { class: "second" }, sizeOf(file.size), " · ", told),
      away,
    );
  }

  function show(value, isLocked) {
    kept = value ?? [];
    const waiting = files?.waiting(item) ?? [];
    list.replaceChildren(...kept.map(file => row(file, "kept", isLocked)), ...waiting.map(file => row(file, file.state, isLocked)));
    chooser.disabled = isLocked || !files;
    button.hidden = isLocked;
  }

  return {
    element: make("div", { class: "answer-files" }, list, button, rule, wrong),
    show,
    focus: () => chooser.focus(),
    hint: () => "",
  };
}

/** Return what speaks against a file, in words, or "". The server looks at what is in it. */
function objection(item, file, others) {
  const ending = file.name.split(".").at(-1).toLowerCase();
  const most = item.files;
  if (!item.types.includes(ending === "jpeg" ? "jpg" : ending)) return text("upload_wrong_type", { types: item.types.join(text("and")) });
  if (file.size === 0) return text("upload_empty");
  if (file.size > item.megabytes * MEGABYTE) return text("upload_too_large", item);
  const isNew = most > 1 && !others.some(other => other.name === file.name);
  return isNew && others.length >= most ? text("upload_too_many", item) : "";
}
