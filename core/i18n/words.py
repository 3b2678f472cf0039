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
_HOUSE = {
    "has": marked("house dictionary", "in the dictionary"),
    "agrees": marked("house dictionary", "as in the dictionary"),
    "otherwise": marked("house dictionary", "otherwise in the dictionary"),
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
_SERVICES = {
    "telegram": "Telegram",
    "slack": "Slack",
    "discord": "Discord",
    "mattermost": "Mattermost",
    "msteams": "Microsoft Teams",
    "apprise": "Apprise",
}
_ACTS = {
    "invited": marked("act", "Invitation sent"),
    "joined": marked("act", "Joined"),
    "withdrew": marked("act", "Invitation withdrawn"),
    "person added": marked("act", "Person added"),
    "role": marked("act", "Role changed"),
    "token": marked("act", "Token made"),
    "token ended": marked("act", "Token ended"),
    "second step on": marked("act", "Second step turned on"),
    "second step off": marked("act", "Second step turned off"),
    "second step reset": marked("act", "Second step reset"),
    "recovery codes": marked("act", "New recovery codes"),
    "recovery code": marked("act", "Log-in by a recovery code"),
    "site added": marked("act", "Site added"),
    "site": marked("act", "Settings changed"),
    "cms added": marked("act", "Newsroom’s system connected"),
    "wording changed": marked("act", "Words to readers changed"),
    "channel added": marked("act", "Channel added"),
    "channel changed": marked("act", "Channel changed"),
    "channel removed": marked("act", "Channel removed"),
    "channel rotated": marked("act", "New secret of a channel"),
    "channel resumed": marked("act", "Channel resumed"),
    "channel paused": marked("act", "Channel paused"),
    "rule added": marked("act", "Rule added"),
    "rule changed": marked("act", "Rule changed"),
    "rule removed": marked("act", "Rule removed"),
    "plan changed": marked("act", "Rules and fallback changed"),
    "duty added": marked("act", "Duty added"),
    "duty removed": marked("act", "Duty removed"),
}
_CHANGED = {
    "name": marked("changed setting", "name"),
    "url": marked("changed setting", "address"),
    "origins": marked("changed setting", "other addresses"),
    "languages": marked("changed setting", "languages"),
    "timezone": marked("changed setting", "time zone"),
    "edit_link": marked("changed setting", "link into the CMS"),
    "privacy": marked("changed setting", "words about readers’ data"),
    "forget_reader_days": marked("changed setting", "days until the reader is forgotten"),
    "forget_words_days": marked("changed setting", "days until the words are forgotten"),
    "house words": marked("changed setting", "house dictionary"),
    "mode": marked("changed setting", "what the dialog asks"),
    "email": marked("changed setting", "the reader’s e-mail"),
    "touch": marked("changed setting", "button on touch screens"),
    "language": marked("changed setting", "language of the dialog"),
    "key": marked("changed setting", "key"),
    "include": marked("changed setting", "where it works"),
    "exclude": marked("changed setting", "where it does not work"),
    "accent": marked("changed setting", "accent"),
    "texts": marked("changed setting", "own words"),
}


def status_word(t: Translator, status: str) -> str:
    """A status, or `regressed`, `snoozed`, `unknown`, as the desk calls it."""
    return t.pgettext(*_STATUSES[status])


def house_word(t: Translator, verdict: str) -> str:
    """What a house dictionary says of a case, in a word or two."""
    return t.pgettext(*_HOUSE[verdict])


def kind_word(t: Translator, kind: str) -> str:
    """What sort of error it is."""
    return t.pgettext(*_KINDS.get(kind, _KINDS["other"]))


def resolution_word(t: Translator, resolution: str) -> str:
    """Why a case was dismissed."""
    return t.pgettext(*_RESOLUTIONS[resolution])


def verdict_word(t: Translator, verdict: str) -> str:
    """What a reading of the live page said."""
    return t.pgettext(*_VERDICTS[verdict])


def act_word(t: Translator, act: str) -> str:
    """What an administrator did; an act of a newer version as it is kept."""
    return t.pgettext(*_ACTS[act]) if act in _ACTS else act


def subject_words(t: Translator, act: str, subject: str) -> str:
    """Whom or what an act was about, as it is kept; of a channel with its kind by its name."""
    if not act.startswith("channel "):
        return subject
    kind, _, target = subject.partition(" ")
    return f"{channel_word(t, kind)} {target}"


def channel_word(t: Translator, kind: str) -> str:
    """What sort of channel it is; a sort of a newer version as it is kept."""
    said = {"email": t.gettext("E-mail"), "webhook": t.gettext("Webhook")}
    return said.get(kind) or _SERVICES.get(kind, kind)


def changed_words(t: Translator, fields: str) -> str:
    """Which settings were changed; one of a newer version as it is kept."""
    names = (name.strip() for name in fields.split(","))
    return ", ".join(t.pgettext(*_CHANGED[name]) if name in _CHANGED else name for name in names)


def role_word(t: Translator, role: str) -> str:
    """What a person may do."""
    return t.pgettext(*_ROLES[role])
