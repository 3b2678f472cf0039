/** The part that is fetched when the reader acts: up to the open dialog, and the sending. */
import { dialog } from "tuzet:strings";
import bundled from "tuzet:more";
import { type Place, capture as read } from "./capture";
import type { Guest, More, MoreModule, Part, Press } from "./contract";
import { type Facts, facts } from "./facts";
import { type Fields, fields } from "./form";
import { clamp, guarded, leave, mark, pin, rectangles, shadow } from "./host";
import { announce, closest, findAll, make } from "./page";
import { forget, keep, post, settled, taken } from "./post";
import { type Sheet, openSheet } from "./sheet";
import { toJson, uuid } from "./text";
import { speaker } from "./words";

const KEY = /Mac|iP/.test(navigator.platform) ? "⌘+Enter" : "Ctrl+Enter";
/** How long a report waits for the second part, in milliseconds. */
const PATIENCE = 3e3;

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

export default (guest: Guest): Part => {
  const { attribute, base } = guest;
  const say = speaker(dialog);
  let sheet: Sheet | null = null;
  let form: Fields | null = null;
  /** The selection, to be given back when the dialog closes. */
  let held: Range | undefined;
  let current = { id: "", json: "" };
  let more: Promise<More> | undefined;

  /** The second part, fetched once the reader does something in the dialog. */
  const later = (): Promise<More> => {
    if (!more) {
      more = (
        bundled ? Promise.resolve<MoreModule>({ default: bundled }) : (import(base + MORE) as Promise<MoreModule>)
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

  const allowed = (node: Node) => {
    const include = attribute("include");
    const exclude = attribute("exclude");
    return (!include || !!closest(node, include)) && !(exclude && closest(node, exclude));
  };

  const capture = (range: Range, may = allowed) => read(range, may);

  const close = () => {
    const dialog = sheet && sheet.dialog;
    sheet = form = null;
    try {
      dialog!.close();
    } catch {}
    leave();
    const selection = getSelection();
    if (held && selection && selection.isCollapsed) {
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
    if (press.element) return soon((ready) => found(ready.element(press.element!), press));
    const range = press.range && !press.range.collapsed ? press.range : shadowRange();
    if (!range) return hint(press);
    if (!allowed(range.startContainer)) return;
    const place = capture(range);
    if (place) return report(place, press);
    return soon((ready) => found(ready.picture(range), press));
  };

  const found = (place: Place | null, press: Press) => (place ? report(place, press) : hint(press));

  const hint = (press: Press) => {
    const own = begin(undefined, false, () => {});
    own.body.append(make("p", { use: "hint" }, say("hint", attribute("key") || KEY)));
    own.state(say("title"), "", [own.cancel(say("close"))]);
    own.dialog.focus();
    announce("open", { quote: null });
    return soon((ready) => own === sheet && ready.ways(own, press));
  };

  /** `plain`: without a suggestion, and with the dialog whatever the mode. */
  const report = (place: Place, press: Press, plain?: boolean) => {
    const mode = attribute("mode");
    const quiet = mode === "silent" && !plain;
    const about = facts(place.element);
    const deliver = () => send(own, place, about, actions).catch(() => own.state(say("failed"), "", actions));
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
      const pause = new Promise<null>((resolve) => setTimeout(resolve, PATIENCE, null));
      const ready = await Promise.race([later().catch(() => null), pause]);
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
    if (!range || !allowed(range.startContainer) || !range.toString().trim()) return;
    const [box] = rectangles(range, true);
    if (!box) return;
    const button = make("button", { class: "t", use: "touch-button", type: "button", lang: LANGUAGE }, say("title"));
    button.addEventListener("pointerdown", (event) => event.preventDefault());
    button.addEventListener(
      "click",
      guarded(() => open({ range, touch: true })),
    );
    pin(button, shadow(), innerWidth / 2, clamp(box.bottom + 32, innerHeight - 44));
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
