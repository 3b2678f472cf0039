/** `tuzet.js`: listens, and fetches the rest when the reader acts. Nothing here draws, stores or
 *  sends. Whatever goes wrong stays in here: a guest never throws into the page. */
import bundled from "tuzet:part";
import type { Own, Part, PartModule, Press } from "./contract";
import { chooseLanguage } from "./language";

/** Where keys write. Boxes, switches and buttons are inputs by name only. */
const BUSY = "input,textarea,select,[role=textbox],[contenteditable]:not([contenteditable=false])";

(() => {
  try {
    const w = window;
    const d = document;
    // Elements called like a property hide it on the document, but not on its prototype.
    const D = Document.prototype;
    const E = Element.prototype;
    const get = (name: string) => Reflect.get(D, name, d);
    const script: HTMLScriptElement =
      get("currentScript") || D.querySelector.call(d, 'script[data-site][src*="tuzet"]');
    // The browser's own promises, whatever the page has put in their place.
    const Native = (async () => {})().constructor as PromiseConstructor;
    let own: Own = {};
    const attribute = (name: string) => script.getAttribute("data-" + name) || own.attributes?.[name] || "";
    // Once, however often we are loaded; an element with our name does not count.
    if (!attribute("site") || w.tuzet?.destroy) return;

    const base = script.src.split(/[?#]/)[0]!.replace(/[^/]*$/, "");
    const offs: (() => void)[] = [];
    const coarse = matchMedia("(pointer:coarse)").matches;
    let touch = coarse;
    /** The reader's last act was in an editor. */
    let writing = false;
    let kept: Range | undefined;
    let timer: ReturnType<typeof setTimeout>;
    let name: string | undefined;
    let tries = 0;
    let part: Promise<Part | void> | undefined;
    let settings: Promise<void> | undefined;
    let started: Part | undefined;

    const on = (target: EventTarget, type: string, act: (event: any) => void) => {
      const guarded = (event: Event) => {
        try {
          act(event);
        } catch {}
      };
      target.addEventListener(type, guarded, true);
      offs.push(() => target.removeEventListener(type, guarded, true));
    };

    const selected = (from: Window = w): Range | undefined => {
      const selection = from.getSelection();
      return selection?.rangeCount ? selection.getRangeAt(0).cloneRange() : undefined;
    };

    const tell = (action: "open" | "offer" | "flush" | "destroy", press: Press = {}) => {
      part
        ?.then(async (ready) => {
          await settings;
          ready?.[action](press);
        })
        .catch(() => {});
    };

    /** What the site has set on the desk, if it comes within a second; a whole file loads nothing. */
    const ownSettings = (): Promise<void> =>
      new Native((done) => {
        setTimeout(done, 1e3);
        import(base + "tuzet.own.js?site=" + attribute("site"))
          .then((module) => {
            own = module.default || own;
          })
          .then(done, done as () => void);
      });

    /** Asks the part of the fitting language, fetched once, to act. */
    const ask = (action: "open" | "offer" | "flush", press: Press = {}) => {
      const { range } = press;
      let at: any = press.element || range?.startContainer;
      // Dragged from a paragraph's very end, the first word is farther on.
      if (range && at.nodeName === "#text" && !at.data.slice(range.startOffset).trim()) at = range.endContainer;
      const choose = () =>
        chooseLanguage(
          PARTS,
          [attribute("language"), languageAt(at), languageAt(get("documentElement"))].concat(
            navigator.languages as string[],
          ),
        );
      // A part that did not come is asked for anew at the next press, under another name.
      const fetchPart = (): Promise<PartModule> | PartModule =>
        bundled
          ? { default: bundled }
          : import(base + "tuzet." + (name ? name + ".js" : "site.js?site=" + attribute("site")) + "#" + tries);
      const begin = async (): Promise<Part | void> => {
        try {
          let module = await fetchPart();
          await settings;
          // The site may have set another language.
          if (choose() !== name) {
            name = choose();
            module = await fetchPart();
          }
          const preview = script.hasAttribute("data-preview");
          return (started = module.default({ base, attribute, own: () => own, preview }));
        } catch {
          tries++;
          name = part = undefined;
        }
      };
      if (action !== "flush" && !bundled && !settings) settings = ownSettings();
      const language = choose();
      if (language !== name) {
        tell("destroy");
        name = language;
        part = begin();
      }
      tell(action, press);
    };

    const languageAt = (node: any): string => {
      const element = node && (node.nodeName[0] === "#" ? node.parentElement : node);
      const speaking = element && E.closest.call(element, "[lang]");
      return speaking ? E.getAttribute.call(speaking, "lang")! : "";
    };

    const busy = (target: any) =>
      target?.isContentEditable ||
      (target?.closest?.(BUSY) && !(target.localName === "input" && /^([bricfh]|su)/.test(target.type)));

    /** Whether keys belong to what has the focus: not where text outside of it is selected. */
    const belongs = (range: Range | undefined, target: any) =>
      busy(target) &&
      (writing || !range || range.collapsed || [range.startContainer, range.startContainer.parentElement].some(busy));

    const watch = (from: Window) =>
      on(from, "keydown", (event: KeyboardEvent) => {
        const combination = (attribute("key") || "ctrl+enter").toLowerCase();
        const mainKey = combination.split("+").pop();
        if (
          (event.key.toLowerCase() === mainKey || event.code.toLowerCase() === "key" + mainKey) &&
          (event.ctrlKey || event.metaKey) === /ctrl|meta/.test(combination) &&
          event.shiftKey === /shift/.test(combination) &&
          event.altKey === /alt/.test(combination) &&
          !event.repeat &&
          !event.defaultPrevented &&
          (event.target as Element).localName !== "tuzet-report"
        ) {
          const range = selected(from);
          if (belongs(range, event.composedPath()[0])) return;
          event.preventDefault();
          ask("open", { range });
        }
      });

    watch(w);

    // A click on the site's own link empties the selection before the click arrives.
    on(w, "pointerdown", (event: PointerEvent) => {
      touch = coarse || event.pointerType !== "mouse";
      writing = busy(event.composedPath()[0]);
      kept = selected();
    });
    on(w, "input", () => {
      writing = true;
    });

    on(w, "click", (event: MouseEvent) => {
      if (E.closest.call(event.target, '[href="#tuzet"],[data-tuzet-open]')) {
        event.preventDefault();
        ask("open", { range: kept, touch });
      }
    });

    on(w, "selectionchange", () => {
      clearTimeout(timer);
      timer = setTimeout(() => {
        try {
          const range = selected();
          const offered =
            touch && attribute("touch") !== "off" && range && !range.collapsed && !belongs(range, get("activeElement"));
          if (offered) ask("offer", { range });
          else tell("offer");
        } catch {}
      }, 300);
    });

    if (attribute("frames") === "on") {
      const enter = (frame: any) => frame.contentDocument && watch(frame.contentWindow);
      // At the document: a load event does not come as far as the window.
      on(d, "load", (event) => event.target.localName === "iframe" && enter(event.target));
      D.querySelectorAll.call(d, "iframe").forEach((frame) => {
        try {
          enter(frame);
        } catch {}
      });
    }

    w.tuzet = {
      open(element) {
        try {
          ask("open", { range: selected(), element });
        } catch {}
      },
      destroy() {
        try {
          clearTimeout(timer);
          offs.forEach((off) => off());
          delete w.tuzet;
          // What is there goes at once; what is still on its way, when it comes.
          started?.destroy();
          tell("destroy");
        } catch {}
      },
    };

    if (Object.keys(w.localStorage).some((key) => !key.indexOf("tuzet:"))) ask("flush");
  } catch {}
})();
