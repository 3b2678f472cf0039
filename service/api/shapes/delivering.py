"""Channels, rules, plans and rosters, as they come in and go out."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, Field

from service.api.shapes.asked import Asked, Id, Moment, Query, Text, storable
from service.api.shapes.words import Kind, no_default

ChannelKind = Literal[
    "email", "webhook", "telegram", "slack", "mattermost", "discord", "msteams", "apprise"
]
Language = Literal["kk", "ru", "en"]
Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
SiteKey = Annotated[Text, Field(min_length=1, max_length=64)]
Word = Annotated[Text, Field(min_length=1, max_length=300)]
Words = Annotated[list[Word], Field(min_length=1, max_length=50)]
Address = Annotated[Text, Field(min_length=1, max_length=254)]
Small = Annotated[int, Field(ge=-1_000_000, le=1_000_000)]
_LEFT_OUT: Any = None  # never read: only what is given counts
Said = Annotated[Text, Field(max_length=64)]
# Text again, for fields that may be left out: two additions to one schema do not go together.
Plain = Annotated[str, AfterValidator(storable)]
_Short = Annotated[Plain, Field(max_length=64)]


class Rhythm(Asked):
    """When a channel hears what: `now`, `15m`, `hourly`, `daily` or `off`; empty: as usual."""

    new: _Short = Field("now", json_schema_extra=no_default)
    readers: _Short = Field("daily", json_schema_extra=no_default)
    typo: _Short = Field("", json_schema_extra=no_default)
    fact: _Short = Field("", json_schema_extra=no_default)
    link: _Short = Field("", json_schema_extra=no_default)
    other: _Short = Field("", json_schema_extra=no_default)
    daily_at: _Short = Field("", json_schema_extra=no_default, description="such as 09:00")
    quiet: _Short = Field("", json_schema_extra=no_default, description="such as 22:00-07:00")
    timezone: _Short = Field("", json_schema_extra=no_default)


class ChannelIn(Asked):
    """A new way to reach a site's editors. A chat brings its secret along."""

    site: SiteKey
    kind: ChannelKind
    target: Annotated[Text, Field(min_length=1, max_length=2_048)]
    secret: Annotated[Text, Field(max_length=2_048)] | None = None
    language: Language | None = None
    rhythm: Rhythm | None = None


class ChannelPatch(Asked):
    """What shall be different. `paused` by hand: nothing is sent until it is resumed."""

    language: Language = Field("kk", json_schema_extra=no_default)
    rhythm: Rhythm = Field(_LEFT_OUT, json_schema_extra=no_default)
    paused: Literal[True] = Field(True, json_schema_extra=no_default)


class ChannelsQuery(Query):
    """Of which site."""

    site: Annotated[Text, Field(max_length=64)] | None = Field(
        None, description="Key of a site", json_schema_extra=no_default
    )


class RulesQuery(ChannelsQuery):
    """Of which site."""


class ChannelOut(BaseModel):
    """A way to reach editors, how it fares and when it hears what. Never its secret."""

    id: int
    site: str
    kind: ChannelKind
    target: str
    language: str
    person: str | None
    state: Literal["working", "slow", "failing", "paused", "stopped"]
    reason: str | None
    paused_at: datetime | None
    last_success_at: datetime | None
    rhythm: dict[str, str]


class ChannelMade(ChannelOut):
    """The same, and once the secret by which its calls are signed."""

    secret: str | None


class ChannelList(BaseModel):
    """Channels, in the order of their making."""

    items: list[ChannelOut]
    next: str | None


class ChannelTried(BaseModel):
    """What a test came to. `fault` says why it was not taken."""

    delivery: int
    taken: bool
    fault: str | None


class Gone(BaseModel):
    """What is not there any more."""

    id: int


class WhenIn(Asked):
    """Conditions that must all hold; of each list one must fit."""

    section: Words = Field([], json_schema_extra=no_default)
    author: Words = Field([], json_schema_extra=no_default)
    language: Words = Field([], json_schema_extra=no_default)
    kind: Annotated[list[Kind], Field(min_length=1)] = Field([], json_schema_extra=no_default)
    url: Annotated[Plain, Field(min_length=1, max_length=500)] = Field(
        "*", json_schema_extra=no_default
    )
    priority_from: Small = Field(0, json_schema_extra=no_default)
    hours: Annotated[list[Said], Field(min_length=2, max_length=2)] = Field(
        [], json_schema_extra=no_default
    )
    weekdays: Annotated[list[Weekday], Field(min_length=1)] = Field(
        [], json_schema_extra=no_default
    )


