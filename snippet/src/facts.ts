/** What the page says about itself, read when the reader acts (single-page sites change it). */
import { closest, find, findAll } from "./page";
import { collapse, wellFormed } from "./text";

export interface Metadata {
  author: string | null;
  section: string | null;
  published: string | null;
  modified: string | null;
  cms_id: string | null;
}

export interface Facts {
  url: string;
  canonical_url: string | null;
  title: string | null;
  language: string | null;
  metadata: Metadata;
}

type Loose = Record<string, any>;

const clean = (value: unknown, limit: number): string | null =>
  typeof value === "string" || typeof value === "number"
    ? wellFormed(collapse(String(value)).trim().slice(0, limit)) || null
    : null;

const meta = (...names: string[]): string | null => {
  for (const name of names) {
    const element = find<HTMLMetaElement>(`meta[property="${name}"],meta[name="${name}"],meta[itemprop="${name}"]`);
    const content = element && clean(element.content, 200);
    if (content) return content;
  }
  return null;
};

const address = (value: string | null | undefined): string | null => {
  try {
    const url = new URL(value || "", document.baseURI).href;
    return value && /^https?:/.test(url) && url.length <= 2048 ? url : null;
  } catch {
    return null;
  }
};

/** The first JSON-LD object that describes an article; an empty one if there is none. */
function linkedData(): Loose {
  const scripts = findAll('script[type="application/ld+json"]');
  for (let i = 0; i < scripts.length; i++) {
    try {
      const queue: Loose[] = [JSON.parse(scripts[i]!.textContent || "")];
      for (let n = 0; n < queue.length && n < 200; n++) {
        const item = queue[n];
        if (!item || typeof item !== "object") continue;
        if (/Article|Posting|Report/.test(String(item["@type"]))) return item;
        for (const inner of Array.isArray(item) ? item : [item["@graph"], item["mainEntity"]]) queue.push(inner);
      }
    } catch {} // what cannot be read says nothing
  }
  return {};
}

const names = (value: any): string | null =>
  Array.isArray(value)
    ? clean(value.map(names).filter(Boolean).join(", "), 200)
    : clean(value && typeof value === "object" ? value.name : value, 200);

/** The article that the error stands in, where several stand on the page. */
function ownArticle(element: Element): Element | null {
  const article = closest(element, "article");
  return article && findAll("article").length > 1 ? article : null;
}

/** Its headline, if the headline leads to a page of its own. */
function ownTitle(article: Element | null): string | null {
  const link = article && find<HTMLAnchorElement>("h1 a[href],h2 a[href],h3 a[href],a[rel=bookmark]", article);
  return link && link.href.split("#")[0] !== location.href.split("#")[0] ? clean(link.textContent, 500) : null;
}

function cmsId(script: (name: string) => string, element: Element): string | null {
  const named = closest(element, "[data-cms-id],[data-history-node-id],[data-post-id]");
  const marked =
    named &&
    (named.getAttribute("data-cms-id") || named.getAttribute("data-history-node-id") || named.getAttribute("data-post-id"));
  const body = find("body");
  const classed = /(?:^|\s)(?:postid|page-id|page-node|node-id)-(\d+)/.exec((body && body.getAttribute("class")) || "");
  const short = find<HTMLLinkElement>("link[rel=shortlink]");
  const shortened = /[?&]p=(\d+)|\/node\/(\d+)/.exec((short && short.getAttribute("href")) || "");
  const post = closest(element, '[id^="post-"]');
  const numbered = /^post-(\d+)$/.exec((post && post.id) || "");
  return (
    clean(script("cms-id") || marked, 200) ||
    meta("tuzet:cms_id", "cms_id", "article:id", "post-id") ||
    (classed && classed[1]!) ||
    (shortened && (shortened[1] || shortened[2]!)) ||
    (numbered && numbered[1]!)
  );
}

export function facts(script: (name: string) => string, element: Element): Facts {
  const article = ownArticle(element);
  const data = linkedData();
  const canonical = find<HTMLLinkElement>("link[rel~=canonical][href]");
  const lang = closest(element, "[lang]");
  const title = typeof document.title === "string" ? document.title : (find("title") || element).textContent;
  const time = article && find("time[datetime]", article);
  const byline = article && find("[itemprop=author],[rel=author]", article);
  const href = location.href;
  return {
    url: href.length > 2048 ? (location.origin + location.pathname).slice(0, 2048) : href,
    canonical_url: address(canonical && canonical.getAttribute("href")) || address(meta("og:url")),
    title: ownTitle(article) || clean(title, 500) || meta("og:title"),
    language: clean(lang && lang.getAttribute("lang"), 35),
    metadata: {
      author: clean(byline && byline.textContent, 200) || names(data["author"]) || meta("author", "article:author"),
      section: names(data["articleSection"]) || meta("article:section", "section"),
      published:
        clean(data["datePublished"], 40) ||
        meta("article:published_time", "datePublished", "date") ||
        clean(time && time.getAttribute("datetime"), 40),
      modified: clean(data["dateModified"], 40) || meta("article:modified_time", "dateModified", "og:updated_time"),
      cms_id: cmsId(script, element),
    },
  };
}
