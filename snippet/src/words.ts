import type { Strings } from "./contract";

export type Say = (name: string, n?: number | string) => string;

/** The texts of one language, each of which the site may replace: `window.tuzetStrings` holds them
 *  by name, or by language and name. `{n}` stands for what is filled in. */
export function speaker(strings: Strings, form = (text: any, _n: number | string) => text): Say {
  return (name, n = "") => {
    const own: any = window.tuzetStrings || {};
    return ("" + form((own[LANGUAGE] || own)[name] || own[name] || strings[name], n)).replace("{n}", "" + n);
  };
}
