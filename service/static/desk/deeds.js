// ---- Deciding without loading anew ---------------------------------------------------------

// What was done here, for Undo: the last first. Each deed has its cases with the event that it left
// on them, once the answer has come; of what changed nothing, or failed, there is none.
let deeds = [];

/**
 * The rows that a wish is for: the ticked ones, else the one under the cursor. Undo is for what was
 * done last on this page (see `send`), and again for what was done before; where nothing was, for
 * the ticked ones, else for the one under the cursor if the last decision on it is this person's
 * own, but not for those of which a wish was just told that it changed nothing.
 */
function meant(wish) {
  const here = cursor();
  const fit = (row) => wish !== "undo" || !row.matches("[data-same], :has(> .said)");
  const chosen = ticked();
  if (chosen.length) return chosen.filter(fit);
  return here && fit(here) && (wish !== "undo" || ownOn(idOf(here))) ? [here] : [];
}

/** The event of this person's that an undo of the case would take back now. */
const ownOn = (id) => one(`.case[data-case="${id}"]`)?.dataset.own;

/** The cases of the last deed that did anything, as far as nobody has gone on with them. */
function lastDone() {
  while (deeds.length) {
    const [deed] = deeds.splice(0, 1);
    if (deed.size) return [...deed].filter(([id, event]) => ownOn(id) === event).map(([id]) => id);
  }
  return [];
}

/** What the form says now, with the rows that were meant when the key was pressed. */
function wishOf(form, name, value, ids) {
  const said = new FormData(form);
  said.set(name, value);
  said.delete("case");
  for (const id of ids) said.append("case", id);
  return new URLSearchParams(said);
}

let before = Promise.resolve(); // wishes go one after the other, so that nobody overtakes themself

function send(form, button) {
  const { name, value } = button;
  const stepsBack = name !== "undo" && value === "undo" && deeds.length > 0;
  const ids = name === "undo" ? [value] : meant(value).map(idOf);
  if (!stepsBack && !ids.length) return value === "undo" ? tell(form.dataset.nothing, "plain") : undefined;
  const deed = new Map();
  if (name === "undo") deeds.find((each) => each.has(value))?.delete(value);
  else if (value !== "undo") deeds = [deed, ...deeds];
  before = before.then(() => {
    const still = stepsBack ? lastDone() : ids;
    if (!still.length) return tell(form.dataset.nothing, "plain");
    return sendNow(form, wishOf(form, name, value, still), deed);
  });
}

async function sendNow(form, said, deed) {
  const answer = await fetch(form.action, {
    method: "POST",
    body: said,
    headers: { "Tuzet-Part": "rows" },
  }).catch(() => null);
  if (answer?.redirected) location.assign(answer.url); // the log-in has ended, and says so
  else if (answer?.ok) show(await answer.text(), deed);
  else if (answer?.status === 422) tell(saidIn(await answer.text()), "error");
  else tell(one("#heard").dataset.failed, "error");
}

/** What an answer says in words; of one that says nothing, that it failed. */
function saidIn(markup) {
  const said = one("#said", new DOMParser().parseFromString(markup, "text/html"));
  return said ? said.textContent.trim() : one("#heard").dataset.failed;
}

function show(markup, deed) {
  const part = new DOMParser().parseFromString(markup, "text/html");
  for (const row of all("#rows > .case:has(.undo)", part)) deed.set(idOf(row), row.dataset.own);
  put(part);
  tell(one("#said", part).textContent.trim(), one("[data-same]", part) ? "plain" : undefined);
}

/** Put the changed rows where they stood; nothing else moves, the focus and the ticks stay. */
const versionOf = (row) => Number(one("[name^=version-]", row)?.value ?? Infinity);

function put(part) {
  for (const fresh of all("#rows > .case", part)) {
    const row = rows().find((each) => idOf(each) === idOf(fresh));
    if (!row || versionOf(fresh) < versionOf(row)) continue; // news asked for before the last answer
    const next = page.importNode(fresh, true);
    const focused = row.contains(page.activeElement) && page.activeElement.classList[0];
    if (tickOf(row)?.checked && !next.matches("[data-same], :has(.undo)")) tickOf(next).checked = true;
    row.replaceWith(next);
    if (row.hasAttribute("aria-current")) choose(next, { focus: false });
    if (focused) (one(`.${focused}`, next) ?? one(".sentence", next)).focus({ preventScroll: true });
  }
  countTicks();
}

/** Say it to ears; a fault (`error`) and what would else be seen nowhere (`plain`) to eyes too. */
function tell(text, kind) {
  one("#heard").textContent = text;
  one("#fault")?.remove();
  if (!kind) return;
  const notice = Object.assign(page.createElement("div"), { id: "fault", className: `notice ${kind}` });
  notice.append(Object.assign(page.createElement("p"), { textContent: text }));
  (one("#groups") ?? one(".case-page")).before(notice);
}
