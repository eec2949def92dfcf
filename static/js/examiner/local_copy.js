// What was given but is not on the server yet, kept in this browser by person, script and window: a lost line, a lost session or a crash takes
// nothing away. A copy goes when the server has acknowledged just what it holds.

const PREFIX = "sheet";

export class LocalCopy {
  constructor(person, sitting, number, storage = window.localStorage) {
    this.storage = storage;
    this.about = `${PREFIX}:${person}:${sitting}:${number}:`;
    this.key = this.about + windowName();
  }

  /** Keep a sheet that was filled in on top of `revision`, and what was sent of it without an answer; tell whether the browser kept it. */
  keep(revision, sheet, unanswered) {
    try {
      this.storage.setItem(this.key, JSON.stringify({ revision, sheet, unanswered, at: Date.now() }));
      return true;
    } catch {
      return false;
    }
  }

  /** Forget this window's copy, and the one that was taken over from a window that is gone. */
  forget() {
    for (const key of [this.key, this.adopted]) if (key) this.storage.removeItem(key);
    this.adopted = null;
  }

  /** Return the newest copy of this script that no server has acknowledged: this window's own, or one left by a window before it. */
  waiting() {
    const found = [];
    for (let place = 0; place < this.storage.length; place += 1) {
      const key = this.storage.key(place);
      if (key.startsWith(this.about)) found.push([key, read(this.storage.getItem(key))]);
    }
    const copies = found.filter(([, copy]) => copy);
    copies.sort(([one, first], [other, second]) => (other === this.key) - (one === this.key) || second.at - first.at);
    if (copies.length === 0) return null;
    this.adopted = copies[0][0];
    return copies[0][1];
  }
}

function read(text) {
  try {
    const copy = JSON.parse(text);
    return copy && typeof copy.revision === "number" && copy.sheet ? copy : null;
  } catch {
    return null;
  }
}

function windowName() {
  try {
    const name = sessionStorage.getItem(PREFIX) ?? Math.random().toString(36).slice(2);
    sessionStorage.setItem(PREFIX, name);
    return name;
  } catch {
    return Math.random().toString(36).slice(2);
  }
}
