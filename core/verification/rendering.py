"""Pages whose words only a browser shows: read as before, and then rendered."""

from dataclasses import replace
from http import HTTPStatus

from sqlalchemy import select

from core.db import Database
from core.models import Case
from core.net import NetError, Render, allow
from core.readings import Reading
from core.text.maintext import main_text
from core.verification.agenda import Claim
from core.verification.judging import judge_reading
from core.verification.texts import KeptTexts, words_of

NEEDED = "needs_browser"  # the reason where a page was rendered once and no browser is set now
NOTHING_SHOWN = frozenset({"never_seen", "no_text"})
_LOOKED_AT = 20  # cases of a page


def render_if_needed(
    db: Database, claim: Claim, reading: Reading, render: Render | None
) -> Reading:
    """The reading of what a browser shows, where the server's own HTML shows no case's words.

    A page that needed the browser once is rendered from then on: its kept texts are the rendered
    ones, and the bare HTML beside them would look like a page that is gone.
    """
    if reading.status != HTTPStatus.OK and not reading.unchanged:
        return reading
    if not claim.needs_browser and (render is None or not _shows_nothing(db, claim, reading)):
        return reading
    if render is None:
        return replace(reading, fault=NEEDED, unchanged=False, text=None, validators=None)
    try:
        html = render(reading.final_url or claim.wanted.url, allow(claim.wanted.addresses))
    except NetError as fault:
        return replace(reading, fault=str(fault.code), unchanged=False, text=None, validators=None)
    return replace(
        reading,
        status=HTTPStatus.OK.value,
        unchanged=False,
        text=main_text(html),
        body_digest=None,
        validators=None,
        rendered=True,
    )


def _shows_nothing(db: Database, claim: Claim, reading: Reading) -> bool:
    """Whether a reading says nothing about any of the page's first cases."""
    with db.read() as session, session.no_autoflush:
        kept = KeptTexts(session, claim.entry.page_id)
        watched = select(Case).where(
            Case.page_id == claim.entry.page_id, Case.check_due_at.is_not(None)
        )
        cases = session.scalars(watched.order_by(Case.id).limit(_LOOKED_AT)).all()
        words = words_of(session, cases)
        text = reading.text.text if reading.text is not None else kept.newest
        return bool(cases) and all(
            judge_reading(words[case.id], kept.seen(case), reading, claim.wanted.url, text).reason
            in NOTHING_SHOWN
            for case in cases
        )
