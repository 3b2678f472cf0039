/** The part that is fetched once the dialog is open: the whole truth about an answer, what was kept,
 *  other ways to show a place, and what the page says about itself. */
import { more } from "tuzet:strings";
import css from "./more.css";
import type { Desk, More, Press } from "./contract";
import { difference } from "./diff";
import { metadata } from "./metadata";
import { announce, find, findAll, get, make } from "./page";
import { outbox } from "./outbox";
import type { Place } from "./capture";
import { captureElement, contentsOf, pictureIn } from "./picture";
import { pointing } from "./pointing";
import { type Answer, settled, taken } from "./post";
import type { Sheet } from "./sheet";
import { collapse, cut } from "./text";
import { speaker } from "./words";

const KEY = /Mac|iP/.test(navigator.platform) ? "⌘+Enter" : "Ctrl+Enter";

/** White space and invisible signs, made visible. */
const visible = (text: string): string =>
  (text.trim() ? text : text.replace(/ /g, "␣")).replace(
    /\p{Cf}/gu,
    (sign) => "U+" + sign.codePointAt(0)!.toString(16).toUpperCase(),
  );

/** The selection inside open shadow roots, which some browsers hide from the document. */
function shadowRange(): Range | undefined {
  const shadowRoots: ShadowRoot[] = [];
  const gather = (elements: { forEach(act: (element: Element) => void): void }) =>
    elements.forEach(({ shadowRoot }) => {
      if (!shadowRoot) return;
      shadowRoots.push(shadowRoot);
      gather(shadowRoot.querySelectorAll("*"));
    });
  gather(findAll("*"));
  const selection: any = getSelection();
  const [found] = selection.getComposedRanges ? selection.getComposedRanges({ shadowRoots }) : [];
  if (!found) return undefined;
  const range = document.createRange();
  range.setStart(found.startContainer, found.startOffset);
  range.setEnd(found.endContainer, found.endOffset);
  return range.collapsed ? undefined : range;
}

/** When to ask what became of a report, in milliseconds after the last time. */
const FOLLOW = [400, 600, 1000, 1500, 2500, 4000, 6000];

interface Known {
  readers: number;
  already_known: boolean;
  already_fixed: boolean;
}

