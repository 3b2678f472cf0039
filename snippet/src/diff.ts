/** What would change, for the live quote. */

/** `[mark, text]`: 0 stays, 1 goes, 2 comes, 3 a whole word goes. */
export type Piece = [mark: 0 | 1 | 2 | 3, text: string];

/** Letters that join: a mark inside a word would break their shapes apart. */
const JOINED = /[\u0600-\u08ff\ufb50-\ufdff\ufe70-\ufeff\u0700-\u074f\u1800-\u18af]/;
const PARTS_OF_LETTER = /^[\p{M}\u200d\ufe0f]/u;

/** From `before` to `after`: letters inside a word where up to a third of it changes, else whole
 *  words; unchanged words stay. Texts of at most some thousand units. */
export function difference(before: string, after: string): Piece[] {
  const old = before.match(/\s+|\S+/g) || [];
  const now = after.match(/\s+|\S+/g) || [];
  const pieces: Piece[] = [];
  let gone = "";
  let come = "";
  const stay = (text: string) => {
    const last = pieces[pieces.length - 1];
    if (last && !last[0]) last[1] += text;
    else if (text) pieces.push([0, text]);
  };
  const settle = () => {
    if (gone || come) change(gone, come, pieces, stay);
    gone = come = "";
  };
  const length = commonWords(old, now);
  let i = 0;
  let j = 0;
  while (i < old.length || j < now.length) {
    if (i < old.length && j < now.length && old[i] === now[j]) {
      settle();
      stay(old[i++]!);
      j++;
    } else if (j >= now.length || (i < old.length && length[i + 1]![j]! >= length[i]![j + 1]!)) gone += old[i++];
    else come += now[j++];
  }
  settle();
  return pieces;
}

/** `table[i][j]`: how many words the rests from i and j have in common, in order. */
function commonWords(old: string[], now: string[]): number[][] {
  const table: number[][] = [];
  for (let i = old.length; i >= 0; i--) {
    table[i] = [];
    for (let j = now.length; j >= 0; j--)
      table[i]![j] =
        i === old.length || j === now.length
          ? 0
          : old[i] === now[j]
            ? table[i + 1]![j + 1]! + 1
            : Math.max(table[i + 1]![j]!, table[i]![j + 1]!);
  }
  return table;
}

function change(gone: string, come: string, pieces: Piece[], stay: (text: string) => void): void {
  const old = letters(gone);
  const now = letters(come);
  const shorter = Math.min(old.length, now.length);
  let start = 0;
  let end = 0;
  while (start < shorter && old[start] === now[start]) start++;
  while (end < shorter - start && old[old.length - 1 - end] === now[now.length - 1 - end]) end++;
  const changed = Math.max(old.length, now.length) - start - end;
  const inside = changed * 3 <= Math.max(old.length, now.length) && !JOINED.test(gone + come);
  if (!inside) start = end = 0;
  stay(old.slice(0, start).join(""));
  const goes = old.slice(start, old.length - end).join("");
  const comes = now.slice(start, now.length - end).join("");
  if (goes) pieces.push([inside || !goes.trim() ? 1 : 3, goes]);
  if (comes) pieces.push([2, comes]);
  if (end) pieces.push([0, old.slice(old.length - end).join("")]);
}

/** Code points, each with the marks that sit on it. */
function letters(text: string): string[] {
  const result: string[] = [];
  for (const sign of Array.from(text))
    if (result.length && PARTS_OF_LETTER.test(sign)) result[result.length - 1] += sign;
    else result.push(sign);
  return result;
}
