"""What is said about the channels themselves: a test, a pause, and its end."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from core.channels import Outgoing, OutgoingChat
from core.i18n import Translator, translator
from core.i18n.reasons import reason_words
from core.messages import hooks, mails, week
from core.messages.items import Link
from core.messages.secrets import secret_of
from core.messages.short import Sentence, short
from core.models import Channel, Delivery
from core.settings import Settings

_NAMES = {"msteams": "Microsoft Teams"}


def compose(
    session: Session, channel: Channel, row: Delivery, settings: Settings, now: datetime
) -> Outgoing:
    """One short message without a case. A program gets its facts as an event of that type."""
    about = row.about or {}
    t = translator(mails.language_of(session, channel))
    is_week = row.event_type == "numbers.week"
    if is_week:
        subject, lines = week.said(about, channel, settings, t)
        way = Link(t.gettext("Open the desk"), f"{settings.base_url}/")
    else:
        subject, said = _said(row.event_type, about, channel, t)
        lines = [Sentence(line) for line in said]
        address = f"{settings.base_url}/settings/{channel.site_id}/channels"
        way = Link(t.gettext("Open the channel"), f"{address}/{about.get('channel', channel.id)}")
    if channel.kind == "email":
        return short(channel, row, subject, lines, way, settings, t, can_stop=is_week)
    if channel.kind == "webhook":
        body = {"type": row.event_type, "timestamp": row.created_at.isoformat(), "data": about}
        return hooks.hook(channel, row, body, settings, now)
    return OutgoingChat(
        key=row.message_key,
        kind=channel.kind,
        target=channel.target,
        secret=secret_of(channel, settings).partition(" ")[0],
        subject=subject,
        lead="\n".join([subject, *(line.plain for line in lines)]),
        options=channel.options,
    )


def _reason(about: dict[str, Any], t: Translator) -> str:
    return reason_words(t, about.get("reason") or "—")


def _called(about: dict[str, Any]) -> str:
    """What a channel is called: a mail channel by its address alone."""
    kind, target = str(about.get("kind")), str(about.get("target"))
    return target if kind == "email" else f"{_NAMES.get(kind, kind.capitalize())} {target}"


def _said(
    kind: str, about: dict[str, Any], channel: Channel, t: Translator
) -> tuple[str, list[str]]:
    site, name = channel.site.name, _called(about)
    if kind == "channel.paused":
        return (
            t.gettext("A channel of {site} is paused", site=site),
            [
                t.gettext("Messages to {channel} have been failing for a day.", channel=name),
                t.gettext("The last answer: {reason}", reason=_reason(about, t)),
                t.gettext(
                    "What it is owed waits. It is tried once an hour and goes on by itself as "
                    "soon as it takes a message."
                ),
            ],
        )
    if kind == "channel.back":
        return (
            t.gettext("A channel of {site} works again", site=site),
            [t.gettext("{channel} takes messages again; what waited is being sent.", channel=name)],
        )
    if kind == "channel.stopped":
        return (
            t.gettext("A channel of {site} was unsubscribed", site=site),
            [
                t.gettext(
                    "{channel} gets no messages any more, by the link in a mail.", channel=name
                )
            ],
        )
    return (
        t.gettext("A test from {site}", site=site),
        [t.gettext("This channel works: readers’ reports will arrive here.")],
    )