export default (desk: Desk): More => {
  const { base } = desk;
  const say = speaker(desk, more, (text, n) =>
    text.other ? text[new Intl.PluralRules(LANGUAGE).select(+n)] || text.other : text,
  );
  let stopPointing = () => {};
  desk.restyle(css);

  const box = outbox(desk, (id, answer) => {
    const sheet = desk.sheet();
    if (sheet && id === desk.id()) show(sheet, answer, !settled(answer));
  });

  const receiptLink = (sheet: Sheet, url: string | undefined) => [
    ...(url && /^https?:/.test(url)
      ? [make("a", { class: "b s", href: url, target: "_blank", rel: "noopener" }, say("receipt"))]
      : []),
    sheet.cancel(say("close")),
  ];

  const show = (sheet: Sheet, answer: Answer, kept: boolean) => {
    if (sheet !== desk.sheet()) return;
    const { status, receipt, receipt_url } = answer;
    if (taken(answer)) {
      sheet.state(say("sent"), say("sentText"), receiptLink(sheet, receipt_url), true);
      if (receipt) follow(sheet, receipt, receipt_url).catch(() => {});
    } else if (kept) {
      const retry = sheet.button(say("retry"), () => box.flush(true), { class: "s", "data-tuzet": "send" });
      const limited = status === 429 ? ["limit", "limitText"] : ["kept", "keptText"];
      sheet.state(say(limited[0]!), say(limited[1]!), [retry, sheet.cancel(say("close"))], true);
    } else
      sheet.state(
        say(settled(answer) ? "refused" : "failed"),
        say(settled(answer) ? "refusedText" : "failedText", status),
        Array.from(sheet.row.childNodes),
        !!sheet.body.hidden,
      );
    focusAfter(sheet);
  };

  /** The button that had the focus is gone; the focus stays in the sheet. */
  const focusAfter = (sheet: Sheet) => {
    if (sheet.dialog.matches(":modal") && !(sheet.dialog.getRootNode() as ShadowRoot).activeElement)
      sheet.dialog.focus();
  };

  const follow = async (sheet: Sheet, receipt: string, url: string | undefined) => {
    for (const pause of FOLLOW) {
      await new Promise((resolve) => setTimeout(resolve, pause));
      if (sheet !== desk.sheet()) return;
      const known = await ask(receipt);
      if (!known) continue;
      if (sheet !== desk.sheet()) return;
      if (known.already_fixed) {
        const reload = sheet.button(say("reload"), () => location.reload(), { class: "s" });
        sheet.state(say("fixed"), say("fixedText"), [reload, sheet.cancel(say("close"))], true);
      } else if (known.already_known)
        sheet.state(
          say("known", Math.max(1, known.readers - 1)),
          say("knownText", known.readers),
          receiptLink(sheet, url),
          true,
        );
      return;
    }
  };

  /** What is known of a report; null while it waits to be sorted, or when nobody says. */
  const ask = async (receipt: string): Promise<Known | null> => {
    try {
      const response = await fetch(base + "api/v1/receipts/" + encodeURIComponent(receipt), { credentials: "omit" });
      return (await response.json()).case;
    } catch {
      return null;
    }
  };

  const elsewhere = (press: Press) => {
    const selected = press.range && !press.range.collapsed;
    const range = selected ? press.range : press.element ? undefined : shadowRange();
    if (range && !desk.allowed(range.startContainer)) return;
    const place = press.element
      ? captureElement(desk, press.element)
      : range && ((!selected && desk.capture(range)) || pictureIn(desk, range));
    if (place) desk.report(place, { ...press, range });
    else hint(press);
  };

  /** Nothing was selected: how to, and other ways to say where the error is. */
  const hint = (press: Press) => {
    const sheet = desk.begin(undefined, false, () => {});
    const text = press.touch ? say("hintTouch") : say("hint", desk.attribute("key") || KEY);
    sheet.body.append(make("p", { use: "hint" }, text));
    const point = sheet.button(say("point"), () => choose(press));
    const words = sheet.button(say("describe"), () => describe(press));
    sheet.state(say("title"), "", [point, words, sheet.cancel(say("close"))]);
    sheet.dialog.focus();
    announce("open", { quote: null });
  };

  /** Lets the reader point; the sheet is not modal then, for the page must be within reach. */
  const choose = (press: Press) => {
    const sheet = desk.begin(undefined, true, () => {});
    sheet.body.append(make("p", { use: "hint" }, say("pointText")));
    sheet.state(say("point"), "", [sheet.cancel(say("cancel"))]);
    stopPointing();
    stopPointing = pointing(desk, (element) => {
      const place = element && captureElement(desk, element);
      if (place) desk.report(place, press);
      else desk.close();
    });
  };

  /** Where no place can be shown, the reader's words count. */
  const describe = (press: Press) => {
    desk.report(wholePage(), press, true);
    const { body } = desk.sheet()!;
    const comment = body.querySelector<HTMLTextAreaElement>("[data-tuzet=comment]")!;
    body.querySelector("details")!.open = true;
    body.querySelector<HTMLInputElement>("[value=other]")!.checked = true;
    comment.required = true;
    comment.focus();
  };

  /** Where no words can be pointed at, the headline stands for the page. */
  const wholePage = (): Place => {
    const heading = find("h1");
    const place = heading && desk.capture(contentsOf(heading), () => true);
    const exact = cut(collapse(get("title") + "").trim(), 500) || location.href;
    const quote = { exact, prefix: "", suffix: "" };
    return place
      ? { ...place, before: "", after: "" }
      : { quote, position: null, before: "", after: "", range: undefined, element: find("body")! };
  };

  /** A field that is not right must be in sight, or nothing seems to happen. */
  const unfold = (event: Event) => {
    const details = (event.target as Element).closest("details");
    if (details) details.open = true;
  };

  return {
    attend({ dialog }) {
      dialog.addEventListener("invalid", unfold, true);
      dialog.querySelectorAll<HTMLElement>("[data-say]:empty").forEach((note) => {
        note.textContent = say(note.dataset["say"]!);
        note.dispatchEvent(new Event("toggle")); // the sheet has grown
      });
    },
    difference: (before, after) =>
      difference(before, after).map(([mark, text]) =>
        mark ? make(mark === 2 ? "ins" : "del", { class: mark === 3 && "w" }, visible(text)) : text,
      ),
    metadata: (element) => metadata(desk.attribute, element),
    told(sheet, answer, kept) {
      if (kept) box.comeBack(answer.wait);
      show(sheet, answer, kept);
    },
    // The silent mode never shows its fields: there the word of thanks is what a reader sees.
    preview: (sheet) =>
      sheet.state(
        sheet.body.hidden ? say("sent") : "",
        say("preview"),
        Array.from(sheet.row.childNodes),
        !!sheet.body.hidden,
      ),
    elsewhere,
    flush: box.flush,
    destroy() {
      stopPointing();
      box.stop();
    },
  };
};
