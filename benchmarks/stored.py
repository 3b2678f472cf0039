"""Stored reports and pages, as the benchmarks replay them: the measuring part of the contract."""

from __future__ import annotations

import gzip
import json
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from ada_url import URL

from core.net import Code, FetchResult, Policy, Request, Unreachable

_EXACT, _CONTEXT = 1_000, 64  # what the snippet sends at most


def rows(path: Path) -> Iterator[dict[str, Any]]:
    """The objects of a gzipped file of JSON lines."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            if line.strip():
                yield json.loads(line)


@dataclass(frozen=True)
class StoredReport:
    """One report as a reader's browser would send it. `report_id` is the data's own name for it."""

    report_id: str
    at: datetime
    url: str
    row: dict[str, Any]

    @classmethod
    def of(cls, row: dict[str, Any]) -> StoredReport:
        """From a line of `reports_blind.jsonl.gz`."""
        return cls(row["report_id"], datetime.fromisoformat(row["time"]), row["page_url"], row)

    @property
    def id(self) -> str:
        """The UUID that is sent; the same for the same report in every run."""
        return str(uuid5(NAMESPACE_URL, self.report_id))

    def body(self, site_key: str) -> bytes:
        """The body of the POST. Too long a quote is cut as the snippet cuts it."""
        quote = self.row["quote"]
        rest = quote["exact"][_EXACT:] + quote["suffix"]
        body = {
            "id": self.id,
            "site": site_key,
            "url": self.url,
            "canonical_url": self.row["canonical_url"],
            "title": self.row["page_title"],
            "quote": {
                "exact": quote["exact"][:_EXACT],
                "prefix": quote["prefix"][-_CONTEXT:],
                "suffix": rest[:_CONTEXT],
            },
            "position": self.row["position"],
            "suggestion": self.row["suggestion"] or None,
            "comment": self.row["comment"] or None,
        }
        return json.dumps(body, ensure_ascii=False).encode()

    @property
    def origin(self) -> str | None:
        """The origin of the page, None where the address is none."""
        try:
            return URL(self.url).origin
        except ValueError:
            return None


class StoredPages:
    """The pages of `pages.jsonl.gz`, served by the address asked for as they were at a time.

    Only `urls`, the versions' times and `html` are read.
    """

    def __init__(self, path: Path) -> None:
        self._page_at: dict[str, int] = {}
        self._times: list[list[datetime]] = []
        self._html: list[list[str]] = []
        for number, row in enumerate(rows(path)):
            self._html.append(row["html"])
            versions = row["versions"][: len(row["html"])]
            self._times.append([datetime.fromisoformat(v["valid_from"]) for v in versions])
            for url in row["urls"]:
                self._page_at[url] = number

    def page_at(self, url: str) -> int | None:
        """The page that an address leads to."""
        return self._page_at.get(url)

    def version(self, url: str, at: datetime) -> tuple[int, int] | None:
        """Which page and which of its versions an address led to at a time."""
        page = self._page_at.get(url)
        if page is None:
            return None
        return page, max(0, bisect_right(self._times[page], at) - 1)

    def html(self, page: int, version: int) -> str:
        """The HTML of one version of a page."""
        return self._html[page][version]


class StoredFetch:
    """The product's way of reading pages (`core.net.Fetch`), answered from stored ones.

    `show` says as of when each page is served: when its reader saw it, as if read at once.
    """

    def __init__(self, pages: StoredPages) -> None:
        self._pages = pages
        self._shown: dict[int, int] = {}

    def show(self, reports: Iterable[StoredReport]) -> None:
        """Serve the pages of these reports as their readers saw them."""
        found = (self._pages.version(report.url, report.at) for report in reports)
        self._shown = dict(version for version in found if version is not None)

    def __call__(self, request: Request, policy: Policy) -> FetchResult:  # noqa: ARG002
        """The page as it is shown now; raises Unreachable where there is none."""
        page = self._pages.page_at(request.url)
        if page is None or page not in self._shown:
            raise Unreachable(Code.NO_CONNECTION, "there is no stored page at this address")
        html = self._pages.html(page, self._shown[page])
        return FetchResult(url=request.url, final_url=request.url, status=200, text=html)
