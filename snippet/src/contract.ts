/** What the loader and the parts say to one another. A newer loader may meet an older part from a
 *  cache, so the first three may only grow. */
import type { Place } from "./capture";
import type { Answer } from "./post";
import type { Sheet } from "./sheet";

/** What the loader hands to a part: all that the part may know of the page's wishes. */
export interface Guest {
  /** Where the service is, with a slash at the end. */
  base: string;
  /** A script attribute without its `data-`, else the site's own setting, or an empty string. */
  attribute(name: string): string;
  /** What the site's own settings say, as far as they have come. */
  own?(): Own;
  /** It is only shown how it looks: nothing is sent. */
  preview?: boolean;
}

/** `tuzet.own.js`: what the site has set on the desk. */
export interface Own {
  attributes?: Record<string, string>;
  strings?: Record<string, Record<string, string>>;
  /** Custom properties for our element. */
  look?: Record<string, string>;
}

/** What was asked for when the reader acted. */
export interface Press {
  /** The selection at that moment; absent or collapsed means nothing was selected. */
  range?: Range | undefined;
  /** An element that the site itself points at (`tuzet.open(element)`). */
  element?: Element | undefined;
  /** The reader's finger, not the keyboard, so no key is named. */
  touch?: boolean | undefined;
}

/** One language's part, started. */
export interface Part {
  open(press: Press): void;
  /** Offers the touch button for a selection, or takes it away when there is none. */
  offer(press: Press): void;
  /** Sends what an earlier visit could not. */
  flush(): void;
  destroy(): void;
}

export interface PartModule {
  default(guest: Guest): Part;
}

/** What the first part lends to the second. */
export interface Desk extends Guest {
  /** The open sheet. */
  sheet(): Sheet | null;
  /** Opens a new sheet, beside `range` if there is one; `quiet` leaves the focus and the page alone. */
  begin(range: Range | undefined, quiet: boolean, send: () => unknown): Sheet;
  /** With `context`, only what the site excludes is not. */
  allowed(node: Node, context?: boolean): boolean;
  mark(range: Range, whole?: boolean): void;
  /** Without `may`, what the site excludes is left out. */
  capture(range: Range, may?: (node: Node, context?: boolean) => boolean): Place | null;
  report(place: Place, press: Press, plain?: boolean): void;
  close(): void;
  /** The report that the sheet is about. */
  id(): string;
  post(base: string, body: string): Promise<Answer>;
  keep(base: string, id: string, body: string, wait: number, since?: number): boolean;
  forget(id: string): void;
  /** Adds to the style of what is shown. */
  restyle(css: string): void;
}

/** The second part: what is needed once the dialog is open. */
export interface More {
  /** Cares for a sheet that the reader works in, and says what the first part could not (`data-say`);
   *  again is harmless. */
  attend(sheet: Sheet): void;
  /** Nothing is sent, and the sheet says so. */
  preview(sheet: Sheet): void;
  /** What goes and what comes, marked. */
  difference(before: string, after: string): (Node | string)[];
  metadata(element: Element): Record<string, string | null>;
  /** The whole truth about an answer, on the sheet. */
  told(sheet: Sheet, answer: Answer, kept: boolean): void;
  /** No text of the document is selected: an element, a picture, text in a shadow root, or a hint. */
  elsewhere(press: Press): void;
  flush(now?: boolean): void;
  destroy(): void;
}

export interface MoreModule {
  default(desk: Desk): More;
}

/** The texts of one language for one part; plural forms by the names that Intl.PluralRules gives. */
export type Strings = Record<string, string | Record<string, string>>;

declare global {
  interface Window {
    tuzet?: { open(element?: Element): void; destroy(): void };
    tuzetStrings?: Record<string, unknown>;
  }
}
