/** What the page says about itself, read when the reader acts (single-page sites change it). */
import { attributeOf, closest, find, get } from "./page";
import { collapse } from "./text";

const ADDRESS = 2048;

export interface Facts {
  url: string;
  canonical_url: string | null;
  title: string | null;
  language: string | null;
  /** Undefined until the second part has read it. */
  metadata?: Record<string, string | null> | null;
}

export function facts(element: Element): Facts {
  const canonical = find("link[rel~=canonical]");
  const shared = find<HTMLMetaElement>('meta[property="og:url"]');
  const href = canonical?.getAttribute("href");
  const named = href || shared?.content;
  const around = closest(element, "[lang]");
  const language = around ? attributeOf(around, "lang") : "";
  return {
    url: location.href.slice(0, ADDRESS),
    canonical_url: named ? absolute(named, (href ? canonical! : shared!).baseURI) : null,
    title:
      collapse(get("title") + "")
        .trim()
        .slice(0, 500) || null,
    language: /^[a-z]{1,8}([-_][a-z0-9]{1,8})*$/i.test(language) ? language : null,
  };
}

function absolute(address: string, base: string): string | null {
  try {
    const { href } = new URL(address, base);
    return href.length > ADDRESS ? null : href;
  } catch {
    return null;
  }
}
