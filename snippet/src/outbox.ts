/** What could not be sent: sent again when it is due, the network is back, or at the next visit. */
import type { Desk } from "./contract";
import { announce } from "./page";
import { type Answer, keptNames, settled, taken } from "./post";

const WEEK = 7 * 24 * 3600e3;
/** How soon an unreachable service is tried again, and how late anything at most, in milliseconds. */
const SOON = 60e3;
const LATE = 3600e3;

const pauseOf = (wait: number): number => (wait ? wait * 1e3 : SOON);

export interface Outbox {
  /** Sends what is due; with `now`, all that is kept. */
  flush(now?: boolean): void;
  /** Sends what is due in `wait` seconds, or in a minute if nobody said how long to wait. */
  comeBack(wait: number): void;
  stop(): void;
}

/** `told` hears every answer. */
export function outbox(desk: Desk, told: (id: string, answer: Answer) => void): Outbox {
  const { base } = desk;
  let flushing = false;
  let timer: ReturnType<typeof setTimeout>;

  /** Sends one after the other; gives the time at which to come back, or Infinity. */
  const send = async (now: boolean): Promise<number> => {
    let next = Infinity;
    for (const name of keptNames()) {
      const [since, due, where, ...rest] = (localStorage[name] || "").split(" ");
      if (!(Date.now() - since < WEEK)) localStorage.removeItem(name);
      else if (where !== base)
        continue; // another service's on the same site
      else if (!now && +due > Date.now()) next = Math.min(next, +due);
      else {
        const id = name.slice(name.indexOf(":") + 1);
        const body = rest.join(" ");
        const answer = await desk.post(base, body);
        if (settled(answer)) {
          desk.forget(id);
          announce(taken(answer) ? "sent" : "failed", { ...answer, id, kept: false });
        } else {
          desk.keep(base, id, body, answer.wait, +since);
          next = Math.min(next, Date.now() + pauseOf(answer.wait));
        }
        told(id, answer);
        if (!answer.status || answer.status > 499) break;
      }
    }
    return next;
  };

  const flush = async (now?: boolean) => {
    if (flushing) return;
    flushing = true;
    clearTimeout(timer);
    try {
      // One tab at a time; where there are no locks, the report's id still makes it one report.
      const next = navigator.locks
        ? await navigator.locks.request("tuzet", { ifAvailable: true }, async (lock) =>
            lock ? send(!!now) : Date.now() + SOON,
          )
        : await send(!!now);
      if (next < Infinity) plan(next - Date.now());
    } catch {}
    flushing = false;
  };

  const plan = (pause: number) => {
    clearTimeout(timer);
    timer = setTimeout(flush, Math.min(Math.max(pause, 0) + 500, LATE));
  };

  return {
    flush: (now) => void flush(now),
    comeBack: (wait) => plan(pauseOf(wait)),
    stop: () => clearTimeout(timer),
  };
}
