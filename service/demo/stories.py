"""What has happened to the newsroom's errors before the demo begins, read from stories.json."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

from service.demo.articles import Slip, originals, plain, published, slips

_FILE = Path(__file__).with_name("stories.json")


@dataclass(frozen=True)
class Move:
    """One decision. `by` is a colleague's short name, None for the check of the page."""

    after: timedelta
    by: str | None
    status: str
    resolution: str | None = None
    assignee: str | None = None
    snooze: timedelta | None = None


@dataclass(frozen=True)
class Note:
    """One remark of a colleague."""

    after: timedelta
    by: str
    text: str


@dataclass(frozen=True)
class Story:
    """One error and its history; `ago` is how long before now its first reader reported it.

    `suggestion` is None where readers only said that something is wrong.
    """

    slip: Slip
    suggestion: str | None
    kind: str
    readers: int
    ago: timedelta
    comments: tuple[str, ...] = ()
    moves: tuple[Move, ...] = ()
    notes: tuple[Note, ...] = field(default=())

    @property
    def status(self) -> str:
        """Where the case stands at the end of its story."""
        return self.moves[-1].status if self.moves else "new"


def mended() -> frozenset[str]:
    """The slips that the newsroom has put right on its pages."""
    return frozenset(told["slip"] for told in _told() if "slip" in told and _is_mended(told))


@cache
def stories() -> tuple[Story, ...]:
    """All stories, in the order of the file."""
    right = mended()
    known = {slip.id: slip for article in originals().values() for slip in slips(article, right)}
    return tuple(_story(told, known) for told in _told())


def _told() -> list[dict[str, Any]]:
    told: list[dict[str, Any]] = json.loads(_FILE.read_text(encoding="utf-8"))
    return told


def _is_mended(told: Mapping[str, Any]) -> bool:
    moves = told.get("moves", [])
    settled = bool(moves) and moves[-1]["status"] in {"fixed", "verified"}
    return bool(told.get("mended", settled))


def _story(told: Mapping[str, Any], known: Mapping[str, Slip]) -> Story:
    slip = known[told["slip"]] if "slip" in told else _quoted(told)
    return Story(
        slip=slip,
        suggestion=None if told["kind"] == "link" else slip.right,
        kind=told["kind"],
        readers=told["readers"],
        ago=timedelta(hours=told["hours"]),
        comments=tuple(told.get("comments", ())),
        moves=tuple(_move(move) for move in told.get("moves", ())),
        notes=tuple(
            Note(timedelta(hours=note["after"]), note["by"], note["text"])
            for note in told.get("notes", ())
        ),
    )


def _move(told: Mapping[str, Any]) -> Move:
    return Move(
        after=timedelta(hours=told["after"]),
        by=told.get("by"),
        status=told["status"],
        resolution=told.get("resolution"),
        assignee=told.get("assignee"),
        snooze=timedelta(days=told["snooze_days"]) if "snooze_days" in told else None,
    )


def _quoted(told: Mapping[str, Any]) -> Slip:
    """Words that are no slip of ours, but that a reader has picked all the same."""
    article = originals()[told["article"]]
    text = " ".join(plain(paragraph) for paragraph in published(article, mended()))
    before, exact, after = text.partition(told["exact"])
    return Slip("", article, exact, told["suggestion"], before, after)
