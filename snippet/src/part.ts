/** The part that is fetched when the reader acts: up to the open dialog, and the sending. */
import { dialog } from "tuzet:strings";
import bundled from "tuzet:more";
import { type Place, capture as read } from "./capture";
import type { Guest, More, MoreModule, Part, Press } from "./contract";
import { type Facts, facts } from "./facts";
import { type Fields, fields } from "./form";
import { dress, guarded, leave, mark, pin, rectangles, restyle, shadow } from "./host";
import { announce, closest, find, make } from "./page";
import { Native, forget, keep, post, settled, taken } from "./post";
import { type Sheet, openSheet } from "./sheet";
import { toJson, uuid } from "./text";
import { speaker } from "./words";

const KEY = /Mac|iP/.test(navigator.platform) ? "⌘+Enter" : "Ctrl+Enter";
/** How long a report waits for the second part, in milliseconds. */
const PATIENCE = 3e3;

export default (guest: Guest): Part => {
  const { attribute, base } = guest;
  const say = speaker(guest, dialog);
  let sheet: Sheet | null = null;
  let form: Fields | null = null;
  /** The selection, to be given back when the dialog closes. */
  let held: Range | undefined;
  let current = { id: "", json: "" };
  let more: Promise<More> | undefined;

  dress(() => guest.own?.().look);

  /** The second part, fetched once the reader does something in the dialog. */
  const later = (): Promise<More> => {
    if (!more) {
      more = (
        bundled ? Native.resolve<MoreModule>({ default: bundled }) : (import(base + MORE) as Promise<MoreModule>)
      ).then((module) =>
        module.default({
          ...guest,
          sheet: () => sheet,
          begin,
          id: () => current.id,
          post,
          keep,
          allowed,
          mark,
          capture,
          report,
          close,
          forget,
          restyle,
        }),
      );
      more.catch(() => (more = undefined));
    }
    return more;
  };
  const soon = (act: (more: More) => void) =>
    later()
      .then(act)
      .catch(() => {});

  const allowed = (node: Node, context?: boolean) => {
    const include = attribute("include");
    const exclude = attribute("exclude");
    return (context || !include || !!closest(node, include)) && !(exclude && closest(node, exclude));
  };

  const capture = (range: Range, may = allowed) => read(range, may);

  const close = () => {
    const dialog = sheet?.dialog;
    sheet = form = null;
    try {
      dialog!.close();
    } catch {}
    leave();
    const selection = getSelection();
    if (held && selection?.isCollapsed) {
      selection.removeAllRanges();
      selection.addRange(held);
    }
    held = undefined;
  };

  const begin = (range: Range | undefined, quiet: boolean, send: () => unknown): Sheet => {
    close();
    const own: Sheet = openSheet(say, range, quiet, () => own === sheet && close(), send);
    // What the reader will need next comes while they write.
    for (const type of ["keydown", "pointerdown"])
      own.dialog.addEventListener(type, () => soon((ready) => ready.attend(own)));
    return (sheet = own);
  };

  const open = (press: Press) => {
    if (form && !sheet!.body.hidden) return; // what is half written stays
    const { range, element } = press;
    if (!element && range && !range.collapsed) {
      const place = capture(range);
      if (place) return report(place, press);
      if (!allowed(range.startContainer)) return;
    }
    return soon((ready) => ready.elsewhere(press));
  };

  /** `plain`: without a suggestion, and with the dialog whatever the mode. */
  const report = (place: Place, press: Press, plain?: boolean) => {
    const mode = attribute("mode");
    const quiet = mode === "silent" && !plain;
    const about = facts(place.element);
    const deliver = async () => {
      try {
        if (guest.preview) return soon((ready) => ready.preview(own));
        await send(own, place, about, actions);
      } catch {
        // The page has broken what we need; its text stays.
        own.row.removeAttribute("aria-busy");
        own.state(say("failed"), "", actions);
        announce("failed", { id: current.id, status: 0, kept: false });
      }
    };
    const own = begin(place.range, quiet, deliver);
    const actions = quiet
      ? [own.cancel(say("close"))]
      : [
          make("button", { class: "s", use: "send" }, say("send")),
          own.cancel(say("cancel")),
          make("small", null, press.touch ? "" : KEY),
        ];
    form = fields(say, attribute("email") === "on", place, plain || quiet || mode === "confirm", soon);
    held = press.touch ? undefined : press.range;
    if (place.long) soon((ready) => ready.attend(own));
    announce("open", { quote: place.quote });
    own.body.append(...form.nodes);
    own.state(say("title"), "", actions, quiet);
    if (place.range) mark(place.range);
    if (quiet) void deliver();
    else (press.touch ? own.dialog : form.first).focus();
  };

  const send = async (own: Sheet, place: Place, about: Facts, actions: Node[]) => {
    if (own.row.hasAttribute("aria-busy")) return;
    own.row.setAttribute("aria-busy", "true");
    const values = form!.values();
    if (about.metadata === undefined) {
      const ready = await new Native<More | null | void>((resolve) => {
        setTimeout(resolve, PATIENCE);
        later().then(resolve, () => resolve(null));
      });
      // A single-page site may have gone on to another article meanwhile.
      about.metadata = ready && location.href === about.url ? ready.metadata(place.element) : null;
    }
    const json = toJson({ site: attribute("site"), ...about, quote: place.quote, position: place.position, ...values });
    // The same words again are the same report; other words are another.
    if (json !== current.json) current = { id: uuid(), json };
    const { id } = current;
    const body = '{"id":"' + id + '",' + json.slice(1);
    const answer = await post(base, body);
    const good = taken(answer);
    const kept = !settled(answer) && keep(base, id, body, answer.wait);
    if (settled(answer)) forget(id);
    announce(good ? "sent" : "failed", { ...answer, id, kept });
    own.row.removeAttribute("aria-busy");
    const over = good || kept;
    if (own === sheet)
      own.state(say(good ? "sent" : kept ? "kept" : "failed"), "", over ? [own.cancel(say("close"))] : actions, over);
    soon((ready) => ready.told(own, answer, kept));
  };

  /** The touch button, clear of the selection's handles and of the system's own menu. */
  const offer = ({ range }: Press) => {
    if (sheet) return;
    leave();
    if (!range || attribute("touch") === "off" || !allowed(range.startContainer) || !range.toString().trim()) return;
    const [box] = rectangles(range, true);
    if (!box) return;
    const button = make("button", { class: "t", use: "touch-button", type: "button", lang: LANGUAGE }, say("title"));
    button.addEventListener("pointerdown", (event) => event.preventDefault());
    button.addEventListener(
      "click",
      guarded(() => open({ range, touch: true })),
    );
    // Behind a dialog of the page's own nothing can be touched, so it stands in there.
    pin(
      button,
      shadow(find("dialog:modal")),
      innerWidth / 2,
      box.bottom < innerHeight ? box.bottom + 32 : innerHeight - 52,
    );
    // It is in sight where the selection's end is, and may make the page longer for it.
    if (box.bottom < innerHeight) button.scrollIntoView({ block: "nearest" });
  };

  const again = () => soon((ready) => ready.flush(true));
  window.addEventListener("online", again);
  return {
    open: guarded(open),
    offer: guarded(offer),
    flush: () => soon((ready) => ready.flush()),
    destroy() {
      window.removeEventListener("online", again);
      if (more) soon((ready) => ready.destroy());
      close();
    },
  };
};
