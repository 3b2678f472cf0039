/** What the loader and a part say to each other. A newer loader may meet an older part from a
 *  cache (and the other way round), so this may only grow. */

/** What the loader hands to a part: all that the part may know of the page's wishes. */
export interface Guest {
  /** Where the service is, with a slash at the end. */
  base: string;
  /** The code of the language that was chosen, such as `kk`. */
  language: string;
  /** A script attribute without its `data-`, or an empty string. */
  attribute(name: string): string;
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

/** The texts of one language; plural forms by the names that Intl.PluralRules gives. */
export type Strings = Record<string, string | Record<string, string>>;

export interface PartModule {
  default(guest: Guest): Part;
}

declare global {
  interface Window {
    tuzet?: { open(element?: Element): void; destroy(): void };
    tuzetStrings?: Record<string, unknown>;
  }
}
