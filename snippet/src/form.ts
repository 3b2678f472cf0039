/** The fields of a report, with the live difference. */
import type { Place } from "./capture";
import type { More } from "./contract";
import { attributeOf, closest, fill, make } from "./page";
import { collapse, sentenceAfter, sentenceBefore } from "./text";
import type { Say } from "./words";

export interface Fields {
  nodes: Node[];
  /** What gets the focus first. */
  first: HTMLElement;
  values(): { kind: string; suggestion: string | null; comment: string | null; email: string | null };
}

const SHOWN = 64;
/** `plain`: no suggestion is asked for. `soon` has the second part, which shows what differs; until it
 *  is there, the quote stays as it is. */
export function fields(
  say: Say,
  asksEmail: boolean,
  place: Place,
  plain: boolean,
  soon: (act: (more: More) => void) => unknown,
): Fields {
  const { exact } = place.quote;
  const before = sentenceBefore(place.before, SHOWN);
  const after = sentenceAfter(place.after, SHOWN);
  const lang = closest(place.element, "[lang]");
  const shown = make("span", { "aria-hidden": "true" });
  const heard = make("span", { class: "v", "aria-live": "polite" });
  const quote = make(
    "p",
    { class: "q", use: "quote", dir: "auto", tabindex: "0", lang: lang && attributeOf(lang, "lang") },
    shown,
    heard,
  );
  const suggestion = make("textarea", {
    use: "suggestion",
    rows: Math.min(4, 1 + exact.length / 36) | 0,
    maxlength: 1000,
    dir: "auto",
    "aria-describedby": "w",
  });
  const comment = make("textarea", { class: "c", use: "comment", maxlength: 2000, dir: "auto" });
  const email = make("input", {
    type: "email",
    use: "email",
    autocomplete: "email",
    "aria-describedby": "e",
  });
  const value = (field: { value: string }) => collapse(field.value).trim();
  suggestion.value = exact;

  const draw = () => {
    const now = value(suggestion);
    const same = plain || now === exact;
    fill(shown, before, make("b", null, exact), after);
    if (!same) soon((more) => value(suggestion) === now && fill(shown, before, ...more.difference(exact, now), after));
    heard.textContent = before + exact + (same ? "" : " → " + now) + after;
  };
  draw();
  suggestion.addEventListener("input", draw);

  const kinds = ["typo", "fact", "link", "other"].map((kind) =>
    make(
      "label",
      null,
      make("input", { type: "radio", name: "kind", value: kind, checked: kind === "typo" }),
      make("span", null, say(kind)),
    ),
  );
  const label = (name: string, field: Node) => make("label", null, say(name), field);
  const more = make(
    "details",
    null,
    make("summary", null, say("comment") + (asksEmail ? ", " + say("email") : "")),
    label("comment", comment),
    ...(asksEmail ? [label("email", email), make("small", { id: "e", "data-say": "emailNote" })] : []),
  );
  return {
    nodes: [
      quote,
      make("small", { "data-say": place.long && "long" }),
      ...(plain ? [] : [label("right", suggestion), make("small", { id: "w", class: "v" }, say("flag"))]),
      make("div", { class: "k", role: "radiogroup", "aria-label": say("kinds") }, ...kinds),
      more,
      make("small", null, say("privacy")),
    ],
    first: plain ? quote : suggestion,
    values: () => ({
      kind: (comment.form!.elements.namedItem("kind") as RadioNodeList).value,
      suggestion: plain || value(suggestion) === exact ? null : value(suggestion),
      comment: comment.value.trim() || null,
      email: value(email) || null,
    }),
  };
}
