"""The book of administrative acts, for those who administer."""

from collections.abc import Iterator
from typing import Any

from flask import Blueprint, request
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from core import accounts, queries
from core.accounts import ActFilter
from core.exports import ACT_COLUMNS, act_item, every
from core.exports import PAGE as MANY
from core.i18n import words
from core.queries.paging import Listing
from service import exports
from service.context import service
from service.dashboard import forms
from service.dashboard.access import needs, spoken, visit
from service.dashboard.rendering import page

PAGE = 50
_LONGEST = 254


def register(blueprint: Blueprint) -> None:
    """Where the book is read."""
    blueprint.get("/audit")(audit)
    blueprint.get("/audit.csv")(audit_csv)
    blueprint.get("/audit.json")(audit_json)


@needs("admin")
def audit() -> Response:
    """The acts that a filter shows, newest first."""
    wanted = _wanted()
    allowed = wanted.site_ids
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


@needs("admin")
def audit_csv() -> Response:
    """The acts that a filter shows, as a table."""
    return exports.csv_table(_every_act(), ACT_COLUMNS, "audit")


@needs("admin")
def audit_json() -> Response:
    """The same for programs."""
    return exports.json_list(_every_act(), "audit")


def _every_act() -> Iterator[dict[str, Any]]:
    wanted, db = _wanted(), service().db
    with db.read() as session:
        keys = {site.id: site.key for site in queries.sites(session, wanted.site_ids)}

    def read(session: Session, cursor: str | None) -> Listing[dict[str, Any]]:
        listing = accounts.acts(session, wanted, cursor, MANY)
        return Listing([act_item(act, keys) for act in listing.items], listing.next)

    return every(db, read)


def _wanted() -> ActFilter:
    return ActFilter(
        site_ids=visit().rights.site_ids("admin"),
        actor=_asked("actor"),
        act=_asked("act"),
        subject=_asked("subject"),
        site_id=forms.read_id(_asked("site")),
    )


def _asked(name: str) -> str:
    return request.args.get(name, "").replace("\0", "").strip()[:_LONGEST]
