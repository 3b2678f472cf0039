// The desk's keys, and decisions that do not load the page anew. Everything here only presses what
// the page already has: without this script the same buttons, links and forms do the same things.

const page = document;
const all = (selector, within = page) => [...within.querySelectorAll(selector)];
const one = (selector, within = page) => within.querySelector(selector);

// ---- Which key was meant -------------------------------------------------------------------

/**
 * The key on a Latin layout, whatever layout is on: on a Kazakh one the key of `j` gives `о`, that
 * of `1` gives `"` and that of `7` gives `.`. So a digit goes by its place; what else types a Latin
 * sign is believed, and where the sign is none of ours, the key's place counts again.
 */
function keyOf(event) {
  const { key, code, shiftKey } = event;
  const digit = /^(?:Digit|Numpad)([0-9])$/.exec(code);
  if (digit && !shiftKey && key.length === 1) return digit[1];
  if (code === "Period" && !shiftKey) return ".";
  if (code === "Slash" && key !== "/" && key !== "?") return shiftKey ? "?" : "/";
  if (key.length > 1 || /^[\x21-\x7e]$/.test(key)) return key;
  const letter = /^Key([A-Z])$/.exec(code);
  if (letter) return shiftKey ? letter[1] : letter[1].toLowerCase();
  return key;
}

function isTyping(target) {
  if (!(target instanceof Element)) return false;
  const field = target.closest("input, textarea, select, [contenteditable]");
  return Boolean(field) && !/^(checkbox|radio|button|submit|reset)$/.test(field.type);
}

// ---- The queue's cursor --------------------------------------------------------------------

const rows = () => all(".case");
const cursor = () => one(".case[aria-current]");
const idOf = (row) => row.dataset.case;
const tickOf = (row) => one(".tick", row);
const ticked = () => rows().filter((row) => tickOf(row)?.checked);

function choose(row, { focus = true } = {}) {
  if (!row) return;
  for (const other of all(".case[aria-current]")) other.removeAttribute("aria-current");
  row.setAttribute("aria-current", "true");
  peekAt(row);
  if (!focus) return;
  one(".sentence", row).focus({ preventScroll: true });
  row.scrollIntoView({ block: "nearest" });
}

function step(by) {
  const list = rows();
  const at = list.indexOf(cursor());
  choose(list[Math.min(Math.max(at + by, 0), list.length - 1)]);
}

function stepArticle(by) {
  const groups = all(".group");
  const at = groups.indexOf(cursor()?.closest(".group"));
  const next = groups[Math.min(Math.max(at + by, 0), groups.length - 1)];
  if (next) choose(one(".case", next));
}

function openAt(place) {
  if (cursor()) location.assign(one(".sentence", cursor()).href + place);
}

// ---- Keys ----------------------------------------------------------------------------------

const inQueue = {
  j: () => step(1),
  k: () => step(-1),
  J: () => stepArticle(1),
  K: () => stepArticle(-1),
  ArrowDown: () => step(1),
  ArrowUp: () => step(-1),
  Enter: () => cursor() && one(".sentence", cursor()).click(),
  x: () => cursor() && tick(cursor()),
  A: () => tickEvery(!one("[data-every]")?.checked),
  X: () => cursor() && tickArticle(cursor().closest(".group"), !tickOf(cursor()).checked),
  e: () => openAt("#correction"),
  m: () => (ticked().length > 1 ? press("m") : openAt("#merges")),
  Escape: clearTicks,
};

const onCase = {
  Escape: () => one("[data-back]")?.click(),
  y: () => one("[data-copy]")?.click(),
  u: () => press("u") || (one("[data-nothing]") && tell(one("[data-nothing]").dataset.nothing, "plain")),
};

function press(key) {
  const target = all("[aria-keyshortcuts]").find((each) => each.getAttribute("aria-keyshortcuts") === key);
  if (!target || target.disabled || target.hidden || target.closest("[aria-busy]")) return false;
  if (target.dataset.opens) openSheet(one(`#${target.dataset.opens}`));
  else if (target.matches("input, textarea")) focusField(target);
  else target.click();
  return true;
}

function focusField(field) {
  field.focus();
  field.setSelectionRange?.(field.value.length, field.value.length);
}

