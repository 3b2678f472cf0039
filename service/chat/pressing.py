"""A press of a button: whose it is, and what comes of it."""

import secrets
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from core import actionlinks, chatlinks, linkstate, moves, workflow
from core.actionlinks import VERBS, Verb
from core.clock import utcnow
from core.errors import NotFound
from core.history import Actor
from core.i18n import Translator, translator
from core.i18n.words import status_word
from core.models import Case, Channel, ChatPerson, Delivery, User
from core.rights import rights_of
from core.signals import DELIVER
from service import deeds
from service.context import service


@dataclass(frozen=True)
class Presser:
    """Somebody in a chat, as the platform has proven: `place` is its workspace or bot.

    `channels` are those to which the chat belongs where it was pressed and, in Slack, whose own
    secret has proven it: else the secret that one site's administrator has set would speak for
    another site's chat.
    """

    kind: str
    place: str
    name: str
    shown: str
    channels: frozenset[int]


@dataclass(frozen=True)
class Told:
    """What the presser is told. `link` is where an account that nobody knows is made known.

    `shown` where the message itself is changed to say so.
    """

    text: str
    link: str | None = None
    shown: bool = False


def press(presser: Presser, value: str) -> Told:
    """Do what a button is for, in the name of the person who pressed it.

    A button that is not ours, or from another chat than it was sent to, does nothing.
    """
    settings, now = service().settings, utcnow()
    with service().db.write() as session:
        user = _user(session, presser)
        try:
            step, case_id, channel_id = actionlinks.read_button(settings, value)
            channel = _channel(session, channel_id, presser)
            case = moves.locked(session, case_id)
        except NotFound:
            t = translator(user.language if user else "")
            return Told(t.gettext("This button is not valid any more."))
        t = translator(user.language if user else channel.language)
        if user is None:
            link = chatlinks.address(settings, presser.kind, presser.place, presser.name, now)
            return Told(t.gettext("I do not know you yet. Say who you are here:"), link)
        if not rights_of(user).may("editor", channel.site_id):
            return Told(t.gettext("You may not decide about errors of this site."))
        told = _done(session, channel, case, step, user, t, now)
    service().bell.ring(DELIVER)
    return told


def channels_in(kind: str, chat: str, name: str = "") -> frozenset[int]:
    """The channels to one chat, by its number or its public name: those that lead there now, and
    those that have spoken there before (a group that has moved keeps its messages)."""
    target = func.lower(Channel.target)
    spoke = (
        select(Delivery.id)
        .where(Delivery.channel_id == Channel.id)
        .where(Delivery.reference.startswith(f"{chat}/", autoescape=True))
    )
    here = or_(target == chat.lower(), target == f"@{name.lower()}", spoke.exists())
    with service().db.read() as session:
        return frozenset(session.scalars(select(Channel.id).where(Channel.kind == kind, here)))


def link_for(presser: Presser, language: str) -> Told:
    """Where somebody in a chat makes themselves known."""
    t = translator(language)
    settings = service().settings
    link = chatlinks.address(settings, presser.kind, presser.place, presser.name, utcnow())
    return Told(t.gettext("I do not know you yet. Say who you are here:"), link)


def _done(
    session: Session,
    channel: Channel,
    case: Case,
    step: str,
    user: User,
    t: Translator,
    now: datetime,
) -> Told:
    name, _, reason = step.partition(":")
    if name in ("dismiss", "back") and not reason:
        ask = name == "dismiss" and linkstate.leads_on("dismiss", case, user, now)
        _owe_edit(session, channel, case, {"ask": ask}, now)
        return Told(t.gettext("Why is it dismissed?") if ask else "", shown=True)
    verb = _verb(name)
    if not linkstate.leads_on(verb, case, user, now):
        _owe_edit(session, channel, case, {"ask": False}, now)
        return Told(_faster(session, case, verb, user, t, now))
    resolution = workflow.RESOLUTIONS[int(reason)] if reason else None
    by = Actor(user.email, "chat", user.id)
    deeds.do(session, case, verb, resolution, by, user, now, service().settings)
    return Told(status_word(t, case.status), shown=True)


def _faster(
    session: Session, case: Case, verb: Verb, user: User, t: Translator, now: datetime
) -> str:
    """That somebody has decided already, and who."""
    said = t.gettext("This has been decided already. Nothing was changed.")
    decision = linkstate.decision_about(session, case, verb, now)
    if decision is None:
        return said
    return f"{said} {deeds.told(t, decision, user.email, case.site.timezone, now)}"


def _verb(name: str) -> Verb:
    for verb in VERBS:
        if verb == name:
            return verb
    raise NotFound("This button is not valid.")


def _owe_edit(
    session: Session, channel: Channel, case: Case, about: dict[str, bool], now: datetime
) -> None:
    """Have the message changed: to ask for the reason, or to say what is so now."""
    session.add(
        Delivery(
            channel_id=channel.id,
            case_id=case.id,
            event_type="case.updated",
            rhythm="edit",
            due_at=now,
            message_key=secrets.token_hex(16),
            about=about,
            created_at=now,
        )
    )


def _channel(session: Session, channel_id: int, presser: Presser) -> Channel:
    channel = session.get(Channel, channel_id)
    if channel is None or channel.kind != presser.kind or channel.options.get("stopped"):
        raise NotFound("This button is not valid.")
    if channel.id not in presser.channels:
        raise NotFound("This button is not valid.")
    if channel.options.get("bot", presser.place) != presser.place:
        raise NotFound("This button is not valid.")
    return channel


def _user(session: Session, presser: Presser) -> User | None:
    query = (
        select(User)
        .join(ChatPerson, ChatPerson.user_id == User.id)
        .where(
            ChatPerson.kind == presser.kind,
            ChatPerson.place == presser.place,
            ChatPerson.name == presser.name,
        )
    )
    return session.scalar(query)
