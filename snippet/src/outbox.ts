/** Sending, and keeping what could not be sent. The report's id makes a second sending harmless,
 *  so a report is kept until somebody has answered for it. */
import { announce } from "./page";

export interface Answer {
  /** The HTTP status; 0 when nobody answered. */
  status: number;
  receipt?: string | undefined;
  receipt_url?: string | undefined;
  /** Seconds until another try is welcome. */
  wait: number;
}

export interface Known {
  status: string;
  readers: number;
  already_known: boolean;
  already_fixed: boolean;
}

const PREFIX = "tuzet:";
const AT_MOST = 20;
const WEEK = 7 * 24 * 3600e3;
const PATIENCE = 15e3;

/** Answered for good: taken, or refused in a way that no second try will change. */
export const settled = (answer: Answer): boolean => answer.status >= 200 && answer.status < 500 && answer.status !== 429;
export const taken = (answer: Answer): boolean => answer.status === 202 || answer.status === 200;

/** How long the server asks to wait: seconds, or a date of HTTP. */
export function waitOf(header: string | null, now: number): number {
  const seconds = +(header || 60);
  const wait = isNaN(seconds) ? (Date.parse(header!) - now) / 1000 : seconds;
  return Math.min(Math.max(isNaN(wait) ? 60 : wait, 1), 24 * 3600);
}

export function post(base: string, body: string): Promise<Answer> {
  const nobody: Answer = { status: 0, wait: 60 };
  return new Promise((resolve) => {
    setTimeout(resolve, PATIENCE, nobody);
    fetch(base + "api/v1/reports", {
      method: "POST",
      body,
      headers: { "Content-Type": "text/plain;charset=UTF-8" },
      keepalive: true,
      credentials: "omit",
    })
      .then((response) => {
        const answer: Answer = { status: response.status | 0, wait: waitOf(response.headers.get("Retry-After"), Date.now()) };
        return response.json().then(
          (json) => ({ ...answer, receipt: json.receipt, receipt_url: json.receipt_url }),
          () => answer,
        );
      })
      .then(resolve)
      .catch(() => resolve(nobody));
  }) as Promise<Answer>;
}

/** What became of a report: null while it waits to be sorted, or when nobody says. */
export function ask(base: string, receipt: string): Promise<Known | null> {
  return fetch(base + "api/v1/receipts/" + encodeURIComponent(receipt), { credentials: "omit" })
    .then((response) => response.json())
    .then((json) => json.case || null)
    .catch(() => null);
}

/** The names of what is kept for `base`, oldest first; what is older than a week goes. */
function names(base: string): string[] {
  const found: [number, string][] = [];
  for (const name of Object.keys(localStorage)) {
    if (name.indexOf(PREFIX)) continue;
    const [since, , where] = localStorage[name].split(" ");
    if (!(Date.now() - +since < WEEK)) localStorage.removeItem(name);
    else if (where === base) found.push([+since, name]);
  }
  return found.sort((one, other) => one[0] - other[0]).map((entry) => entry[1]);
}

/** Keeps a report; false where the browser does not let us. Of more than 20 the oldest goes. */
export function keep(base: string, id: string, body: string, wait: number): boolean {
  try {
    const kept = names(base);
    const name = PREFIX + id;
    while (kept.length >= AT_MOST && kept.indexOf(name) < 0) localStorage.removeItem(kept.shift()!);
    const since = (localStorage[name] || String(Date.now())).split(" ")[0];
    localStorage.setItem(name, [since, Date.now() + wait * 1000, base, body].join(" "));
    return true;
  } catch {
    return false;
  }
}

export function forget(id: string): void {
  try {
    localStorage.removeItem(PREFIX + id);
  } catch {}
}

let flushing = false;
let timer: ReturnType<typeof setTimeout> | undefined;

export function stopFlushing(): void {
  clearTimeout(timer);
}

/** Sends what is kept and due, one after the other, and comes back when the next is due. With
 *  `now`, nothing is too early. `told` hears each final answer. */
export async function flush(base: string, told: (id: string, answer: Answer) => void, now?: boolean): Promise<void> {
  if (flushing) return;
  flushing = true;
  clearTimeout(timer);
  try {
    let next = Infinity;
    for (const name of names(base)) {
      const [, due, , ...rest] = localStorage[name].split(" ");
      if (!now && +due > Date.now()) {
        next = Math.min(next, +due);
        continue;
      }
      const id = name.slice(PREFIX.length);
      const body = rest.join(" ");
      const answer = await post(base, body);
      if (settled(answer)) {
        forget(id);
        announce(taken(answer) ? "sent" : "failed", { id, status: answer.status, receipt_url: answer.receipt_url });
      } else {
        keep(base, id, body, answer.wait);
        next = Math.min(next, Date.now() + answer.wait * 1000);
      }
      told(id, answer);
      if (!answer.status) break;
    }
    if (next < Infinity) timer = setTimeout(flush, Math.min(next - Date.now() + 500, 3600e3), base, told);
  } catch {}
  flushing = false;
}
