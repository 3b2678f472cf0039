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
from core.i18n import Translator, translator
from core.i18n.moments import moment
from core.messages.items import About, Item, item_of
from core.messages.occasions import case_of, lead_of, subject_of
from core.messages.texts import cut, title_of
from core.models import Channel, Delivery, Report, User
from core.settings import Settings

_TEMPLATES = Path(__file__).resolve().parent.parent / "templates" / "mail"
_PREHEADER_LENGTH = 150


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
    user = _person(session, channel)
    t = translator(user.language if user else channel.language)
    about = About(channel, settings, t, now, is_person=user is not None)
    articles = _articles(session, rows, about)
    subject = subject_of(rows, channel.site.name, t)
    values = {
        "t": t,
        "gettext": t.gettext,
        "ngettext": t.ngettext,
        "subject": subject,
        "lead": lead_of(rows, t),
        "preheader": _preheader(articles),
        "articles": articles,
        "site": channel.site.name,
        "address": channel.target,
        "until": moment(t, now + actionlinks.VALID_FOR, channel.site.timezone, now),
        "stop": actionlinks.stop_address(settings, channel.id),
    }
    pages = {case_of(row).page_id for row in rows}
    thread = f"page.{pages.pop()}" if len(pages) == 1 else f"digest.{channel.id}"
    return OutgoingMail(
        key=rows[0].message_key,
        sender=settings.mail_from,
        recipient=channel.target,
        subject=subject,
        text=_environment().get_template("mail.txt").render(values),
        html=_environment().get_template("mail.html").render(values),
        thread_key=f"{thread}.{channel.site.key}",
        list_key=channel.site.key,
        list_name=channel.site.name,
        language=t.language,
        stop_url=actionlinks.stop_address(settings, channel.id),
    )


def short(
    channel: Channel,
    row: Delivery,
    subject: str,
    lines: Sequence[str],
    settings: Settings,
    t: Translator,
    can_stop: bool = False,
) -> OutgoingMail:
    """A mail of a few lines, without a case; one that comes again and again can be stopped."""
    values = {"t": t, "subject": subject, "lines": lines, "desk": f"{settings.base_url}/"}
    values["gettext"] = t.gettext
    return OutgoingMail(
        key=row.message_key,
        sender=settings.mail_from,
        recipient=channel.target,
        subject=subject,
        text=_environment().get_template("short.txt").render(values),
        html=_environment().get_template("short.html").render(values),
        thread_key=f"channels.{channel.site.key}",
        list_key=channel.site.key,
        list_name=channel.site.name,
        language=t.language,
        stop_url=actionlinks.stop_address(settings, channel.id) if can_stop else None,
    )


def language_of(session: Session, channel: Channel) -> str:
    """The language of the person with that address, else the channel's."""
    user = _person(session, channel)
    return user.language if user else channel.language


def _person(session: Session, channel: Channel) -> User | None:
    return session.scalar(select(User).where(User.email == channel.target.lower()))


def _articles(session: Session, rows: Sequence[Delivery], about: About) -> tuple[Article, ...]:
    by_page = sorted(rows, key=lambda row: (case_of(row).page_id, row.id))
    return tuple(
        _article(session, list(of_page), about)
        for _, of_page in groupby(by_page, key=lambda row: case_of(row).page_id)
    )


def _article(session: Session, rows: Sequence[Delivery], about: About) -> Article:
    case = case_of(rows[0])
    page = case.page
    once = {row.case_id: row for row in rows}
    byline = [about.channel.site.name, page.section, page.author]
    return Article(
        title=title_of(page),
        language=case.language,
        url=page.link if page.link.startswith(("http://", "https://")) else None,
        byline=", ".join(part for part in byline if part),
        items=tuple(_item(session, row, about) for row in once.values()),
    )


def _item(session: Session, row: Delivery, about: About) -> Item:
    case = case_of(row)
    reports = [
        report for report in queries.case_reports(session, case.id) if report.erased_at is None
    ]
    return item_of(case, reports, _new_readers(row, reports), about)


def _new_readers(row: Delivery, reports: Sequence[Report]) -> int:
    """How many came since a digest's row was written; its first one was sorted at that moment."""
    if row.rhythm != "digest" or row.event_type != "case.updated":
        return 0
    return sum(
        report.sorted_at is not None and report.sorted_at >= row.created_at for report in reports
    )


def _preheader(articles: Sequence[Article]) -> str:
    """What a list of mails shows beside the subject: the sentences."""
    passages = [item.passage for article in articles for item in article.items if item.passage]
    return cut("; ".join(f"{p.before}{p.exact}{p.after}" for p in passages), _PREHEADER_LENGTH)


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
