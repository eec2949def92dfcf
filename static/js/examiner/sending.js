// Talks to the server about one sheet. Every answer becomes one of: saved, newer, signed_out, other_person, refused, malformed, offline, server.

const PATIENCE_MS = 10_000;
const SIGNED_OUT = 401;
const FORBIDDEN = 403;
const MALFORMED = 400;
const CONFLICT = 409;
const NOT_FOUND = 404;

export class Sending {
  constructor(address, person) {
    this.address = address;
    this.person = person;
    this.token = document.querySelector("meta[name=csrf-token]").content;
  }

  /** Post a sheet to `way` ("draft" or "hand-in"). A token that a new sign-in has made stale is fetched anew, once. */
  async post(way, body) {
    let answer = await this.posted(way, body);
    if (answer.status === FORBIDDEN) {
      const who = await this.renew();
      if (who !== "same") return { kind: who };
      answer = await this.posted(way, body);
    }
    return outcome(answer);
  }

  async posted(way, body) {
    try {
      const headers = { "Content-Type": "application/json", "X-CSRFToken": this.token };
      const options = { method: "POST", headers, body: JSON.stringify(body), signal: AbortSignal.timeout(PATIENCE_MS), redirect: "manual" };
      const response = await fetch(`${this.address}/api/${way}`, options);
      return { status: response.status, told: await response.json().catch(() => ({})) };
    } catch {
      return { status: 0, told: {} };
    }
  }

  /** Fetch this page anew for its token, and see whose it is now. */
  async renew() {
    try {
      const response = await fetch(this.address, { redirect: "manual", signal: AbortSignal.timeout(PATIENCE_MS) });
      if (response.type === "opaqueredirect") return "signed_out";
      if (response.status === FORBIDDEN || response.status === NOT_FOUND) return "other_person";
      if (!response.ok) return "server";
      const page = new DOMParser().parseFromString(await response.text(), "text/html");
      const sheet = page.querySelector("[data-sheet]");
      if (!sheet || JSON.parse(sheet.dataset.sheet).person !== this.person) return "other_person";
      this.token = page.querySelector("meta[name=csrf-token]").content;
      return "same";
    } catch {
      return "offline";
    }
  }
}

function outcome({ status, told }) {
  if (status === 0) return { kind: "offline" };
  if (status === SIGNED_OUT) return { kind: "signed_out" };
  if (status === FORBIDDEN || status === NOT_FOUND) return { kind: "other_person" };
  if (status === CONFLICT) return { kind: told.error === "newer" ? "newer" : "refused", ...told };
  if (status === MALFORMED) return { kind: "malformed" };
  return status < MALFORMED ? { kind: "saved", ...told } : { kind: "server" };
}
