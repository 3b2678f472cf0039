/** Our one element in the page, its shadow root, and the marks that keep the selection in sight. */
import css from "./dialog.css";
import { D, fill, find, make } from "./page";

const OURS =
  "keydown keyup keypress click dblclick contextmenu mousedown mouseup pointerdown pointerup touchstart touchend input beforeinput paste copy cut wheel focusin focusout";

let host: HTMLElement | null = null;
let marked: { range: Range; outline: boolean; boxes: HTMLElement } | null = null;

/** Our shadow root, made when it is needed. Inside the page's own modal dialog where `near` stands
 *  in one, for everything else is inert then. */
export function shadow(near?: Element): ShadowRoot {
  if (host && host.isConnected) return host.shadowRoot!;
  host = D.createElement.call(document, "tuzet-report");
  const root = host.attachShadow({ mode: "open" });
  try {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
    root.adoptedStyleSheets = [sheet];
  } catch {
    root.append(make("style", {}, css));
  }
  for (const type of OURS.split(" ")) root.addEventListener(type, (event) => event.stopPropagation());
  const modal = near && near.ownerDocument === document && near.closest("dialog[open]");
  (modal || find("html")!).appendChild(host);
  try {
    // The top layer: no transform, filter or stacking of the page reaches it.
    host.setAttribute("popover", "manual");
    host.showPopover();
  } catch {}
  return root;
}

export function leave(): void {
  unmark();
  if (host) host.remove();
  host = null;
}

/** Where `range` is in our window, also from inside a frame. */
export function rectangles(range: Range): DOMRect[] {
  const view = range.startContainer.ownerDocument!.defaultView;
  const frame = view && view !== window && (view.frameElement as HTMLElement | null);
  const own = frame ? frame.getBoundingClientRect() : { left: 0, top: 0 };
  const moved: DOMRect[] = [];
  const all = range.getClientRects();
  for (let i = 0; i < all.length && i < 200; i++) {
    const { left, top, width, height } = all[i]!;
    if (width && height)
      moved.push(new DOMRect(left + own.left + (frame ? frame.clientLeft : 0), top + own.top + (frame ? frame.clientTop : 0), width, height));
  }
  return moved;
}

/** The edges of all rectangles together; null where nothing is drawn. */
export function edges(range: Range | undefined): { left: number; right: number; top: number; bottom: number } | null {
  const all = range ? rectangles(range) : [];
  if (!all.length) return null;
  return {
    left: Math.min(...all.map((box) => box.left)),
    right: Math.max(...all.map((box) => box.right)),
    top: Math.min(...all.map((box) => box.top)),
    bottom: Math.max(...all.map((box) => box.bottom)),
  };
}

export function set(element: HTMLElement, name: string, pixels: number): void {
  element.style.setProperty(name, Math.round(pixels) + "px");
}

/** Marks a range while the focus is with us (the browser then hides the page's own selection). */
export function mark(range: Range, outline = false): void {
  unmark();
  marked = { range, outline, boxes: make("div") };
  shadow().prepend(marked.boxes);
  redraw();
  window.addEventListener("scroll", redraw, true);
  window.addEventListener("resize", redraw);
}

export function unmark(): void {
  window.removeEventListener("scroll", redraw, true);
  window.removeEventListener("resize", redraw);
  if (marked) marked.boxes.remove();
  marked = null;
}

function redraw(): void {
  if (!marked) return;
  const { range, outline, boxes } = marked;
  const whole = outline && edges(range);
  fill(boxes, 
    ...(whole ? [new DOMRect(whole.left, whole.top, whole.right - whole.left, whole.bottom - whole.top)] : rectangles(range)).map((box) => {
      const element = make("div", { class: outline ? "m p" : "m" });
      set(element, "left", box.left);
      set(element, "top", box.top);
      set(element, "width", box.width);
      set(element, "height", box.height);
      return element;
    }),
  );
}
