// Making and finding elements. Text is set as text; only stems and cases, cleaned by the server, are ever read as HTML (question.js, case.js).

const SVG = "http://www.w3.org/2000/svg";

export const byId = id => document.getElementById(id);

/** Return a new element; `attributes` may hold `class`, any attribute, and on… listeners as functions; null and false are left out. */
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) setAttribute(element, name, value);
  element.append(...children.filter(child => child !== null));
  return element;
}

function setAttribute(element, name, value) {
  if (value === null || value === false) return;
  if (typeof value === "function") element.addEventListener(name.slice(2), value);
  else element.setAttribute(name, value === true ? "" : value);
}

/** Return the drawn shape `name`, one of the symbols at the top of the page; it says nothing by itself. */
export function shape(name) {
  const drawing = document.createElementNS(SVG, "svg");
  drawing.setAttribute("class", "i");
  drawing.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `#i-${name}`);
  drawing.append(use);
  return drawing;
}
