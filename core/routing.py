"""Which new case goes to whom: a site's rules, its fallback, and who is on duty."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any
from urllib.parse import unquote
from zoneinfo import ZoneInfo

from core.models import Case, Page

_SCHEME_AND_HOST = re.compile(r"[^/?#]*//[^/?#]*")
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
CONDITIONS = (
    "section",
    "author",
    "language",
    "kind",
    "url",
    "priority_from",
    "hours",
    "weekdays",
)
OUTCOMES = ("channels", "people", "assign", "duty", "authors")


@dataclass(frozen=True)
class Rule:
    """One rule: the conditions that must all hold, and what follows.

    when: `section`, `author`, `language`, `kind`, `weekdays` are lists of which one must fit (a
    language fits what is more exact: `kk` fits `kk-KZ`), `url` a pattern in which `*` alone is
    special, `priority_from` a number, `hours` two times of day.
    then: `channels` and `people` are numbers, `assign` a person's number or `duty`, `duty` and
    `authors` are true where the person on duty, or the article's author, shall hear.
    """

    id: int
    name: str
    when: Mapping[str, Any]
    then: Mapping[str, Any]


@dataclass(frozen=True)
class Facts:
    """What rules look at. Texts are compared without regard to capitals."""

    section: str
    author: str
    language: str
    kind: str
    url: str
    priority: int
    here: datetime


@dataclass(frozen=True)
class Route:
    """Where a case goes. `assign` is a person's number, or `duty`. Empty `rules`: none fits."""

    fitting: tuple[Rule, ...] = ()
    channels: tuple[int, ...] = ()
    people: tuple[int, ...] = ()
    assign: int | str | None = None
    duty: bool = False
    authors: bool = False

    @property
    def rules(self) -> tuple[str, ...]:
        """The names of the rules that fit."""
        return tuple(rule.name for rule in self.fitting)

    def named_by(self, outcome: str, number: int) -> str:
        """The name of the first rule that chooses a channel, or a person (`outcome`: `channels`,
        `people`); empty if none does."""
        return next((r.name for r in self.fitting if number in r.then.get(outcome, ())), "")


def facts_of(case: Case, page: Page, timezone: str, now: datetime) -> Facts:
    """What rules may look at, by the clock of the newsroom."""
    return Facts(
        section=_plain(page.section),
        author=_plain(page.author),
        language=case.language,
        kind=case.kind,
        url=page.link,
        priority=case.priority,
        here=now.astimezone(ZoneInfo(timezone)),
    )


def route(rules: Sequence[Rule], match: str, facts: Facts) -> Route:
    """Try the rules in their order; `match` is `first` (one decides) or `all` (all that fit add).

    The first that assigns decides on that.
    """
    fitting = [rule for rule in rules if fits(rule, facts)]
    if match == "first":
        fitting = fitting[:1]
    return Route(
        fitting=tuple(fitting),
        channels=_gathered(rule.then.get("channels", ()) for rule in fitting),
        people=_gathered(rule.then.get("people", ()) for rule in fitting),
        assign=next((rule.then["assign"] for rule in fitting if rule.then.get("assign")), None),
        duty=any(rule.then.get("duty") for rule in fitting),
        authors=any(rule.then.get("authors") for rule in fitting),
    )


def fits(rule: Rule, facts: Facts) -> bool:
    """Whether all conditions of a rule hold. A rule without any always fits."""
    when = rule.when
    listed = {"section": facts.section, "author": facts.author, "kind": facts.kind}
    if "language" in when and not any(_speaks(tag, facts.language) for tag in when["language"]):
        return False
    if any(
        name in when and value not in {_plain(text) for text in when[name]}
        for name, value in listed.items()
    ):
        return False
    if "url" in when and not _lies_at(when["url"], facts.url):
        return False
    if facts.priority < when.get("priority_from", facts.priority):
        return False
    if "weekdays" in when and WEEKDAYS[facts.here.weekday()] not in when["weekdays"]:
        return False
    return "hours" not in when or _within(when["hours"], facts.here.time())


def _speaks(wanted: str, language: str) -> bool:
    """Whether a language tag is what is wanted, or more exact: `kk` is spoken by `kk-KZ`."""
    subtags = [tag.strip().lower().replace("_", "-").split("-") for tag in (wanted, language)]
    return subtags[1][: len(subtags[0])] == subtags[0]


def _lies_at(pattern: str, url: str) -> bool:
    """Whether an address fits a pattern, however the one or the other is written: a browser
    percent-encodes letters that a person types, and a host has no capitals."""
    text = _readable(_host_lowered(url))
    first, *others = (_readable(part) for part in _host_lowered(pattern).split("*"))
    if not others:
        return text == first
    if not text.startswith(first):
        return False
    place = len(first)
    for part in others[:-1]:
        place = text.find(part, place) + len(part)
        if place < len(part):
            return False
    return text.endswith(others[-1]) and place <= len(text) - len(others[-1])


def _host_lowered(url: str) -> str:
    begins = _SCHEME_AND_HOST.match(url)
    end = begins.end() if begins else 0
    return url[:end].lower() + url[end:]


def _readable(url: str) -> str:
    return unquote(url, errors="surrogateescape")


def _within(hours: Sequence[str], clock: time) -> bool:
    begins, ends = (time.fromisoformat(text) for text in hours)
    if begins <= ends:
        return begins <= clock < ends
    return clock >= begins or clock < ends


def _gathered(lists: Iterable[Sequence[int]]) -> tuple[int, ...]:
    return tuple(dict.fromkeys(number for numbers in lists for number in numbers))


def _plain(text: str | None) -> str:
    return " ".join((text or "").split()).casefold()
