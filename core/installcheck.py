"""A look at a live page: does it carry the snippet rightly?"""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from core.i18n import Translator, marked
from core.models import Site
from core.net import Code, Fetch, Limits, NetError, Policy, Request, allow
from core.pagecheck import Finding, Wanted, check_page
from core.widget import DEFAULT_KEY, Widget

_PATIENT = Limits(total_seconds=8.0, patience=4.0)
_OK = 200

_FAULTS = {
    Code.NOT_A_URL: marked("page check", "This is not a web address."),
    Code.SCHEME: marked("page check", "This is not a web address."),
    Code.HOST: marked("page check", "This address is not on the site."),
    Code.PORT: marked("page check", "This address is not on the site."),
    Code.ADDRESS: marked(
        "page check",
        "The address leads into a private network; see TUZET_PRIVATE_NETWORKS.",
    ),
    Code.NAME_NOT_FOUND: marked("page check", "There is no server of this name."),
    Code.TOO_SLOW: marked("page check", "The page did not come in time."),
}
_OTHER = marked("page check", "The page could not be read ({code}).")
_STATUS = marked("page check", "The server answers with status {status} instead of the page.")


@dataclass(frozen=True)
class Checked:
    """What a check found: findings of the page, or why there was none to look at."""

    url: str
    findings: Sequence[Finding] = ()
    fault: Code | None = None
    status: int | None = None

    def trouble(self, t: Translator) -> str:
        """Why the page could not be looked at, in one sentence; empty if it could."""
        if self.fault is not None:
            return t.pgettext(*_FAULTS.get(self.fault, _OTHER)).format(code=self.fault)
        if self.status is not None:
            return t.pgettext(*_STATUS).format(status=self.status)
        return ""


def script_line(site: Site, service: str) -> str:
    """The line that a site's pages carry. It says the key that the site has chosen: what is set on
    the desk alone reaches a page only when a reader acts, with the usual key."""
    press = Widget.of(site.widget).key
    key = f' data-key="{press}"' if press != DEFAULT_KEY else ""
    return f'<script src="{service}/tuzet.js" data-site="{site.key}"{key} async></script>'


def check_live(fetch: Fetch, url: str, site: Site, service: str) -> Checked:
    """Read a page of a site and judge it. No session may be open: the page may be slow."""
    addresses = [site.url, *site.origins]
    wanted = Wanted(
        key=site.key,
        service=service,
        origins=site.origins,
        hosts=[urlsplit(address).hostname or "" for address in addresses],
        press=Widget.of(site.widget).key,
    )
    try:
        policy = Policy(hosts=allow(addresses), limits=_PATIENT)
        page = fetch(Request(url=url, fresh=True), policy)
    except NetError as fault:
        return Checked(url, fault=fault.code)
    if page.status != _OK:
        return Checked(page.final_url, status=page.status)
    return Checked(page.final_url, check_page(page.text, page.headers, page.final_url, wanted))
