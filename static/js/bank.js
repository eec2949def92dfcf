// The bank's list: one box ticks all others of the page. It is hidden without this script.

const all = document.querySelector("[data-tick-all]");
const boxes = [...document.querySelectorAll('input[name="items"]')];

if (all instanceof HTMLInputElement && boxes.length > 0) {
  all.hidden = false;
  all.addEventListener("change", () => {
    for (const box of boxes) {
      box.checked = all.checked;
    }
  });
}
