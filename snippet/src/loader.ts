/** `tuzet.js`: listens, and fetches the rest when the reader acts. Nothing here draws, stores or
 *  sends. Whatever goes wrong stays in here: a guest never throws into the page. */
import bundled from "tuzet:part";
import type { Part, PartModule, Press } from "./contract";
import { chooseLanguage } from "./language";

const BUSY = "input,textarea,select,tuzet-report,[role=textbox],[contenteditable]:not([contenteditable=false])";

(() => {
  try {
    const w = window;
    const d = document;
    const script = (d.currentScript || d.querySelector('script[data-site][src*="tuzet"]')) as HTMLScriptElement;
    const attribute = (name: string) => script.getAttribute("data-" + name) || "";
    // Once, however often we are loaded; an element with our name does not count.
    if (!attribute("site") || (w.tuzet || ({} as any)).destroy) return;

    const base = script.src.split(/[?#]/)[0]!.replace(/[^/]*$/, "");
    const combination = (attribute("key") || "ctrl+enter").toLowerCase().split("+");
    const mainKey = combination.pop();
    const offs: (() => void)[] = [];
    const coarse = matchMedia("(pointer:coarse)").matches;
    let touch = coarse;
    let kept: Range | undefined;
    let timer: ReturnType<typeof setTimeout>;
    let name: string | undefined;
    let tries = 0;
    let part: Promise<Part | void> | undefined;
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

    const selected = (from: Window = w) => {
      const selection = from.getSelection();
      if (!selection || !selection.rangeCount) return;
      const range = selection.getRangeAt(0).cloneRange();
      // Dragged from a paragraph's very end, it begins where its first word stands.
      let node: any = range.startContainer;
      if (node.data && !node.data.slice(range.startOffset).trim()) {
        const walker = node.ownerDocument.createTreeWalker(range.commonAncestorContainer, 4);
        walker.currentNode = node;
        while ((node = walker.nextNode()) && !node.data.trim());
        if (node && range.comparePoint(node, 0) === 0) range.setStart(node, 0);
      }
      return range;
    };

    const tell = (action: "open" | "offer" | "flush" | "destroy", press: Press = {}) => {
      if (part) part.then((ready) => ready && ready[action](press)).catch(() => {});
    };

    /** Asks the part of the fitting language, fetched once, to act. */
    const ask = (action: "open" | "offer" | "flush", press: Press = {}) => {
      const language = chooseLanguage(
        PARTS,
        [
          attribute("language"),
          around(press.element || (press.range && press.range.startContainer)),
          d.documentElement.lang,
        ].concat(w.navigator.languages as string[]),
      );
      if (language !== name) {
        tell("destroy");
        name = language;
        // A part that did not come is asked for anew at the next press, under another name.
        const address =
          base + "tuzet." + (language ? language + ".js" : "site.js?site=" + attribute("site")) + "#" + tries;
        part = (
          bundled ? Promise.resolve({ default: bundled } as PartModule) : (import(address) as Promise<PartModule>)
        ).then((module) => (started = module.default({ base, attribute })));
        part.catch(() => {
          tries++;
          name = undefined;
          part = undefined;
        });
      }
      tell(action, press);
    };

    const around = (node: any): string => {
      const element = node && (node.closest ? node : node.parentElement);
      return element ? (element.closest("[lang]") || element).lang : "";
    };

    const busy = (target: any) => !!(target && (target.isContentEditable || (target.closest && target.closest(BUSY))));

    const watch = (from: Window) =>
      on(from, "keydown", (event: KeyboardEvent) => {
        const wants = (modifier: string) => combination.indexOf(modifier) >= 0;
        if (
          (event.key.toLowerCase() === mainKey || event.code.toLowerCase() === "key" + mainKey) &&
          (event.ctrlKey || event.metaKey) === wants("ctrl") &&
          event.shiftKey === wants("shift") &&
          event.altKey === wants("alt") &&
          !event.repeat &&
          !event.defaultPrevented &&
          !busy(event.composedPath()[0]) &&
          !busy(event.target)
        ) {
          event.preventDefault();
          ask("open", { range: selected(from) });
        }
      });

    watch(w);

    // A click on the site's own link empties the selection before the click arrives.
    on(w, "pointerdown", (event: PointerEvent) => {
      touch = coarse || event.pointerType !== "mouse";
      kept = selected();
    });

    on(w, "click", (event: MouseEvent) => {
      const target = event.target as Element;
      if (target.closest('[href="#tuzet"],[data-tuzet-open]')) {
        event.preventDefault();
        ask("open", { range: kept, touch });
      }
    });

    if (attribute("touch") !== "off")
      on(w, "selectionchange", () => {
        clearTimeout(timer);
        timer = setTimeout(() => {
          try {
            const range = selected();
            const offered = touch && range && !range.collapsed && !busy(d.activeElement);
            if (offered) ask("offer", { range });
            else tell("offer");
          } catch {}
        }, 300);
      });

    if (attribute("frames") === "on") {
      const enter = (frame: any) => frame.contentDocument && watch(frame.contentWindow);
      // At the document: a load event does not come as far as the window.
      on(d, "load", (event) => event.target.localName === "iframe" && enter(event.target));
      d.querySelectorAll("iframe").forEach((frame) => {
        try {
          enter(frame);
        } catch {}
      });
    }

    w.tuzet = {
      open(element) {
        try {
          ask("open", { range: selected(), element: element });
        } catch {}
      },
      destroy() {
        try {
          clearTimeout(timer);
          offs.forEach((off) => off());
          delete w.tuzet;
          // What is there goes at once; what is still on its way, when it comes.
          if (started) started.destroy();
          tell("destroy");
        } catch {}
      },
    };

    if (Object.keys(w.localStorage).some((key) => !key.indexOf("tuzet:"))) ask("flush");
  } catch {}
})();
