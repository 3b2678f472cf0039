"""A message to one reader, made at the moment of sending from what is so then."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from core.channels import OutgoingMail
from core.i18n import Translator, known_language, translator
from core.messages.rendering import rendered
from core.models import Case, ReaderAddress, ReaderOutcome, Report, Site
from core.readermail import links, wording
from core.settings import Settings
from core.text.passage import Pair, Passage, pair_of, passage_of

_MOST = 50  # reports in one message; more than that is no reader


@dataclass(frozen=True)
class Item:
    """One report and what became of it."""

    title: str
    url: str
    language: str
    passage: Passage
    pair: Pair | None
    outcome: str
    sentence: str
    receipt: str


@dataclass(frozen=True)
class Letter:
    """A mail, and what each report's reader has been told once it is sent."""

    mail: OutgoingMail
    told: dict[str, str]


def compose(
    session: Session, address: ReaderAddress, key: str, settings: Settings
) -> Letter | None:
    """The message to one reader, in the language of their newest report; None if nothing is new.

    Told is what they have not heard: a correction once, and each reason once. Erased
    reports, and cases that wait or came back, are left out.
    """
    site = session.get_one(Site, address.site_id)
    news = _news(session, address)
    if not news:
        return None
    newest = max((report for report, _, _ in news), key=lambda report: report.received_at)
    t = translator(known_language(newest.language) or site.language)
    items = [
        _item(session, site, report, case, outcome, t, settings) for report, case, outcome in news
    ]
    stop_url = links.address_of(settings, address.id)
    subject = _subject(site, news, t)
    values = {
        "t": t,
        "gettext": t.gettext,
        "subject": subject,
        "site": site.name,
        "thanks": wording.say(session, site, "thanks", t),
        "items": items,
        "stop_url": stop_url,
        "is_first": address.confirmed_at is None,
    }
    mail = OutgoingMail(
        key=key,
        sender=settings.mail_from,
        recipient=newest.email or "",
        subject=subject,
        text=rendered("readers/letter.txt", values),
        html=rendered("readers/letter.html", values),
        thread_key=f"reader.{address.id}.{site.key}",
        list_key=site.key,
        list_name=site.name,
        language=t.language,
        stop_url=stop_url,
    )
    return Letter(mail, {report.id: outcome for report, _, outcome in news})


def _news(session: Session, address: ReaderAddress) -> list[tuple[Report, Case, str]]:
    """Reports with outcomes that their reader has not heard of, the first report first."""
    rows = session.execute(
        select(ReaderOutcome, Report, Case)
        .join(Report, Report.id == ReaderOutcome.report_id)
        .join(Case, Case.id == Report.case_id)
        .where(
            ReaderOutcome.address_id == address.id,
            Report.erased_at.is_(None),
            Report.email.is_not(None),
        )
        .options(joinedload(Case.page))
        .order_by(Report.received_at, Report.id)
    )
    news = []
    for owed, report, case in rows:
        outcome = wording.outcome_of(case)
        if outcome is not None and owed.told != outcome:
            news.append((report, case, outcome))
    news.sort(key=lambda each: each[2] != "verified")  # good news first
    return news[:_MOST]


def _item(
    session: Session,
    site: Site,
    report: Report,
    case: Case,
    outcome: str,
    t: Translator,
    settings: Settings,
) -> Item:
    return Item(
        title=" ".join((report.title or case.page.title or "").split()) or report.url,
        url=report.url,
        language=report.language or site.language,
        passage=passage_of(report.exact, report.prefix, report.suffix),
        pair=pair_of(report.exact, report.suggestion),
        outcome=outcome,
        sentence=wording.say(session, site, outcome, t),
        receipt=f"{settings.base_url}/r/{report.receipt}",
    )


def _subject(site: Site, news: list[tuple[Report, Case, str]], t: Translator) -> str:
    """Says "corrected" only of what was seen on the page."""
    if all(outcome == "verified" for _, _, outcome in news):
        return t.gettext("Corrected, thanks to you: {site}", site=site.name)
    return t.gettext("What became of your report: {site}", site=site.name)
