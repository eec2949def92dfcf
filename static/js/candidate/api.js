// Talking to the exam server. Every outcome is a value: nothing here throws, nothing here shows anything.

const ROOT = "/exam/api/";
const TIMEOUT = 10000;
const TIMEOUT_OF_FILES = 120_000;

const KINDS = new Map([
  [401, "signed_out"],
  [403, "signed_out"], // the token belongs to a session: another session in this browser means that ours is gone
  [410, "submitted"],
  [413, "too_large"],
]);

/**
 * Return {kind, data, elapsed}. `kind` is "ok", "submitted", "signed_out", "server" (it answered, but cannot), "offline" (no answer), or the
 * word the server gave with 409 ("stale", "gap", "conflict", "other_machine", "too_early", "differs" …). `elapsed` is the round trip in ms.
 */
async function call(method, path, body, { keepalive = false } = {}) {
  const started = performance.now();
  const result = await exchange(method, path, body, keepalive);
  return { ...result, elapsed: performance.now() - started };
}

export const api = {
  state: () => call("GET", "state"),
  open: device => call("POST", "open", { device }),
  steps: (body, options) => call("POST", "steps", body, options),
  beat: body => call("POST", "beat", body),
  handIn: body => call("POST", "hand-in", body),
  file: (about, content) => call("POST", `files?${new URLSearchParams(about)}`, content),
  signOut,
};

async function exchange(method, path, body, keepalive) {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), body instanceof Blob ? TIMEOUT_OF_FILES : TIMEOUT);
  try {
    const response = await fetch(ROOT + path, { ...request(method, body), keepalive, signal: stop.signal });
    return await understood(response);
  } catch {
    return { kind: "offline", data: {} };
  } finally {
    clearTimeout(timer);
  }
}

function request(method, body) {
  const headers = { Accept: "application/json", "X-CSRFToken": token() };
  const isFile = body instanceof Blob;
  if (body !== undefined) headers["Content-Type"] = isFile ? "application/octet-stream" : "application/json";
  return { method, headers, body: isFile ? body : JSON.stringify(body), cache: "no-store", credentials: "same-origin", redirect: "manual" };
}

async function understood(response) {
  if (response.type === "opaqueredirect") return { kind: "signed_out", data: {} };
  const data = await read(response).catch(() => null);
  if (response.ok) return data === null ? { kind: "server", data: {} } : { kind: "ok", data };
  if (response.status === 409 && data?.error) return { kind: data.error, data };
  return { kind: KINDS.get(response.status) ?? "server", data: data ?? {} };
}

/** Return the JSON of an answer, which may be in another encoding than UTF-8: papers are in GBK. Rejected where it is none. */
async function read(response) {
  const charset = /charset=([\w-]+)/i.exec(response.headers.get("Content-Type"))?.[1] ?? "utf-8";
  return JSON.parse(new TextDecoder(charset, { fatal: true }).decode(await response.arrayBuffer()));
}

/** Tell whether the server has ended the session; a redirect is its usual answer. */
async function signOut(address) {
  try {
    const response = await fetch(address, { ...request("POST"), signal: AbortSignal.timeout(TIMEOUT) });
    return response.type === "opaqueredirect" || response.ok || response.status === 401;
  } catch {
    return false;
  }
}

const token = () => document.querySelector("meta[name=csrf-token]")?.content ?? "";
