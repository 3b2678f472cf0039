"""Does a page carry the snippet rightly? Judged by its HTML and headers, as a browser would."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import urljoin, urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from core.contentpolicy import Policy, read_policies
from core.i18n import Translator, marked

Verdict = Literal["good", "doubtful", "wrong"]

_TEXTS = {
    "good": marked("page check", "The snippet stands on this page and will work."),
    "no_script": marked("page check", "The page does not load {script}."),
    "other_service": marked("page check", "It loads the snippet from another service: {address}."),
    "twice": marked("page check", "The snippet stands here {n} times; once is enough."),
    "inert": marked("page check", "The script’s type is “{type}”, so browsers do not run it."),
    "no_key": marked("page check", "The script has no data-site; it must be {key}."),
    "other_key": marked("page check", "The script’s data-site is {found}; it must be {key}."),
    "no_press": marked(
        "page check",
        "The line has no data-key: until the first press with {usual} it does not know {press}. "
        "Put the line from the desk in its place.",
    ),
    "other_press": marked(
        "page check", "The line’s data-key is {found}, on the desk it is {press}; the line decides."
    ),
    "insecure": marked("page check", "An https page loads no script over http: {address}."),
    "origin": marked(
        "page check", "Reports from {origin} are refused: it is not among the site’s origins."
    ),
    "blocking": marked(
        "page check", "The script has neither async nor defer, so the page waits for it."
    ),
    "integrity": marked(
        "page check",
        "The loader changes with each version, so an integrity attribute will stop it.",
    ),
    "attribute": marked("page check", "{name}=“{found}” is not known; possible: {possible}."),
    "script_policy": marked(
        "page check", "The page’s policy forbids the script: {directive} must allow {origin}."
    ),
    "connect_policy": marked(
        "page check", "The page’s policy forbids sending: {directive} must allow {origin}."
    ),
    "sandboxed": marked("page check", "The page’s policy sandboxes it without allow-scripts."),
    "canonical": marked(
        "page check", "The canonical link leads to another host ({host}) and is ignored."
    ),
    "no_language": marked("page check", "The page does not say its language (<html lang>)."),
}
_CHOICES = {
    "data-mode": ("correct", "confirm", "silent"),
    "data-touch": ("on", "off"),
    "data-email": ("on", "off"),
    "data-frames": ("on", "off"),
}
_USUAL = "ctrl+enter"
_RUN = re.compile(r"(?:module|(?:application|text)/(?:x-)?(?:java|ecma)script)?", re.IGNORECASE)
_LOADER = re.compile(r"/tuzet(?:-whole\.[\w-]+\.\w+)?\.js$")


@dataclass(frozen=True)
class Wanted:
    """What a site's pages should carry: its key, where the service is, whence reports are taken.

    `service` is the service's address without a slash at the end; `origins` and `hosts` are the
    site's own; `press` is the key that the site has chosen.
    """

    key: str
    service: str
    origins: Sequence[str]
    hosts: Sequence[str] = ()
    press: str = _USUAL


@dataclass(frozen=True)
class Finding:
    """One thing that is so: its code, how bad it is, and what fills its text."""

    code: str
    verdict: Verdict
    values: Mapping[str, str] = field(default_factory=dict)

    def text(self, t: Translator) -> str:
        """One sentence in the reader's language."""
        return t.pgettext(*_TEXTS[self.code]).format(**self.values)


def check_page(
    html: str, headers: Iterable[tuple[str, str]], url: str, wanted: Wanted
) -> list[Finding]:
    """What is wrong with the snippet on a page, worst first; one finding `good` if nothing is.

    `html` and `headers` are the page's as they came, `url` is where it was found after redirects.
    """
    document = LexborHTMLParser(html)
    scripts = [script for script in document.css("script[src]") if _runs_loader(script, url)]
    ours = [script for script in scripts if _source(script, url).startswith(wanted.service + "/")]
    findings = [*_page_findings(document, url, wanted)]
    if not ours:
        values = {"script": f"{wanted.service}/tuzet.js"}
        findings.append(Finding("no_script", "wrong", values))
        findings += [
            Finding("other_service", "wrong", {"address": _source(script, url)})
            for script in scripts[:1]
        ]
    else:
        if len(ours) > 1:
            findings.append(Finding("twice", "doubtful", {"n": str(len(ours))}))
        findings += _script_findings(ours[0], url, wanted)
        policies = read_policies(headers, document)
        findings += _policy_findings(policies, ours[0], url, wanted)
    findings.sort(key=lambda finding: finding.verdict != "wrong")
    if any(finding.verdict == "wrong" for finding in findings):
        return findings
    return [Finding("good", "good"), *findings]


