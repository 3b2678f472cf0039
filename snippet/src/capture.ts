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

/** Whether a text may be quoted; with `context`, whether it may stand around the quote. */
type Allowed = (node: Node, context?: boolean) => boolean;

const EXACT = 1000;
const CONTEXT = 64;
const UNREAD = /^(script|style|template|textarea|select|progress|meter|iframe|canvas|video|audio|defs|symbol)$/;
/** Stands for each unit of text that is counted, but not seen or not to be sent. */
const MUTE = /\uffff/g;

/** Whether the last flat reading met a shadow root, so that the document alone reads differently. */
let mixed = false;
/** Whether what was read last is not what the browser reads: with a shadow root in it, or cut. */
let own = false;

/** The rendered text under `root`, where the range's own text begins and ends in it, without white
 *  space at its ends, and the node it begins in; null if the range holds no text. With `flat`, open
 *  shadow roots are read where they are shown, and slots with what fills them. */
function read(
  root: Element,
  range: Range,
  allowed: Allowed,
  flat: boolean,
): [text: string, from: number, to: number, first: Node] | null {
  let text = "";
  let from = -1;
  let to = 0;
  let first: Node;
  const box = range.cloneRange();
  const visit = (node: any, unseen: boolean): void => {
    const { nodeType, localName } = node;
    const picked = range.intersectsNode(node);
    if (nodeType === 3) {
      let { data } = node;
      // What is drawn nowhere has no boxes; nor has white space between blocks.
      box.selectNodeContents(node);
      if (data.trim() && !box.getClientRects().length) return;
      const cut = !allowed(node, !picked);
      if (picked) {
        if (from < 0) from = text.length + (node === range.startContainer ? range.startOffset : 0);
        to = text.length + (node === range.endContainer ? range.endOffset : data.length);
      }
      if (cut && picked) own = true;
      text += data.replace(unseen || cut ? /[^]/g : /[\u2028\u2029]/g, unseen || cut ? "\uffff" : "\n");
      if (picked && !first && /[^\s\uffff]/.test(text.slice(from))) first = node;
    } else if (nodeType === 1 && !UNREAD.test(localName)) {
      const { display, float, position, visibility, contentVisibility } = getComputedStyle(node);
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
        if (node.shadowRoot) {
          mixed = true;
          if (picked) own = true;
        }
        children = assigned.length ? assigned : (node.shadowRoot || node).childNodes;
      }
      // What is folded away has boxes all the same, as soon as one asks for them.
      const details = localName === "details" && !node.open;
      const folded = details || contentVisibility === "hidden";
      const summary = details && node.querySelector(":scope>summary");
      children.forEach(
        (child: any) =>
          (folded && (child.data ? /\S/.test(child.data) : child !== summary)) ||
          visit(child, visibility !== "visible"),
      );
      text += border;
    }
  };
  visit(root, false);
  const picked = text.slice(from, to);
  const start = picked.search(/[^\s\uffff]/);
  return from >= 0 && start >= 0
    ? [text, from + start, from + picked.replace(/[\s\uffff]+$/, "").length, first!]
    : null;
}

/** What stands before the quote, or with `after` after it: where no letter is in reach, the run of
 *  what is none is skipped. */
function context(text: string, after?: boolean): string {
  const near = cut(text, CONTEXT, !after);
  return /\p{L}/u.test(near) ? near : cut(text.replace(after ? /^\P{L}+/u : /\P{L}+$/u, ""), CONTEXT, !after) || near;
}

/** How many units of it stand in the page too. */
const counted = (text: string): number => text.replace(/[\u2028\u2029]/g, "").length;
const seen = (text: string): string => text.replace(MUTE, "");

/** What the browser says that the range reads as, if it is what is selected. */
function spoken(range: Range): string {
  const selection = getSelection();
  const live = selection && selection.rangeCount && selection.getRangeAt(0);
  return live && live.endContainer === range.endContainer && live.endOffset === range.endOffset ? "" + selection : "";
}

/** The selection as a place, without what is not allowed; null where no text is selected. */
export function capture(range: Range, allowed: Allowed): Place | null {
  const body = find("body", range.startContainer.ownerDocument!)!;
  mixed = own = false;
  const reading = read(body, range, allowed, true);
  if (!reading) return null;
  const [text, from, to, first] = reading;
  const all = text.slice(from, to);
  const whole = collapse((!own && spoken(range).trim()) || seen(all));
  const exact = cut(whole, EXACT);
  const long = exact.length < whole.length;
  // As far into the page's own text, white space aside, as into the collapsed one.
  let picked = all;
  for (let left = exact.replace(/\s/g, "").length, at = 0; long && left; picked = all.slice(0, ++at))
    if (/[^\s\uffff]/.test(all[at]!)) left--;
  const before = seen(text.slice(0, from));
  const after = seen(text.slice(from + picked.length));
  // A position counts the document alone, neither shadow roots nor frames.
  const light = body.ownerDocument === document && (mixed ? read(body, range, allowed, false) : reading);
  const start = light ? counted(light[0].slice(0, light[1])) : 0;
  return {
    quote: {
      exact,
      prefix: context(collapse(before)).trimStart(),
      suffix: context(collapse(after), true).trimEnd(),
    },
    position: light ? { start, end: start + counted(picked) } : null,
    before,
    after,
    long,
    range,
    element: elementAt(first)!,
  };
}
