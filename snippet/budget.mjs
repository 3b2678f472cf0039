/** Prints what a reader downloads, compressed with brotli 11, and fails where it is over the budget. */
import { readFileSync } from "node:fs";
import { brotliCompressSync, constants } from "node:zlib";

const BEFORE = 2048; // before the reader acts
const OPEN = 8192; // up to the open dialog, with the loader and a site's own settings, if it has none
const OWN = "export default {}\n";
const folder = new URL("../service/static/snippet/", import.meta.url);
const options = {
  params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT },
};
const weighText = (text) => brotliCompressSync(text, options).length;
const weigh = (name) => weighText(readFileSync(new URL(name, folder)));

const { loader, languages } = JSON.parse(readFileSync(new URL("parts.json", folder), "utf8"));
const first = weigh(loader);
let over = first > BEFORE;
console.log(`before the reader acts  ${loader}  ${first} of ${BEFORE} bytes`);
for (const language of Object.keys(languages)) {
  const { part } = languages[language];
  const all = first + weigh(part) + weighText(OWN);
  over ||= all > OPEN;
  console.log(`up to the open dialog   ${part}  ${all} of ${OPEN} bytes`);
}
if (over) console.log("over the budget");
process.exit(over ? 1 : 0);
