// An item's page: the candidate's own scripts show the item, in place of what the server drew for browsers without scripts.

import { showPreview } from "./editor/preview.js";

for (const place of document.querySelectorAll("[data-preview]")) {
  showPreview(place, JSON.parse(place.dataset.preview), { incomplete: "" }, place.id);
}
