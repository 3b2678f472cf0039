/** What was selected, with what stands around it and where. */
import { elementAt, find } from "./page";
import { BLOCK, LINE, collapse, cut } from "./text";

export interface Place {
  quote: { exact: string; prefix: string; suffix: string };
  position: { start: number; end: number } | null;
  /** The text before and after, not cut and not collapsed, for showing the sentence. */
  before: string;
  after: string;
  /** The selection was longer than a report may carry. */
  long?: boolean;
  range: Range | undefined;
  element: Element;
}

const EXACT = 1000;
const CONTEXT = 64;
const UNREAD = /^(script|style|noscript|template|textarea|select|iframe|canvas|video|audio|title|desc)$/;

/** Whether the last flat reading met a shadow root, so that the document alone reads differently. */
let mixed = false;

/** The rendered text under `root` and where the range's own text begins and ends in it, without
 *  white space at its ends; null if the range holds no text. With `flat`, open shadow roots are read
 *  where they are shown, and slots with what fills them. */
function read(root: Element, range: Range, flat: boolean): [text: string, from: number, to: number] | null {
  let text = "";
  let from = -1;
  let to = 0;
  const visit = (node: any): void => {
    const { nodeType, localName } = node;
    if (nodeType === 3) {
      if (range.intersectsNode(node)) {
        if (from < 0) from = text.length + (node === range.startContainer ? range.startOffset : 0);
        to = text.length + (node === range.endContainer ? range.endOffset : node.length);
      }
      text += node.data.replace(/[\u2028\u2029]/g, "\n");
    } else if (nodeType === 1 && !UNREAD.test(localName)) {
      const { display, float, position } = getComputedStyle(node);
      // An element that is not shown has "none"; one that no slot shows has no style at all; what is
      // folded away (a closed <details>) only the browser knows.
      if (!display || display === "none") return;
      if (display !== "contents" && node.checkVisibility && !node.checkVisibility()) return;
      const inline = /^(inl|con|rub)/.test(display) || float !== "none" || /^[af]/.test(position);
      const border = localName === "br" ? LINE : inline ? "" : BLOCK;
      text += border;
      let children = node.childNodes;
      if (flat) {
        const assigned = localName === "slot" ? node.assignedNodes() : [];
        if (node.shadowRoot) mixed = true;
        children = assigned.length ? assigned : (node.shadowRoot || node).childNodes;
      }
      children.forEach(visit);
      text += border;
    }
  };
  visit(root);
  const picked = text.slice(from, to);
  const trimmed = picked.trim();
  from += picked.length - picked.trimStart().length;
  return trimmed && from >= 0 ? [text, from, from + trimmed.length] : null;
}

/** How many units of it stand in the page too. */
const counted = (text: string): number => text.replace(/[\u2028\u2029]/g, "").length;

/** The selection as a place; null where no text is selected. */
export function capture(range: Range): Place | null {
  const node = range.startContainer;
  const body = find("body", node.ownerDocument!)!;
  mixed = false;
  const reading = read(body, range, true);
  if (!reading) return null;
  const [text, from, to] = reading;
  const all = text.slice(from, to);
  const exact = cut(collapse(all), EXACT);
  const long = exact.length < collapse(all).length;
  // As far into the page's own text, white space aside, as into the collapsed one.
  let picked = all;
  for (let left = exact.replace(/\s/g, "").length, at = 0; long && left; picked = all.slice(0, ++at))
    if (/\S/.test(all[at]!)) left--;
  const before = text.slice(0, from);
  const after = text.slice(from + picked.length);
  // A position counts the document alone, neither shadow roots nor frames.
  const light = body.ownerDocument === document && (mixed ? read(body, range, false) : reading);
  const start = light ? counted(light[0].slice(0, light[1])) : 0;
  return {
    quote: {
      exact,
      prefix: cut(collapse(before), CONTEXT, true).trimStart(),
      suffix: cut(collapse(after), CONTEXT).trimEnd(),
    },
    position: light ? { start, end: start + counted(picked) } : null,
    before,
    after,
    long,
    range,
    element: elementAt(node) || body,
  };
}
