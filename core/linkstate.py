"""What a link from a mail can still do, and who was faster if it cannot."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from core.actionlinks import STATUS_AFTER, Action, Verb
from core.errors import NotFound
from core.history import Actor
from core.models import Case, Channel, Event, User

# From which statuses a link leads on. It never takes back what somebody has decided meanwhile.
_LEADS_ON_FROM: dict[Verb, tuple[str, ...]] = {
    "accept": ("new",),
    "fixed": ("new", "accepted"),
    "dismiss": ("new", "accepted"),
}
_DECISIONS = ("accepted", "fixed", "verified", "dismissed", "regressed", "undone")


@dataclass(frozen=True)
class LinkState:
    """A link's case as it stands now. `decision` is the last one about it, if there is any."""

    action: Action
    case: Case
    actor: Actor
    language: str
    decision: Event | None
    used: bool

    @property
    def can_act(self) -> bool:
        """A link acts once, and only where its case still waits for that step."""
        return not self.used and self.case.status in _LEADS_ON_FROM[self.action.verb]


def verbs_for(status: str) -> tuple[Verb, ...]:
    """The links that a mail about a case of this status offers."""
    return tuple(verb for verb, statuses in _LEADS_ON_FROM.items() if status in statuses)


def state_of(session: Session, action: Action, lock: bool = False) -> LinkState:
    """Look at the case of a link, with its page and site; `lock` it to act on it.

    Raises NotFound if the case or the channel is gone, or the channel is another site's now.
    """
    channel = session.get(Channel, action.channel_id)
    query = select(Case).where(Case.id == action.case_id)
    query = query.options(joinedload(Case.page), joinedload(Case.site))
    if lock:
        query = query.with_for_update(of=Case, key_share=True)
    case = session.scalar(query)
    if channel is None or case is None or case.site_id != channel.site_id:
        raise NotFound("This link is not valid.")
    address = channel.target.lower()
    user = session.scalar(select(User).where(User.email == address))
    actor = Actor(name=address, via="mail", user_id=user.id if user else None)
    language = user.language if user else channel.language
    decision = _last_decision(session, case)
    return LinkState(action, case, actor, language, decision, _used(session, action, actor))


def _last_decision(session: Session, case: Case) -> Event | None:
    of_case = select(Event).where(Event.case_id == case.id, Event.type.in_(_DECISIONS))
    return session.scalar(of_case.order_by(Event.id.desc()).limit(1))


def _used(session: Session, action: Action, actor: Actor) -> bool:
    """Whether it has acted before, even if a colleague has taken that back since."""
    done = select(Event.id).where(
        Event.case_id == action.case_id,
        Event.type == STATUS_AFTER[action.verb],
        Event.actor == actor.name,
        Event.via == actor.via,
        Event.at >= action.issued_at,
    )
    return session.scalar(done.limit(1)) is not None
