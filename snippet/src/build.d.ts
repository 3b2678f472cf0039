// Filled in by build.mjs.

/** " kk.HASH ru.HASH …": every language with the hash in its part's file name. */
declare const PARTS: string;

declare module "tuzet:strings" {
  import type { Strings } from "./contract";
  const strings: Strings;
  export default strings;
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
