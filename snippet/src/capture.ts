/** What was selected, with what stands around it and where. */
import { closest, find, findAll } from "./page";
import { BLOCK, LINE, collapse, head, tail } from "./text";

export interface Quote {
  exact: string;
  prefix: string;
  suffix: string;
}

export interface Place {
  quote: Quote;
  position: { start: number; end: number } | null;
  /** The text before and after, not cut and not collapsed, for showing the sentence. */
  before: string;
  after: string;
  /** The selection was longer than a report may carry. */
  cut: boolean;
  /** Where the page is marked while the dialog is open. */
  range: Range | undefined;
  element: Element;
}

const EXACT = 1000;
const CONTEXT = 64;
const UNREAD = /^(script|style|noscript|template|textarea|select|input|iframe|canvas|video|audio|object|head)$/i;

interface Reading {
  text: string;
  from: number;
  to: number;
  /** How many units of `text` before `index` stand in the page too (borders of blocks do not). */
  counted(index: number): number;
}

/** The rendered text under `root` in document order, and where `range` stands in it. With
 *  `flat`, open shadow roots are read where they are shown, slots with what fills them. */
function read(root: Node, range: Range, flat: boolean): Reading {
  const view = (root.ownerDocument || document).defaultView || window;
  const borders: number[] = [];
  let text = "";
  let from = -1;
  let to = -1;
  const border = (sign: string) => {
    borders.push(text.length);
    text += sign;
  };
  const meet = (node: Node, offset: number, at: number) => {
    if (from < 0 && node === range.startContainer && offset === range.startOffset) from = at;
    if (to < 0 && node === range.endContainer && offset === range.endOffset) to = at;
  };
  const visit = (node: Node): void => {
    if (node.nodeType === 3) {
      const at = text.length;
      if (node === range.startContainer) from = at + range.startOffset;
      if (node === range.endContainer) to = at + range.endOffset;
      text += (node as Text).data;
      return;
    }
    if (node.nodeType !== 1) return;
    const element = node as HTMLElement;
    const style = view.getComputedStyle(element);
    // An element outside the flat tree (light children that no slot shows) has no style at all.
    if (UNREAD.test(element.localName) || !style.display || style.display === "none") {
      if (from < 0 && element.contains(range.startContainer)) from = text.length;
      if (to < 0 && element.contains(range.endContainer)) to = text.length;
      return;
    }
    if (element.localName === "br") return border(LINE);
    const block =
      !/^(inline|contents|ruby)/.test(style.display) && style.float === "none" && !/^(abs|fix)/.test(style.position);
    if (block) border(BLOCK);
    const shadow = flat && element.shadowRoot;
    const assigned = flat && element.localName === "slot" ? (element as HTMLSlotElement).assignedNodes() : [];
    const children = assigned.length ? assigned : (shadow || element).childNodes;
    for (let i = 0; i < children.length; i++) {
      if (!assigned.length) meet(shadow || element, i, text.length);
      visit(children[i]!);
    }
    if (!assigned.length) meet(shadow || element, children.length, text.length);
    if (block) border(BLOCK);
  };
  visit(root);
  return {
    text,
    from,
    to,
    counted(index) {
      let extra = 0;
      while (extra < borders.length && borders[extra]! < index) extra++;
      return index - extra;
    },
  };
}

/** The selection without the white space at its ends, or null if nothing is left of it. */
function trimmed(reading: Reading): Reading | null {
  const { text } = reading;
  let { from, to } = reading;
  if (from < 0 || to < 0) return null;
  while (from < to && /\s/.test(text[from]!)) from++;
  while (to > from && /\s/.test(text[to - 1]!)) to--;
  return from < to ? { ...reading, from, to } : null;
}

/** The selection as a place; null where nothing readable is selected. */
export function capture(range: Range): Place | null {
  const body = find("body", range.startContainer.ownerDocument || document);
  if (!body) return null;
  const shown = trimmed(read(body, range, true)) || trimmed(read(body, range, false));
  if (!shown) return pictureIn(range);
  const { text, from } = shown;
  let { to } = shown;
  // Collapsing only shortens, so what is cut here is never shorter than the limit allows.
  const cut = collapse(text.slice(from, to)).length > EXACT;
  if (cut) to = from + head(text.slice(from, to), EXACT).trimEnd().length;
  const before = text.slice(0, from);
  const after = text.slice(to);
  const light = trimmed(read(body, range, false));
  return {
    quote: {
      exact: collapse(text.slice(from, to)),
      prefix: tail(collapse(before), CONTEXT).trimStart(),
      suffix: head(collapse(after), CONTEXT).trimEnd(),
    },
    position:
      light && body.ownerDocument === document
        ? { start: light.counted(light.from), end: light.counted(cut ? light.from + to - from : light.to) }
        : null,
    before,
    after,
    cut,
    range,
    element: elementOf(range.startContainer),
  };
}

const elementOf = (node: Node): Element => (node.nodeType === 1 ? (node as Element) : node.parentElement || find("body")!);

function pictureIn(range: Range): Place | null {
  const common = elementOf(range.commonAncestorContainer);
  const pictures = common.localName === "img" ? [common] : findAll("img", common);
  for (let i = 0; i < pictures.length; i++)
    if (range.intersectsNode(pictures[i]!)) return captureElement(pictures[i]!);
  return null;
}

/** A whole paragraph or picture as a place. A picture is quoted by its caption, else by its
 *  alternative text, title or file name. */
export function captureElement(element: Element): Place | null {
  const picture = element.localName === "img" ? (element as HTMLImageElement) : find<HTMLImageElement>("img", element);
  const figure = picture && closest(picture, "figure");
  const caption = figure && find("figcaption", figure);
  const range = (element.ownerDocument || document).createRange();
  range.selectNodeContents(caption && !collapse(element.textContent || "").trim() ? caption : element);
  const read = range.collapsed || !range.toString().trim() ? null : capture(range);
  if (read || !picture) return read;
  range.selectNode(picture);
  const name = picture.alt.trim() || picture.title.trim() || picture.src.split(/[?#]/)[0]!.replace(/.*\//, "");
  if (!name) return null;
  const around = capture(besides(picture));
  return {
    quote: {
      exact: head(collapse(name), EXACT),
      prefix: around ? around.quote.prefix : "",
      suffix: around ? around.quote.exact.slice(0, CONTEXT) : "",
    },
    position: null,
    before: "",
    after: "",
    cut: false,
    range,
    element: picture,
  };
}

/** From behind the picture to the end of the page. */
function besides(picture: Element): Range {
  const range = (picture.ownerDocument || document).createRange();
  range.setStartAfter(picture);
  range.setEnd(find("body")!, find("body")!.childNodes.length);
  return range;
}

/** The selection inside an open shadow root, which some browsers hide from the document. */
export function shadowSelection(): Range | undefined {
  const all = findAll("*");
  for (let i = 0; i < all.length; i++) {
    const root = all[i]!.shadowRoot as (ShadowRoot & { getSelection?(): Selection | null }) | null;
    const selection = root && root.getSelection && root.getSelection();
    if (selection && selection.rangeCount && !selection.isCollapsed) return selection.getRangeAt(0).cloneRange();
  }
  return undefined;
}
