"""Which pages of the web may read our answers (CORS)."""

from collections.abc import Mapping

from flask import Blueprint, Response, current_app, g, request
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from core.errors import Forbidden
from core.models import Site
from service.context import service

_PREFLIGHT_S = 600


class KnownOrigins:
    """The origins on the sites' lists as last seen: an error can be told without a query."""

    def __init__(self) -> None:
        self.by_site: Mapping[str, frozenset[str]] = {}

    def holds(self, origin: str, site_key: str | None) -> bool:
        """Whether an origin is on a site's list; on anybody's, if there is no such site."""
        own = self.by_site.get(site_key or "")
        if own is not None:
            return origin in own
        return any(origin in origins for origins in self.by_site.values())

    def read(self) -> None:
        """Look again."""
        with service().db.read() as session:
            rows = session.execute(select(Site.key, Site.origins)).all()
        self.by_site = {key: frozenset(origins) for key, origins in rows}


def sender() -> str | None:
    """The web origin that sends the request, None outside browsers.

    Raises Forbidden for `null`: pages without an origin (sandboxed frames, files) are nobody's.
    """
    origin = request.headers.get("Origin")
    if origin == "null":
        raise Forbidden("A page without an origin cannot report.")
    return origin


def answer_preflight() -> Response:
    """Allow any origin that is on some site's list: a preflight cannot say for which it asks."""
    origin = request.headers.get("Origin")
    if origin is None or not _is_known(origin, None):
        raise Forbidden("The origin is on no site's list.")
    response = Response(status=204)
    response.headers["Access-Control-Allow-Methods"] = "POST"
    response.headers["Access-Control-Allow-Headers"] = "Content-Type"
    response.headers["Access-Control-Max-Age"] = str(_PREFLIGHT_S)
    return response


def for_listed_origins(blueprint: Blueprint) -> None:
    """Let pages of listed origins read the answers of this blueprint, refusals included."""
    blueprint.after_request(_let_read)


def for_everybody(response: Response) -> Response:
    """Let any page read an answer, which says nothing that its reader did not bring."""
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response


def _let_read(response: Response) -> Response:
    response.vary.add("Origin")
    origin = request.headers.get("Origin")
    if origin is not None and _is_known(origin, g.get("site_key"), look=response.status_code < 500):
        response.headers["Access-Control-Allow-Origin"] = origin
        response.headers["Access-Control-Expose-Headers"] = "Retry-After"
    return response


def _is_known(origin: str, site_key: str | None, *, look: bool = True) -> bool:
    """`look`: whether a second glance at the database may be taken."""
    known: KnownOrigins = current_app.extensions.setdefault("tuzet.origins", KnownOrigins())
    if look and not known.holds(origin, site_key):
        try:
            known.read()
        except (DBAPIError, PoolTimeout):
            return False
    return known.holds(origin, site_key)
