// Pictures for a text: chosen, taken in by the server, and named where the caret stands.

import { byId } from "../candidate/elements.js";

/** Let the button "picture" put pictures into `area`. */
export function createPictures(area, url, texts) {
  const chooser = byId("picture");
  const said = byId("picture-said");
  if (!chooser) return;
  chooser.addEventListener("change", async () => {
    const [file] = chooser.files;
    if (!file) return;
    said.textContent = texts.sending;
    const body = new FormData();
    body.append("picture", file);
    const headers = { "X-CSRFToken": document.querySelector('meta[name="csrf-token"]').content };
    const response = await fetch(url, { method: "POST", headers, body }).catch(() => null);
    const data = (await response?.json().catch(() => null)) ?? {};
    chooser.value = "";
    if (!response?.ok) {
      said.textContent = data.message ?? texts.not_saved;
      return;
    }
    const label = file.name.replace(/\.[^.]*$/, "").replaceAll(/[[\]()]/g, " ");
    area.setRangeText(`![${label}](media:${data.digest})`, area.selectionStart, area.selectionEnd, "end");
    area.dispatchEvent(new Event("input"));
    said.textContent = texts.picture_in;
  });
}
