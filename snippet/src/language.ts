/** The first wish that can be met, as "code.HASH"; an empty string if none can. `kk-Latn-KZ` is met
 *  by `kk-latn`, then by `kk`; `kz`, the country's code that many pages write, is taken for `kk`. `parts` is the list that the build puts into the loader. */
export function chooseLanguage(parts: string, wishes: readonly (string | undefined)[]): string {
  for (let i = 0; i < wishes.length; i++) {
    let wish = (wishes[i] || "").toLowerCase().replace(/^kz\b/, "kk");
    while (wish) {
      const at = parts.indexOf(" " + wish + ".");
      if (at >= 0) return parts.slice(at + 1).split(" ")[0]!;
      wish = wish.replace(/(^|[-_])[^-_]*$/, "");
    }
  }
  return "";
}