def _runs_loader(script: LexborNode, url: str) -> bool:
    parent = script.parent
    while parent is not None:
        if parent.tag in ("noscript", "template"):
            return False
        parent = parent.parent
    return _LOADER.search(urlsplit(_source(script, url)).path) is not None


def _source(script: LexborNode, url: str) -> str:
    return _join(url, script.attributes.get("src"))


def _join(url: str, address: str | None) -> str:
    """An absolute address; empty for one that cannot be read."""
    try:
        joined = urljoin(url, (address or "").strip())
        urlsplit(joined)
    except ValueError:
        return ""
    return joined


def _page_findings(document: LexborHTMLParser, url: str, wanted: Wanted) -> Iterable[Finding]:
    origin = "{0.scheme}://{0.netloc}".format(urlsplit(url))
    if origin not in wanted.origins:
        yield Finding("origin", "wrong", {"origin": origin})
    canonical = document.css_first("link[rel~=canonical][href]")
    if canonical is not None and wanted.hosts:
        host = urlsplit(_join(url, canonical.attributes.get("href"))).hostname or ""
        if host not in wanted.hosts:
            yield Finding("canonical", "doubtful", {"host": host})
    root = document.css_first("html")
    if root is None or not (root.attributes.get("lang") or "").strip():
        yield Finding("no_language", "doubtful")


def _script_findings(script: LexborNode, url: str, wanted: Wanted) -> Iterable[Finding]:
    attributes = script.attributes
    kind = (attributes.get("type") or "").strip()
    if _RUN.fullmatch(kind) is None:
        yield Finding("inert", "wrong", {"type": kind})
    key = attributes.get("data-site")
    if not key:
        yield Finding("no_key", "wrong", {"key": wanted.key})
    elif key != wanted.key:
        yield Finding("other_key", "wrong", {"found": key, "key": wanted.key})
    yield from _press_findings(attributes.get("data-key") or "", wanted.press)
    source = _source(script, url)
    if url.startswith("https:") and source.startswith("http:"):
        yield Finding("insecure", "wrong", {"address": source})
    if "integrity" in attributes and source.endswith("/tuzet.js"):
        yield Finding("integrity", "doubtful")
    if not {"async", "defer"} & attributes.keys() and kind != "module":
        yield Finding("blocking", "doubtful")
    for name, choices in _CHOICES.items():
        found = attributes.get(name)
        if found and found not in choices:
            values = {"name": name, "found": found, "possible": ", ".join(choices)}
            yield Finding("attribute", "doubtful", values)


def _press_findings(found: str, press: str) -> Iterable[Finding]:
    """The key of the line beside the one that is set on the desk."""
    if not found.strip() and press != _USUAL:
        yield Finding("no_press", "doubtful", {"press": press, "usual": _USUAL})
    elif found.strip() and _keys(found) != _keys(press):
        yield Finding("other_press", "doubtful", {"press": press, "found": found})


def _keys(press: str) -> frozenset[str]:
    return frozenset(key.strip() for key in press.lower().split("+"))


def _policy_findings(
    policies: Sequence[Policy], script: LexborNode, url: str, wanted: Wanted
) -> Iterable[Finding]:
    source = _source(script, url)
    nonce = script.attributes.get("nonce") or ""
    origin = "{0.scheme}://{0.netloc}".format(urlsplit(source))
    for policy in policies:
        if policy.sandboxes_scripts():
            yield Finding("sandboxed", "wrong")
        refusing = policy.refuses_script(source, nonce, url)
        if refusing:
            yield Finding("script_policy", "wrong", {"directive": refusing, "origin": origin})
        refusing = policy.refuses_connection(f"{wanted.service}/api/v1/reports", url)
        if refusing:
            yield Finding("connect_policy", "wrong", {"directive": refusing, "origin": origin})
