// Filled in by build.mjs.

/** " kk.HASH ru.HASH …": every language with the hash in its part's file name. */
declare const PARTS: string;

/** The code of the language that a part speaks. */
declare const LANGUAGE: string;

/** The file that the first part fetches when it needs the second. */
declare const MORE: string;

declare module "tuzet:strings" {
  import type { Strings } from "./contract";
  export const dialog: Strings;
  export const more: Strings;
}

declare module "*.css" {
  const css: string;
  export default css;
}

declare module "tuzet:part" {
  import type { PartModule } from "./contract";
  const part: PartModule["default"] | null;
  export default part;
}

declare module "tuzet:more" {
  import type { MoreModule } from "./contract";
  const more: MoreModule["default"] | null;
  export default more;
}
