/** Author, section, dates and the CMS's own number, from meta, Open Graph, JSON-LD and the markup. */
import { closest, find, findAll } from "./page";
import { collapse } from "./text";

type Loose = Record<string, any>;

const LIMIT = 300;

const clean = (value: unknown): string | null =>
  (typeof value === "string" || typeof value === "number"
    ? collapse(value + "")
        .trim()
        .slice(0, LIMIT)
    : "") || null;

function meta(...names: string[]): string | null {
  for (const name of names) {
    const element = find<HTMLMetaElement>(`meta[property="${name}"],meta[name="${name}"],meta[itemprop="${name}"]`);
    const content = element && clean(element.content);
    if (content) return content;
  }
  return null;
}

/** The first JSON-LD object that describes an article; an empty one if there is none. */
function linkedData(): Loose {
  for (const script of findAll('script[type="application/ld+json"]')) {
    try {
      const queue: Loose[] = [JSON.parse(script.textContent!)];
      for (let n = 0; n < queue.length && n < 200; n++) {
        const item = queue[n];
        if (!item || typeof item !== "object") continue;
        if (/Article|Posting|Report/.test(item["@type"])) return item;
        queue.push(...(Array.isArray(item) ? item : [item["@graph"], item["mainEntity"]]));
      }
    } catch {} // what cannot be read says nothing
  }
  return {};
}

const names = (value: any): string | null =>
  Array.isArray(value)
    ? clean(value.map(names).filter(Boolean).join(", "))
    : clean(value && typeof value === "object" ? value.name : value);

/** The article that the error stands in, where several stand on the page. */
function ownArticle(element: Element): Element | null {
  const article = closest(element, "article");
  return article && findAll("article").length > 1 ? article : null;
}

const ATTRIBUTES = ["data-cms-id", "data-history-node-id", "data-post-id"];

/** What WordPress, Drupal, Ghost and others leave in their pages. */
function cmsId(attribute: (name: string) => string, element: Element): string | null {
  const marked = closest(element, ATTRIBUTES.map((name) => `[${name}]`).join());
  const named = marked && ATTRIBUTES.map((name) => marked.getAttribute(name)).filter(Boolean)[0];
  const classes = (find("body")!.getAttribute("class") || "").match(
    /(?:^|\s)(?:postid|page-id|page-node|node-id)-(\d+)/,
  );
  const short = find("link[rel=shortlink]");
  const address = ((short && short.getAttribute("href")) || "").match(/[?&]p=(\d+)|\/node\/(\d+)/);
  const post = closest(element, '[id^="post-"]');
  const numbered = post && post.id.match(/^post-(\d+)$/);
  return (
    clean(attribute("cms-id") || named) ||
    meta("tuzet:cms_id", "cms_id", "cms-id", "article:id", "post-id") ||
    (classes && classes[1]!) ||
    (address && (address[1] || address[2]!)) ||
    (numbered && numbered[1]!)
  );
}

export function metadata(attribute: (name: string) => string, element: Element): Record<string, string | null> {
  const article = ownArticle(element);
  const data = linkedData();
  const inside = (selector: string) => article && article.querySelector(selector);
  const byline = inside("[itemprop=author],[rel=author]");
  const time = inside("time[datetime]");
  return {
    author: clean(byline && byline.textContent) || names(data["author"]) || meta("author", "article:author"),
    section: names(data["articleSection"]) || meta("article:section", "section"),
    published:
      clean(time && time.getAttribute("datetime")) ||
      clean(data["datePublished"]) ||
      meta("article:published_time", "datePublished", "date"),
    modified: clean(data["dateModified"]) || meta("article:modified_time", "dateModified", "og:updated_time"),
    cms_id: cmsId(attribute, element),
  };
}
