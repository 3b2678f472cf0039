/** The page, asked in ways that survive a page with `<img name="body">` or `id="querySelector"`:
 *  named elements hide a document's own properties, but not its prototype's. */
const D = Document.prototype;
const d = document;

export function find<E extends Element = HTMLElement>(selector: string, within: Document = d): E | null {
  try {
    return D.querySelector.call(within, selector) as E | null;
  } catch {
    return null; // an old browser does not know the selector
  }
}

/** A property of the document's own, whatever elements are called. */
export const get = (name: string): any => Reflect.get(D, name, d);

export const findAll = (selector: string): HTMLElement[] =>
  Array.from(D.querySelectorAll.call(d, selector)) as HTMLElement[];

/** The nearest element at or around `node` that matches, also beyond shadow borders. A selector of
 *  the site's that is none matches nothing. */
export function closest(node: Node | null | undefined, selector: string): Element | null {
  try {
    while (node) {
      const element = elementAt(node);
      const found: Element | null = element && Element.prototype.closest.call(element, selector);
      if (found) return found;
      node = (node.getRootNode() as ShadowRoot).host;
    }
  } catch {}
  return null;
}

export const elementAt = (node: Node): Element | null => (node.nodeType === 1 ? (node as Element) : node.parentElement);

/** Tells the page; where that fails, nothing else does. */
export function announce(type: "open" | "sent" | "failed", detail: object): void {
  try {
    D.dispatchEvent.call(d, new CustomEvent("tuzet:" + type, { detail }));
  } catch {}
}

/** An attribute, in a form whose fields may be called like a property too. */
export const attributeOf = (element: Element, name: string): string =>
  Element.prototype.getAttribute.call(element, name) || "";

/** An element of our own. Attributes whose value is undefined, false or null are left out; `use` is
 *  the name under which tests find it. */
export function make<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes?: Record<string, string | number | boolean | undefined | null> | null,
  ...children: (Node | string)[]
): HTMLElementTagNameMap[K] {
  const element = D.createElement.call(d, tag) as HTMLElementTagNameMap[K];
  for (const name of Object.keys(attributes || {})) {
    const value = attributes![name];
    if (value || value === "")
      element.setAttribute(name === "use" ? "data-tuzet" : name, value === true ? "" : String(value));
  }
  element.append(...children);
  return element;
}

/** Replaces what `element` holds (`replaceChildren` is too young for old phones). */
export function fill(element: Element, ...children: (Node | string)[]): void {
  element.textContent = "";
  element.append(...children);
}
