"""What a link from a mail or a button in a chat can still do, and who was faster if it cannot."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from core.actionlinks import STATUS_AFTER, Action, Verb
from core.errors import NotFound
from core.history import Actor
from core.models import Case, Channel, Event, User
from core.rights import rights_of

# From which statuses a link leads on. It never takes back what somebody has decided meanwhile.
_OPEN = ("new", "accepted")
_LEADS_ON_FROM: dict[Verb, tuple[str, ...]] = {
    "accept": ("new",),
    "fixed": _OPEN,
    "dismiss": _OPEN,
    "mine": _OPEN,
    "snooze": _OPEN,
}
_FIELDS = {"mine": "assignee", "snooze": "snoozed_until"}
_DECISIONS = ("accepted", "fixed", "verified", "dismissed", "regressed", "undone")


@dataclass(frozen=True)
class LinkState:
    """A link's case as it stands now.

    `decision` is the last one about it, if there is any; `deed` is what this link has done. `user`
    is the person whose address it was sent to, None for an address that several people read.
    `waits` is whether the case still waits for the step of the link.
    """

    action: Action
    case: Case
    actor: Actor
    language: str
    decision: Event | None
    deed: Event | None
    last_change: int | None
    user: User | None
    waits: bool

    @property
    def can_act(self) -> bool:
        """A link acts once, and only where its case still waits for that step."""
        return self.deed is None and self.waits

    @property
    def can_undo(self) -> bool:
        """What a link has done can be taken back by it, while nothing else has happened since."""
        return self.deed is not None and self.deed.id == self.last_change


def verbs_for(status: str) -> tuple[Verb, ...]:
    """The links that a mail about a case of this status offers."""
    return tuple(verb for verb in STATUS_AFTER if status in _LEADS_ON_FROM[verb])


def leads_on(verb: Verb, case: Case, user: User | None, now: datetime) -> bool:
    """Whether a case still waits for a step, of whichever door.

    It does where the step leads on from its status. Only a person takes a case on, and only one
    that nobody has; only a case that is awake is put off. So neither takes back what a colleague
    has done: to take a case over, or to wake it, is for the desk.
    """
    if case.status not in _LEADS_ON_FROM[verb]:
        return False
    if verb == "mine":
        return user is not None and case.assignee_id is None
    return verb != "snooze" or not case.sleeps(now)


def decision_about(session: Session, case: Case, verb: Verb, now: datetime) -> Event | None:
    """Who was faster with a step: whoever has the case or put it off, else the last decision."""
    held = {"mine": case.assignee_id is not None, "snooze": case.sleeps(now)}
    if case.status in _OPEN and held.get(verb):
        changes = select(Event).where(Event.case_id == case.id, Event.type == "updated")
        for event in session.scalars(changes.order_by(Event.id.desc())):
            if event.data.get("after", {}).get(_FIELDS[verb]):
                return event
    of_case = select(Event).where(Event.case_id == case.id, Event.type.in_(_DECISIONS))
    return session.scalar(of_case.order_by(Event.id.desc()).limit(1))


def state_of(session: Session, action: Action, now: datetime, lock: bool = False) -> LinkState:
    """Look at the case of a link, with its page and site; `lock` it to act on it.

    Raises NotFound if the case or the channel is gone, the channel is another site's now, its
    mails were unsubscribed, or the person whose link it is may not decide there any more.
    """
    channel = session.get(Channel, action.channel_id)
    query = select(Case).where(Case.id == action.case_id)
    query = query.options(joinedload(Case.page), joinedload(Case.site))
    if lock:
        query = query.with_for_update(of=Case, key_share=True)
    case = session.scalar(query)
    if channel is None or case is None or case.site_id != channel.site_id:
        raise NotFound("This link is not valid.")
    if channel.options.get("stopped"):
        raise NotFound("This link is not valid.")
    address = channel.target.lower()
    user = session.scalar(select(User).where(User.email == address))
    if user is not None and not rights_of(user).may("editor", case.site_id):
        raise NotFound("This link is not valid.")
    actor = Actor(name=address, via="mail", user_id=user.id if user else None)
    language = user.language if user else channel.language
    return LinkState(
        action,
        case,
        actor,
        language,
        decision=decision_about(session, case, action.verb, now),
        deed=_deed(session, action, actor),
        last_change=_last_change(session, case),
        user=user,
        waits=leads_on(action.verb, case, user, now),
    )


def _last_change(session: Session, case: Case) -> int | None:
    """The number of the newest event that changed the case or took a change back."""
    events = select(Event).where(Event.case_id == case.id, Event.type.not_in(("joined", "note")))
    return session.scalar(events.with_only_columns(Event.id).order_by(Event.id.desc()).limit(1))


def _deed(session: Session, action: Action, actor: Actor) -> Event | None:
    """What the link has done before, even if a colleague has taken that back since."""
    done = (
        select(Event)
        .where(
            Event.case_id == action.case_id,
            Event.type == STATUS_AFTER.get(action.verb, "updated"),
            Event.actor == actor.name,
            Event.via == actor.via,
            Event.at >= action.issued_at,
        )
        .order_by(Event.id)
    )
    field = _FIELDS.get(action.verb)
    for event in session.scalars(done):
        if field is None or field in event.data.get("after", {}):
            return event
    return None
