"""Newsrooms' own systems: corrections are written where the editor would write them.

One contract (core.cms.contract), one file a system; what is written, and whether, is decided in
core.cms.changing and core.cms.source for all of them alike.
"""

from core.cms.changing import Applied, Outcome, Preview, apply, locate, preview, revert
from core.cms.contract import Adapter, Caller, Clock, CmsError, Connection, Document, Sought
from core.cms.ghost import Ghost
from core.cms.http import Http
from core.cms.outside import make_caller
from core.cms.retyping import Edit
from core.cms.source import Correction, Miss, Words
from core.cms.wordpress import WordPress
from core.errors import FieldError, Invalid

__all__ = [
    "KINDS",
    "Adapter",
    "Applied",
    "Caller",
    "CmsError",
    "Connection",
    "Correction",
    "Document",
    "Edit",
    "Miss",
    "Outcome",
    "Preview",
    "Sought",
    "Words",
    "adapter_of",
    "apply",
    "locate",
    "make_caller",
    "name_of",
    "preview",
    "revert",
]

_ADAPTERS: dict[str, type[WordPress] | type[Ghost] | type[Http]] = {
    "wordpress": WordPress,
    "ghost": Ghost,
    "http": Http,
}
KINDS = tuple(_ADAPTERS)


def adapter_of(connection: Connection, caller: Caller, clock: Clock) -> Adapter:
    """The adapter for a connection. Raises Invalid for a kind that there is not."""
    if connection.kind not in _ADAPTERS:
        raise Invalid(FieldError("kind", f"must be one of {', '.join(KINDS)}"))
    return _ADAPTERS[connection.kind](connection, caller, clock)


def name_of(kind: str) -> str:
    """A kind of system as people know it."""
    return _ADAPTERS[kind].name if kind in _ADAPTERS else kind
