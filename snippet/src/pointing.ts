/** Pointing at a paragraph or a picture, by finger, mouse or keys. */
import type { Desk } from "./contract";
import { closest, findAll } from "./page";
import { contentsOf } from "./picture";

const PLACES = "p,li,h1,h2,h3,h4,h5,h6,figcaption,img,blockquote,td,th,dt,dd,pre,caption";

/** Runs until something was chosen (`chosen(element)`) or not (`chosen(null)`); returns what ends it. */
export function pointing(desk: Desk, chosen: (element: Element | null) => void): () => void {
  const sheet = desk.sheet();
  let at: Element | null = null;

  const show = (element: Element) => {
    if (element === at) return;
    at = element;
    const range = contentsOf(element);
    if (element.localName === "img") range.selectNode(element);
    desk.mark(range, true);
  };
  const outside = (event: Event) => (event.target as Element).localName !== "tuzet-report";
  const under = (event: Event): Element | null => {
    const place = outside(event) ? closest(event.composedPath()[0] as Node, PLACES) : null;
    return place && desk.allowed(place) ? place : null;
  };
  const finish = (element: Element | null) => {
    stop();
    chosen(element);
  };
  const step = (by: number) => {
    const all = findAll(PLACES).filter(
      (element) =>
        element.offsetHeight && desk.allowed(element) && (element.localName === "img" || element.textContent!.trim()),
    );
    const from = at ? all.indexOf(at as HTMLElement) : by > 0 ? -1 : 0;
    const next = all[(from + by + all.length) % all.length];
    if (!next) return;
    next.scrollIntoView({ block: "center" });
    show(next);
  };

  const acts: Record<string, (event: any) => boolean | void> = {
    pointermove(event: Event) {
      const place = under(event);
      if (place) show(place);
    },
    click(event: Event) {
      if (!outside(event)) return false;
      const place = under(event);
      if (place) finish(place);
      return true;
    },
    keydown({ key }: KeyboardEvent) {
      if (key === "ArrowDown" || key === "ArrowUp") step(key === "ArrowDown" ? 1 : -1);
      else if (key === "Enter" && at) finish(at);
      else if (key === "Escape") finish(null);
      else return false;
      return true;
    },
  };
  const listen = (event: Event) => {
    try {
      if (sheet !== desk.sheet())
        stop(); // closed by its own button
      else if (acts[event.type]!(event)) {
        event.preventDefault();
        event.stopPropagation();
      }
    } catch {
      stop();
    }
  };
  const stop = () => {
    for (const type of Object.keys(acts)) window.removeEventListener(type, listen, true);
  };
  for (const type of Object.keys(acts)) window.addEventListener(type, listen, true);
  return stop;
}
