"""Mails to editors: about one case, or a digest of several."""

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from sqlalchemy import select
from sqlalchemy.orm import Session

from core import actionlinks
from core.channels import OutgoingMail
from core.i18n import Translator, translator
from core.i18n.moments import moment
from core.messages.articles import Article, Told
from core.messages.backlog import open_besides, queue_address
from core.messages.fitting import Share, fitted
from core.messages.items import About
from core.messages.occasions import case_of, lead_of, occasion_of, subject_of, waiting_rows
from core.messages.texts import cut
from core.models import Channel, Delivery, User
from core.settings import Settings

_TEMPLATES = Path(__file__).resolve().parent.parent / "templates" / "mail"
_PREHEADER_LENGTH = 150


def compose(
    session: Session,
    channel: Channel,
    rows: Sequence[Delivery],
    settings: Settings,
    now: datetime,
) -> OutgoingMail:
    """The mail that one or several rows of a channel make, in its reader's language.

    Its Message-ID comes from the oldest row, so that every try carries the same. What does not fit
    into a mail that mail programs show whole is named in a line, or counted, with a link to it.
    """
    key, rows = rows[0].message_key, waiting_rows(rows)
    user = _person(session, channel)
    t = translator(user.language if user else channel.language)
    about = About(channel, settings, t, now, is_person=user is not None)
    told = Told(session, rows, about)
    besides = 0
    if occasion_of(rows) == "open":
        besides = open_besides(session, channel.site_id, [case_of(row).id for row in rows], now)
    values = {
        "t": t,
        "gettext": t.gettext,
        "ngettext": t.ngettext,
        "subject": subject_of(rows, channel.site.name, t, besides),
        "lead": lead_of(rows, t),
        "queue": queue_address(settings, channel.site),
        "site": channel.site.name,
        "address": channel.target,
        "until": moment(t, now + actionlinks.VALID_FOR, channel.site.timezone, now),
        "stop": actionlinks.stop_address(settings, channel.id),
    }

    def filled(share: Share) -> dict[str, Any]:
        articles = told.articles(share)
        shown = sum(len(each.items) + len(each.lines) + each.more for each in articles)
        more = told.count - shown + besides
        return values | {
            "articles": articles,
            "more": more,
            "preheader": _preheader(articles),
        }

    def size(share: Share) -> int:
        return len(rendered("mail.html", filled(share)).encode("utf-8", "replace"))

    chosen = filled(fitted(told.count, size))
    pages = {case_of(row).page_id for row in rows}
    thread = f"page.{pages.pop()}" if len(pages) == 1 else f"digest.{channel.id}"
    return OutgoingMail(
        key=key,
        sender=settings.mail_from,
        recipient=channel.target,
        subject=str(values["subject"]),
        text=rendered("mail.txt", chosen),
        html=rendered("mail.html", chosen),
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
        text=rendered("short.txt", values),
        html=rendered("short.html", values),
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


def _preheader(articles: Sequence[Article]) -> str:
    """What a list of mails shows beside the subject: the sentences."""
    passages = [item.passage for article in articles for item in article.items if item.passage]
    return cut("; ".join(f"{p.before}{p.exact}{p.after}" for p in passages), _PREHEADER_LENGTH)


def rendered(name: str, values: dict[str, Any]) -> str:
    """A template of core/templates/mail with these values."""
    return _environment().get_template(name).render(values)


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
