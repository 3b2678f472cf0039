/** The page, asked in ways that survive a page with `<img name="body">` or `id="querySelector"`:
 *  named elements hide a document's own properties, but not its prototype's. */
export const D = Document.prototype;

export function find<E extends Element = HTMLElement>(selector: string, within: Document | Element = document): E | null {
  try {
    return (within.nodeType === 9 ? D : Element.prototype).querySelector.call(within, selector) as E | null;
  } catch {
    return null; // a selector of the site's that is none
  }
}

export function findAll(selector: string, within: Document | Element = document): NodeListOf<HTMLElement> {
  return (within.nodeType === 9 ? D : Element.prototype).querySelectorAll.call(within, selector) as NodeListOf<HTMLElement>;
}

/** The nearest element at or around `node` that matches, also beyond shadow borders. */
export function closest(node: Node | null | undefined, selector: string): Element | null {
  try {
    for (let at: Node | null | undefined = node; at; ) {
      const element: Element | null = at.nodeType === 1 ? (at as Element) : at.parentElement;
      const found = element && element.closest(selector);
      if (found) return found;
      at = ((element || at).getRootNode() as ShadowRoot).host;
    }
  } catch {}
  return null;
}

/** Tells the page. */
export function announce(type: "open" | "sent" | "failed", detail: object): void {
  EventTarget.prototype.dispatchEvent.call(document, new CustomEvent("tuzet:" + type, { detail }));
}

/** An element of our own. Attributes whose value is undefined or false are left out. */
export function make<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Record<string, string | boolean | undefined | null> = {},
  ...children: (Node | string)[]
): HTMLElementTagNameMap[K] {
  const element = D.createElement.call(document, tag) as HTMLElementTagNameMap[K];
  for (const name of Object.keys(attributes)) {
    const value = attributes[name];
    if (value || value === "") element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children);
  return element;
}

/** Replaces what `element` holds (`replaceChildren` is too young for old phones). */
export function fill(element: Element, ...children: (Node | string)[]): void {
  element.textContent = "";
  element.append(...children);
}
