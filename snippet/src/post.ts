/** Sending a report, and keeping one that could not be sent. The report's id makes a second sending
 *  harmless, so a report is kept until somebody has answered for it. */

export interface Answer {
  /** The HTTP status; 0 when nobody answered. */
  status: number;
  /** Seconds until another try is welcome. */
  wait: number;
  receipt?: string;
  receipt_url?: string;
}

const PREFIX = "tuzet:";
const AT_MOST = 20;
const PATIENCE = 15e3;

/** The browser's own, whatever the page has put in its place. */
export const Native = (async () => {})().constructor as PromiseConstructor;

export const taken = ({ status }: Answer): boolean => status === 202;

/** Answered for good: taken, or refused in a way that no second try will change. */
export const settled = ({ status }: Answer): boolean => !!status && status < 500 && status !== 429;

export function post(base: string, body: string): Promise<Answer> {
  const nobody: Answer = { status: 0, wait: 0 };
  return new Native<Answer>((resolve) => {
    setTimeout(resolve, PATIENCE, nobody);
    fetch(base + "api/v1/reports", {
      method: "POST",
      body,
      headers: { "Content-Type": "text/plain" },
      keepalive: true,
      credentials: "omit",
    })
      .then((response) => {
        const { status, headers } = response;
        const answer = { status, wait: +headers.get("Retry-After")! || (status === 429 ? 60 : 0) };
        return response.json().then(
          (json) => ({ ...json, ...answer }),
          () => answer,
        );
      })
      .then(resolve, () => resolve(nobody));
  }).catch(() => nobody);
}

/** The names of what is kept, oldest first. */
export const keptNames = (): string[] =>
  Object.keys(localStorage)
    .filter((name) => !name.indexOf(PREFIX))
    .sort((one, other) => (localStorage[one] < localStorage[other] ? -1 : 1));

/** Keeps a report as "since due base body"; false where the browser does not let us. Of more than
 *  20 the oldest goes. */
export function keep(base: string, id: string, body: string, wait: number, since?: number): boolean {
  try {
    const now = Date.now();
    for (const name of keptNames().slice(0, 1 - AT_MOST)) localStorage.removeItem(name);
    localStorage[PREFIX + id] = [since || now, now + wait * 1e3, base, body].join(" ");
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
