"""The words of the desk: how statuses, kinds, reasons, verdicts and roles are called."""

from core.i18n.catalogue import Translator, marked

OWN_NAMES = {"kk": "Қазақша", "ru": "Русский", "en": "English"}

_STATUSES = {
    "new": marked("status", "New"),
    "accepted": marked("status", "Accepted"),
    "fixed": marked("status", "Fixed"),
    "verified": marked("status", "Verified"),
    "dismissed": marked("status", "Dismissed"),
    "regressed": marked("status", "Came back"),
    "snoozed": marked("status", "Snoozed"),
    "unknown": marked("status", "Unknown"),
}
_KINDS = {
    "typo": marked("kind", "Typo"),
    "fact": marked("kind", "Fact"),
    "link": marked("kind", "Link"),
    "other": marked("kind", "Other"),
}
_RESOLUTIONS = {
    "not_an_error": marked("resolution", "Not an error"),
    "wont_fix": marked("resolution", "Won’t fix"),
    "opinion": marked("resolution", "Opinion"),
    "spam": marked("resolution", "Spam"),
    "duplicate": marked("resolution", "Duplicate"),
    "page_gone": marked("resolution", "Page is gone"),
}
_VERDICTS = {
    "fixed": marked("verdict", "Fixed on the page"),
    "still_there": marked("verdict", "Still there"),
    "rewritten": marked("verdict", "Rewritten"),
    "page_gone": marked("verdict", "Page is gone"),
    "unknown": marked("verdict", "Unknown"),
}
_ROLES = {
    "viewer": marked("role", "Viewer"),
    "editor": marked("role", "Editor"),
    "admin": marked("role", "Administrator"),
    "owner": marked("role", "Owner"),
}


def status_word(t: Translator, status: str) -> str:
    """A status, or `regressed`, `snoozed`, `unknown`, as the desk calls it."""
    return t.pgettext(*_STATUSES[status])


def kind_word(t: Translator, kind: str) -> str:
    """What sort of error it is."""
    return t.pgettext(*_KINDS.get(kind, _KINDS["other"]))


def resolution_word(t: Translator, resolution: str) -> str:
    """Why a case was dismissed."""
    return t.pgettext(*_RESOLUTIONS[resolution])


def verdict_word(t: Translator, verdict: str) -> str:
    """What a reading of the live page said."""
    return t.pgettext(*_VERDICTS[verdict])


def role_word(t: Translator, role: str) -> str:
    """What a person may do."""
    return t.pgettext(*_ROLES[role])
