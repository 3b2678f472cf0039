"""Words that stand in questions and answers alike."""

from typing import Any, Literal

Status = Literal["new", "accepted", "fixed", "verified", "dismissed"]
Resolution = Literal["not_an_error", "wont_fix", "opinion", "spam", "duplicate", "page_gone"]
Kind = Literal["typo", "fact", "link", "other"]
Verdict = Literal["fixed", "still_there", "rewritten", "page_gone", "unknown"]
DeliveryStatus = Literal["pending", "sent", "dead"]


def no_default(schema: dict[str, Any]) -> None:
    """A field that may be left out has no value then; null is something else."""
    schema.pop("default", None)
