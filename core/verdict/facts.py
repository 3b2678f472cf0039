"""What goes into a verdict and what comes out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Status = Literal["fixed", "still_there", "rewritten", "page_gone", "unknown"]
Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one reading says. `reason` is a code; `before`, `after`: the place then and now."""

    status: Status
    reason: str
    before: str | None = None
    after: str | None = None

    @property
    def evidence(self) -> dict[str, str | None]:
        """For the case's page and the API."""
        return {"reason": self.reason, "before": self.before, "after": self.after}


@dataclass(frozen=True, slots=True)
class Reading:
    """One reading of a page: what was asked for, what came. `text` is its main text.

    `told`: the newsroom's system gave it, so that it is of this article whatever it leaves out.
    """

    url: str
    final_url: str
    http_status: int
    text: str
    told: bool = False
