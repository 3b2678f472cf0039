"""One look at a live page: what it says, or why it could not be read. No session is open here."""

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from ada_url import URL, HostType
from selectolax.lexbor import LexborHTMLParser

from core.models import Page, Site
from core.net import Code, Fetch, Limits, NetError, Policy, Request, Validators, allow
from core.text.maintext import MainText, main_text

_OK = 200


@dataclass(frozen=True)
class Wanted:
    """A page that shall be read, with all that the reading needs, free of any session."""

    page_id: int
    url: str
    addresses: tuple[str, ...]
    validators: Validators | None
    body_digest: str | None

    @classmethod
    def of(cls, page: Page, site: Site) -> "Wanted":
        """What is known of a page: by it the server can say that nothing has changed."""
        validators = None
        if page.validator_url is not None:
            validators = Validators(page.validator_url, page.etag, page.last_modified)
        return cls(
            page_id=page.id,
            url=page.link,
            addresses=(site.url, *site.origins),
            validators=validators,
            body_digest=page.body_digest,
        )


@dataclass(frozen=True)
class Reading:
    """What came of a look.

    `fault` is a stable code where nothing was answered, else None and `status` is set. `text` is
    there for a page that was read and is not what it was last time; `unchanged` says that it is.
    `also_at` are addresses that the page gives for itself (canonical, AMP, after redirects).
    `retry_at` is when the server wishes to be asked again, if it said so. `rendered`: the text is
    what a browser shows. `told`: it is what the newsroom's system holds of the article.
    """

    page_id: int
    at: datetime
    fault: str | None = None
    passing: bool = False
    status: int | None = None
    final_url: str | None = None
    text: MainText | None = None
    unchanged: bool = False
    body_digest: str | None = None
    validators: Validators | None = None
    canonical: str | None = None
    also_at: tuple[str, ...] = ()
    retry_at: datetime | None = None
    rendered: bool = False
    told: bool = False


def read(
    fetch: Fetch,
    wanted: Wanted,
    limits: Limits,
    now: datetime,
    *,
    fresh: bool = False,
    permits: Callable[[str], bool] | None = None,
) -> Reading:
    """Read a page, within limits. Never raises for what the other side does or is.

    `fresh` goes past caches and past our own memory of the page. With `permits`, which is asked
    for every address, a site's host may also send us on to its twin with or without `www.`.
    """
    request = Request(url=wanted.url, validators=None if fresh else wanted.validators, fresh=fresh)
    try:
        result = fetch(request, _policy(wanted, limits, permits))
    except NetError as fault:
        return Reading(
            wanted.page_id, now, fault=str(fault.code), passing=fault.code == Code.NOT_YET
        )
    answered = Reading(
        wanted.page_id,
        now,
        status=result.status,
        final_url=result.final_url,
        validators=result.validators if result.status == _OK else None,
        retry_at=result.retry_at(now),
    )
    if result.not_modified:
        return replace(answered, unchanged=True)
    if result.status != _OK:
        return answered
    digest = hashlib.sha256(result.text.encode("utf-8", "surrogatepass")).hexdigest()
    if digest == wanted.body_digest and not fresh:
        return replace(answered, unchanged=True, body_digest=digest)
    canonical, amp = _links(result.text)
    moved = (result.final_url,) if result.hops else ()
    return replace(
        answered,
        text=main_text(result.text),
        body_digest=digest,
        canonical=canonical,
        also_at=tuple(address for address in (*moved, amp) if address),
    )


def _policy(wanted: Wanted, limits: Limits, permits: Callable[[str], bool] | None) -> Policy:
    if permits is None:
        return Policy(hosts=allow(wanted.addresses), limits=limits)
    addresses = (*wanted.addresses, *_twins(wanted.addresses))
    return Policy(hosts=allow(addresses), limits=limits, permits=permits)


def _twins(addresses: Iterable[str]) -> list[str]:
    """The same hosts with `www.` or without: newsrooms name one, and servers lead to the other."""
    twins = []
    for address in addresses:
        url = URL(address)
        if url.host_type == HostType.DEFAULT and "." in url.hostname:
            bare = url.host.removeprefix("www.")
            twins.append(f"{url.protocol}//{bare if bare != url.host else f'www.{bare}'}/")
    return twins


def _links(html: str) -> tuple[str | None, str | None]:
    """The canonical and the AMP address that a page names for itself."""
    head = LexborHTMLParser(html).head
    if head is None:
        return None, None
    found: dict[str, str] = {}
    for link in head.css("link[rel][href]"):
        for relation in (link.attributes.get("rel") or "").lower().split():
            found.setdefault(relation, link.attributes.get("href") or "")
    return found.get("canonical"), found.get("amphtml")
