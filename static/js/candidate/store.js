// What this machine keeps: the device id, steps and files that the server has not acknowledged, small notes (place in the paper, what is being
// typed, scratch pad).
// Answers have no copy of their own: they are what the server holds plus the unacknowledged steps, so the two cannot disagree.

const NAME = "examsrv-candidate";
const VERSION = 2;
const STEPS = "steps";
const NOTES = "notes";
const FILES = "files";
const ATTEMPT = "attempt";
const DEVICE = "device";
const STRICT = { durability: "strict" }; // "done" means on the disk, not in a cache

/** Open the store; throws where the browser has none or refuses (private window, full disk). */
export async function openStore() {
  const database = await opened();
  const device = await deviceOf(database);
  return {
    device,
    isKept: true,
    note: key => read(database, NOTES, notes => notes.get(key)),
    setNote: (key, value) => write(database, [NOTES], ([notes]) => notes.put(value, key)),
    /** Return the attempt's steps of every epoch, oldest first. */
    steps: attempt => read(database, STEPS, steps => steps.getAll(everyStepOf(attempt))),
    /** Add a step; refused when the place (attempt, epoch, seq) is taken: then another window writes. */
    addStep: step => write(database, [STEPS], ([steps]) => steps.add(step)),
    /** Forget the steps of an epoch up to and including `upTo`. */
    dropSteps: (attempt, epoch, upTo) => write(database, [STEPS], ([steps]) => steps.delete(stepsOf(attempt, epoch, upTo))),
    /** Put `steps` in the place of all that the epoch still held, in one transaction. */
    replaceSteps: (attempt, epoch, fresh) => write(database, [STEPS], ([steps]) => replace(steps, attempt, epoch, fresh)),
    /** Return the attempt's files that the server has not yet: [{id, n, name, size, content}]. */
    files: attempt => read(database, FILES, files => files.index(ATTEMPT).getAll(attempt)),
    addFile: file => write(database, [FILES], ([files]) => files.put(file)),
    dropFile: id => write(database, [FILES], ([files]) => files.delete(id)),
    /** Forget this attempt; when no other candidate's unsent step is left on the machine, forget everything, the device id too. */
    wipe: attempt => write(database, [STEPS, NOTES, FILES], ([steps, notes, files]) => wipe(steps, notes, files, attempt)),
  };
}

/** A store that lasts as long as the page: used where the browser refuses a lasting one. It refuses every step, so nobody is told it was kept. */
export function passingStore() {
  const notes = new Map();
  return {
    device: identifier(),
    isKept: false,
    note: async key => notes.get(key),
    setNote: async (key, value) => void notes.set(key, value),
    steps: async () => [],
    addStep: () => Promise.reject(new Error("nothing is kept on this machine")),
    dropSteps: async () => undefined,
    replaceSteps: async () => undefined,
    files: async () => [],
    addFile: async () => undefined,
    dropFile: async () => undefined,
    wipe: async () => notes.clear(),
  };
}

const stepsOf = (attempt, epoch, upTo = Number.MAX_SAFE_INTEGER) => IDBKeyRange.bound([attempt, epoch, 0], [attempt, epoch, upTo]);
const everyStepOf = attempt => IDBKeyRange.bound([attempt], [attempt, []]);

function opened() {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, VERSION);
    request.onupgradeneeded = () => {
      const { objectStoreNames: known } = request.result;
      if (!known.contains(STEPS)) request.result.createObjectStore(STEPS, { keyPath: ["attempt", "epoch", "seq"] });
      if (!known.contains(NOTES)) request.result.createObjectStore(NOTES);
      if (!known.contains(FILES)) request.result.createObjectStore(FILES, { keyPath: "id" }).createIndex(ATTEMPT, ATTEMPT);
    };
    request.onsuccess = () => {
      request.result.onversionchange = () => request.result.close(); // a newer page needs the store; this one still sends what it has
      resolve(request.result);
    };
    request.onerror = () => reject(request.error);
    request.onblocked = () => reject(new Error("a window of an older version holds the store"));
  });
}

/** Return the id of this browser: made once, and shared by its windows (the first to write wins). */
async function deviceOf(database) {
  await write(database, [NOTES], ([notes]) => {
    const request = notes.get(DEVICE);
    request.onsuccess = () => request.result || notes.put(identifier(), DEVICE);
  });
  return read(database, NOTES, notes => notes.get(DEVICE));
}

function read(database, name, ask) {
  return new Promise((resolve, reject) => {
    const request = ask(database.transaction(name, "readonly").objectStore(name));
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

function write(database, names, act) {
  return new Promise((resolve, reject) => {
    const transaction = database.transaction(names, "readwrite", STRICT);
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error);
    act(names.map(name => transaction.objectStore(name)));
  });
}

function replace(steps, attempt, epoch, fresh) {
  steps.delete(stepsOf(attempt, epoch));
  for (const step of fresh) steps.add(step);
}

function wipe(steps, notes, files, attempt) {
  steps.delete(everyStepOf(attempt));
  const own = files.index(ATTEMPT).openKeyCursor(attempt);
  own.onsuccess = () => {
    if (!own.result) return;
    files.delete(own.result.primaryKey);
    own.result.continue();
  };
  const device = notes.get(DEVICE);
  notes.clear();
  const others = steps.count();
  others.onsuccess = () => others.result && notes.put(device.result, DEVICE);
}

/** Return a random UUID; works on plain http too, where crypto.randomUUID is missing. */
function identifier() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const digits = [...bytes].map(byte => byte.toString(16).padStart(2, "0")).join("");
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
