/** Pointing at a paragraph or a picture, by finger, mouse or keys. */
import { mark, unmark } from "./host";
import { closest, findAll } from "./page";

const PLACES = "p,li,h1,h2,h3,h4,h5,h6,figcaption,img,blockquote,td,th,dt,dd,pre,caption";

/** Runs until something was chosen (`chosen(element)`) or not (`chosen(null)`); returns what ends it. */
export function pointing(allowed: (node: Node) => boolean, chosen: (element: Element | null) => void): () => void {
  let at: Element | null = null;
  const show = (element: Element | null) => {
    if (!element || element === at) return;
    at = element;
    const range = document.createRange();
    if (element.localName === "img") range.selectNode(element);
    else range.selectNodeContents(element);
    mark(range, true);
  };
  const under = (event: Event) => {
    const target = event.composedPath()[0] as Element;
    if ((event.target as Element).localName === "tuzet-report") return null;
    const place = closest(target, PLACES);
    return place && allowed(place) ? place : null;
  };
  const move = (event: Event) => show(under(event));
  const click = (event: Event) => {
    if ((event.target as Element).localName === "tuzet-report") return;
    event.preventDefault();
    event.stopPropagation();
    const place = under(event);
    if (place) finish(place);
  };
  const key = (event: KeyboardEvent) => {
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (step) {
      const all = Array.from(findAll(PLACES)).filter(
        (element) => allowed(element) && element.offsetHeight && (element.localName === "img" || element.textContent!.trim()),
      );
      const next = all[(all.indexOf(at as HTMLElement) + step + all.length) % all.length];
      if (next) {
        next.scrollIntoView({ block: "center" });
        show(next);
      }
    } else if (event.key === "Enter" && at) finish(at);
    else if (event.key === "Escape") finish(null);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const finish = (element: Element | null) => {
    stop();
    chosen(element);
  };
  const guarded =
    <E extends Event>(act: (event: E) => void) =>
    (event: Event) => {
      try {
        act(event as E);
      } catch {
        stop();
      }
    };
  const listeners: [string, (event: Event) => void][] = [
    ["pointermove", guarded(move)],
    ["click", guarded(click)],
    ["keydown", guarded<KeyboardEvent>(key)],
  ];
  for (const [type, act] of listeners) window.addEventListener(type, act, true);
  const stop = () => {
    for (const [type, act] of listeners) window.removeEventListener(type, act, true);
    unmark();
  };
  return stop;
}
