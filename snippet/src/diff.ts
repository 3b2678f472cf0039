/** What would change, for the live quote. */

/** `[mark, text]`: 0 stays, 1 goes, 2 comes, 3 a whole word goes. */
export type Piece = [mark: 0 | 1 | 2 | 3, text: string];

/** Scripts whose letters join (Arabic and its kin): a mark inside a word would break their shapes. */
const JOINED = /[\u0600-\u08ff]/;

/** From `before` to `after`: letters inside a word where up to a third of it changes, else whole
 *  words. Texts of at most some thousand units. */
export function difference(before: string, after: string): Piece[] {
  const pieces: Piece[] = [];
  const put = (mark: Piece[0], text: string) => {
    const last = pieces[pieces.length - 1];
    if (last && last[0] === mark) last[1] += text;
    else if (text) pieces.push([mark, text]);
  };

  /** Keeps the longest run of common words, and looks for more on either side of it. */
  const compare = (old: string[], now: string[]): void => {
    let most = 0;
    let i = 0;
    let j = 0;
    old.forEach((_, x) =>
      now.forEach((_, y) => {
        let length = 0;
        while (x + length < old.length && old[x + length] === now[y + length]) length++;
        if (length > most) {
          most = length;
          i = x;
          j = y;
        }
      }),
    );
    if (!most) return change(old.join(""), now.join(""));
    compare(old.slice(0, i), now.slice(0, j));
    put(0, old.slice(i, i + most).join(""));
    compare(old.slice(i + most), now.slice(j + most));
  };

  const change = (gone: string, come: string) => {
    const old = split(gone, LETTERS);
    const now = split(come, LETTERS);
    const most = Math.max(old.length, now.length);
    const least = Math.min(old.length, now.length);
    let start = 0;
    let end = 0;
    while (start < least && old[start] === now[start]) start++;
    while (end < least - start && old[old.length - 1 - end] === now[now.length - 1 - end]) end++;
    const inside = (most - start - end) * 3 <= most && !JOINED.test(gone + come);
    if (!inside) start = end = 0;
    const goes = old.slice(start, old.length - end).join("");
    put(0, old.slice(0, start).join(""));
    put(inside || !goes.trim() ? 1 : 3, goes);
    put(2, now.slice(start, now.length - end).join(""));
    put(0, old.slice(old.length - end).join(""));
  };

  compare(split(before, WORDS), split(after, WORDS));
  return pieces;
}

const WORDS = /\s+|\S+/g;
/** Code points, each with the marks that sit on it. */
const LETTERS = /.\p{M}*/gsu;
const split = (text: string, parts: RegExp): string[] => text.match(parts) || [];
