// Opens and closes the questions before what cannot be undone (macro `ask`): <button data-asks="id of the dialog">.
// One that says data-open is open from the start.
// A question that wants a word typed keeps its button shut until the word stands there; the server looks at the word again.

function open(dialog) {
  if (dialog.open) return;
  const word = dialog.querySelector("[data-word]");
  if (word) word.value = "";
  unlock(dialog);
  dialog.showModal();
  if (word) word.focus();
}

function unlock(dialog) {
  const word = dialog.querySelector("[data-word]");
  if (!word) return;
  dialog.querySelector("[data-do]").disabled = word.value.trim() !== word.dataset.word;
}

for (const dialog of document.querySelectorAll("dialog[data-open]")) open(dialog);

document.addEventListener("click", event => {
  const opener = event.target.closest("[data-asks]");
  if (opener) open(document.getElementById(opener.dataset.asks));
  const closer = event.target.closest("dialog.ask [data-close]");
  if (closer) closer.closest("dialog").close();
});

document.addEventListener("input", event => {
  const dialog = event.target.closest("dialog.ask");
  if (dialog) unlock(dialog);
});
