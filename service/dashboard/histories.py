"""A case's history in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from core.i18n import Translator, marked
from core.i18n.moments import moment
from core.i18n.words import kind_word, resolution_word, status_word
from core.models import Event
from core.workflow import STATUSES

_WAYS = {
    "snippet": marked("way", "on the page"),
    "desk": marked("way", "desk"),
    "api": marked("way", "a program"),
    "mail": marked("way", "link in a mail"),
    "chat": marked("way", "button in a chat"),
}
_MACHINES = {
    "reader": marked("actor", "a reader"),
    "verifier": marked("actor", "the reading of the page"),
    "scheduler": marked("actor", "the clock"),
}

_REGROUPED = {
    "merged": {
        "into": marked("event", "Merged into case {n}"),
        "from": marked("event", "Case {n} merged into this one"),
    },
    "split": {
        "into": marked("event", "Reports split off into case {n}"),
        "from": marked("event", "Split off from case {n}"),
    },
}
_IN_CMS = {
    "applied": marked("event", "Applied in {system}, revision {n}"),
    "reverted": marked("event", "Taken back in {system}, revision {n}"),
}
_ALONE = {  # one sentence says it all
    "erased": marked("event", "The reader erased their report"),
    "notice_published": marked("event", "Correction notice published"),
    "notice_withdrawn": marked("event", "Correction notice withdrawn"),
    "notice_declined": marked("event", "No correction notice"),
}
_ACTS = {"merged": marked("event", "merge"), "split": marked("event", "split")}
_ENDED = {
    "assignee": marked("ended", "Assignment removed"),
    "suggestion": marked("ended", "Correction removed"),
    "snoozed_until": marked("ended", "Woken"),
}


@dataclass(frozen=True)
class Line:
    """One line: what happened, who did it and by which way. `shape` names the status sign."""

    said: tuple[str, ...]
    who: str
    way: str
    at: datetime
    shape: str


@dataclass(frozen=True)
class Note:
    """A colleague's remark. `by_mail`: nobody has checked that it is who it says."""

    text: str
    who: str
    at: datetime
    by_mail: bool


