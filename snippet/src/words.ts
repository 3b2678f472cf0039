import type { Strings } from "./contract";

export type Say = (name: string, n?: number | string) => string;

/** The texts of one language, each of which the site may replace: `window.tuzetStrings` holds them
 *  by name, or by language and name. `{n}` and `{key}` stand for what is filled in. */
export function speaker(strings: Strings, language: string): Say {
  return (name, n = "") => {
    let text: any;
    try {
      const own: any = window.tuzetStrings || {};
      text = (own[language] || {})[name] || own[name];
    } catch {}
    text = text || strings[name] || "";
    if (typeof text === "object") {
      let form = "other";
      try {
        form = new Intl.PluralRules(language).select(+n);
      } catch {}
      text = text[form] || text.other;
    }
    return String(text).replace(/\{\w+\}/, () => String(n));
  };
}
