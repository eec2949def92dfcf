// Small things this candidate set up on this machine and finds again after a reload: the item in view, notices put away, the scratch pad.
// Text size and contrast belong to display.js, as on every page.

/** Return the settings of `attempt`; nothing waits for them to be written, and nothing is lost that counts. */
export async function openSettings(store, attempt) {
  const key = `settings ${attempt}`;
  const values = (await store.note(key).catch(() => undefined)) ?? {};
  return {
    get: (name, otherwise) => values[name] ?? otherwise,
    set: (name, value) => {
      values[name] = value;
      store.setNote(key, { ...values }).catch(() => undefined);
    },
  };
}
