"""The web application: its parts put together, and what holds for every answer."""

import time
from types import TracebackType

import structlog
from flask import Flask, Response, g, request
from flask.json.provider import DefaultJSONProvider

from core.db import Database
from core.settings import Settings
from service import (
    acting,
    api,
    chat,
    corrections,
    dashboard,
    errors,
    ops,
    policies,
    readermail,
    receipts,
    snippet,
)
from service.bell import BrokerBell
from service.context import Bell, Service, service
from service.limits import ReportLimits
from service.proxies import TrustedProxies

LARGEST_BODY = 256 * 1024  # of any form; reports have a smaller limit of their own
# same-origin, not no-referrer: with the latter a browser sends `Origin: null` with our own forms.
_HEADERS = {
    "Content-Security-Policy": policies.STRICT,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), display-capture=(), geolocation=(), microphone=(), usb=()",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
_HSTS = "max-age=31536000"

log = structlog.get_logger(__name__)


class Web(Flask):
    """Flask that says what broke without saying for whom: no address, no body, no path."""

    def log_exception(
        self,
        exc_info: tuple[type, BaseException, TracebackType | None] | tuple[None, None, None],
    ) -> None:
        log.error("unhandled", endpoint=request.endpoint, exc_info=exc_info)


class Plain(DefaultJSONProvider):
    """Members in the order of their meaning, letters as they are."""

    sort_keys = False
    ensure_ascii = False


def create_app(settings: Settings, db: Database | None = None, bell: Bell | None = None) -> Flask:
    """The web side on these settings. `db` and `bell` are made from them unless given."""
    app = Web("service", static_url_path="/static")
    app.config.update(MAX_CONTENT_LENGTH=LARGEST_BODY, MAX_FORM_MEMORY_SIZE=LARGEST_BODY)
    app.json = Plain(app)
    app.extensions["tuzet"] = Service(
        settings=settings,
        db=db or Database(settings.database_url),
        bell=bell or BrokerBell(settings),
    )
    app.extensions["tuzet.limits"] = ReportLimits(settings)
    app.wsgi_app = TrustedProxies(app.wsgi_app, settings.trusted_proxies)  # type: ignore[method-assign]
    errors.register(app)
    app.before_request(_start)
    app.after_request(_finish)
    app.register_blueprint(api.blueprint)
    app.register_blueprint(api.docs)
    app.register_blueprint(receipts.blueprint)
    app.register_blueprint(corrections.blueprint)
    app.register_blueprint(readermail.blueprint)
    app.register_blueprint(acting.blueprint)
    app.register_blueprint(chat.blueprint)
    app.register_blueprint(snippet.blueprint)
    app.register_blueprint(dashboard.blueprint)
    app.register_blueprint(ops.blueprint)
    return app


def _start() -> None:
    g.started = time.perf_counter()


def _finish(response: Response) -> Response:
    """Headers that every answer carries, unless its view knows better, and one line of log."""
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)
    if request.endpoint != "static":
        response.headers.setdefault("Cache-Control", "no-store")
    if service().settings.https:
        response.headers.setdefault("Strict-Transport-Security", _HSTS)
    log.info(
        "answered",
        method=request.method,
        endpoint=request.endpoint,
        status=response.status_code,
        milliseconds=round((time.perf_counter() - g.started) * 1000, 1),
    )
    return response
