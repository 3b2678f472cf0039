"""The channels and rules of sites: who listens, and who has heard already."""

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from core import recipients, routing
from core.cadence import Cadence, cadence_of
from core.models import (
    Case,
    Channel,
    Delivery,
    Duty,
    Membership,
    OwnMail,
    Page,
    RoutingPlan,
    RoutingRule,
    Site,
    User,
)
from core.rights import rights_of


@dataclass(frozen=True)
class Hearer:
    """A channel that hears of a case, and why (as Delivery has it)."""

    channel: Channel
    why: str | None = None


@dataclass
class _Told:
    """Which channels have heard of a case (and why), and in which of them a message of which rhythm
    waits that will tell of further readers.

    `held`: those messages are locked, or of this transaction, so that none goes out meanwhile.
    """

    heard: dict[int, str | None] = field(default_factory=dict)
    waiting: set[tuple[int, str]] = field(default_factory=set)
    held: set[tuple[int, str]] = field(default_factory=set)


@dataclass
class _House:
    """What one site has settled: its channels, its rules, its plan."""

    channels: list[Channel]
    rules: list[routing.Rule]
    plan: RoutingPlan | None
    cadences: dict[int, Cadence]


class Audience:
    """The channels and rules of sites, and the digests that wait; read once for many events."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._houses: dict[int, _House] = {}
        self._told: dict[int, _Told] = {}
        self._users: dict[int, User | None] = {}
        self._duties: dict[tuple[int, datetime], int | None] = {}
        self._authors: dict[tuple[int, str], int | None] = {}
        self._wishes: frozenset[int] | None = None

    def house(self, site_id: int) -> _House:
        """What a site has settled."""
        if site_id not in self._houses:
            every = select(Channel).where(Channel.site_id == site_id).order_by(Channel.id)
            known = list(self._session.scalars(every))
            self._meet({channel.user_id for channel in known if channel.user_id is not None})
            rules = select(RoutingRule).where(RoutingRule.site_id == site_id)
            self._houses[site_id] = _House(
                channels=[
                    channel
                    for channel in known
                    if not channel.options.get("stopped")
                    and (channel.user_id is None or self.may(channel.user_id, "viewer", site_id))
                ],
                rules=[
                    routing.Rule(rule.id, rule.name, rule.when, rule.then)
                    for rule in self._session.scalars(
                        rules.order_by(RoutingRule.position, RoutingRule.id)
                    )
                ],
                plan=self._session.get(RoutingPlan, site_id),
                cadences={},
            )
        return self._houses[site_id]

    def cadence(self, channel: Channel, site: Site) -> Cadence:
        """When a channel wants to hear."""
        known = self.house(site.id).cadences
        if channel.id not in known:
            known[channel.id] = cadence_of(channel.options, site.timezone)
        return known[channel.id]

    def route(self, case: Case, now: datetime) -> routing.Route:
        """Where the site's rules send a case."""
        house = self.house(case.site_id)
        if not house.rules:
            return routing.Route()
        match = house.plan.match if house.plan else "all"
        page = self._session.get_one(Page, case.page_id)
        facts = routing.facts_of(case, page, self.site(case.site_id).timezone, now)
        return routing.route(house.rules, match, facts)

    def site(self, site_id: int) -> Site:
        """A site. A case that is not in the database yet cannot be asked for its own."""
        return self._session.get_one(Site, site_id)

    def listeners(self, case: Case, kind: str, now: datetime) -> list[Hearer]:
        """The channels that hear of a case: programs always; of people those whom the rules
        choose, and of what comes later those who have heard of it. A mailbox hears once."""
        house = self.house(case.site_id)
        programs = [Hearer(channel) for channel in house.channels if channel.kind == "webhook"]
        heard = {} if kind == "created" else self.told(case).heard
        known = [
            Hearer(channel, heard[channel.id]) for channel in house.channels if channel.id in heard
        ]
        people = [hearer for hearer in known if hearer.channel.kind != "webhook"]
        people = people or self._chosen(case, now)
        people = [*people, *self._own_articles(case, kind, now)]
        first = {each.channel.id: each for each in reversed((*programs, *people))}
        every = sorted(first.values(), key=lambda each: -each.channel.id)
        return list({_mailbox(e.channel) or str(e.channel.id): e for e in every}.values())[::-1]

    def _own_articles(self, case: Case, kind: str, now: datetime) -> list[Hearer]:
        """The author of the article, who wants to hear whatever the rules say."""
        number = self._author(case) if kind == "created" and self._wish_articles() else None
        if number is None or number not in self._wish_articles():
            return []
        way = self.way(case.site_id, number, now)
        return [Hearer(way, "author")] if way is not None else []

    def _wish_articles(self) -> frozenset[int]:
        if self._wishes is None:
            query = select(OwnMail.user_id).where(OwnMail.articles, ~OwnMail.is_off)
            self._wishes = frozenset(self._session.scalars(query))
        return self._wishes

    def _chosen(self, case: Case, now: datetime) -> list[Hearer]:
        """By the rules; without any, or if none fits, the fallback; without one, all of them."""
        house = self.house(case.site_id)
        shared = [
            Hearer(channel, "channel")
            for channel in house.channels
            if channel.kind != "webhook" and channel.user_id is None
        ]
        if not house.rules:
            return shared
        route = self.route(case, now)
        people = [(number, f"rule {route.named_by('people', number)}") for number in route.people]
        if route.duty:
            people.append((self.on_duty(case.site_id, now) or 0, "duty"))
        if route.authors:
            people.append((self._author(case) or 0, "author"))
        chosen = [
            Hearer(way, why)
            for number, why in people
            if (way := self.way(case.site_id, number, now))
        ]
        chosen += [
            Hearer(channel, f"rule {route.named_by('channels', channel.id)}")
            for channel in house.channels
            if channel.id in route.channels and channel.kind != "webhook"
        ]
        if chosen:
            return chosen
        fallback = set(house.plan.fallback) if house.plan else set()
        caught = [Hearer(each, "fallback") for each in house.channels if each.id in fallback]
        return caught or shared

    def told(self, case: Case, is_new: bool = False) -> _Told:
        """Who has heard of a case; what this batch owes counts as heard. Of a new one nobody."""
        if case.id not in self._told:
            told = self._told[case.id] = _Told()
            if is_new:
                return told
            rows = self._session.execute(
                select(Delivery.channel_id, Delivery.rhythm, Delivery.why, _takes_along())
                .join(Delivery.channel)
                .where(Delivery.case_id == case.id, Delivery.event_type != "case.mentioned")
                .order_by(Delivery.id)
            )
            for channel_id, rhythm, why, waits in rows:
                told.heard.setdefault(channel_id, why)
                if waits:
                    told.waiting.add((channel_id, rhythm))
        return self._told[case.id]

    def takes_along(self, case: Case, channel: Channel, rhythm: str) -> bool:
        """Whether a digest that waits, or a word that is due at once, will name one more reader of
        a case: both are written when they are sent.

        It is locked for that until the transaction ends, since a postman on PostgreSQL may be
        taking it this very moment: its mail would not know of this yet. Who takes it first leaves
        no doubt; a claim passes over what is locked and comes back.
        """
        told = self.told(case)
        if not told.waiting <= told.held:
            rows = self._session.execute(
                select(Delivery.channel_id, Delivery.rhythm)
                .join(Delivery.channel)
                .where(Delivery.case_id == case.id, Delivery.event_type != "case.mentioned")
                .where(_takes_along())
                .order_by(Delivery.id)
                .with_for_update(of=Delivery)
            )
            told.held |= {(channel_id, word) for channel_id, word in rows}
            told.waiting &= told.held
        return (channel.id, rhythm) in told.waiting

    def on_duty(self, site_id: int, now: datetime) -> int | None:
        """The number of the person whose turn it is, of those who still decide on the site."""
        if (site_id, now) not in self._duties:
            query = select(Duty.user_id).where(
                Duty.site_id == site_id, Duty.begins_at <= now, Duty.ends_at > now
            )
            turns = self._session.scalars(query.order_by(Duty.begins_at.desc(), Duty.id)).all()
            able = (number for number in turns if self.may(number, "editor", site_id))
            self._duties[site_id, now] = next(able, None)
        return self._duties[site_id, now]

    def may(self, number: int, role: str, site_id: int) -> bool:
        """Whether there is a person of that number who has at least `role` on the site now.

        Roles are asked for at every word: who has lost theirs hears nothing more, whatever rules,
        rosters and plans still say.
        """
        user = self.user(number)
        return user is not None and rights_of(user).may(role, site_id)

    def _meet(self, numbers: set[int]) -> None:
        """Get to know people in one question."""
        if strange := numbers - self._users.keys():
            for user in self._session.scalars(select(User).where(User.id.in_(strange))):
                self._users[user.id] = user

    def user(self, number: int) -> User | None:
        """A person, if there still is one of that number."""
        if number not in self._users:
            self._users[number] = self._session.get(User, number)
        return self._users[number]

    def _author(self, case: Case) -> int | None:
        """The person of the site whose name is the article's author."""
        page = self._session.get_one(Page, case.page_id)
        name = " ".join((page.author or "").split()).casefold()
        key = (case.site_id, name)
        if name and key not in self._authors:
            people = self._session.execute(
                select(User.id, User.name)
                .join(Membership)
                .where((Membership.site_id == case.site_id) | Membership.site_id.is_(None))
            )
            names = {" ".join(known.split()).casefold(): number for number, known in people}
            self._authors[key] = names.get(name)
        return self._authors.get(key)

    def way(
        self, site_id: int, number: int | None, now: datetime, role: str = "viewer"
    ) -> Channel | None:
        """A person's own way on a site; None for who wants no mail or has no such role there."""
        user = self.user(number) if number else None
        if user is None or not self.may(user.id, role, site_id):
            return None
        house = self.house(site_id)
        for channel in house.channels:
            if _mailbox(channel) == recipients.folded(user.email):
                return channel
        channel = recipients.personal_channel(self._session, site_id, user, now)
        if channel.options.get("stopped"):
            return None
        house.channels.append(channel)
        return channel


def _mailbox(channel: Channel) -> str | None:
    return recipients.folded(channel.target) if channel.kind == "email" else None


def _takes_along() -> ColumnElement[bool]:
    """A message to people that nobody has tried to send yet: a digest, or a word that a known
    error has many readers."""
    is_loud = (Delivery.rhythm == "now") & (Delivery.event_type == "case.updated")
    untried = (Delivery.status == "pending") & (Delivery.attempts == 0)
    return untried & or_(Delivery.rhythm == "digest", is_loud) & (Channel.kind != "webhook")