function openSheet(sheet) {
  if (rows().length && !meant("").length) return;
  sheet.showPopover();
  one("button, input", sheet).focus();
}

/** Enter in a field of a sheet is its own button, whatever the other fields of the form say. */
function pressOwn(event, part) {
  event.preventDefault();
  one("button", part).click();
}

function onKey(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.defaultPrevented) return;
  const key = keyOf(event);
  if (isTyping(event.target)) {
    if (key === "Escape") event.target.blur();
    const own = key === "Enter" && event.target.closest(".other");
    if (own) pressOwn(event, own);
    return;
  }
  const sheet = one("[popover]:popover-open");
  if (sheet || one("dialog[open]")) {
    const button = sheet && all("[data-key]", sheet).find((each) => each.dataset.key === key);
    if (button && !event.repeat) button.click();
    return;
  }
  if (key === "Enter" && event.target.closest("a, button, summary, label")) return;
  const table = one(".case[data-case]") ? inQueue : onCase;
  const moves = /^([jkJK]|Arrow(Up|Down))$/.test(key);
  if (event.repeat && !moves) return;
  if (key === "?") one("#keys").showModal();
  else if (table[key]) table[key]();
  else if (key.length > 1 || !press(key)) return;
  event.preventDefault();
}

// ---- Begin ---------------------------------------------------------------------------------

function onSubmit(event) {
  if (event.target.id !== "cases") return;
  event.preventDefault();
  one("[popover]:popover-open")?.hidePopover();
  send(event.target, event.submitter);
}

function onChange(event) {
  const field = event.target;
  if (field.matches("[data-article]")) tickArticle(field.closest(".group"), field.checked);
  else if (field.matches("[data-every]")) tickEvery(field.checked);
  else if (field.matches("#filters select")) field.form.requestSubmit();
  else if (field.closest("[data-submit-on-change]")) one("button", field.closest("[data-submit-on-change]")).click();
}

function onClick(event) {
  const asking = event.target.closest("[data-needs]");
  if (asking && !one(`#${asking.dataset.needs}`).reportValidity()) return event.preventDefault();
  const copy = event.target.closest("[data-copy]");
  if (copy) navigator.clipboard.writeText(one(`#${copy.dataset.copy}`).value);
  const row = event.target.closest(".case");
  if (row) choose(row, { focus: false });
  if (event.target.matches(".case .tick")) tickTo(row, event.shiftKey);
}

/** In the correction's field Enter saves, as in any field of one line. */
function onFieldKey(event) {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  one("#save-correction").click();
}

function begin() {
  for (const part of all("[data-with-script]")) part.hidden = false;
  putWideTicks();
  for (const part of all("[data-without-script]")) part.hidden = true;
  page.addEventListener("keydown", onKey);
  page.addEventListener("submit", onSubmit);
  page.addEventListener("change", onChange);
  page.addEventListener("click", onClick);
  page.addEventListener("mousedown", onTickDown);
  page.addEventListener("reset", () => setTimeout(countTicks));
  one("#correction")?.addEventListener("keydown", onFieldKey);
  beginPeek();
  if (one("#groups") || one(".empty")) remember();
  one(".tabs [aria-current]")?.scrollIntoView({ block: "nearest", inline: "nearest" });
  const opened = one(".case-page");
  if (opened) linkNeighbours(opened.dataset.case);
  if (one("[data-draft]")) beginDraft(one("[data-draft]"));
  const fresh = one("#fresh");
  if (fresh) setInterval(askNews, NEWS_EVERY, fresh);
  const changed = one("#changed");
  if (changed) setInterval(askCase, NEWS_EVERY, changed);
  const here = one("#here");
  if (here) {
    sayHere(here);
    setInterval(sayHere, HERE_EVERY, here);
  }
  if (location.hash === "#correction" && one("#correction")) focusField(one("#correction"));
  if (location.hash === "#merges" && one("#merges")) openSheet(one("#merges"));
  const wanted = /^#case-\d+$/.test(location.hash) ? one(location.hash) : null;
  choose(wanted ?? rows()[0], { focus: Boolean(wanted) });
  countTicks();
}

begin();
