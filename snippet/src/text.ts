/** Pure functions over strings. Offsets and lengths are UTF-16 units throughout. */

/** Set where one block ends and another begins although the page has no white space there. */
export const BLOCK = "\u2029";
export const LINE = "\u2028";

const LETTER = /\p{L}/u;

/** White space collapsed to single spaces; what no server would take (NUL, halves of surrogate
 *  pairs) replaced. A byte order mark is no white space here. */
export function collapse(text: string): string {
  return wellFormed(text.replace(/[^\S\ufeff]+/g, " "));
}

export function wellFormed(text: string): string {
  return text.replace(/[\ud800-\udfff\0]/gu, "\ufffd");
}

/** The first `limit` units of `text`, cut at a word's end if that leaves a letter, never through a
 *  surrogate pair. */
export function head(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const hard = text.slice(0, /[\ud800-\udbff]/.test(text[limit - 1]!) ? limit - 1 : limit);
  const soft = /\s/.test(text[limit]!) ? hard : hard.replace(/\s\S*$/, "");
  return soft !== hard && (!LETTER.test(soft) || soft.length < limit / 2) ? hard : soft;
}

/** The last `limit` units of `text`, cut as `head` cuts. */
export function tail(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const from = text.length - limit;
  const hard = text.slice(/[\udc00-\udfff]/.test(text[from]!) ? from + 1 : from);
  const soft = /\s/.test(text[from - 1]!) ? hard : hard.replace(/^\S*\s/, "");
  return soft !== hard && (!LETTER.test(soft) || soft.length < limit / 2) ? hard : soft;
}

/** What stands before the error in its own sentence, for showing: at most `limit` units. */
export function sentenceBefore(text: string, limit: number): string {
  const block = text.slice(text.lastIndexOf(BLOCK) + 1);
  const line = collapse(block).trimStart();
  const sentence = line.replace(/^.*[.!?…。؟]["'»”’)]*\s(?=\S)/s, "");
  const kept = tail(sentence, limit);
  return kept.length < sentence.length ? "…" + kept.trimStart() : kept;
}

/** What stands after the error in its own sentence. */
export function sentenceAfter(text: string, limit: number): string {
  const end = text.indexOf(BLOCK);
  const line = collapse(end < 0 ? text : text.slice(0, end)).trimEnd();
  const match = /^.*?[.!?…。؟]["'»”’)]*(?=\s|$)/s.exec(line);
  const sentence = match ? match[0] : line;
  const kept = head(sentence, limit);
  return kept.length < sentence.length ? kept.trimEnd() + "…" : kept;
}

/** JSON of strings, numbers, null and plain objects. The page's own JSON is not asked: old
 *  libraries replace it or give arrays and strings a `toJSON`. */
export function toJson(value: unknown): string {
  if (typeof value === "string")
    return (
      '"' +
      value.replace(/["\\\u0000-\u001f\u2028\u2029]/g, (sign) => "\\u" + ("000" + sign.charCodeAt(0).toString(16)).slice(-4)) +
      '"'
    );
  if (value === null || typeof value !== "object") return String(value);
  let json = "";
  for (const name of Object.keys(value))
    json += (json && ",") + toJson(name) + ":" + toJson((value as Record<string, unknown>)[name] ?? null);
  return "{" + json + "}";
}

/** A random UUID of version 4. `crypto.randomUUID` is missing on old phones and on plain http. */
export function uuid(): string {
  return "10000000-1000-4000-8000-100000000000".replace(/[018]/g, (digit) =>
    (+digit ^ (crypto.getRandomValues(new Uint8Array(1))[0]! & (15 >> (+digit / 4)))).toString(16),
  );
}
