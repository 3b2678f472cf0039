/** The part that is fetched when the reader acts: one reader's visit on one page. */
import { type Place, capture, captureElement, shadowSelection } from "./capture";
import type { Guest, Part, PartModule, Press, Strings } from "./contract";
import { type Facts, facts } from "./facts";
import { type Fields, form } from "./form";
import { edges, leave, mark, set, shadow } from "./host";
import { type Answer, ask, flush, forget, keep, post, settled, stopFlushing, taken } from "./outbox";
import { announce, closest, find, make } from "./page";
import { pointing } from "./pointing";
import { type Sheet, openSheet } from "./sheet";
import { toJson, uuid } from "./text";
import { speaker } from "./words";

const FOLLOW = [500, 700, 1000, 1500, 2500, 4000, 6000];

export const starter =
  (strings: Strings): PartModule["default"] =>
  (guest) => {
    const part = visit(guest, strings);
    // Nothing of ours may reach the page, and `this` is not used, so each entry is guarded here.
    const guarded = <A extends unknown[]>(act: (...args: A) => unknown) => {
      return (...args: A) => {
        try {
          act(...args);
        } catch {
          leave();
        }
      };
    };
    return { open: guarded(part.open), offer: guarded(part.offer), flush: guarded(part.flush), destroy: guarded(part.destroy) };
  };

function visit(guest: Guest, strings: Strings): Part {
  const { attribute, base } = guest;
  const say = speaker(strings, guest.language);
  const mode = attribute("mode");
  let sheet: Sheet | null = null;
  let button: HTMLElement | null = null;
  let stopPointing = () => {};
  /** The report that the sheet is about. */
  let current = { id: "", content: "" };

  const inZone = (node: Node) =>
    (!attribute("include") || !!closest(node, attribute("include"))) &&
    !(attribute("exclude") && closest(node, attribute("exclude")));

  const close = () => {
    stopPointing();
    if (sheet) sheet.close();
    sheet = button = null;
    leave();
  };

  const begin = (press: Press, near?: Element) => {
    close();
    sheet = openSheet(say, guest, shadow(near), close, press);
    return sheet;
  };

  const open = (press: Press) => {
    // A reader who has begun to write keeps what is written.
    if (sheet && sheet.touched()) return sheet.focus();
    if (press.element && !(press.range && press.range.toString().trim())) {
      const place = captureElement(press.element);
      return place ? report(place, press) : hint(press);
    }
    let range = press.range;
    if (!range || range.collapsed) range = shadowSelection() || range;
    if (!range || range.collapsed) return hint(press);
    if (!inZone(range.startContainer) || !inZone(range.endContainer)) return;
    const place = capture(range);
    return place ? report(place, press) : hint(press);
  };

  const report = (place: Place, press: Press, described?: boolean) => {
    const about = facts(attribute, place.element);
    const own = begin(press, place.element);
    current = { id: "", content: "" };
    if (place.range && !described) {
      own.beside(place.range);
      mark(place.range);
    }
    announce("open", { quote: place.quote });
    if (mode === "silent" && !described) return void send(own, place, about, null);
    const fields = form(say, guest, place, mode === "confirm" || !!described, !!described);
    own.show(say("title"), fields.nodes, [], fields, () => void send(own, place, about, fields));
    own.focus();
  };

  const hint = (press: Press) => {
    const own = begin(press);
    announce("open", { quote: null });
    own.hint(
      () => {
        own.instruct();
        stopPointing = pointing(inZone, (element) => {
          const place = element && captureElement(element);
          if (place) report(place, press);
          else if (element) own.instruct(say("nothing"));
          else close();
        });
      },
      () => {
        const heading = find("h1");
        const title = document.title || location.href;
        const place = (heading && captureElement(heading)) || {
          quote: { exact: String(title).slice(0, 500), prefix: "", suffix: "" },
          position: null,
          before: "",
          after: "",
          cut: false,
          range: undefined,
          element: find("body")!,
        };
        report(place, press, true);
      },
    );
  };

  const send = async (own: Sheet, place: Place, about: Facts, fields: Fields | null) => {
    const content = {
      site: attribute("site"),
      ...about,
      quote: place.quote,
      position: place.position,
      kind: fields ? fields.kind() : null,
      suggestion: fields ? fields.suggestion() : null,
      comment: fields ? fields.comment() : null,
      email: fields ? fields.email() : null,
    };
    // The same words again are the same report; other words are another.
    const json = toJson(content);
    if (json !== current.content) current = { id: uuid(), content: json };
    const { id } = current;
    const body = '{"id":"' + id + '",' + json.slice(1);
    own.busy(true);
    const answer = await post(base, body);
    own.busy(false);
    if (settled(answer)) forget(id);
    if (taken(answer)) announce("sent", { id, receipt: answer.receipt, receipt_url: answer.receipt_url });
    const kept = !settled(answer) && keep(base, id, body, answer.wait);
    if (!taken(answer)) announce("failed", { id, status: answer.status, kept });
    tell(own, answer, kept);
    if (kept) void flush(base, told);
  };

  const told = (id: string, answer: Answer) => {
    if (sheet && id === current.id) tell(sheet, answer, !settled(answer));
  };

  const tell = (own: Sheet, answer: Answer, kept: boolean) => {
    if (own !== sheet) return;
    if (taken(answer)) {
      own.sent(answer.receipt_url);
      if (answer.receipt) void follow(own, answer.receipt, answer.receipt_url);
    } else if (kept) own.kept(!!answer.status, () => void flush(base, told, true));
    else own.failed(answer.status);
  };

  /** Waits for the sorting and then says whether the error was known or is already mended. */
  const follow = async (own: Sheet, receipt: string, url: string | undefined) => {
    for (const pause of FOLLOW) {
      await new Promise((resolve) => setTimeout(resolve, pause));
      if (own !== sheet) return;
      const known = await ask(base, receipt);
      if (own !== sheet) return;
      if (known) return known.already_fixed ? own.fixed() : known.already_known ? own.known(+known.readers, url) : undefined;
    }
  };

  const offer = ({ range }: Press) => {
    if (sheet) return;
    const place = range && inZone(range.startContainer) && edges(range);
    if (!place || !range!.toString().trim()) {
      if (button) close();
      return;
    }
    const root = shadow(range!.startContainer.parentElement || undefined);
    if (button) button.remove();
    button = make("button", { class: "t", "data-tuzet": "touch-button", type: "button", lang: guest.language }, say("title"));
    set(button, "--y", Math.max(8, Math.min(place.bottom + 32, window.innerHeight - 60)));
    root.append(button);
    const half = button.offsetWidth / 2 + 8;
    set(button, "--x", Math.max(half, Math.min((place.left + place.right) / 2, window.innerWidth - half)));
    button.addEventListener("pointerdown", (event) => event.preventDefault());
    button.addEventListener("click", () => {
      try {
        open({ range, touch: true });
      } catch {
        close();
      }
    });
  };

  const again = () => void flush(base, told, true);
  window.addEventListener("online", again);

  return {
    open,
    offer,
    flush: () => void flush(base, told),
    destroy() {
      window.removeEventListener("online", again);
      stopFlushing();
      close();
    },
  };
}
