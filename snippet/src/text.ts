/** Pure functions over strings. Offsets and lengths are UTF-16 units throughout. */

/** Set where a block begins or ends, for the page need not have white space there. */
export const BLOCK = "\u2029";
/** Set for a line break element. */
export const LINE = "\u2028";

/** White space collapsed to single spaces, but for U+FEFF, which is none and may be the error; what no server would take (NUL, halves of surrogate
 *  pairs) replaced. */
export function collapse(text: string): string {
  return text.replace(/[^\S\ufeff]+/g, " ").replace(/[\ud800-\udfff\0]/gu, "\ufffd");
}

/** The first `limit` units of collapsed text, or with `end` the last: cut at a word's border if that
 *  leaves a letter and half of it, never through a surrogate pair. */
export function cut(text: string, limit: number, end?: boolean): string {
  if (text.length <= limit) return text;
  const soft = end ? text.slice(-limit - 1).replace(/^\S*\s/, "") : text.slice(0, limit + 1).replace(/\s\S*$/, "");
  return soft.length <= limit && soft.length > limit / 2 && /\p{L}/u.test(soft)
    ? soft
    : (end ? text.slice(-limit) : text.slice(0, limit)).replace(/^[\udc00-\udfff]|[\ud800-\udbff]$/, "");
}

const SENTENCE = /([.!?…。؟]["'»”’)]*)(?=\s)/;

/** What stands before an error in its own sentence: at most `limit` units, for showing. */
export function sentenceBefore(text: string, limit: number): string {
  const sentence = collapse(text.split(BLOCK).pop()!).split(SENTENCE).pop()!.trimStart();
  const shown = cut(sentence, limit, true);
  return shown === sentence ? shown : "…" + shown;
}

/** What stands after an error in its own sentence. */
export function sentenceAfter(text: string, limit: number): string {
  const pieces = collapse(text.split(BLOCK)[0]!).trimEnd().split(SENTENCE);
  const sentence = pieces[0]! + (pieces[1] || "");
  const shown = cut(sentence, limit);
  return shown === sentence ? shown : shown + "…";
}

/** JSON of strings, numbers, null and plain objects. The page's own JSON is not asked: old
 *  libraries replace it, or give strings and arrays a `toJSON`. */
export function toJson(value: unknown): string {
  if (typeof value === "string")
    return (
      '"' + value.replace(/["\\\0-\x1f]/g, (sign) => "\\u00" + (256 + sign.charCodeAt(0)).toString(16).slice(1)) + '"'
    );
  if (!value || typeof value !== "object") return String(value);
  let json = "";
  for (const name of Object.keys(value))
    json += (json && ",") + toJson(name) + ":" + toJson((value as Record<string, unknown>)[name]);
  return "{" + json + "}";
}

/** A random UUID of version 4. `crypto.randomUUID` is missing on old phones and on plain http. */
export function uuid(): string {
  return "10000000-1000-4000-8000-100000000000".replace(/[018]/g, (digit) =>
    (+digit ^ (crypto.getRandomValues(new Uint8Array(1))[0]! & (15 >> (+digit / 4)))).toString(16),
  );
}
