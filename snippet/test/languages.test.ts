import { readFileSync, readdirSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { chooseLanguage } from "../src/language";

const folder = new URL("../src/languages/", import.meta.url);
const read = (name: string) => JSON.parse(readFileSync(new URL(name, folder), "utf8"));
const english = read("en.json");

describe.each(readdirSync(folder))("%s", (name) => {
  const texts = read(name);

  test("has every text, and no other", () => {
    for (const part of ["dialog", "more"])
      expect(Object.keys(texts[part]).sort()).toEqual(Object.keys(english[part]).sort());
  });

  test("says a number where English says one", () => {
    for (const part of ["dialog", "more"])
      for (const key of Object.keys(english[part])) {
        const [text, model] = [texts[part][key], english[part][key]].map((value) =>
          typeof value === "object" ? value.other : value,
        );
        expect([key, text.includes("{n}")]).toEqual([key, model.includes("{n}")]);
      }
  });

  test("has the plural forms that its language has", () => {
    const forms = texts.more.known;
    if (typeof forms === "string") return; // one form for all, as after numbers in Turkic languages
    const rules = new Intl.PluralRules(name.replace(".json", ""));
    for (let n = 1; n < 25; n++) expect(forms).toHaveProperty(rules.select(n) === "many" ? "other" : [rules.select(n)]);
  });

  test("neither shouts nor begs", () => {
    expect(JSON.stringify(texts)).not.toMatch(/!|please|successfully|пожалуйста|bitte/i);
  });
});

describe("choosing a language", () => {
  const parts = " en.AAA kk.BBB kk-latn.CCC ru.DDD";
  test.each([
    [["ru", "kk"], "ru.DDD"],
    [["", undefined, "kk-KZ"], "kk.BBB"],
    [["kk-Latn-KZ"], "kk-latn.CCC"],
    [["kz"], "kk.BBB"],
    [["xx", "zz-ZZ", "EN_gb"], "en.AAA"],
    [["k", "latn", "r"], ""],
    [[], ""],
  ])("%j → %s", (wishes, expected) => {
    expect(chooseLanguage(parts, wishes)).toBe(expected);
  });
});
