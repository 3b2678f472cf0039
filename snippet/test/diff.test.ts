import { expect, test } from "vitest";
import { type Piece, difference } from "../src/diff";

/** Pieces as text: [-goes-] [--a whole word goes--] [+comes+]. */
const shown = (before: string, after: string): string =>
  difference(before, after)
    .map(([mark, text]: Piece) => [text, `[-${text}-]`, `[+${text}+]`, `[--${text}--]`][mark])
    .join("");

test.each([
  ["балаларга", "балаларға", "балалар[-г-][+ғ+]а"],
  ["кітапхна", "кітапхана", "кітапх[+а+]на"],
  ["бала", "үлкен", "[--бала--][+үлкен+]"],
  ["бір екі үш", "бір төрт үш", "бір [--екі--][+төрт+] үш"],
  ["бір екі үш", "бір үш", "бір [--екі --]үш"],
  ["бір үш", "бір екі үш", "бір [+екі +]үш"],
  ["бала ларға", "балаларға", "бала[- -]ларға"],
  ["мектепбен", "мектеп бен", "мектеп[+ +]бен"],
  ["ол барга мен келгэн", "ол барға мен келген", "ол бар[-г-][+ғ+]а мен келг[-э-][+е+]н"],
  ["сөз", "", "[--сөз--]"],
  ["сөз", "сөз", "сөз"],
  ["", "сөз", "[+сөз+]"],
  ["аа", "ааа", "аа[+а+]"],
  ["ааа", "аа", "аа[-а-]"],
])("%s → %s", (before, after, expected) => {
  expect(shown(before, after)).toBe(expected);
});

test("scripts whose letters join are marked by whole words", () => {
  expect(shown("للقرائة", "للقراءة")).toBe("[--للقرائة--][+للقراءة+]");
});

test("a mark that sits on a letter is not torn from it", () => {
  expect(shown("сөзи\u0306дер", "сөзидер")).toBe("сөз[-и\u0306-][+и+]дер");
});

test("what stays and what comes is the new text, what stays and what goes the old", () => {
  const texts = [
    "Қазір сөрелерде қырық мың том тұр",
    "Казір сөреде қырық мың мың том  тұр еді",
    "мың",
    "",
    "a b c d e f",
    "f e d c b a",
  ];
  for (const before of texts)
    for (const after of texts) {
      const pieces = difference(before, after);
      const joined = (marks: number[]) =>
        pieces
          .filter(([mark]) => marks.includes(mark))
          .map(([, text]) => text)
          .join("");
      expect(joined([0, 2])).toBe(after);
      expect(joined([0, 1, 3])).toBe(before);
    }
});

test("a thousand short words take no time to speak of", () => {
  const words = (from: number) => Array.from({ length: 333 }, (_, n) => (from + n * 7) % 97).join(" ");
  expect(difference(words(1), words(2)).length).toBeGreaterThan(0);
});
