"""The book of administrative acts, for those who administer."""

from flask import Blueprint, request
from werkzeug.wrappers import Response

from core import accounts, queries
from core.accounts import ActFilter
from core.i18n import words
from service.context import service
from service.dashboard import forms
from service.dashboard.access import needs, spoken, visit
from service.dashboard.rendering import page

PAGE = 50
_LONGEST = 254


def register(blueprint: Blueprint) -> None:
    """Where the book is read."""
    blueprint.get("/audit")(audit)


@needs("admin")
def audit() -> Response:
    """The acts that a filter shows, newest first."""
    allowed = visit().rights.site_ids("admin")
    wanted = ActFilter(
        site_ids=allowed,
        actor=_asked("actor"),
        act=_asked("act"),
        subject=_asked("subject"),
        site_id=forms.read_id(_asked("site")),
    )
    with service().db.read() as session:
        listing = accounts.acts(session, wanted, request.args.get("cursor"), PAGE)
        kinds = accounts.kinds_of_acts(session, allowed)
        sites = queries.sites(session, allowed)
    named = sorted(((kind, words.act_word(spoken(), kind)) for kind in kinds), key=lambda k: k[1])
    shown = {name: _asked(name) for name in ("actor", "act", "subject", "site") if _asked(name)}
    return page(
        "desk/audit.html",
        listing=listing,
        wanted=wanted,
        shown=shown,
        acts_named=named,
        sites=sites,
        site_names={site.id: site.name for site in sites},
    )


def _asked(name: str) -> str:
    return request.args.get(name, "").replace("\0", "").strip()[:_LONGEST]
