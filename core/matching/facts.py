"""The shapes that go into a decision and come out of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Span = tuple[int, int]

LONGEST_SPAN = 1_100
"""No claim's span is longer, in code points: a quote has at most 1,000, grown to whole words."""


@dataclass(frozen=True, slots=True)
class ReportFacts:
    """What one reader sent, as far as it says which error is meant.

    `start`, `end`: the reader's position hint as sent (UTF-16 units over the body's text nodes);
    None where there is none.
    """

    exact: str
    prefix: str
    suffix: str
    start: int | None
    end: int | None
    suggestion: str | None
    language: str | None


@dataclass(frozen=True, slots=True)
class PageText:
    """The main text of a page: `versions` newest first; only the newest is what spans count in.

    `reaches`: for each version the reader's positions (UTF-16 units over the body) of its
    beginning and its end, as `core.text.maintext` tells them; empty where they are not known.
    """

    versions: tuple[str, ...]
    reaches: tuple[tuple[int, int], ...] = ()

    @property
    def text(self) -> str:
        """The newest version."""
        return self.versions[0]

    def hint(self, version: int, position: int | None) -> int | None:
        """A reader's position in the body as an offset in the text of a version, roughly."""
        if position is None or not self.reaches:
            return position
        first, last = self.reaches[version]
        return round((position - first) / max(1, last - first) * len(self.versions[version]))


@dataclass(frozen=True, slots=True)
class Claim:
    """Which words a report (or a case) says are wrong.

    `exact`: the words; `prefix`, `suffix`: the text around them, as far as it is known (at most
    `CONTEXT` characters each). `right`: what shall stand instead of `exact`, None where nothing
    fitting was proposed. `certain`: a suggestion says that exactly this changes; otherwise the
    claim is all that was selected. `span`: where `exact` stands in the newest page text, None
    where it was not found or there is no text; `version`: index into the page's versions of the
    text that the reader saw. `position`: the reader's hint for where `exact` begins. `wanted`: the
    reader's suggestion where it says nothing about its place.
    """

    exact: str
    prefix: str
    suffix: str
    right: str | None = None
    certain: bool = False
    span: Span | None = None
    version: int = 0
    position: int | None = None
    wanted: str | None = None

    @property
    def reach(self) -> Span | None:
        """The span within which the spans of candidates are looked up: a touching one counts."""
        return None if self.span is None else (self.span[0] - 1, self.span[1] + 1)


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """A case as far as it matters for joining: its claim as stored, and its state."""

    id: int
    exact: str
    prefix: str
    suffix: str
    suggestion: str | None
    span: Span | None
    status: str
    certain: bool = False
    position: int | None = None
    readers: int = 1


Code = Literal[
    "first",  # no case of the page is about these words: a new case
    "same_words",  # the claims are the same words at the same place
    "overlap",  # the claims share words
    "narrower",  # the report says more exactly what the case meant: the case shrinks to it
    "within",  # a long selection that holds the case's words
    "same_context",  # no page text: same words, same text around them
    "same_position",  # no page text and no context: same words, same position
    "twin",  # the same words are a case elsewhere on the page; this is another place
    "neighbour",  # a case beside it shares none of these words
]


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a report stands where it stands: a code, and facts for the sentence that explains it."""

    code: Code
    facts: Mapping[str, str | int | bool | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Decision:
    """Where a report belongs.

    `case_id`: the case that it joins, None for a new one. `claim`: what to store as that case's
    claim from now on. `also_covers`: other cases that a long selection touches. `already_fixed`:
    the case is fixed and the reader saw the old text. `reopens`: the case was fixed and the
    reader saw the error in the text that stands now.
    """

    case_id: int | None
    claim: Claim
    reason: Reason
    also_covers: tuple[int, ...] = ()
    already_fixed: bool = False
    reopens: bool = False
