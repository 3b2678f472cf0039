"""The newsroom's own web site: its articles with the snippet, its CMS, and the demo's inbox.

It knows nothing of the service but its address and the site's key, as any site that uses Tuzet.
"""

import json
import re
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from babel.dates import format_datetime
from flask import Flask, Response, redirect, render_template, request, url_for
from markupsafe import Markup, escape
from werkzeug.wrappers import Response as AnyResponse

from core.clock import utcnow
from core.errors import NotFound
from core.i18n import LANGUAGES
from service.demo.inbox import Inbox, Mail
from service.demo.newsroom import Newsroom, Published
from service.demo.seeding import COLLEAGUES, PASSWORD
from service.languages import language_of_request

_ZONE = ZoneInfo("Asia/Almaty")
_FOLDER = Path(__file__).parent
_LINK = re.compile(r"\[([^\]]+)\]\(((?:https?://|/)[^)\s]+)\)")
# The newsroom's system and the inbox; an article's page is left as open as most sites are.
_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; "
    "frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_MAIL_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'; "
    "sandbox allow-popups allow-popups-to-escape-sandbox"
)


@dataclass(frozen=True)
class Surroundings:
    """What the newsroom knows: where Tuzet is, its own key there, and the demo's mail folder."""

    tuzet: str
    site_key: str
    newsroom: Newsroom
    inbox: Inbox


def create_newsroom(around: Surroundings) -> Flask:
    """The newsroom as a web application of its own."""
    app = Flask(
        "service.demo", static_url_path="/demo/static", static_folder=str(_FOLDER / "static")
    )
    app.template_folder = str(_FOLDER / "templates")
    app.register_error_handler(NotFound, lambda _fault: (_page("missing.html"), 404))
    app.register_error_handler(404, lambda _fault: (_page("missing.html"), 404))
    app.context_processor(lambda: _common(around))
    app.add_template_filter(_paragraph, "paragraph")
    _start_pages(app)
    _articles(app, around)
    _cms(app, around)
    _inbox(app, around)
    return app


@cache
def words() -> dict[str, dict[str, str]]:
    """What the newsroom says, by language."""
    found: dict[str, dict[str, str]] = json.loads((_FOLDER / "words.json").read_text("utf-8"))
    return found


def _common(around: Surroundings) -> dict[str, Any]:
    language = _language()
    return {
        "language": language,
        "w": words()[language],
        "tuzet": around.tuzet,
        "site_key": around.site_key,
        "password": PASSWORD,
        "colleagues": COLLEAGUES,
        "when": lambda at: _when(at, language),
        "languages": (("kk", "Қазақша"), ("ru", "Русский"), ("en", "English")),
    }


def _language() -> str:
    named = (request.view_args or {}).get("language")
    return named if named in LANGUAGES else language_of_request(default="kk")


def _page(template: str, policy: str = _POLICY, **values: Any) -> Response:
    response = Response(render_template(template, **values))
    response.headers["Content-Security-Policy"] = policy
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "no-store"
    return response


def _start_pages(app: Flask) -> None:
    @app.get("/")
    def home() -> AnyResponse:
        return redirect(url_for("start"))

    @app.get("/demo/")
    def start() -> Response:
        return _page("start.html")


def _articles(app: Flask, around: Surroundings) -> None:
    @app.get("/demo/<any(kk, ru, en):language>/")
    def front(language: str) -> Response:
        return _page("front.html", _open(around), articles=around.newsroom.all(language))

    @app.get("/demo/<any(kk, ru, en):language>/<slug>")
    def article(language: str, slug: str) -> Response:
        found = around.newsroom.one(language, slug)
        others = [it for it in around.newsroom.all(language) if it.slug != slug]
        return _page("article.html", _open(around), article=found, others=others)


def _open(around: Surroundings) -> str:
    """The policy of a page with the snippet: Tuzet's script, and its address to report to."""
    return (
        f"default-src 'none'; style-src 'self' 'unsafe-inline'; script-src {around.tuzet}; "
        f"connect-src {around.tuzet}; img-src 'self'; form-action 'none'; base-uri 'none'"
    )


def _cms(app: Flask, around: Surroundings) -> None:
    @app.get("/demo/cms/")
    def cms() -> Response:
        return _page("cms.html", articles=around.newsroom.all())

    @app.get("/demo/cms/<any(kk, ru, en):language>/<slug>")
    def edit(language: str, slug: str) -> Response:
        return _page("edit.html", article=around.newsroom.one(language, slug), published=False)

    @app.post("/demo/cms/<any(kk, ru, en):language>/<slug>")
    def publish(language: str, slug: str) -> Response:
        if not _is_own_form():
            return Response("This form belongs to the newsroom.", 403)
        paragraphs = re.split(r"\r?\n\s*\r?\n", request.form.get("text", "").strip())
        lead = request.form.get("lead", "").strip()
        changed = around.newsroom.correct(
            language, slug, lead, [" ".join(it.split()) for it in paragraphs], utcnow()
        )
        return _page("edit.html", article=changed, published=True)


def _inbox(app: Flask, around: Surroundings) -> None:
    @app.get("/demo/inbox/")
    def inbox() -> Response:
        readers = [person for person in COLLEAGUES if person.mails]
        chosen = request.args.get("to") or next(
            person.email for person in readers if person.language == _language()
        )
        mails = around.inbox.mails(chosen)
        return _page("inbox.html", mails=mails, readers=readers, chosen=chosen)

    @app.get("/demo/inbox/<key>")
    def mail(key: str) -> Response:
        return _page("mail.html", mail=around.inbox.one(key))

    @app.get("/demo/inbox/<key>/html")
    def mail_html(key: str) -> Response:
        return _sandboxed(around.inbox.one(key))


def _sandboxed(mail: Mail) -> Response:
    """The HTML part, in a box without scripts; its links open outside of the box."""
    response = Response(mail.html.replace("<head>", '<head><base target="_blank">', 1))
    response.headers["Content-Security-Policy"] = _MAIL_POLICY
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def _is_own_form() -> bool:
    origin = request.headers.get("Origin")
    return origin is None or urlsplit(origin).netloc == request.host


def _paragraph(source: str) -> Markup:
    """A paragraph with its links."""
    pieces = []
    last = 0
    for match in _LINK.finditer(source):
        pieces += [escape(source[last : match.start()])]
        pieces += [Markup('<a href="{}">{}</a>').format(match[2], match[1])]
        last = match.end()
    return Markup("").join([*pieces, escape(source[last:])])


def _when(at: str | datetime, language: str) -> str:
    moment = datetime.fromisoformat(at) if isinstance(at, str) else at
    return format_datetime(moment.astimezone(_ZONE), "d MMMM, HH:mm", locale=language)


__all__ = ["Published", "Surroundings", "create_newsroom", "words"]
