// Options put into order: by buttons, or with a row in focus by the arrow keys or the figure of its place. Nothing counts as an answer until
// something was moved, or the order that is shown was confirmed.

import { make, shape } from "../elements.js";
import { choices } from "../options.js";
import { announce, text } from "../texts.js";

export function createOrdering(item, { labelledBy, changed }) {
  const given = item.choices ?? choices(item);
  const list = make("ol", { class: "ordering", "aria-labelledby": labelledBy });
  const confirm = make("button", { type: "button", class: "btn btn-small", onclick: () => changed(order.map(choice => choice.value)) });
  confirm.append(shape("check"), text("order_confirm"));
  const rows = new Map(given.map(choice => [choice, row(choice)]));
  let order = given;
  let isLocked = false;

  function row(choice) {
    const button = (by, drawn, words) =>
      make(
        "button",
        { type: "button", class: "btn btn-small", "aria-label": words, onclick: () => move(choice, order.indexOf(choice) + by) },
        shape(drawn),
      );
    const number = make("span", { class: "letter", "aria-hidden": "true" });
    const handle = make(
      "button",
      { type: "button", class: "order-row", onkeydown: event => keyed(event, choice) },
      number,
      make("span", { class: "order-words" }, choice.words),
      make("span", { class: "unseen" }),
    );
    const up = button(-1, "up", text("order_up", { words: choice.words }));
    const down = button(1, "down", text("order_down", { words: choice.words }));
    return { element: make("li", {}, handle, up, down), number, handle, up, down };
  }

  function keyed(event, choice) {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const place = order.indexOf(choice);
    const to = { ArrowUp: place - 1, ArrowDown: place + 1 }[event.key] ?? (/^[1-9]$/.test(event.key) ? Number(event.key) - 1 : null);
    if (to === null) return;
    event.preventDefault();
    event.stopPropagation(); // the figures choose among options elsewhere on the page
    move(choice, to);
    rows.get(choice).handle.focus();
  }

  function move(choice, to) {
    if (isLocked || to < 0 || to >= order.length) return;
    const moved = order.filter(each => each !== choice);
    moved.splice(to, 0, choice);
    changed(moved.map(each => each.value));
    announce(text("order_moved", { words: choice.words, place: to + 1, places: order.length }));
  }

  function show(value, locked) {
    const isAnswered = Array.isArray(value) && value.length === given.length;
    isLocked = locked;
    order = isAnswered ? value.map(id => given.find(choice => choice.value === id) ?? given[0]) : given;
    for (const [place, choice] of order.entries()) placeRow(rows.get(choice), place);
    list.classList.toggle("answered", isAnswered);
    confirm.hidden = isAnswered || isLocked;
  }

  function placeRow({ element, number, handle, up, down }, place) {
    if (list.children[place] !== element) put(element, place);
    number.textContent = String(place + 1);
    handle.lastChild.textContent = text("order_place", { place: place + 1, places: order.length });
    up.disabled = isLocked || place === 0;
    down.disabled = isLocked || place === order.length - 1;
  }

  /** Put a row in its place; a button in it that has the focus keeps it. */
  function put(element, place) {
    const focused = list.contains(document.activeElement) ? document.activeElement : null;
    list.insertBefore(element, list.children[place] ?? null);
    focused?.focus();
  }

  return {
    element: make("div", {}, list, confirm),
    show,
    focus: () => rows.get(order[0]).handle.focus(),
    hint: value => text(Array.isArray(value) && value.length ? "order_answered" : "order_open"),
  };
}
