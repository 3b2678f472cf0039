"""Judge stored readings of pages: is the error fixed?

    python -m benchmarks.verify DIR --out verdicts.jsonl [--limit N]

Each line of `status_blind.jsonl.gz` names the text that had the error and what was read later; the
verdict is the product's own (`core.verification.judge_reading`). A case that was verified and
whose error stands there again has regressed, as on the desk.
"""

from __future__ import annotations

import argparse
import json
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.stored import rows
from core.readings import Reading
from core.text.edits import edit_of
from core.verification import Seen, Words, judge_reading

_ANY_TIME = datetime(2026, 1, 1, tzinfo=UTC)  # a verdict does not depend on when it is given


@dataclass(frozen=True)
class StoredTexts:
    """The texts of one page, by version, and an address of it."""

    url: str
    texts: tuple[str, ...]


def main(arguments: Sequence[str] | None = None) -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("dir", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--limit", type=int, help="stop after so many cases")
    options = parser.parse_args(arguments)
    pages = {
        row["page_id"]: StoredTexts(
            row["canonical_base"], tuple(version["text"] for version in row["versions"])
        )
        for row in rows(options.dir / "pages.jsonl.gz")
    }
    cases = list(rows(options.dir / "status_blind.jsonl.gz"))[: options.limit]
    given: Counter[str] = Counter()
    started = time.perf_counter()
    with options.out.open("w", encoding="utf-8") as out:
        for case in cases:
            status = _status(case, pages[case["page_id"]])
            given[status] += 1
            out.write(json.dumps({"case_id": case["case_id"], "status": status}) + "\n")
    seconds = time.perf_counter() - started
    figures = {"cases": len(cases), "seconds": round(seconds, 2), "verdicts": dict(given)}
    print(json.dumps(figures))


def _status(case: dict[str, Any], page: StoredTexts) -> str:
    """The verdict on one stored case, with `regressed` for a verified one that is back."""
    span = case["span"]["start"], case["span"]["end"]
    quote = case["quote"]
    words = Words(quote["exact"], quote["prefix"], quote["suffix"], _right(case))
    reading = Reading(0, _ANY_TIME, status=case["http_status"], final_url=case["final_url"])
    seen = Seen(page.texts[case["before_version"]], span)
    verdict = judge_reading(words, seen, reading, page.url, _after(case, page)).verdict
    if verdict == "still_there" and case["prior_status"] == "verified_fixed":
        return "regressed"
    return verdict


def _after(case: dict[str, Any], page: StoredTexts) -> str:
    text: str | None = case["after_text"]
    if text is None:
        text = page.texts[case["after_version"]]
    return "\n".join(filter(None, (text, case["after_append"])))


def _right(case: dict[str, Any]) -> str | None:
    """What should stand instead of the quote, where the suggestion says so: as a case keeps it."""
    quote, suggestion = case["quote"], case["suggestion"]
    if not suggestion:
        return None
    exact: str = quote["exact"]
    edit = edit_of(exact, suggestion, quote["prefix"], quote["suffix"])
    if edit is None or edit.start < 0 or edit.end > len(exact):
        return None
    return exact[: edit.start] + edit.right + exact[edit.end :]


if __name__ == "__main__":
    main()
