"""The newsroom's own system says that a document was saved: nobody has to ask again and again."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session, joinedload

from core import pages, summons
from core.errors import Forbidden, NotFound
from core.models import Case, CmsConnection, Page, Site, Verification
from core.readings import Reading
from core.sealing import unseal
from core.settings import Settings
from core.text.maintext import main_text
from core.verification import recording
from core.verification.judging import judge_reading
from core.verification.texts import KeptTexts, words_of

_OK = 200
_TELLING = ("fixed", "still_there")
MOST = 200  # cases of one page that are judged by one call; its reading judges the rest


@dataclass(frozen=True)
class Saved:
    """What was saved. `html` is the document as its page shows it, None if it is not public."""

    site: str
    url: str
    cms_id: str | None
    html: str | None


@dataclass(frozen=True)
class Heard:
    """How many pages are read at once because of it, and what came to be owed."""

    pages: int = 0
    cases: int = 0
    deliveries: int = 0


def hook_secret(session: Session, site_key: str, settings: Settings) -> str:
    """By what calls of a site's system are known. Raises NotFound where it has named none."""
    query = (
        select(CmsConnection.sealed_hook_secret)
        .join(Site, Site.id == CmsConnection.site_id)
        .where(Site.key == site_key)
    )
    sealed = session.scalar(query)
    if sealed is None:
        raise NotFound("There is no such site, or it has named no system.")
    return unseal(sealed, settings.secret_key)


def hear_save(session: Session, saved: Saved, now: datetime, settings: Settings) -> Heard:
    """Take the system's word for what its document says, and have the live page read at once.

    The word counts as one reading (its source is `cms`); with one of the live page that says the
    same it decides. What the system cannot tell from the text is left to the page. So is a page
    that only names the document's number: a reader's browser may have told us another one's.
    Raises Forbidden for an address that is not the site's.
    """
    site = session.scalar(select(Site).where(Site.key == saved.site))
    if site is None or not site.covers(saved.url):
        raise Forbidden("The address is not on the site.")
    heard = Heard()
    named = {page.id for page in pages.pages_at(session, site, saved.url)}
    for page in _pages(session, site, saved, named):
        cases = _watched(session, page)
        if not cases:
            continue
        is_told = saved.html is not None and page.id in named
        owed = _judge(session, page, cases, saved, now, settings) if is_told else 0
        session.flush()
        summons.read_now(session, page.id, now)
        heard = Heard(heard.pages + 1, heard.cases + len(cases), heard.deliveries + owed)
    return heard


def _pages(session: Session, site: Site, saved: Saved, named: set[int]) -> list[Page]:
    """The pages of the document, locked: by its address, and by the number it has there."""
    same: list[ColumnElement[bool]] = [Page.id.in_(named)]
    if saved.cms_id:
        same.append(Page.cms_id == saved.cms_id)
    query = select(Page).where(Page.site_id == site.id, or_(*same))
    first = query.order_by(Page.id.in_(named).desc(), Page.id).limit(5)
    ids = session.scalars(first.with_only_columns(Page.id)).all()
    locked = select(Page).where(Page.id.in_(ids)).order_by(Page.id)
    return list(session.scalars(locked.with_for_update(key_share=True)))


def _watched(session: Session, page: Page) -> list[Case]:
    query = (
        select(Case)
        .where(Case.page_id == page.id, Case.check_due_at.is_not(None))
        .options(joinedload(Case.site), joinedload(Case.page))
        .order_by(Case.id)
        .limit(MOST)
        .with_for_update(of=Case, key_share=True)
        .execution_options(populate_existing=True)
    )
    return list(session.scalars(query))


def _judge(
    session: Session,
    page: Page,
    cases: list[Case],
    saved: Saved,
    now: datetime,
    settings: Settings,
) -> int:
    text = main_text(saved.html or "")
    reading = Reading(page.id, now, status=_OK, final_url=page.link, text=text, told=True)
    kept, words = KeptTexts(session, page.id), words_of(session, cases)
    owed = 0
    for case in cases:
        judged = judge_reading(words[case.id], kept.seen(case), reading, page.link, text.text)
        if judged.verdict in _TELLING:
            run = session.get(Verification, case.verification_id or 0)
            owed += recording.record(session, case, judged, reading, run, settings, source="cms")
    return owed
