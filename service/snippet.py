"""The snippet as readers' browsers fetch it: the loader for a while, its parts for good.

The loader `tuzet.js` keeps its address, so a browser may keep it an hour. Every other file has the
hash of its content in its name and may be kept for ever. A loader from a cache may ask for a part
of a build that is gone: it gets today's part of the same language, not to be kept.
"""

import gzip
import hashlib
import json
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import brotli
from flask import Blueprint, Response, abort, request
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from core.db import is_away
from core.models import Site
from core.widget import Widget, module_of, read_draft
from service.context import service

FOLDER = Path(__file__).parent / "static" / "snippet"
HOUR = "public, max-age=3600, stale-while-revalidate=86400"
FOR_EVER = "public, max-age=31536000, immutable"
NOT_AT_ALL = "no-store"
FEW_MINUTES = "public, max-age=300"
LONGEST_KEY = 200
FALLBACK = "en"

# What an old loader or part may ask for; a whole file is pinned by its hash and never replaced.
_KINDS = {"tuzet": "part", "tuzet-more": "more"}

blueprint = Blueprint("snippet", __name__)


@dataclass(frozen=True)
class Script:
    """One file in every coding that we answer with; `tag` is the hash of its content."""

    tag: str
    codings: dict[str, bytes]


@cache
def read_script(name: str) -> Script | None:
    """The built file of that name, compressed once as small as it gets; None if there is none."""
    if name not in _names():
        return None
    plain = (FOLDER / name).read_bytes()
    return Script(
        tag=hashlib.sha256(plain).hexdigest()[:16],
        codings={
            "br": brotli.compress(plain, mode=brotli.MODE_TEXT, quality=11),
            "gzip": gzip.compress(plain, 9, mtime=0),
            "identity": plain,
        },
    )


@cache
def listing() -> dict[str, dict[str, dict[str, str]]]:
    """What the build made: `languages` by code, each with the names of its files by kind."""
    parsed: dict[str, dict[str, dict[str, str]]] = json.loads(
        (FOLDER / "parts.json").read_text(encoding="utf-8")
    )
    return parsed


@cache
def _names() -> frozenset[str]:
    return frozenset(path.name for path in FOLDER.glob("*.js"))


def choose_coding(accepted: str) -> str:
    """The smallest coding that an Accept-Encoding header allows: br, gzip or identity."""
    weights: dict[str, float] = {}
    for entry in accepted.lower().split(","):
        coding, _, quality = entry.partition(";")
        found = re.fullmatch(r"\s*q\s*=\s*([01](?:\.\d{0,3})?)\s*", quality)
        weights[coding.strip()] = float(found[1]) if found else 1.0 if not quality else 0.0
    for coding in ("br", "gzip"):
        if weights.get(coding, weights.get("*", 0.0)) > 0:
            return coding
    return "identity"


@blueprint.get("/tuzet.js")
def loader() -> Response:
    """The script that sites put on their pages."""
    return _answer("tuzet.js", HOUR)


@blueprint.get("/tuzet.site.js")
def site_part() -> Response:
    """The part in the site's own language, where neither page nor browser speak one of ours."""
    return _answer(listing()["languages"][_site_language()]["part"], HOUR, vary_by_site=True)


@blueprint.get("/tuzet.own.js")
def own_settings() -> Response:
    """What the site has set about its snippet on the desk, as a module.

    Nothing of it is worth a broken page: where it cannot be had, there is nothing set.
    """
    key = request.args.get("site", "")
    widget, keeping = read_draft(key), FEW_MINUTES
    if widget is None:
        try:
            with service().db.read() as session:
                kept = session.scalar(select(Site.widget).where(Site.key == _storable(key)))
            widget = Widget.of(kept or {})
        except (DBAPIError, PoolTimeout) as fault:
            if isinstance(fault, DBAPIError) and not is_away(fault):
                raise
            widget, keeping = Widget(), NOT_AT_ALL
    body = module_of(widget)
    response = Response(body, content_type="text/javascript; charset=utf-8")
    if keeping != NOT_AT_ALL:
        response.set_etag(hashlib.sha256(body.encode()).hexdigest()[:16])
    return _for_everybody(response, keeping)


def _storable(key: str) -> str:
    """A key as a database takes it in a question; no site has one with such signs in it."""
    return key if key.isprintable() and len(key) <= LONGEST_KEY else ""


@blueprint.get("/<any('tuzet', 'tuzet-more', 'tuzet-whole'):kind>.<language>.<tag>.js")
def part(kind: str, language: str, tag: str) -> Response:
    """One of the files with a hash in its name."""
    name = f"{kind}.{language}.{tag}.js"
    if name in _names():
        return _answer(name, FOR_EVER)
    todays = listing()["languages"].get(language, {}).get(_KINDS.get(kind, ""))
    return _answer(todays or "", NOT_AT_ALL)


def _site_language() -> str:
    with service().db.read() as session:
        site = session.scalars(
            select(Site).where(Site.key == request.args.get("site", ""))
        ).one_or_none()
        wishes = site.languages if site else []
    return next((wish for wish in wishes if wish in listing()["languages"]), FALLBACK)


def _answer(name: str, keeping: str, *, vary_by_site: bool = False) -> Response:
    script = read_script(name)
    if script is None:
        abort(404)
    coding = choose_coding(request.headers.get("Accept-Encoding", ""))
    response = Response(script.codings[coding], mimetype="text/javascript")
    if coding != "identity":
        response.headers["Content-Encoding"] = coding
    # Weak, because the same tag stands for every coding of the same text.
    response.set_etag(script.tag, weak=True)
    response.headers["Vary"] = "Accept-Encoding"
    return _for_everybody(response, FEW_MINUTES if vary_by_site else keeping)


def _for_everybody(response: Response, keeping: str) -> Response:
    """Any page may load it, and keep it as long."""
    response.headers["Cache-Control"] = keeping
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Access-Control-Allow-Origin"] = "*"
    # Pages that isolate themselves (COEP) may still load us.
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    response.make_conditional(request)
    return response
