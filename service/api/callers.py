"""Which program is asking, and for whom it acts."""

from dataclasses import dataclass

from flask import request
from werkzeug.datastructures import WWWAuthenticate
from werkzeug.exceptions import Unauthorized

from core import tokens
from core.clock import utcnow
from core.errors import Forbidden
from core.models import User
from core.rights import Rights, rights_of
from core.triage import Actor
from service.context import service


@dataclass(frozen=True)
class Caller:
    """A program with the rights of its person."""

    user: User
    rights: Rights

    @property
    def actor(self) -> Actor:
        """As who it stands in a case's history."""
        return Actor(self.user.email, "api", self.user.id)


def caller() -> Caller:
    """Who sends the present request. Raises 401 without a token, or with one that is nobody's."""
    given = request.authorization
    if given is None or given.type != "bearer" or not given.token:
        raise _unauthorized("Send your token: Authorization: Bearer TOKEN.")
    now = utcnow()
    with service().db.read() as session:
        token = tokens.find(session, given.token, now)
    if token is None:
        raise _unauthorized("This token is not valid. Make one with `tuzet token add`.")
    if token.scope == "read" and request.method not in {"GET", "HEAD"}:
        raise Forbidden("This token may only read.")
    if tokens.needs_note(token, now):
        with service().db.write() as session:
            tokens.note_use(session, token.id, now)
    return Caller(token.user, rights_of(token.user))


def _unauthorized(why: str) -> Unauthorized:
    return Unauthorized(why, www_authenticate=WWWAuthenticate("bearer", {"realm": "tuzet"}))
