/** Our one element in the page, with what it shows: boxes over the selection, a button, a dialog. */
import css from "./dialog.css";
import { find, make } from "./page";

/** Events that no property is named after. */
const NAMELESS = "compositionstart compositionupdate compositionend focusin focusout".split(" ");

/** What the site wants us to look like: custom properties. */
let look = (): Record<string, string> | undefined => ({});
export const dress = (as: typeof look): void => void (look = as);

let host: HTMLElement | null = null;
let style: string = css;

function paint(root: ShadowRoot): void {
  try {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(style);
    root.adoptedStyleSheets = [sheet];
  } catch {
    root.append(make("style", null, style));
  }
}

/** Adds to the look of what is shown from now on. */
export function restyle(more: string): void {
  style += more;
  if (host) paint(host.shadowRoot!);
}

/** Our shadow root, made when it is needed; beside the body, where an application that replaces the
 *  body's content leaves us alone, or `within` an element of the page. */
export function shadow(within?: Element | null): ShadowRoot {
  if (!host || !host.isConnected) {
    host = make("tuzet-report" as "div");
    const root = host.attachShadow({ mode: "open" });
    paint(root);
    const stop = (event: Event) => event.stopPropagation();
    for (const type of NAMELESS) root.addEventListener(type, stop);
    for (const name in host) if (/^on/.test(name)) root.addEventListener(name.slice(2), stop);
    const own = look() || {};
    for (const name of Object.keys(own)) host.style.setProperty(name, own[name]!);
    (within || find("html")!).append(host);
  }
  return host.shadowRoot!;
}

/** Nothing of ours may reach the page: an act that fails takes us away instead. */
export const guarded =
  <A>(act: (argument: A) => unknown) =>
  (argument: A): void => {
    try {
      act(argument);
    } catch {
      leave();
    }
  };

export function leave(): void {
  host?.remove();
  host = null;
}

/** The range's rectangles (or, with `whole`, the one around them) in our window. */
export function rectangles(range: Range, whole?: boolean): DOMRect[] {
  const view = range.startContainer.ownerDocument!.defaultView;
  const frame = view !== window && view!.frameElement;
  const { left, top } = frame ? frame.getBoundingClientRect() : { left: 0, top: 0 };
  return (whole ? [range.getBoundingClientRect()] : Array.from(range.getClientRects()).slice(0, 99))
    .filter((box) => box.width)
    .map((box) => new DOMRect(box.x + left, box.y + top, box.width, box.height));
}

/** At least 8 px from either edge. */
export const clamp = (value: number, most: number): number => Math.max(8, Math.min(value, most - 8));

export function set(element: HTMLElement, sizes: Record<string, number>): void {
  for (const name of Object.keys(sizes)) element.style.setProperty(name, Math.round(sizes[name]!) + "px");
}

/** Puts `element` at a point of our window, so that it scrolls with the page. */
export function pin(element: HTMLElement, within: Node, left: number, top: number): void {
  const origin = host!.getBoundingClientRect();
  set(element, { left: left - origin.left, top: top - origin.top });
  within.appendChild(element);
}

/** Shows what is selected while the focus is with us (a browser then hides its own selection), or
 *  with `whole` one box around it. */
export function mark(range: Range, whole?: boolean): void {
  const root = shadow();
  const old = root.querySelector(".m");
  old?.remove();
  const marks = make("div", { class: "m" });
  root.append(marks);
  for (const box of rectangles(range, whole)) {
    const element = make("div");
    set(element, { width: box.width, height: box.height });
    pin(element, marks, box.left, box.top);
  }
}