class ThenIn(Asked):
    """Where it goes. `people` and `assign` are addresses; `assign` may be `duty`."""

    channels: Annotated[list[Id], Field(max_length=100)] = Field([], json_schema_extra=no_default)
    people: Annotated[list[Address], Field(max_length=100)] = Field(
        [], json_schema_extra=no_default
    )
    assign: Address | None = Field(None, json_schema_extra=no_default)
    duty: bool = Field(False, json_schema_extra=no_default)
    authors: bool = Field(False, json_schema_extra=no_default)


class Rule(Asked):
    """One rule."""

    name: Annotated[Text, Field(min_length=1, max_length=100)]
    when: WhenIn = Field(_LEFT_OUT, json_schema_extra=no_default)
    then: ThenIn


class RuleIn(Rule):
    """A new rule, after the others."""

    site: SiteKey


class RulePatch(Asked):
    """What shall be different. `position` counts from 1."""

    name: Annotated[Plain, Field(min_length=1, max_length=100)] = Field(
        "", json_schema_extra=no_default
    )
    when: WhenIn = Field(_LEFT_OUT, json_schema_extra=no_default)
    then: ThenIn = Field(_LEFT_OUT, json_schema_extra=no_default)
    position: Annotated[int, Field(ge=1, le=10_000)] = Field(1, json_schema_extra=no_default)


class RuleOut(BaseModel):
    """One rule of a site."""

    id: int
    site: str
    position: int
    name: str
    when: dict[str, Any]
    then: dict[str, Any]


class RuleList(BaseModel):
    """Rules, in their order."""

    items: list[RuleOut]
    next: str | None


class RehearsalIn(Asked):
    """Rules to try on the last week: the site's own if none are named. Nothing is sent."""

    site: SiteKey
    rules: Annotated[list[Rule], Field(max_length=50)] | None = None


class RehearsedOut(BaseModel):
    """Where a case of the last week would have gone. No rules: none fitted, the fallback heard."""

    case_id: int
    exact: str
    rules: list[str]
    channels: list[str]
    people: list[str]
    assign: str | None


class RehearsedList(BaseModel):
    """Cases of the last week, newest first."""

    items: list[RehearsedOut]
    next: str | None


class PlanPatch(Asked):
    """What shall be different."""

    match: Literal["all", "first"] = Field("all", json_schema_extra=no_default)
    fallback: Annotated[list[Id], Field(max_length=100)] = Field([], json_schema_extra=no_default)
    thresholds: Annotated[list[Annotated[int, Field(ge=2, le=1_000_000)]], Field(max_length=20)] = (
        Field([], json_schema_extra=no_default)
    )
    remind_hours: Annotated[int, Field(ge=1, le=8_760)] | None = Field(
        None, json_schema_extra=no_default
    )
    escalate_hours: Annotated[int, Field(ge=1, le=8_760)] | None = Field(
        None, json_schema_extra=no_default
    )
    escalate_to: Address | None = Field(None, json_schema_extra=no_default)
    weekly_at: Said | None = Field(
        None, json_schema_extra=no_default, description="such as mon 09:00"
    )
    summary_at: Said | None = Field(
        None, json_schema_extra=no_default, description="The week in numbers: such as mon 09:00"
    )


class PlanOut(BaseModel):
    """What a site has settled about its messages as a whole."""

    site: str
    match: Literal["all", "first"]
    fallback: list[int]
    thresholds: list[int]
    remind_hours: int | None
    escalate_hours: int | None
    escalate_to: str | None
    weekly_at: str | None
    summary_at: str | None


class DutyIn(Asked):
    """A person's turn."""

    site: SiteKey
    person: Address
    begins_at: Moment
    ends_at: Moment


class DutyOut(BaseModel):
    """A person's turn on the roster; `is_now`: this person is on duty."""

    id: int
    site: str
    person: str
    begins_at: datetime
    ends_at: datetime
    is_now: bool


class DutyList(BaseModel):
    """The turns that are not over."""

    items: list[DutyOut]
    next: str | None
