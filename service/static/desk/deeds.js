// ---- Deciding without loading anew ---------------------------------------------------------

let deeds = []; // what was decided here, the ids of each decision, for Undo: the last one first

/**
 * The rows that a wish is for: the ticked ones, else the one under the cursor. Undo is for what was
 * done last on this page, and again for what was done before; else for the ticked ones, else for the
 * one under the cursor if the last decision on it is this person's own.
 */
function meant(wish) {
  const here = cursor();
  if (wish === "undo" && deeds.length) return rows().filter((row) => deeds[0].includes(idOf(row)));
  const chosen = ticked();
  if (chosen.length) return chosen;
  return here && (wish !== "undo" || here.matches("[data-own]")) ? [here] : [];
}

/** These are not to be taken back any more. */
function forgetDeeds(ids, among = deeds) {
  const left = deeds.map((deed) => (among.includes(deed) ? deed.filter((id) => !ids.includes(id)) : deed));
  deeds = left.filter((deed) => deed.length);
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
  const ids = name === "undo" ? [value] : meant(value).map(idOf);
  const stepsBack = name !== "undo" && value === "undo" && deeds.length > 0;
  if (!ids.length) return value === "undo" ? tell(form.dataset.nothing, "plain") : undefined;
  if (name === "undo") forgetDeeds(ids, deeds.filter((deed) => deed.includes(value)).slice(0, 1));
  else if (stepsBack) deeds = deeds.slice(1);
  else if (value !== "undo") deeds = [ids, ...deeds];
  before = before.then(() => {
    const still = stepsBack ? ids.filter(isOwn) : ids; // a colleague may have gone on with it
    if (!still.length) return tell(form.dataset.nothing, "plain");
    return sendNow(form, wishOf(form, name, value, still));
  });
}

const isOwn = (id) => Boolean(one(`.case[data-case="${id}"][data-own]`));

async function sendNow(form, said) {
  const answer = await fetch(form.action, {
    method: "POST",
    body: said,
    headers: { "Tuzet-Part": "rows" },
  }).catch(() => null);
  if (answer?.redirected) location.assign(answer.url); // the log-in has ended, and says so
  else if (answer?.ok) show(await answer.text());
  else if (answer?.status === 422) tell(saidIn(await answer.text()), "error");
  else tell(one("#heard").dataset.failed, "error");
}

/** What an answer says in words; of one that says nothing, that it failed. */
function saidIn(markup) {
  const said = one("#said", new DOMParser().parseFromString(markup, "text/html"));
  return said ? said.textContent.trim() : one("#heard").dataset.failed;
}

function show(markup) {
  const part = new DOMParser().parseFromString(markup, "text/html");
  const missed = all("#rows > .case:has(.said)", part).map(idOf);
  forgetDeeds(missed);
  put(part);
  tell(one("#said", part).textContent.trim());
}

/** Put the changed rows where they stood; nothing else moves. */
const versionOf = (row) => Number(one("[name^=version-]", row)?.value ?? Infinity);

function put(part) {
  for (const fresh of all("#rows > .case", part)) {
    const row = rows().find((each) => idOf(each) === idOf(fresh));
    if (!row || versionOf(fresh) < versionOf(row)) continue; // news asked for before the last answer
    const was = { current: row.hasAttribute("aria-current"), focused: row.contains(page.activeElement) };
    const next = page.importNode(fresh, true);
    if (tickOf(row)?.checked && !one(".undo", next)) tickOf(next).checked = true;
    row.replaceWith(next);
    if (was.current) choose(next, { focus: was.focused });
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
