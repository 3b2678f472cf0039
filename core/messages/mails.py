"""Mails to editors: about one case, or a digest of several."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import actionlinks
from core.channels import OutgoingMail
from core.i18n import translator
from core.messages.articles import Article, Told
from core.messages.backlog import open_besides, queue_address
from core.messages.feet import foot_of
from core.messages.fitting import Share, fitted
from core.messages.items import About
from core.messages.occasions import case_of, lead_of, occasion_of, subject_of, waiting_rows
from core.messages.rendering import rendered
from core.messages.texts import cut
from core.models import Channel, Delivery, User
from core.settings import Settings

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
    about = About(channel, settings, t, now, person=user.id if user else None)
    told = Told(session, rows, about)
    besides = 0
    if occasion_of(rows) == "open":
        besides = open_besides(session, channel.site_id, [case_of(row).id for row in rows], now)
    values = {
        "t": t,
        "gettext": t.gettext,
        "ngettext": t.ngettext,
        "subject": subject_of(rows, channel.site.name, t, besides),
        "lead": lead_of(rows, t, _writer(session, rows[0])),
        "queue": queue_address(settings, channel.site),
    }

    def filled(share: Share) -> dict[str, Any]:
        articles = told.articles(share)
        shown = sum(len(each.items) + len(each.lines) + each.more for each in articles)
        more = told.count - shown + besides
        return values | {
            "articles": articles,
            "more": more,
            "foot": foot_of(rows, user, any(i.actions for a in articles for i in a.items), about),
            "preheader": _preheader(articles),
        }

    def size(share: Share) -> int:
        return len(rendered("mail/mail.html", filled(share)).encode("utf-8", "replace"))

    chosen = filled(fitted(told.count, size))
    pages = {case_of(row).page_id for row in rows}
    thread = f"page.{pages.pop()}" if len(pages) == 1 else f"digest.{channel.id}"
    return OutgoingMail(
        key=key,
        sender=settings.mail_from,
        recipient=channel.target,
        subject=str(values["subject"]),
        text=rendered("mail/mail.txt", chosen),
        html=rendered("mail/mail.html", chosen),
        thread_key=f"{thread}.{channel.site.key}",
        list_key=channel.site.key,
        list_name=channel.site.name,
        language=t.language,
        stop_url=actionlinks.stop_address(settings, channel.id),
    )


def language_of(session: Session, channel: Channel) -> str:
    """The language of the person with that address, else the channel's."""
    user = _person(session, channel)
    return user.language if user else channel.language


def _writer(session: Session, row: Delivery) -> str | None:
    """The name of who wrote the note that a mail is about."""
    if row.event is None or row.event_type != "case.mentioned":
        return None
    return session.scalar(select(User.name).where(User.email == row.event.actor))


def _person(session: Session, channel: Channel) -> User | None:
    return session.scalar(select(User).where(User.email == channel.target.lower()))


def _preheader(articles: Sequence[Article]) -> str:
    """What a list of mails shows beside the subject: the sentences."""
    passages = [item.passage for article in articles for item in article.items if item.passage]
    return cut("; ".join(f"{p.before}{p.exact}{p.after}" for p in passages), _PREHEADER_LENGTH)
