"""Statuses of a case, and which moves between them are allowed to whom."""

from core.errors import Conflict, FieldError, Invalid

STATUSES = ("new", "accepted", "fixed", "verified", "dismissed")
OPEN = ("new", "accepted")
RESOLUTIONS = ("not_an_error", "wont_fix", "opinion", "spam", "duplicate", "page_gone")
KINDS = ("typo", "fact", "link", "other")

_BY_EDITORS = {
    "new": {"accepted", "fixed", "dismissed"},
    "accepted": {"fixed", "dismissed"},
    "fixed": {"accepted", "dismissed"},
    "verified": {"accepted"},
    "dismissed": {"accepted", "fixed"},
}
_BY_VERIFIER = {
    "new": {"verified"},
    "accepted": {"verified"},
    "fixed": {"verified", "accepted"},
    "verified": {"accepted"},
}
_BY_READERS = {"fixed": {"accepted"}, "verified": {"accepted"}}

VERIFIER = "verifier"
READER = "reader"
_BY_MACHINES = {VERIFIER: _BY_VERIFIER, READER: _BY_READERS}


def check_move(before: str, after: str, resolution: str | None, actor: str) -> None:
    """Refuse a move that the table does not know.

    Only the verifier, who has read the live page, may say `verified`; a reader who sees the error
    in the text that stands now can only bring a settled case back; nobody goes back to `new`
    except by undo. A dismissal needs one of the resolutions, and nothing else may have one.
    Raises Conflict for a move, Invalid for a resolution.
    """
    if after not in STATUSES:
        raise Invalid(FieldError("status", f"must be one of {', '.join(STATUSES)}"))
    check_resolution(after, resolution)
    allowed = _BY_MACHINES.get(actor, _BY_EDITORS)
    if after not in allowed.get(before, ()):
        raise Conflict(f"A case that is {before} cannot become {after}.")


def check_resolution(status: str, resolution: str | None) -> None:
    """A dismissed case says why; no other case has a resolution."""
    if status == "dismissed" and resolution not in RESOLUTIONS:
        raise Invalid(FieldError("resolution", f"must be one of {', '.join(RESOLUTIONS)}"))
    if status != "dismissed" and resolution is not None:
        raise Invalid(FieldError("resolution", "goes only with the status dismissed"))
