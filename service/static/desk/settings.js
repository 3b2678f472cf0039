// Settings: how many changes wait to be saved, and the preview with the values as typed.

const saver = document.querySelector("[data-changes]");
const preview = document.querySelector("[data-preview]");
const form = saver?.closest("form");

function waiting() {
  const fields = [...form.elements].filter((field) => field.name && field.type !== "hidden");
  const changed = (field) => {
    if (/^(checkbox|radio)$/.test(field.type)) return field.checked !== field.defaultChecked && field.type !== "radio" || (field.type === "radio" && field.checked && !field.defaultChecked);
    if (field.type === "select-one") return !(field.selectedOptions[0]?.defaultSelected ?? true) && field.selectedIndex !== firstOf(field);
    return field.value !== field.defaultValue;
  };
  return fields.filter(changed).length;
}

/** The option that stands before anybody chooses: the one marked so, else the first. */
function firstOf(select) {
  const marked = [...select.options].findIndex((option) => option.defaultSelected);
  return marked < 0 ? 0 : marked;
}

function count() {
  const said = saver.querySelector("[data-count]");
  const n = waiting();
  said.textContent = n ? `${said.dataset.word}: ${n}` : "";
}

let shown;
let timer;

function show() {
  const typed = new URLSearchParams(new FormData(form));
  typed.delete("form_token");
  const look = preview.querySelector('[data-look="dark"]');
  if (look.getAttribute("aria-pressed") === "true") typed.set("look", "dark");
  const address = `${preview.dataset.preview}?${typed}`;
  if (address === shown) return;
  shown = address;
  // Not a new address of the frame: the way back must not lead through every key pressed.
  preview.querySelector("iframe").contentWindow.location.replace(address);
}

function soon() {
  clearTimeout(timer);
  timer = setTimeout(show, 400);
}

function press(button) {
  const { look } = button.dataset;
  if (look === "dark") button.setAttribute("aria-pressed", String(button.getAttribute("aria-pressed") !== "true"));
  else {
    for (const other of preview.querySelectorAll('[data-look="phone"], [data-look="desktop"]'))
      other.setAttribute("aria-pressed", String(other === button));
    preview.toggleAttribute("data-wide", look === "desktop");
  }
  show();
}

if (form) {
  form.addEventListener("input", count);
  form.addEventListener("reset", () => setTimeout(() => { count(); if (preview) show(); }));
}
if (form && preview) {
  form.addEventListener("input", soon);
  preview.addEventListener("click", (event) => {
    const button = event.target.closest("[data-look]");
    if (button) press(button);
  });
}
document.querySelector('.settings > .nav [aria-current]')?.scrollIntoView({ block: "nearest", inline: "nearest" });
