/** The one sheet: a title, what it holds, a sentence, and what can be done next. */
import type { Guest, Press } from "./contract";
import type { Fields } from "./form";
import { edges, set } from "./host";
import { fill, make } from "./page";
import type { Say } from "./words";

export interface Sheet {
  show(title: string, nodes: Node[], actions: Node[], fields?: Fields, send?: () => void): void;
  hint(point: () => void, describe: () => void): void;
  instruct(text?: string): void;
  sent(receipt: string | undefined): void;
  known(readers: number, receipt: string | undefined): void;
  fixed(): void;
  kept(limited: boolean, retry: () => void): void;
  failed(status: number): void;
  beside(range: Range): void;
  busy(yes: boolean): void;
  focus(): void;
  touched(): boolean;
  close(): void;
}

const MAC = /Mac|iP/.test(navigator.platform);

/** The trigger's name as it stands on keys. */
export function keyName(combination: string): string {
  return (combination || "ctrl+enter")
    .split("+")
    .map((key) => (MAC && key.toLowerCase() === "ctrl" ? "⌘" : key.charAt(0).toUpperCase() + key.slice(1)))
    .join("+");
}

export function openSheet(say: Say, guest: Guest, root: ShadowRoot, close: () => void, press: Press): Sheet {
  const before = root.ownerDocument.activeElement as HTMLElement | null;
  let fields: Fields | undefined;
  let range: Range | undefined;
  let send: (() => void) | undefined;
  const act = (run: () => void) => () => {
    try {
      run();
    } catch {
      close();
    }
  };
  const button = (name: string, run: () => void, marks: Record<string, string> = {}) => {
    const element = make("button", { type: "button", ...marks }, say(name));
    element.addEventListener("click", act(run));
    return element;
  };
  const cancel = (name: string) => button(name, close, { "data-tuzet": "cancel" });

  const title = make("h2", { id: "t" });
  const cross = button("close", close, { class: "x", "aria-label": say("close") });
  cross.textContent = "×";
  const body = make("div", { class: "f" });
  const status = make("p", { role: "status", "data-tuzet": "status" });
  const row = make("div", { class: "r" });
  const frame = make("form", {}, body, status, row);
  const dialog = make(
    "div",
    {
      class: "d",
      role: "dialog",
      "aria-modal": "true",
      "aria-labelledby": "t",
      tabindex: "-1",
      "data-tuzet": "dialog",
      lang: guest.language,
      dir: guest.language === "ar" ? "rtl" : "ltr",
    },
    title,
    cross,
    frame,
  );
  frame.className = "f";
  root.append(dialog);

  const submit = act(() => send && send());
  frame.addEventListener("submit", (event) => {
    event.preventDefault();
    submit();
  });
  dialog.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    const target = event.target as HTMLElement;
    const one = target.getAttribute("data-tuzet") === "suggestion" && !event.shiftKey;
    if (event.key === "Escape") close();
    else if (event.key === "Enter" && (event.ctrlKey || event.metaKey || one)) {
      event.preventDefault();
      const main = row.querySelector<HTMLButtonElement>("[type=submit]");
      if (main) main.click();
    } else if (event.key === "Tab") trap(event);
  });
  const trap = (event: KeyboardEvent) => {
    const stops = Array.from(dialog.querySelectorAll<HTMLElement>("button,a,input,textarea,summary,[tabindex='0']")).filter(
      (element) => element.offsetWidth && !(element as HTMLButtonElement).disabled,
    );
    const at = root.activeElement;
    const edge = event.shiftKey ? stops[0] : stops[stops.length - 1];
    if (at === edge || at === dialog) {
      event.preventDefault();
      stops[event.shiftKey ? stops.length - 1 : 0]!.focus();
    }
  };

  const place = () => {
    const box = edges(range);
    const { innerWidth, innerHeight } = window;
    const { offsetWidth, offsetHeight } = dialog;
    if (!box) {
      set(dialog, "--x", (innerWidth - offsetWidth) / 2);
      set(dialog, "--y", Math.max(8, (innerHeight - offsetHeight) / 3));
      return;
    }
    const x = dialog.dir === "rtl" ? box.right - offsetWidth : box.left;
    let y = box.bottom + 10;
    if (y + offsetHeight > innerHeight - 8 && box.top - 10 - offsetHeight >= 8) y = box.top - 10 - offsetHeight;
    set(dialog, "--x", Math.max(8, Math.min(x, innerWidth - offsetWidth - 8)));
    set(dialog, "--y", Math.max(8, Math.min(y, innerHeight - offsetHeight - 8)));
  };
  dialog.addEventListener("toggle", place, true);
  window.addEventListener("resize", place);

  // A phone's keyboard covers what is fixed to the lower edge.
  const view = window.visualViewport;
  const lift = () => view && set(dialog, "--b", Math.max(0, window.innerHeight - view.height - view.offsetTop));
  if (view) view.addEventListener("resize", lift);

  const ready = (heading: string, text: string, ...actions: Node[]) => {
    title.textContent = heading;
    status.textContent = text;
    fill(row, ...actions);
    place();
  };
  const over = (heading: string, text: string, ...actions: Node[]) => {
    body.hidden = true;
    send = undefined;
    const held = root.activeElement && root.activeElement !== dialog;
    ready(heading, text, ...actions);
    if (held) dialog.focus({ preventScroll: true });
  };
  const receiptLink = (url: string | undefined) =>
    url && /^https?:/.test(url)
      ? [make("a", { class: "b s", href: url, target: "_blank", rel: "noopener noreferrer" }, say("receipt"))]
      : [];
  const sendButtons = () => [
    make("button", { class: "s", type: "submit", "data-tuzet": "send" }, say("send")),
    cancel("cancel"),
    ...(press.touch ? [] : [make("small", {}, MAC ? "⌘+Enter" : "Ctrl+Enter")]),
  ];

  return {
    show(heading, nodes, actions, own, run) {
      fields = own;
      send = run;
      fill(body, ...nodes);
      ready(heading, "", ...(actions.length ? actions : sendButtons()));
      if (range && window.innerWidth <= 480) {
        const hidden = edges(range)!.bottom + 16 - (window.innerHeight - dialog.offsetHeight);
        if (hidden > 0) window.scrollBy(0, hidden);
      }
    },
    hint(point, describe) {
      dialog.setAttribute("data-tuzet", "dialog");
      fill(body, 
        make("p", { "data-tuzet": "hint" }, press.touch ? say("hintTouch") : say("hint", keyName(guest.attribute("key")))),
      );
      ready(say("title"), "", button("point", point), button("describe", describe), cancel("close"));
      dialog.focus({ preventScroll: true });
    },
    instruct(text) {
      fill(body, make("p", { "data-tuzet": "hint" }, say("pointText")));
      ready(say("point"), text || "", cancel("cancel"));
    },
    sent: (url) => over(say("sent"), say("sentText"), ...receiptLink(url), cancel("close")),
    known: (readers, url) => over(say("known", Math.max(1, readers - 1)), say("knownText", readers), ...receiptLink(url), cancel("close")),
    fixed: () => over(say("fixed"), say("fixedText"), button("reload", () => location.reload(), { class: "s" }), cancel("close")),
    kept: (limited, retry) =>
      over(
        say(limited ? "limit" : "kept"),
        say(limited ? "limitText" : "keptText"),
        button("retry", retry, { class: "s", "data-tuzet": "send" }),
        cancel("close"),
      ),
    failed(status) {
      if (fields) ready(say(status ? "refused" : "failed"), status ? say("refusedText", status) : say("failedText"), ...sendButtons());
      else over(say(status ? "refused" : "failed"), status ? say("refusedText", status) : say("failedText"), cancel("close"));
    },
    beside(around) {
      range = around;
    },
    busy(yes) {
      const main = row.querySelector<HTMLButtonElement>("[data-tuzet=send]");
      if (main) main.disabled = yes;
      dialog.setAttribute("aria-busy", String(yes));
    },
    focus() {
      const first = press.touch || !fields ? dialog : fields.first;
      first.focus({ preventScroll: true });
      if ((first as HTMLTextAreaElement).setSelectionRange)
        (first as HTMLTextAreaElement).setSelectionRange(1e4, 1e4);
    },
    touched: () => !body.hidden && !!fields && fields.touched(),
    close() {
      window.removeEventListener("resize", place);
      if (view) view.removeEventListener("resize", lift);
      dialog.remove();
      if (before && before.isConnected && before.localName !== "body") before.focus({ preventScroll: true });
      const selection = window.getSelection();
      if (range && selection && selection.isCollapsed && range.startContainer.ownerDocument === document) {
        selection.removeAllRanges();
        selection.addRange(range);
      }
    },
  };
}
