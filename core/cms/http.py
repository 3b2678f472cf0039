"""Any system that answers three requests: see docs/cms.md for the contract it has to keep.

`GET {url}/documents?url=…&id=…` finds, `GET {url}/documents/{id}` reads, `PUT {url}/documents/{id}`
with `{"expected": version, "fields": {…}}` writes, or answers 409 where the version is another.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlencode

from core.cms.contract import (
    LARGEST_ANSWER,
    Caller,
    ChangedMeanwhileError,
    Clock,
    CmsError,
    Connection,
    Document,
    Sought,
    asked,
    json_of,
    meant,
)
from core.net import Answer, Call

_GONE = (404, 410)
_CHANGED = (409, 412)


class Http:
    """A system of the newsroom's own."""

    name = "CMS"
    shortcodes = False

    def __init__(self, connection: Connection, caller: Caller, _clock: Clock) -> None:
        self._root = connection.url.rstrip("/")
        self._caller = caller
        self._login = {"Authorization": f"Bearer {connection.secret}"}

    def find(self, sought: Sought) -> Document | None:
        """By the page's address, and the number that the page names."""
        with_number = {"id": sought.cms_id} if sought.cms_id else {}
        queries = [{"url": sought.link, **with_number}]
        queries += [{"url": sought.link}] if with_number else []
        return meant(filter(None, map(self._sought, queries)), sought)

    def read(self, document_id: str) -> Document | None:
        """One document."""
        return self._found(self._ask("GET", f"/documents/{quote(document_id, safe='')}"))

    def write(self, document: Document, fields: Mapping[str, str]) -> Document:
        """Write fields; the system compares the version."""
        body = json.dumps({"expected": document.version, "fields": dict(fields)}).encode()
        answer = self._ask("PUT", f"/documents/{quote(document.id, safe='')}", body)
        if answer.status in _CHANGED:
            raise ChangedMeanwhileError
        return self._document(json_of(answer, self.name))

    def _sought(self, query: Mapping[str, str]) -> Document | None:
        return self._found(self._ask("GET", f"/documents?{urlencode(query, quote_via=quote)}"))

    def _ask(self, method: Any, path: str, body: bytes | None = None) -> Answer:
        call = Call(
            url=self._root + path,
            method=method,
            body=body,
            headers=self._login,
            answer_bytes=LARGEST_ANSWER,
        )
        return asked(self._caller, call, self.name)

    def _found(self, answer: Answer) -> Document | None:
        if answer.status in _GONE:
            return None
        return self._document(json_of(answer, self.name))

    def _document(self, found: Any) -> Document:
        try:
            fields = {str(name): str(source) for name, source in found["fields"].items()}
            version = str(found["version"])
            edit_url = found.get("edit_url")
            return Document(
                id=str(found["id"]),
                revision=version,
                fields=fields,
                link=str(found.get("url", "")),
                edit_url=edit_url if str(edit_url).startswith(("http://", "https://")) else None,
                version=version,
            )
        except (KeyError, TypeError, AttributeError) as fault:
            raise CmsError(f"{self.name} did not answer with a document.") from fault
