"""The sentences of messages to readers, which a site may say in its own words."""

from dataclasses import dataclass

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from core.errors import FieldError, Invalid
from core.i18n import LANGUAGES, Translator, marked, translator
from core.models import Case, ReaderWording, Site

_LONGEST = 500

# What a reader is told, by what became of the report; `thanks` stands above it all.
WORDINGS = {
    "thanks": marked(
        "to a reader",
        "You told us what seemed wrong on our pages. Thank you for reading so closely.",
    ),
    "verified": marked("to a reader", "Corrected: we have seen the correction on the page."),
    "not_an_error": marked("to a reader", "An editor has checked it: this is not an error."),
    "wont_fix": marked("to a reader", "An editor has seen it and will not change it."),
    "opinion": marked("to a reader", "An editor thinks that this is a matter of opinion."),
    "spam": marked("to a reader", "An editor found no error in this report."),
    "duplicate": marked("to a reader", "This error is being dealt with in another report."),
    "page_gone": marked("to a reader", "The page is no longer there."),
}


@dataclass(frozen=True)
class Wording:
    """A sentence as readers get it. `own`: the site says it in its own words."""

    outcome: str
    language: str
    text: str
    own: bool


def outcome_of(case: Case) -> str | None:
    """What a reader can be told about a case now: the name of its sentence, None for nothing yet.

    Corrected is what was seen on the page; that somebody says so is not told. Where the page
    shows nothing (a paywall, a page that is gone), the receipt says whose word it is.
    """
    if case.status == "verified":
        return "verified"
    return case.resolution if case.status == "dismissed" else None


def wordings(session: Session, site: Site) -> list[Wording]:
    """Every sentence in every language, the site's own words where it has some."""
    own = _own(session, site)
    return [
        Wording(
            outcome,
            language,
            own.get((language, outcome)) or translator(language).pgettext(*WORDINGS[outcome]),
            (language, outcome) in own,
        )
        for outcome in WORDINGS
        for language in LANGUAGES
    ]


def say(session: Session, site: Site, outcome: str, t: Translator) -> str:
    """One sentence in one language."""
    query = select(ReaderWording.text).where(
        ReaderWording.site_id == site.id,
        ReaderWording.language == t.language,
        ReaderWording.outcome == outcome,
    )
    return session.scalar(query) or t.pgettext(*WORDINGS[outcome])


def change_wording(
    session: Session, site: Site, outcome: str, language: str, text: str | None
) -> None:
    """Let a site say a sentence in its own words, or (None or empty) in ours again.

    Raises Invalid for an unknown sentence or language and for a text that is too long.
    """
    text = " ".join((text or "").split())
    faults = []
    if outcome not in WORDINGS:
        faults.append(FieldError("outcome", f"must be one of {', '.join(WORDINGS)}"))
    if language not in LANGUAGES:
        faults.append(FieldError("language", f"must be one of {', '.join(LANGUAGES)}"))
    if len(text) > _LONGEST or "\0" in text:
        faults.append(FieldError("text", f"must have at most {_LONGEST} characters and no NUL"))
    if faults:
        raise Invalid(*faults)
    session.execute(
        delete(ReaderWording).where(
            ReaderWording.site_id == site.id,
            ReaderWording.language == language,
            ReaderWording.outcome == outcome,
        )
    )
    if text:
        session.add(ReaderWording(site_id=site.id, language=language, outcome=outcome, text=text))


def _own(session: Session, site: Site) -> dict[tuple[str, str], str]:
    query = select(ReaderWording).where(ReaderWording.site_id == site.id)
    return {(row.language, row.outcome): row.text for row in session.scalars(query)}
