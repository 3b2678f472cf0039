import { createHash } from "node:crypto";
import { readFileSync, readdirSync } from "node:fs";
import { expect, test } from "vitest";

const folder = new URL("../../service/static/snippet/", import.meta.url);
const read = (name: string) => readFileSync(new URL(name, folder));
const { loader, languages } = JSON.parse(read("parts.json").toString());
const files = Object.values(languages as Record<string, Record<string, string>>);

test("every file that is listed is there, and no other", () => {
  const listed = [loader, "parts.json", ...files.flatMap(({ part, more, whole }) => [part, more, whole])];
  expect(readdirSync(folder).sort()).toEqual(listed.sort());
});

test("every part is named by its content, and the loader knows the names", () => {
  const hash = (name: string) =>
    createHash("sha256").update(read(name)).digest("base64url").replace(/[-_]/g, "").slice(0, 7);
  for (const { part, more, whole } of files) {
    for (const name of [part!, more!, whole!]) expect(name.split(".").at(-2)).toBe(hash(name));
    expect(read(loader).toString()).toContain(part!.slice("tuzet.".length, -".js".length));
    expect(read(part!).toString()).toContain(more);
  }
});

test("the integrity of a whole file is what a browser computes", () => {
  for (const { whole, integrity } of files)
    expect(integrity).toBe("sha384-" + createHash("sha384").update(read(whole!)).digest("base64"));
});

test("no file uses what a strict policy forbids, or tells where it was built", () => {
  for (const name of readdirSync(folder)) {
    const text = read(name).toString();
    expect(text).not.toMatch(
      /\beval\(|new Function|innerHTML|outerHTML|insertAdjacentHTML|document\.write|sourceMappingURL/,
    );
    expect(text).not.toMatch(/\/(home|root|work|Users)\//);
  }
});
