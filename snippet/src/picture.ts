/** Whole paragraphs and pictures as places. */
import type { Place } from "./capture";
import type { Desk } from "./contract";
import { closest, elementAt, find } from "./page";
import { collapse, cut } from "./text";

export function contentsOf(element: Element): Range {
  const range = element.ownerDocument.createRange();
  range.selectNodeContents(element);
  return range;
}

/** A paragraph by its text; a picture by its caption, else by its alternative text, title or file
 *  name. Null for what has none of these. */
export function captureElement(desk: Desk, element: Element): Place | null {
  const picture = element.localName === "img" ? (element as HTMLImageElement) : element.querySelector("img");
  const figure = picture && closest(picture, "figure");
  const caption = figure && figure.querySelector("figcaption");
  const place = desk.capture(contentsOf(element)) || (caption && desk.capture(contentsOf(caption)));
  return place || (picture && byName(desk, picture));
}

/** The first picture that the range touches. */
export function pictureIn(desk: Desk, range: Range): Place | null {
  const common = elementAt(range.commonAncestorContainer);
  const pictures = common ? (common.localName === "img" ? [common] : Array.from(common.querySelectorAll("img"))) : [];
  const picture = pictures.filter((one) => range.intersectsNode(one))[0];
  return picture ? captureElement(desk, picture) : null;
}

/** The text around a picture is what stands before and after it on the page. */
function byName(desk: Desk, picture: HTMLImageElement): Place | null {
  const name = picture.alt.trim() || picture.title.trim() || picture.src.split(/[?#]/)[0]!.replace(/.*\//, "");
  if (!name) return null;
  const body = find("body", picture.ownerDocument)!;
  const range = contentsOf(picture);
  range.selectNode(picture);
  const rest = contentsOf(body);
  rest.setStartAfter(picture);
  const following = desk.capture(rest);
  rest.setStart(body, 0);
  rest.setEndBefore(picture);
  const before = collapse(rest.toString());
  return {
    quote: {
      exact: cut(collapse(name), 1000),
      prefix: following ? following.quote.prefix : cut(before, 64, true).trim(),
      suffix: following ? cut(following.quote.exact, 64) : "",
    },
    position: null,
    before: "",
    after: "",
    range,
    element: picture,
  };
}
