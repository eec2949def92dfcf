// The files that go with the tasks: fetched one after the other when the paper opens, so that a broken line later takes none of them away.
// Where one is not on this machine yet, its link leads to the server.

import { backoff, pause } from "./moments.js";

const ROOT = "/exam/case-files/";
const SPREAD = 3000; // a whole room opens its papers at one moment
const ENOUGH = new Set([404, 401, 403]);

/**
 * Return the files of all `groups`. `changed()` whenever one has come. A file's state is "coming", "here", or "missing" (the server has none).
 */
export function createCaseFiles(groups, changed) {
  const files = new Map(groups.flatMap(group => group.case?.files ?? []).map(file => [file.digest, { state: "coming", address: null }]));
  let isOver = false;

  /** Fetch what is not here yet, until everything is. */
  async function begin() {
    await pause(Math.random() * SPREAD);
    for (let tries = 0; !isOver && coming().length; tries++) {
      for (const digest of coming()) await fetchOne(digest);
      if (coming().length) await pause(backoff(tries));
    }
  }

  const coming = () => [...files].filter(([, file]) => file.state === "coming").map(([digest]) => digest);

  async function fetchOne(digest) {
    if (isOver) return;
    try {
      const response = await fetch(ROOT + digest, { cache: "no-store", credentials: "same-origin", redirect: "error" });
      if (response.ok) keep(digest, await response.blob());
      else if (ENOUGH.has(response.status)) Object.assign(files.get(digest), { state: "missing" });
      changed();
    } catch {
      // no line: it is tried again
    }
  }

  function keep(digest, content) {
    if (isOver) return;
    Object.assign(files.get(digest), { state: "here", address: URL.createObjectURL(content) });
  }

  return {
    begin,
    state: digest => files.get(digest)?.state ?? "missing",
    address: digest => files.get(digest)?.address ?? ROOT + digest,
    stop: () => {
      isOver = true;
      for (const file of files.values()) if (file.address) URL.revokeObjectURL(file.address);
      files.clear();
    },
  };
}
