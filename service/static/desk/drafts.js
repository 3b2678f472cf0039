// ---- What was typed on the page of a case, until it is sent ---------------------------------

const DRAFT = "tuzet.draft";
const SENT = "tuzet.sent";
const DRAFTED = ["suggestion", "text", "mention", "after", "sentence"];
const SHOWN = { suggestion: "shown", after: "after_shown" }; // fields that come filled, and what with

const linesOf = (text) => text.replaceAll("\r\n", "\n");
const draftKey = (form) => `${DRAFT}.${form.dataset.draft}`;

/** The fields that somebody has touched. */
function typedIn(form) {
  const fields = DRAFTED.map((name) => form.elements[name]).filter(Boolean);
  return fields.filter(({ name, value }) => {
    const shown = form.elements[SHOWN[name]]?.value ?? "";
    return linesOf(value) !== linesOf(shown);
  });
}

/** Keep what is typed in this tab, for this person and case alone; nothing is sent by it. */
function keepDraft(form) {
  const typed = typedIn(form).map(({ name, value }) => [name, value]);
  if (typed.length) sessionStorage.setItem(draftKey(form), JSON.stringify(Object.fromEntries(typed)));
  else sessionStorage.removeItem(draftKey(form));
  if (/[?&]done=/.test(location.search)) history.replaceState(null, "", location.pathname); // done, and said
}

function draftOf(form) {
  try {
    return JSON.parse(sessionStorage.getItem(draftKey(form))) ?? {};
  } catch {
    return {};
  }
}

/** What was sent and answered is the server's, which shows what it did not take; all else comes back. */
function beginDraft(form) {
  const sent = sessionStorage.getItem(SENT) === form.dataset.draft;
  sessionStorage.removeItem(SENT);
  const isAnswer = form.hasAttribute("data-answer") || (sent && /[?&]done=/.test(location.search));
  const kept = isAnswer ? {} : draftOf(form);
  const touched = typedIn(form);
  for (const [name, value] of Object.entries(kept)) {
    const field = form.elements[name];
    if (!field || touched.includes(field) || field.value === value) continue;
    field.value = value;
    one("#drafted").hidden = false;
  }
  if (isAnswer) keepDraft(form);
  page.addEventListener("input", ({ target }) => target.form === form && keepDraft(form));
  form.addEventListener("submit", () => sessionStorage.setItem(SENT, form.dataset.draft));
  form.addEventListener("reset", () => setTimeout(forgetDraft, 0, form));
}

function forgetDraft(form) {
  sessionStorage.removeItem(draftKey(form));
  one("#drafted").hidden = true;
}
