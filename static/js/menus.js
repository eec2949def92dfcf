// Menus are <details class="menu">: one open at a time, shut by Escape, by a click elsewhere and when the focus leaves.

function shutAllBut(kept) {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (menu !== kept) menu.open = false;
  }
}

document.addEventListener("click", event => shutAllBut(event.target.closest("details.menu")));
document.addEventListener("focusin", event => shutAllBut(event.target.closest("details.menu")));
document.addEventListener("keydown", event => {
  if (event.key !== "Escape") return;
  const menu = document.querySelector("details.menu[open]");
  if (!menu) return;
  menu.open = false;
  menu.querySelector("summary").focus();
});
