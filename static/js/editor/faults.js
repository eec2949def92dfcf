// What is wrong with a draft: a list with links, and a mark on each field that is meant.

import { byId, make, shape } from "../candidate/elements.js";

/** Show `faults` ([{place, text}], places without the item's id) beside the fields of `form` and in the list. */
export function showFaults(form, faults, texts) {
  for (const old of form.querySelectorAll(".field-wrong")) old.classList.remove("field-wrong");
  for (const old of form.querySelectorAll(".wrong")) old.remove();
  const rows = faults.map(fault => row(form, fault));
  byId("faults-title").textContent = faults.length ? texts.faults.replace("{count}", faults.length) : texts.no_faults;
  byId("faults").className = faults.length ? "notice notice-caution" : "notice notice-good";
  byId("faults-shape").replaceChildren(shape(faults.length ? "warn" : "check"));
  byId("fault-list").replaceChildren(...rows);
  const send = byId("send");
  if (send) send.disabled = faults.length > 0;
}

function row(form, fault) {
  const field = fieldOf(form, fault.place);
  if (!field) return make("li", {}, fault.text);
  const control = field.querySelector("input, textarea, select, button");
  if (control?.value !== "") mark(field, fault);
  const label = field.querySelector("label, legend")?.textContent.trim();
  const words = label ? `${label}：${fault.text}` : fault.text;
  return make("li", {}, make("button", { type: "button", class: "linklike", onclick: () => control?.focus() }, words));
}

/** What is still empty is said in the list only: nobody has done anything wrong there yet. */
function mark(field, fault) {
  field.classList.add("field-wrong");
  field.append(make("p", { class: "wrong" }, shape("stop"), make("span", {}, fault.text)));
}

/** Return the field that a place means: the one with the longest beginning of it. */
function fieldOf(form, place) {
  const steps = place.split(/(?=[.[])/);
  for (let end = steps.length; end > 0; end--) {
    const found = form.querySelector(`[data-place="${CSS.escape(steps.slice(0, end).join(""))}"]`);
    if (found) return found;
  }
  return null;
}
