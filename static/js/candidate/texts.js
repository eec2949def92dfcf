// The sentences of this page. They stand, translated, in <template id="texts">; no module holds a sentence of its own.

const sentences = new Map();

for (const element of document.querySelectorAll("template#texts")) {
  for (const entry of element.content.querySelectorAll("[data-text]")) sentences.set(entry.dataset.text, entry.textContent.trim());
}

/** Return the sentence `name` with every {place} filled from `values`. A missing sentence is an error of ours and is thrown. */
export function text(name, values = {}) {
  const sentence = sentences.get(name);
  if (sentence === undefined) throw new Error(`no sentence named ${name}`);
  return sentence.replace(/\{(\w+)\}/g, (place, key) => (key in values ? String(values[key]) : place));
}

/** Speak `sentence` politely: for what is not shown anywhere, or changes where nobody looks. */
export function announce(sentence) {
  const region = document.getElementById("announce");
  if (region) region.textContent = sentence;
}
