import { describe, expect, test } from "vitest";
import { BLOCK, LINE, collapse, cut, sentenceAfter, sentenceBefore, toJson, uuid } from "../src/text";

describe("collapse", () => {
  test("makes one space of any white space, borders of blocks among it", () => {
    expect(collapse(`a \n\t b\u00a0c${BLOCK}d${LINE}e`)).toBe("a b c d e");
  });
  test("replaces what no server takes, and leaves whole letters alone", () => {
    expect(collapse("a\0b\ud800c\udc00d😀")).toBe("a\ufffdb\ufffdc\ufffdd😀");
  });
  test("keeps the invisible signs that may be the error itself", () => {
    expect(collapse("қа\u00adте\u200b")).toBe("қа\u00adте\u200b");
  });
});

describe("cut", () => {
  test("leaves what is short enough", () => {
    expect(cut("бір екі", 7)).toBe("бір екі");
  });
  test("cuts at a word's border, from either side", () => {
    expect(cut("бір екі үштер", 9)).toBe("бір екі");
    expect(cut("бір екі үштер", 9, true)).toBe("екі үштер");
    expect(cut("бір екі үштер", 11, true)).toBe("екі үштер");
  });
  test("keeps a whole word that just fits", () => {
    expect(cut("бір екі үш", 7)).toBe("бір екі");
  });
  test("cuts through a word rather than leave nothing of it", () => {
    expect(cut("а ұзынсөзұзынсөз", 8)).toBe("а ұзынсө");
    expect(cut("中文没有空格的句子", 4)).toBe("中文没有");
    expect(cut("中文没有空格的句子", 4, true)).toBe("格的句子");
  });
  test("never leaves digits and signs alone where a letter is in reach", () => {
    expect(cut("абв 12 34 56", 8, true)).toMatch(/^[\d ]+$/);
    expect(cut("абвгдежз 1 2", 9, true)).toMatch(/\p{L}/u);
  });
  test("never cuts a pair of surrogates", () => {
    expect(cut("😀😀😀", 3)).toBe("😀");
    expect(cut("😀😀😀", 3, true)).toBe("😀");
  });
});

describe("the sentence around an error", () => {
  test("begins after the last end of a sentence, or of a block", () => {
    expect(sentenceBefore("Бірінші. Екінші сөйлем ", 64)).toBe("Екінші сөйлем ");
    expect(sentenceBefore("«Қашан?» Ол ", 64)).toBe("Ол ");
    expect(sentenceBefore(`Тақырып${BLOCK}Мәтін `, 64)).toBe("Мәтін ");
  });
  test("ends with its own sign, or with the block", () => {
    expect(sentenceAfter(" деді. Сосын кетті.", 64)).toBe(" деді.");
    expect(sentenceAfter(` деді${BLOCK}Сосын`, 64)).toBe(" деді");
    expect(sentenceAfter(" 3.5 есе өсті!» Болды.", 64)).toBe(" 3.5 есе өсті!»");
  });
  test("is shortened at a word's border, and says so", () => {
    expect(sentenceBefore("ең алдымен айтылған сөздер ", 12)).toBe("…сөздер ");
    expect(sentenceAfter(" деген сөздер айтылды", 14)).toBe(" деген сөздер…");
  });
});

describe("toJson", () => {
  test("is read by a parser as what went in", () => {
    const value = { a: 'б"\\\n\u0000\u001f\u2028', n: 12.5, none: null, inner: { empty: "", қ: "😀" } };
    expect(JSON.parse(toJson(value))).toEqual(value);
  });
  test("asks nobody for a toJSON", () => {
    const own = Object.prototype as { toJSON?: unknown };
    own.toJSON = () => "theirs";
    try {
      expect(toJson({ a: "b" })).toBe('{"a":"b"}');
    } finally {
      delete own.toJSON;
    }
  });
});

test("a UUID is random, and of version 4", () => {
  const ids = Array.from({ length: 50 }, uuid);
  expect(new Set(ids).size).toBe(50);
  for (const id of ids) expect(id).toMatch(/^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/);
});
