// ---- The case under the cursor, beside the list on very wide screens -----------------------

const PEEK_RESTS = 120; // ms: who runs through the list with a key held down asks for nothing
const PEEK_WAITS = 300; // what stands there is of another case: after this words take its place
const PEEK_SLOW = 4000;
let peeking = new AbortController(); // of what was asked for last
let peekLeft = 0; // when the cursor left the case that stands there

/** The style alone says where the column is. */
const isPeekSeen = (place) => place.getClientRects().length > 0;

/** Show this row's case. Whatever was asked for before is given up, so the last answer wins. */
function peekAt(row) {
  const place = one("#peek");
  if (!place) return;
  peeking.abort();
  if (!row || !isPeekSeen(place)) return emptyPeek(place);
  peeking = new AbortController();
  const { signal } = peeking;
  const id = idOf(row);
  place.setAttribute("aria-busy", "true");
  if (place.dataset.case !== id) {
    peekLeft ||= performance.now();
    later(PEEK_WAITS - (performance.now() - peekLeft), signal, () => sayPeek(place, id, "waiting"));
  }
  later(PEEK_SLOW, signal, () => sayPeek(place, id, "slow"));
  later(PEEK_RESTS, signal, () => readPeek(place, id, `${one(".sentence", row).href}/peek`, signal));
}

/** Do it later, unless the cursor has gone on by then. */
function later(wait, signal, act) {
  const timer = setTimeout(act, wait);
  signal.addEventListener("abort", () => clearTimeout(timer));
}

async function readPeek(place, id, address, signal) {
  const answer = await fetch(address, { signal }).catch(() => null);
  const isOurs = answer?.ok && !answer.redirected; // else the log-in has ended
  const markup = isOurs ? await answer.text().catch(() => "") : "";
  if (signal.aborted) return;
  peeking.abort(); // no words about waiting any more
  const part = one("#peek-case", new DOMParser().parseFromString(markup, "text/html"));
  if (part) showPeek(place, id, part);
  else sayPeek(place, id, answer?.status === 404 ? "gone" : "failed");
  place.removeAttribute("aria-busy");
  peekLeft = 0;
}

/** The focus stays where it was, on a link too that is put there anew. */
function showPeek(place, id, part) {
  const held = place.contains(page.activeElement) && page.activeElement.href;
  const read = place.dataset.case === id ? one(".panel", place).scrollTop : 0;
  emptyPeek(place);
  place.append(...[...part.children].map((each) => page.importNode(each, true)));
  place.dataset.case = id;
  one(".panel", place).scrollTop = read; // shown anew, it stands where it was being read
  if (held) (all("a", place).find((each) => each.href === held) ?? one("a", place)).focus();
}

/** Words in place of a case: for eyes only, ears would be told something at each key. */
function sayPeek(place, id, why) {
  if (place.dataset.said !== why) {
    const panel = Object.assign(page.createElement("div"), { className: "panel" });
    panel.append(Object.assign(page.createElement("p"), { className: "soft", textContent: place.dataset[why] }));
    emptyPeek(place);
    place.append(panel);
  }
  Object.assign(place.dataset, { case: id, said: why });
}

function emptyPeek(place) {
  place.replaceChildren();
  delete place.dataset.case;
  delete place.dataset.said;
}

/** What could not be shown is asked for again, now that the server has answered something else. */
function peekAgain() {
  if (one("#peek")?.dataset.said === "failed") peekAt(cursor());
}

/** The cursor goes along with the focus where the case is shown; with the window the column comes and goes. */
function beginPeek() {
  const place = one("#peek");
  if (!place) return;
  matchMedia("(min-width: 112.5em)").addEventListener("change", () => peekAt(cursor()));
  page.addEventListener("focusin", ({ target }) => {
    const row = target.closest(".case");
    if (row && row !== cursor() && isPeekSeen(place)) choose(row, { focus: false });
  });
}