@dataclass(frozen=True)
class Narrator:
    """Tells a history in one language, in one site's time, with people's names."""

    t: Translator
    names: Mapping[str, str]
    zone: str
    now: datetime

    def lines(self, events: Sequence[Event], joined: Mapping[int, int] | None = None) -> list[Line]:
        """Newest first. Readers who joined one after another make one line; notes stand apart.
        `joined`: for how many readers an event stands, by its number; for one unless said."""
        told = [event for event in events if event.type != "note"]
        places = enumerate(told)
        runs = groupby(places, key=lambda each: None if each[1].type == "joined" else each[0])
        return [self._line([event for _, event in run], joined or {}) for _, run in runs]

    def notes(self, events: Sequence[Event]) -> list[Note]:
        """Oldest first, as one reads a talk."""
        notes = [event for event in events if event.type == "note"]
        return [
            Note(e.data.get("text", ""), self._author(e), e.at, e.via == "mail")
            for e in reversed(notes)
        ]

    def _author(self, note: Event) -> str:
        """Who wrote a note; of an address that several people read, only that it was answered."""
        sent_to = note.data.get("sent_to")
        if sent_to is not None:
            return self.t.gettext("A reply to {address}", address=sent_to)
        return self.who(note.actor)

    def who(self, actor: str) -> str:
        """A person by name, a machine by what it is."""
        if actor in _MACHINES:
            return self.t.pgettext(*_MACHINES[actor])
        return self.names.get(actor, actor)

    def _line(self, run: Sequence[Event], joined: Mapping[int, int]) -> Line:
        event = run[0]
        way = self.t.pgettext(*_WAYS[event.via]) if event.via in _WAYS else ""
        said = tuple(self._said(event, sum(joined.get(each.id, 1) for each in run)))
        return Line(said, self.who(event.actor), way, event.at, _shape(event))

    def _said(self, event: Event, times: int) -> list[str]:
        if event.type == "created":
            return [self.t.gettext("First report")]
        if event.type == "joined":
            return [self.t.ngettext("{n} more reader", "{n} more readers", times)]
        if event.type == "regressed":
            return [self._type(event.type)]
        if event.type in _REGROUPED:
            return [_regrouped(self.t, event)]
        if event.type in _ALONE:
            return [self.t.pgettext(*_ALONE[event.type])]
        if "cms" in event.data:
            return [self._written(event)]
        if event.type == "undone":
            return [self.t.gettext("Taken back: {what}", what=self._type(event.data.get("type")))]
        before, after = _awake_before(event), event.data.get("after", {})
        changed = {name for name in after if before.get(name) != after[name]}
        said = [
            self._changed(name, before.get(name), after[name]) for name in after if name in changed
        ]
        return [text for text in said if text] or [self._otherwise(event)]

    def _otherwise(self, event: Event) -> str:
        if "woken_at_readers" in event.data:
            return self.t.pgettext(*_ENDED["snoozed_until"])
        return self._type(event.type)

    def _written(self, event: Event) -> str:
        """What was done in the newsroom's system: `act` where it also moved the case."""
        facts = event.data["cms"]
        system, revision = facts["system"], facts["revision"]
        act = _IN_CMS[facts.get("act", event.type)]
        return self.t.pgettext(*act, system=system, n=revision)

    def _changed(self, name: str, before: Any, after: Any) -> str:
        t = self.t
        if name == "status":
            return status_word(t, after)
        if name == "resolution":
            return resolution_word(t, after) if after else ""
        if name == "kind":
            return t.gettext("Kind: {kind}", kind=kind_word(t, after))
        if name == "snoozed_until" and after:
            until = moment(t, datetime.fromisoformat(after), self.zone, self.now)
            return t.gettext("Snoozed until {when}", when=until.replace(" ", "\u00a0"))
        if name == "assignee" and after:
            return t.gettext("Assigned to {name}", name=self.who(after))
        if name == "suggestion" and after is not None:
            return correction_said(t, after)
        if name == "wake_at_readers" and after:
            return t.gettext("or until {n} readers have come", n=after)
        return t.pgettext(*_ENDED[name]) if before is not None and name in _ENDED else ""

    def _type(self, kind: object) -> str:
        if kind in (*STATUSES, "regressed"):
            return status_word(self.t, str(kind))
        if kind in _REGROUPED:
            return self.t.pgettext(*_ACTS[str(kind)])
        return self.t.gettext("Changed")


def correction_said(t: Translator, words: str) -> str:
    """What should stand; no letters say that the words go."""
    if not words:
        return t.gettext("Correction: the words should go")
    return t.gettext("Correction: “{words}”", words=words)


def brought_by(t: Translator, events: Sequence[Event]) -> dict[str, str]:
    """Of each report that came into a case by hand, by which merge or split; `events` are those of
    the case, newest first."""
    undone = {event.data.get("event") for event in events if event.type == "undone"}
    found: dict[str, str] = {}
    for event in reversed(events):
        if event.type in _REGROUPED and "from" in event.data and event.id not in undone:
            found |= dict.fromkeys(event.data["reports"], f"{_regrouped(t, event)}.")
    return found


def _regrouped(t: Translator, event: Event) -> str:
    side = "into" if "into" in event.data else "from"
    return t.pgettext(*_REGROUPED[event.type][side], n=event.data.get(side, ""))


def _awake_before(event: Event) -> dict[str, Any]:
    """What was before an event, where a snooze that had run out by then is none."""
    before = dict(event.data.get("before", {}))
    until = before.get("snoozed_until")
    if until is not None and datetime.fromisoformat(until) <= event.at:
        before["snoozed_until"] = None
    return before


def _shape(event: Event) -> str:
    """Which sign stands at the line: the status that it led to, else none."""
    if event.type == "created":
        return "new"
    if event.type in (*STATUSES, "regressed"):
        return event.type
    return "snoozed" if event.data.get("after", {}).get("snoozed_until") else ""
