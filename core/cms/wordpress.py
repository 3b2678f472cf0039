"""WordPress, by its REST API and an application password.

Addresses are written `?rest_route=…`, which works with every kind of permalink. With our plugin a
write is refused if the post has changed since it was read, to the last letter; without it the
post is read once more just before.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import parse_qs, quote, urlencode, urlsplit

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
    not_let_in,
)
from core.net import Answer, Call

EXPECTED = "X-Tuzet-Expected"
_TYPES = ("posts", "pages")
_FIELDS = ("content", "title", "excerpt")
_ASKED = "id,type,link,status,modified_gmt,title,content,excerpt,_links"
_GONE = (400, 404, 410)
_CHANGED = (409, 412)
_FORBIDDEN_QUESTION = 400  # what a stranger hears who asks for posts of every status


class WordPress:
    """Posts and pages of one WordPress."""

    name = "WordPress"
    shortcodes = True

    def __init__(self, connection: Connection, caller: Caller, _clock: Clock) -> None:
        self._root = connection.url.rstrip("/")
        self._caller = caller
        pair = f"{connection.user}:{connection.secret}".encode()
        self._login = {"Authorization": f"Basic {base64.b64encode(pair).decode('ascii')}"}

    def find(self, sought: Sought) -> Document | None:
        """By its number if the page names one, and by the last part of its address.

        `/?p=12` is itself an address of the post with that number.
        """
        slug, number = _slug_of(sought.link), _number_in(sought.link)
        if slug is None and number is not None:
            return next(self._numbered(number), None)
        return meant(self._candidates(sought, slug), sought)

    def _candidates(self, sought: Sought, slug: str | None) -> Iterator[Document]:
        yield from self._numbered(sought.cms_id or "")
        for kind in _TYPES if slug is not None else ():
            yield from (self._document(kind, post) for post in self._listed(kind, slug or ""))

    def _numbered(self, number: str) -> Iterator[Document]:
        if number.isascii() and number.isdigit():
            yield from filter(None, (self.read(f"{kind}/{number}") for kind in _TYPES))

    def read(self, document_id: str) -> Document | None:
        """One post, as its editor sees it."""
        answer = self._ask("GET", document_id, {"context": "edit", "_fields": _ASKED})
        if answer.status in _GONE:
            return None
        return self._document(document_id.partition("/")[0], json_of(answer, self.name))

    def write(self, document: Document, fields: Mapping[str, str]) -> Document:
        """Save fields of a post; WordPress itself makes a revision of what was."""
        now = self.read(document.id)
        if now is None or now.state != document.state:
            raise ChangedMeanwhileError
        expected = ",".join(f"{name}={_digest(document.fields[name])}" for name in fields)
        answer = self._ask(
            "POST",
            document.id,
            {"context": "edit", "_fields": _ASKED},
            body=json.dumps(dict(fields)).encode(),
            headers={EXPECTED: expected},
        )
        if answer.status in _CHANGED:
            raise ChangedMeanwhileError
        kind = document.id.partition("/")[0]
        saved = self._document(kind, json_of(answer, self.name))
        return self.read(saved.id) or saved  # its answer counts the revisions before this one

    def _listed(self, kind: str, slug: str) -> list[dict[str, Any]]:
        query = {"context": "edit", "slug": slug, "status": "any", "_fields": _ASKED}
        answer = self._ask("GET", kind, query)
        if answer.status == _FORBIDDEN_QUESTION:
            raise not_let_in(self.name, answer.status)
        listed = json_of(answer, self.name) if answer.status not in _GONE else []
        return [post for post in listed if isinstance(post, dict)]

    def _ask(
        self,
        method: Any,
        path: str,
        query: Mapping[str, str],
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        parameters = urlencode({"rest_route": f"/wp/v2/{path}", **query}, quote_via=quote)
        call = Call(
            url=f"{self._root}/?{parameters}",
            method=method,
            body=body,
            headers={**self._login, **(headers or {})},
            answer_bytes=LARGEST_ANSWER,
        )
        return asked(self._caller, call, self.name)

    def _document(self, kind: str, post: Any) -> Document:
        try:
            number = int(post["id"])
            fields = {name: str(post[name]["raw"]) for name in _FIELDS if name in post}
            history = post.get("_links", {}).get("version-history") or [{}]
            revision = history[0].get("count", post["modified_gmt"])
            link = str(post["link"])
        except (KeyError, TypeError, ValueError, AttributeError, IndexError) as fault:
            raise CmsError(
                f"{self.name} did not show the source of the post. Its user needs the right to "
                "edit it."
            ) from fault
        edit_url = f"{self._root}/wp-admin/post.php?post={number}&action=edit"
        return Document(f"{kind}/{number}", str(revision), fields, link, edit_url)


def _digest(source: str) -> str:
    return hashlib.sha256(source.encode("utf-8", "surrogatepass")).hexdigest()


def _number_in(link: str) -> str | None:
    """The post's number in an address without permalinks: `?p=12`, `?page_id=12`."""
    query = parse_qs(urlsplit(link).query)
    return next((query[name][0] for name in ("p", "page_id", "post") if name in query), None)


def _slug_of(link: str) -> str | None:
    parts = [part for part in urlsplit(link).path.split("/") if part and part != "index.php"]
    slug = re.sub(r"\.html?$", "", parts[-1]) if parts else ""
    return slug or None
