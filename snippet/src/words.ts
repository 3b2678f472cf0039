import type { Guest, Strings } from "./contract";

export type Say = (name: string, n?: number | string) => string;

/** The texts of one language, each of which the page may replace (`window.tuzetStrings`), and after it
 *  the site's own settings: by name, or by language and name. `{n}` stands for what is filled in. A
 *  text that nobody has is empty. */
export function speaker({ own }: Guest, strings: Strings, form = (text: any, _n: number | string) => text): Say {
  return (name, n = "") => {
    const of = (texts: any) => texts?.[LANGUAGE]?.[name] || texts?.[name];
    const text = of(window.tuzetStrings) || of(own?.().strings) || strings[name] || "";
    return ("" + form(text, n)).replace("{n}", "" + n);
  };
}
