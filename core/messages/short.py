"""Mails of a few lines, without a case."""

from collections.abc import Sequence
from dataclasses import dataclass

from core.channels import OutgoingMail
from core.i18n import Translator
from core.messages.feet import Foot, reasons_of, ways_of
from core.messages.items import Link
from core.messages.rendering import rendered
from core.models import Channel, Delivery
from core.settings import Settings


@dataclass(frozen=True)
class Sentence:
    """One line. With a `url` its text is a link, in the `language` of a page's title; `more`
    follows it, a link of its own."""

    text: str
    url: str | None = None
    language: str | None = None
    more: str = ""
    more_url: str | None = None

    @property
    def plain(self) -> str:
        """The line where nothing is a link."""
        return f"{self.text} — {self.more}" if self.more else self.text


def short(
    channel: Channel,
    row: Delivery,
    subject: str,
    lines: Sequence[Sentence],
    way: Link,
    settings: Settings,
    t: Translator,
    can_stop: bool = False,
) -> OutgoingMail:
    """A mail of a few lines with one way on; one that comes again and again can be stopped."""
    ways = ways_of(channel, settings, t) if can_stop else ()
    values = {
        "t": t,
        "gettext": t.gettext,
        "subject": subject,
        "lines": lines,
        "way": way,
        "foot": Foot((), reasons_of([row], channel, t), ways),
    }
    return OutgoingMail(
        key=row.message_key,
        sender=settings.mail_from,
        recipient=channel.target,
        subject=subject,
        text=rendered("mail/short.txt", values),
        html=rendered("mail/short.html", values),
        thread_key=f"channels.{channel.site.key}",
        list_key=channel.site.key,
        list_name=channel.site.name,
        language=t.language,
        stop_url=ways[-1].url if ways else None,
    )
