/** The fields of a report, with the live difference. */
import type { Place } from "./capture";
import type { Guest } from "./contract";
import { difference } from "./diff";
import { fill, make } from "./page";
import { sentenceAfter, sentenceBefore, wellFormed } from "./text";
import type { Say } from "./words";

export interface Fields {
  nodes: Node[];
  /** What gets the focus first. */
  first: HTMLElement;
  touched(): boolean;
  suggestion(): string | null;
  kind(): string | null;
  comment(): string | null;
  email(): string | null;
}

const SHOWN = 64;
const NAMES: Record<string, string> = {
  "\u00a0": "NBSP",
  "\u00ad": "SHY",
  "\u200b": "ZWSP",
  "\u200d": "ZWJ",
  "\u200e": "LRM",
  "\u200f": "RLM",
  "\u202f": "NNBSP",
};

/** White space and invisible signs, made visible. */
const visible = (text: string): string =>
  (text.trim() ? text : text.replace(/ /g, "␣")).replace(/[\u00a0\u00ad\u200b\u200d-\u200f\u202f]/g, (sign) => NAMES[sign] || sign);

/** `plain`: no suggestion is asked for. `described`: nothing was selected, so the words count. */
export function form(say: Say, guest: Guest, place: Place, plain: boolean, described: boolean): Fields {
  const { exact } = place.quote;
  const before = described ? "" : sentenceBefore(place.before, SHOWN);
  const after = described ? "" : sentenceAfter(place.after, SHOWN);
  const shown = make("span", { "aria-hidden": "true" });
  const heard = make("span", { class: "v", "aria-live": "polite" });
  const quote = make("p", { class: "q", "data-tuzet": "quote", dir: "auto", tabindex: "0" }, shown, heard);
  const lang = place.element.closest("[lang]");
  if (lang) quote.lang = lang.getAttribute("lang")!;

  const suggestion = make("textarea", { "data-tuzet": "suggestion", rows: String(Math.min(4, Math.ceil(exact.length / 34))), maxlength: "1000", autocomplete: "off", dir: "auto", "aria-describedby": "w" });
  suggestion.value = exact;
  const corrected = () => wellFormed(suggestion.value.trim());

  const draw = () => {
    const now = corrected();
    if (plain || now === exact) {
      fill(shown, before, described ? exact : make("b", {}, exact), after);
      heard.textContent = before + exact + after;
      return;
    }
    fill(shown, 
      before,
      ...difference(exact, now).map(([mark, text]) =>
        !mark ? text : mark === 2 ? make("ins", {}, visible(text)) : make("del", { class: mark === 3 && "w" }, visible(text)),
      ),
      after,
    );
    heard.textContent = before + exact + " (" + say("becomes") + " " + now + ")" + after;
  };
  draw();
  suggestion.addEventListener("input", draw);

  const kinds = ["typo", "fact", "link", "other"].map((kind) => {
    const radio = make("input", { type: "radio", name: "kind", value: kind, checked: kind === (described ? "other" : "typo") });
    return { radio, label: make("label", {}, radio, make("span", {}, say(kind))) };
  });
  const comment = make("textarea", { class: "c", "data-tuzet": "comment", maxlength: "2000", dir: "auto", required: described });
  const email = make("input", { type: "email", "data-tuzet": "email", autocomplete: "email", maxlength: "254", "aria-describedby": "e" });
  const asksEmail = attribute(guest, "email") === "on";
  const nodes: Node[] = [quote];
  if (place.cut) nodes.push(make("small", {}, say("cut")));
  if (!plain)
    nodes.push(make("div", {}, make("label", {}, say("right"), suggestion), make("small", { id: "w", class: "v" }, say("flag"))));
  nodes.push(
    make("div", { class: "k", role: "radiogroup", "aria-label": say("kinds") }, ...kinds.map((kind) => kind.label)),
    make(
      "details",
      { open: described },
      make("summary", {}, say("comment") + (asksEmail ? ", " + say("email") : "")),
      make("label", {}, say("comment"), comment),
      ...(asksEmail ? [make("div", {}, make("label", {}, say("email"), email), make("small", { id: "e" }, say("emailNote")))] : []),
    ),
  );
  const value = (field: { value: string }) => wellFormed(field.value.trim()) || null;
  return {
    nodes,
    first: described ? comment : plain ? quote : suggestion,
    touched: () => suggestion.value !== exact || !!comment.value || !!email.value,
    suggestion: () => (plain || corrected() === exact ? null : corrected()),
    kind: () => (kinds.filter((kind) => kind.radio.checked).map((kind) => kind.radio.value)[0] || null),
    comment: () => value(comment),
    email: () => value(email),
  };
}

const attribute = (guest: Guest, name: string): string => guest.attribute(name);
