/** The one sheet: a title, fields, a sentence, and what can be done next. */
import { clamp, guarded, rectangles, set, shadow } from "./host";
import { fill, make } from "./page";
import type { Say } from "./words";

export interface Sheet {
  /** Shows a title, a sentence, the actions and, unless they are over, the fields. */
  state(title: string, text: string, actions: Node[], over?: boolean): void;
  /** The fields. */
  body: HTMLElement;
  dialog: HTMLDialogElement;
  row: HTMLElement;
  button(text: string, act: () => void, marks?: Record<string, string>): HTMLElement;
  cancel(text: string): HTMLElement;
}

/** Opens it beside `range`. `quiet`: without taking the focus. `gone` is called once it is closed,
 *  however that comes; `send` when it is to be sent. */
export function openSheet(
  say: Say,
  range: Range | undefined,
  quiet: boolean,
  gone: () => unknown,
  send: () => unknown,
): Sheet {
  const button = (text: string, act: () => void, marks?: Record<string, string>) => {
    const element = make("button", { type: "button", ...marks }, text);
    element.addEventListener("click", guarded(act));
    return element;
  };
  const title = make("h2", { id: "t" });
  const body = make("div", { class: "f" });
  const status = make("p", { role: "status", use: "status" });
  const row = make("div", { class: "r" });
  const form = make("form", { class: "f" }, body, status, row);
  const dialog = make(
    "dialog",
    {
      class: "d",
      use: "dialog",
      role: "dialog",
      "aria-labelledby": "t",
      tabindex: "-1",
      lang: LANGUAGE,
      dir: LANGUAGE === "ar" ? "rtl" : "ltr",
    },
    title,
    button("×", gone, { class: "x", "aria-label": say("close") }),
    form,
  );
  shadow().append(dialog);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    guarded(send)(event);
  });
  // Escape and a phone's back key: at once where the browser asks first, else when it has closed.
  dialog.addEventListener("cancel", gone);
  dialog.addEventListener("close", gone);
  dialog.addEventListener("keydown", (event) => {
    const single = (event.target as HTMLElement).matches("[data-tuzet=suggestion]");
    if (event.key === "Enter" && !event.isComposing && (event.ctrlKey || event.metaKey || single)) {
      event.preventDefault();
      const main = row.querySelector<HTMLElement>("[data-tuzet=send]");
      // A key that is held, as the one that opened the dialog may be, sends nothing unread.
      if (main && !event.repeat) main.click();
    }
  });
  try {
    if (quiet) throw 0;
    dialog.showModal();
  } catch {
    dialog.setAttribute("open", ""); // it is to be quiet, or the browser knows no dialogs
  }

  const view = window.visualViewport;
  const place = (): void => {
    if (!dialog.isConnected) return view!.removeEventListener("resize", place);
    const { innerWidth, innerHeight } = window;
    const { offsetWidth, offsetHeight } = dialog;
    const [box] = range ? rectangles(range, true) : [];
    let left = (innerWidth - offsetWidth) / 2;
    let top = quiet ? innerHeight : (innerHeight - offsetHeight) / 3;
    if (box) {
      left = dialog.dir === "rtl" ? box.right - offsetWidth : box.left;
      top = box.bottom + 10;
      if (top + offsetHeight > innerHeight - 8) {
        // Above it, else at the side that it is farther from.
        if (box.top - offsetHeight > 18) top = box.top - offsetHeight - 10;
        else left = box.x < innerWidth / 2 ? innerWidth : 0;
      }
    }
    // On a phone the sheet rises from the lower edge, or from the keyboard; the selection stays in sight.
    const hidden = box && innerWidth <= 480 ? box.bottom + 44 + offsetHeight - innerHeight : 0;
    if (hidden > 0) scrollBy(0, hidden);
    set(dialog, {
      "--b": view ? innerHeight - view.height - view.offsetTop : 0,
      "--x": clamp(left, innerWidth - offsetWidth),
      "--y": clamp(top, innerHeight - offsetHeight),
    });
  };
  dialog.addEventListener("toggle", place, true);
  if (view) view.addEventListener("resize", place);

  return {
    state(heading, text, actions, over) {
      if (heading) title.textContent = heading;
      status.textContent = text;
      body.hidden = !!over;
      fill(row, ...actions);
      place();
    },
    body,
    dialog,
    row,
    button,
    cancel: (text) => button(text, gone, { "data-tuzet": "cancel" }),
  };
}
