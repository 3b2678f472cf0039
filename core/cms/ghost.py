"""Ghost, by its Admin API and the key of a custom integration (`id:secret`).

Ghost keeps a post as a tree of nodes (Lexical). Only the texts of nodes are changed, in place:
writing HTML back would lose what HTML cannot say. Posts of the time before Lexical are left alone.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import html
import json
import re
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any
from urllib.parse import quote, urlsplit

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

_TYPES = ("posts", "pages")
_LASTS = timedelta(minutes=5)
_GONE = (404, 410, 422)
_CHANGED = (409,)
_INLINE = {"text", "extended-text", "link", "autolink", "linebreak", "root"}
_NODE = re.compile(r'<t i="(\d+)">(.*?)</t>', re.DOTALL)


class Ghost:
    """Posts and pages of one Ghost."""

    name = "Ghost"
    shortcodes = False

    def __init__(self, connection: Connection, caller: Caller, clock: Clock) -> None:
        self._root = connection.url.rstrip("/")
        self._caller = caller
        self._clock = clock
        self._key = connection.secret

    def find(self, sought: Sought) -> Document | None:
        """By its number if the page names one, and by the last part of its address."""
        paths = []
        if sought.cms_id and re.fullmatch(r"[0-9a-f]{24}", sought.cms_id):
            paths += [f"{kind}/{sought.cms_id}" for kind in _TYPES]
        parts = [part for part in urlsplit(sought.link).path.split("/") if part]
        if parts:
            paths += [f"{kind}/slug/{quote(parts[-1])}" for kind in _TYPES]
        return meant(filter(None, map(self.read, paths)), sought)

    def read(self, document_id: str) -> Document | None:
        """One post with its tree."""
        answer = self._ask("GET", f"{document_id}/?formats=lexical")
        if answer.status in _GONE:
            return None
        return self._document(document_id.partition("/")[0], json_of(answer, self.name))

    def write(self, document: Document, fields: Mapping[str, str]) -> Document:
        """Write the texts of nodes back. Ghost itself compares the time of the last change."""
        kind = document.id.partition("/")[0]
        now = self._read_raw(document.id)
        if now is None or self._document(kind, {kind: [now]}).state != document.state:
            raise ChangedMeanwhileError
        post: dict[str, Any] = {"updated_at": document.version}
        if "title" in fields:
            post["title"] = html.unescape(fields["title"])
        if "lexical" in fields:
            post["lexical"] = json.dumps(
                _with_texts(json.loads(now["lexical"]), fields["lexical"]), ensure_ascii=False
            )
        answer = self._ask("PUT", f"{document.id}/", json.dumps({kind: [post]}).encode())
        if answer.status in _CHANGED:
            raise ChangedMeanwhileError
        json_of(answer, self.name)
        return self.read(document.id) or document

    def _read_raw(self, document_id: str) -> dict[str, Any] | None:
        answer = self._ask("GET", f"{document_id}/?formats=lexical")
        if answer.status in _GONE:
            return None
        post: dict[str, Any] = json_of(answer, self.name)[document_id.partition("/")[0]][0]
        return post

    def _ask(self, method: Any, path: str, body: bytes | None = None) -> Answer:
        call = Call(
            url=f"{self._root}/ghost/api/admin/{path}",
            method=method,
            body=body,
            headers={"Authorization": f"Ghost {self._token()}", "Accept-Version": "v5.0"},
            answer_bytes=LARGEST_ANSWER,
        )
        return asked(self._caller, call, self.name)

    def _token(self) -> str:
        """A JSON Web Token for the next minutes, signed with the integration's secret."""
        key_id, _, secret = self._key.partition(":")
        try:
            key = bytes.fromhex(secret)
        except ValueError as fault:
            raise CmsError("Ghost's key must look like id:secret, the secret in hex.") from fault
        now = self._clock()
        head = {"alg": "HS256", "typ": "JWT", "kid": key_id}
        claims = {
            "iat": int(now.timestamp()),
            "exp": int((now + _LASTS).timestamp()),
            "aud": "/admin/",
        }
        content = b".".join(_base64(json.dumps(part).encode()) for part in (head, claims))
        signature = _base64(hmac.digest(key, content, hashlib.sha256))
        return f"{content.decode()}.{signature.decode()}"

    def _document(self, kind: str, answer: Any) -> Document:
        try:
            post = answer[kind][0]
            tree = json.loads(post["lexical"]) if post.get("lexical") else None
            number, version = str(post["id"]), str(post["updated_at"])
            fields = {"title": html.escape(str(post["title"]), quote=False)}
            link = str(post["url"])
            if tree is not None:
                fields = {"lexical": _source_of(tree), **fields}
        except (KeyError, IndexError, TypeError, ValueError, RecursionError) as fault:
            raise CmsError(f"{self.name} did not answer with a post.") from fault
        edit_url = f"{self._root}/ghost/#/editor/{kind.removesuffix('s')}/{number}"
        return Document(
            id=f"{kind}/{number}",
            revision=version,
            fields=fields,
            link=link,
            edit_url=edit_url,
            version=version,
            is_source=False,
        )


def _base64(data: bytes) -> bytes:
    return base64.urlsafe_b64encode(data).rstrip(b"=")


def _nodes(node: Any) -> Iterator[dict[str, Any]]:
    """All nodes of a tree in the order in which they are read."""
    if isinstance(node, dict):
        yield node
        for child in node.get("children") or ():
            yield from _nodes(child)


def _source_of(tree: Any) -> str:
    """The tree as HTML in which each text has its number: a paragraph a `p`, a text a `t`."""
    parts = []
    for number, node in enumerate(_nodes(tree["root"])):
        if node.get("type") == "linebreak":
            parts.append("<br>")
        elif "text" in node:
            parts.append(f'<t i="{number}">{html.escape(str(node["text"]), quote=False)}</t>')
        elif node.get("type") not in _INLINE:
            parts.append("<p>")
    return "".join(parts)


def _with_texts(tree: Any, source: str) -> Any:
    """The tree with the texts of a source that `_source_of` made."""
    texts = {int(number): html.unescape(text) for number, text in _NODE.findall(source)}
    for number, node in enumerate(_nodes(tree["root"])):
        if number in texts and "text" in node:
            node["text"] = texts[number]
    return tree
