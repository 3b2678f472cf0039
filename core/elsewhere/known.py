"""The wrong form on pages whose text we have read ourselves."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session, aliased

from core.elsewhere.forms import INVISIBLE, UNSEEN, Place, form_of, places_of
from core.models import Case, Page, PageVersion

MOST = 200


@dataclass(frozen=True)
class Hit:
    """A page that has the form, and where."""

    url: str
    title: str | None
    places: list[Place]


def on_known_pages(session: Session, case: Case) -> list[Hit]:
    """Pages of the case's site, other than its own, in whose newest kept text the form stands."""
    form = form_of(case.exact, case.prefix, case.suffix)
    if not form:
        return []
    newest = aliased(PageVersion)
    latest = (
        select(func.max(newest.number))
        .where(newest.page_id == PageVersion.page_id)
        .correlate(PageVersion)
        .scalar_subquery()
    )
    query = (
        select(Page, PageVersion.text)
        .join(PageVersion, PageVersion.page_id == Page.id)
        .where(
            Page.site_id == case.site_id,
            Page.id != case.page_id,
            PageVersion.number == latest,
            _may_hold(form),
        )
        .order_by(Page.id.desc())
        .limit(MOST)
    )
    hits = [
        Hit(page.link, page.title, places_of(form, text)) for page, text in session.execute(query)
    ]
    return [hit for hit in hits if hit.places]


def _may_hold(form: str) -> ColumnElement[bool]:
    """Whether a text may hold the form, at the beginning of a sentence too."""
    form = INVISIBLE.sub("", form)
    spellings = {form, form[:1].upper() + form[1:], form[:1].lower() + form[1:]}
    shown = func.replace(PageVersion.text, UNSEEN[0], "")
    for mark in UNSEEN[1:]:
        shown = func.replace(shown, mark, "")
    return or_(*(shown.contains(each, autoescape=True) for each in sorted(spellings)))
