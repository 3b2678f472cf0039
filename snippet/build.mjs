/** Builds the snippet into service/static/snippet: `tuzet.js`, one part for each language, one file
 *  for each language that is everything (for integrity attributes), and `parts.json`, which lists
 *  them. The same sources give the same bytes on every machine. */
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build, transform } from "esbuild";

const here = fileURLToPath(new URL(".", import.meta.url));
const out = fileURLToPath(new URL("../service/static/snippet/", import.meta.url));
const target = ["es2019"];

const css = (await transform(readFileSync(here + "src/dialog.css", "utf8"), { loader: "css", minify: true, target: ["chrome80"] })).code.trim();

/** Bundles `entry` (source text) as `format`; `strings` and `part` fill the virtual modules. */
async function bundle(entry, format, parts, strings, whole) {
  const virtual = {
    name: "virtual",
    setup(setup) {
      setup.onResolve({ filter: /^tuzet:/ }, ({ path }) => ({ path, namespace: "tuzet" }));
      setup.onLoad({ filter: /^tuzet:strings$/, namespace: "tuzet" }, () => ({ contents: JSON.stringify(strings), loader: "json" }));
      setup.onLoad({ filter: /^tuzet:part$/, namespace: "tuzet" }, () => ({
        contents: whole ? 'import {starter} from "./part"; import strings from "tuzet:strings"; export default starter(strings)' : "export default null",
        resolveDir: here + "src",
      }));
      setup.onLoad({ filter: /\.css$/ }, () => ({ contents: css, loader: "text" }));
    },
  };
  const result = await build({
    stdin: { contents: entry, resolveDir: here + "src", loader: "ts", sourcefile: "entry.ts" },
    bundle: true,
    minify: true,
    charset: "utf8",
    format,
    target,
    supported: { "dynamic-import": true },
    define: { PARTS: JSON.stringify(parts) },
    legalComments: "none",
    plugins: [virtual],
    absWorkingDir: here,
    write: false,
    logLevel: "warning",
  });
  return result.outputFiles[0].contents;
}

const hash = (bytes) => createHash("sha256").update(bytes).digest("base64url").replace(/[-_]/g, "").slice(0, 8);
const integrity = (bytes) => "sha384-" + createHash("sha384").update(bytes).digest("base64");

const files = {};
const languages = readdirSync(here + "src/languages").filter((name) => name.endsWith(".json")).map((name) => name.slice(0, -5)).sort();
const read = (language) => JSON.parse(readFileSync(`${here}src/languages/${language}.json`, "utf8"));
const listing = { loader: "tuzet.js", languages: {} };
let parts = "";
for (const language of languages) {
  const bytes = await bundle('import {starter} from "./part"; import strings from "tuzet:strings"; export default starter(strings)', "esm", "", read(language), false);
  const name = `${language}.${hash(bytes)}`;
  parts += " " + name;
  files[`tuzet.${name}.js`] = bytes;
  listing.languages[language] = { part: `tuzet.${name}.js` };
}
for (const language of languages) {
  const bytes = await bundle('import "./loader"', "iife", ` ${language}.whole`, read(language), true);
  const name = `tuzet-whole.${language}.${hash(bytes)}.js`;
  files[name] = bytes;
  Object.assign(listing.languages[language], { whole: name, integrity: integrity(bytes) });
}
files["tuzet.js"] = await bundle('import "./loader"', "iife", parts, {}, false);
files["parts.json"] = Buffer.from(JSON.stringify(listing, null, 1) + "\n");

rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });
for (const name of Object.keys(files)) writeFileSync(out + name, files[name]);
