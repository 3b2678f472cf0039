// Marks the wrong word of the sample and opens the snippet on it, as a reader would.
const { right } = document.querySelector("[data-right]").dataset;
const wrong = document.getElementById("wrong");

/** Waits for what another script brings; at most some seconds. */
async function until(found, tries = 60) {
  for (let left = tries; left > 0; left -= 1) {
    const it = found();
    if (it) return it;
    await new Promise((done) => setTimeout(done, 50));
  }
  return null;
}

/** Whoever fills in the form keeps the focus: the sheet takes it when it opens. */
function giveBack(keeper) {
  const frame = window.frameElement;
  if (!frame || keeper === frame || parent.document.activeElement !== frame) return;
  frame.blur();
  keeper?.focus({ preventScroll: true });
}

async function open() {
  const snippet = await until(() => window.tuzet);
  if (!snippet) return;
  const keeper = parent.document.activeElement;
  const selection = getSelection();
  selection.selectAllChildren(wrong);
  snippet.open();
  const field = await until(() =>
    document.querySelector("tuzet-report")?.shadowRoot?.querySelector("[data-tuzet=suggestion]"),
  );
  giveBack(keeper);
  if (!field) return;
  field.value = right;
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

open();
