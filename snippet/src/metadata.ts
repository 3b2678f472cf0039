/** Author, section, dates and the CMS's own number, from meta, Open Graph, JSON-LD and the markup. */
import { attributeOf, closest, find, findAll } from "./page";
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

/** Every JSON-LD object that describes an article, with the script that it stands in. */
function described(): [item: Loose, script: Element][] {
  const found: [Loose, Element][] = [];
  for (const script of findAll('script[type="application/ld+json"]')) {
    try {
      const queue: Loose[] = [JSON.parse(script.textContent!)];
      for (let n = 0; n < queue.length && n < 200; n++) {
        const item = queue[n];
        if (!item || typeof item !== "object") continue;
        if (/Article|Posting|Report/.test(item["@type"])) found.push([item, script]);
        else queue.push(...(Array.isArray(item) ? item : [item["@graph"], item["mainEntity"]]));
      }
    } catch {} // what cannot be read says nothing
  }
  return found;
}

const plain = (text: unknown): string => collapse(text + "").trim();
const isAt = (address: string, item: Loose): boolean =>
  [item["url"], item["@id"], item["mainEntityOfPage"]].some((place) => {
    const named = place && typeof place === "object" ? place["@id"] : place;
    return typeof named === "string" && !!named && named === address;
  });

/** What describes `article`: stands inside it, has its headline, or the address that its headline leads
 *  to. Without an article, what describes the page; an empty object if nothing does. */
function linkedData(article: Element | null): Loose {
  const all = described();
  const query = (selector: string) =>
    Array.from(article ? article.querySelectorAll(selector) : findAll(selector)) as HTMLElement[];
  const headlines = query(article ? "h1,h2,h3,h4,[itemprop=headline]" : "h1").map(({ textContent }) =>
    plain(textContent),
  );
  const addresses = query(article ? "a[href]" : "link[rel~=canonical]").map((link) => (link as HTMLAnchorElement).href);
  const fits = ([item, script]: [Loose, Element]) =>
    (article && article.contains(script)) ||
    headlines.indexOf(plain(item["headline"] || item["name"])) >= 0 ||
    addresses.some((address) => isAt(address, item));
  const elsewhere = ([, script]: [Loose, Element]) => !!closest(script, "article");
  const [fitting] = all.filter(fits).concat(article ? [] : all.filter((one) => !elsewhere(one)), article ? [] : all);
  return fitting ? fitting[0] : {};
}

const names = (value: any): string | null =>
  Array.isArray(value)
    ? clean(value.map(names).filter(Boolean).join(", "))
    : clean(value && typeof value === "object" ? value.name : value);

/** The article that the error stands in, where several stand on the page and this is not the one that
 *  the page is about, with the only main headline: what the page says of itself is not about it. */
function ownArticle(element: Element): Element | null {
  const article = closest(element, "article");
  const headlines = findAll("h1");
  const isPages = headlines.length === 1 && article && article.contains(headlines[0]!);
  return article && !isPages && findAll("article").length > 1 ? article : null;
}

const ATTRIBUTES = ["data-cms-id", "data-history-node-id", "data-post-id"];

/** What WordPress, Drupal, Ghost and others leave in their pages. */
function cmsId(attribute: (name: string) => string, element: Element, article: Element | null): string | null {
  const around = (selector: string) => {
    const found = closest(element, selector);
    return found && (!article || article.contains(found)) ? found : null;
  };
  const marked = around(ATTRIBUTES.map((name) => `[${name}]`).join());
  const named = marked && ATTRIBUTES.map((name) => attributeOf(marked, name)).filter(Boolean)[0];
  const post = around('[id^="post-"]');
  const numbered = post && attributeOf(post, "id").match(/^post-(\d+)$/);
  const body = attributeOf(find("body")!, "class").match(/(?:^|\s)(?:postid|page-id|page-node|node-id)-(\d+)/);
  const short = find("link[rel=shortlink]");
  const address = (short ? attributeOf(short, "href") : "").match(/[?&]p=(\d+)|\/node\/(\d+)/);
  const pages = () =>
    meta("tuzet:cms_id", "cms_id", "cms-id", "article:id", "post-id") ||
    (body && body[1]!) ||
    (address && (address[1] || address[2]!));
  return clean(attribute("cms-id") || named) || (article ? null : pages()) || (numbered && numbered[1]!);
}

export function metadata(attribute: (name: string) => string, element: Element): Record<string, string | null> {
  const article = ownArticle(element);
  const data = linkedData(article);
  const inside = (selector: string) => article && article.querySelector(selector);
  const pages = (...names: string[]) => (article ? null : meta(...names));
  const byline = inside("[itemprop=author],[rel=author]");
  const time = inside("time[datetime]");
  return {
    author: clean(byline && byline.textContent) || names(data["author"]) || pages("author", "article:author"),
    section: names(data["articleSection"]) || pages("article:section", "section"),
    published:
      clean(time && attributeOf(time, "datetime")) ||
      clean(data["datePublished"]) ||
      pages("article:published_time", "datePublished", "date"),
    modified: clean(data["dateModified"]) || pages("article:modified_time", "dateModified", "og:updated_time"),
    cms_id: cmsId(attribute, element, article),
  };
}
