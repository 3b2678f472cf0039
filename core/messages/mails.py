"""Mails to editors: about one case, or a digest of several."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from itertools import groupby
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from sqlalchemy import select
from sqlalchemy.orm import Session

from core import actionlinks, queries
from core.channels import OutgoingMail
from core.i18n import translator
from core.i18n.moments import moment
from core.messages.items import About, Item, item_of, oddities_of
from core.models import Case, Channel, Delivery, Page, Report, User
from core.settings import Settings

_TEMPLATES = Path(__file__).resolve().parent.parent / "templates" / "mail"
_SUBJECT_LENGTH = 150
_PAIR_LENGTH = 90


@dataclass(frozen=True)
class Article:
    """One page with the cases on it that a mail is about."""

    title: str
    language: str
    url: str | None
    byline: str
    items: tuple[Item, ...]


def compose(
    session: Session,
    channel: Channel,
    rows: Sequence[Delivery],
    settings: Settings,
    now: datetime,
) -> OutgoingMail:
    """The mail that one or several rows of a channel make, in its reader's language.

    Its Message-ID comes from the oldest row, so that every try carries the same.
    """
    t = translator(_language(session, channel))
    about = About(channel, settings, t, now)
    articles = _articles(session, rows, about)
    is_digest = rows[0].rhythm == "digest"
    values = {
        "t": t,
        "gettext": t.gettext,
        "ngettext": t.ngettext,
        "subject": _digest_subject(rows, about) if is_digest else _subject(rows[0], about),
        "lead": _lead(rows, is_digest, about),
        "preheader": _preheader(articles),
        "articles": articles,
        "site": channel.site.name,
        "address": channel.target,
        "until": moment(t, now + actionlinks.VALID_FOR, channel.site.timezone, now),
    }
    thread = f"digest.{channel.id}" if is_digest else f"page.{rows[0].case.page_id}"
    return OutgoingMail(
        key=rows[0].message_key,
        sender=settings.mail_from,
        recipient=channel.target,
        subject=str(values["subject"]),
        text=_environment().get_template("mail.txt").render(values),
        html=_environment().get_template("mail.html").render(values),
        thread_key=f"{thread}.{channel.site.key}",
        list_key=channel.site.key,
        list_name=channel.site.name,
        language=t.language,
    )


def _language(session: Session, channel: Channel) -> str:
    """The language of the person with that address, else the channel's."""
    chosen = session.scalar(select(User.language).where(User.email == channel.target.lower()))
    return chosen or channel.language


def _articles(session: Session, rows: Sequence[Delivery], about: About) -> tuple[Article, ...]:
    by_page = sorted(rows, key=lambda row: (row.case.page_id, row.id))
    return tuple(
        _article(session, list(of_page), about)
        for _, of_page in groupby(by_page, key=lambda row: row.case.page_id)
    )


def _article(session: Session, rows: Sequence[Delivery], about: About) -> Article:
    case = rows[0].case
    page = case.page
    once = {row.case_id: row for row in rows}
    byline = [about.channel.site.name, page.section, page.author]
    return Article(
        title=_title(page),
        language=case.language,
        url=page.link if page.link.startswith(("http://", "https://")) else None,
        byline=", ".join(part for part in byline if part),
        items=tuple(_item(session, row, about) for row in once.values()),
    )


def _item(session: Session, row: Delivery, about: About) -> Item:
    reports = [
        report for report in queries.case_reports(session, row.case_id) if report.erased_at is None
    ]
    return item_of(row.case, reports, _new_readers(row, reports), about)


def _new_readers(row: Delivery, reports: Sequence[Report]) -> int:
    """How many came since a digest's row was written; its first one was sorted at that moment."""
    if row.rhythm != "digest":
        return 0
    return sum(
        report.sorted_at is not None and report.sorted_at >= row.created_at for report in reports
    )


def _title(page: Page) -> str:
    return " ".join((page.title or "").split()) or page.link


def _subject(row: Delivery, about: About) -> str:
    case, t = row.case, about.t
    title = _title(case.page)
    words = _words_in_subject(case, about)
    if not words:
        text = t.gettext("A reader’s report: {title}", title=title)
    elif row.event_type == "case.regressed":
        text = t.gettext("Came back: {error} · {title}", error=words, title=title)
    else:
        text = f"{words} · {title}"
    return _cut(text, _SUBJECT_LENGTH)


def _words_in_subject(case: Case, about: About) -> str:
    """The pair if it is short, else the words in question. Empty where a reader has erased them.

    What looks alike on both sides is named, and a space at an edge can be seen.
    """
    pair = item_of(case, (), 0, about).pair
    if pair is not None:
        sides = f"{_seen(pair.wrong_text)} → {_seen(pair.right_text.rstrip()) or '—'}"
        names = ", ".join(oddities_of(case, about.t))
        text = f"{sides} ({names})" if names else sides
        if len(text) <= _PAIR_LENGTH:
            return text
    if not case.exact:
        return ""
    return about.t.gettext("“{words}”", words=_cut(case.exact, _PAIR_LENGTH))


def _seen(text: str) -> str:
    """Text whose spaces at the edges can be seen."""
    stripped = text.strip()
    return (
        text.replace(stripped, "\0").replace(" ", "␣").replace("\0", stripped) if stripped else ""
    )


def _digest_subject(rows: Sequence[Delivery], about: About) -> str:
    count = len({row.case_id for row in rows})
    site = about.channel.site.name
    text = about.t.ngettext(
        "{n} known error has new readers: {site}",
        "{n} known errors have new readers: {site}",
        count,
        site=site,
    )
    return _cut(text, _SUBJECT_LENGTH)


def _lead(rows: Sequence[Delivery], is_digest: bool, about: About) -> str:
    """The one line above the cases: why this mail comes."""
    t = about.t
    if is_digest:
        return t.gettext("Since the last digest more readers have reported errors that you know.")
    if rows[0].event_type == "case.regressed":
        return t.gettext("The error is on the page again after its correction had been seen there.")
    return t.gettext("A reader has reported a new error.")


def _preheader(articles: Sequence[Article]) -> str:
    """What a list of mails shows beside the subject: the sentences."""
    passages = [item.passage for article in articles for item in article.items if item.passage]
    return _cut("; ".join(f"{p.before}{p.exact}{p.after}" for p in passages), _SUBJECT_LENGTH)


def _cut(text: str, length: int) -> str:
    text = " ".join(text.split())
    return text if len(text) <= length else text[: length - 1].rstrip() + "…"


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=select_autoescape(("html",)),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
