// Keys of the paper: A–H or 1–8 choose, left and right go, M marks. They rest while something is typed or a question is open.

const CHOICES = "abcdefgh";
const FIGURES = "12345678";

/** Listen. `acts`: choose(place), step(by), mark(); each is called only while `isOpen()`. */
export function listenToKeys(isOpen, acts) {
  document.addEventListener("keydown", event => {
    if (!isOpen() || event.ctrlKey || event.altKey || event.metaKey || event.isComposing || isTyping(event.target)) return;
    const act = actOf(event.key.toLowerCase(), acts);
    if (act === null || (event.repeat && !event.key.startsWith("Arrow"))) return;
    event.preventDefault(); // a radio button would also take left and right for a choice
    act();
  });
}

function actOf(key, acts) {
  if (key === "arrowleft") return () => acts.step(-1);
  if (key === "arrowright") return () => acts.step(1);
  if (key === "m") return acts.mark;
  const place = Math.max(CHOICES.indexOf(key), FIGURES.indexOf(key));
  return key.length === 1 && place >= 0 ? () => acts.choose(place) : null;
}

function isTyping(target) {
  return target.closest("textarea, select, dialog, .tool, input:not([type=radio]):not([type=checkbox])") !== null;
}
