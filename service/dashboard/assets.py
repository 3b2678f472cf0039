"""Style, script and mark of the desk, under addresses that change with their content."""

import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from flask import Blueprint, request, url_for
from werkzeug.wrappers import Response

from core.errors import NotFound
from service.dashboard.access import needs

_FOLDER = Path(__file__).resolve().parent.parent / "static" / "desk"
_PARTS = {
    "desk.css": (
        "tokens.css",
        "base.css",
        "marks.css",
        "queue.css",
        "case.css",
        "cms.css",
        "numbers.css",
        "settings.css",
        "people.css",
        "widths.css",
    ),
    "desk.js": ("ticks.js", "deeds.js", "live.js", "peek.js", "drafts.js", "trail.js", "desk.js"),
    "settings.js": ("settings.js",),
    "preview.css": ("tokens.css", "preview.css"),
    "preview.js": ("preview.js",),
    "mark.svg": ("mark.svg",),
}
_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}
_FOR_GOOD = "public, max-age=31536000, immutable"
_FOR_A_MOMENT = "public, max-age=60"


@dataclass(frozen=True)
class Asset:
    """One file as it is sent."""

    body: bytes
    digest: str
    content_type: str


def register(blueprint: Blueprint) -> None:
    """Where they are."""
    blueprint.get("/assets/<digest>/<name>")(asset)
    blueprint.get("/favicon.ico")(favicon)


def address(name: str) -> str:
    """Where an asset is, with the hash of its content in the path."""
    return url_for("desk.asset", digest=_read(name).digest, name=name)


@needs("anyone", asks_who=False)
def asset(digest: str, name: str) -> Response:
    """One asset. Its own address is good for ever; an older one only for a moment."""
    if name not in _PARTS:
        raise NotFound("There is no such file.")
    return _answer(_read(name), known=digest == _read(name).digest)


@needs("anyone", asks_who=False)
def favicon() -> Response:
    """What browsers ask for unasked."""
    return _answer(_read("mark.svg"), known=False)


def _answer(found: Asset, known: bool) -> Response:
    response = Response(found.body, content_type=found.content_type)
    response.headers["Cache-Control"] = _FOR_GOOD if known else _FOR_A_MOMENT
    response.set_etag(found.digest)
    return response.make_conditional(request)


@cache
def _read(name: str) -> Asset:
    body = b"\n".join((_FOLDER / part).read_bytes() for part in _PARTS[name])
    digest = hashlib.sha256(body).hexdigest()[:16]
    return Asset(body, digest, _TYPES[Path(name).suffix])
