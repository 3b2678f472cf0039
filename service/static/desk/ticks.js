// ---- Ticks ---------------------------------------------------------------------------------

let tickedLast = ""; // the case from which Shift takes the range

/** The ticks of an article and of the page work by this script alone; so they come with it. */
function putWideTicks() {
  const made = one("#wide-ticks")?.content;
  if (!made) return;
  one("#every").replaceChildren(page.importNode(one("[data-every]", made).parentElement, true));
  for (const header of all(".group > header"))
    header.prepend(page.importNode(one("[data-article]", made).parentElement, true));
}

const boxesIn = (part) => all(".case .tick", part);

function setTicks(boxes, on) {
  for (const box of boxes) box.checked = on;
  countTicks();
}

function tick(row) {
  const box = tickOf(row);
  if (!box) return;
  tickedLast = idOf(row);
  setTicks([box], !box.checked);
}

function tickArticle(group, on) {
  setTicks(boxesIn(group), on);
}

function tickEvery(on) {
  setTicks(boxesIn(page), on);
  tell(one("#ticked").textContent);
}

/** A tick that is pressed with Shift takes with it all from the last one that was pressed. */
function tickTo(row, ranging) {
  const ids = rows().map(idOf);
  const [from, to] = [ids.indexOf(tickedLast), ids.indexOf(idOf(row))];
  tickedLast = idOf(row);
  if (!ranging || from < 0) return countTicks();
  const between = rows().slice(Math.min(from, to), Math.max(from, to) + 1);
  setTicks(between.flatMap((each) => boxesIn(each)), tickOf(row).checked);
  tell(one("#ticked").textContent);
}

function countTicks() {
  const count = one("#ticked");
  if (count) count.textContent = `${count.dataset.word}: ${ticked().length}`;
  for (const box of all("[data-article], [data-every]")) {
    const states = boxesIn(box.closest(".group") ?? page).map((each) => each.checked);
    box.checked = states.length > 0 && states.every(Boolean);
    box.indeterminate = !box.checked && states.some(Boolean);
  }
}

function clearTicks() {
  tickedLast = "";
  setTicks(boxesIn(page), false);
}

/** With Shift the browser would select the words between. */
function onTickDown(event) {
  if (event.shiftKey && event.target.closest(".case .hit")) event.preventDefault();
}
