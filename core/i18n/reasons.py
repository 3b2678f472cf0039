"""Why a message was not taken, in the words of whoever reads about it.

A reason is kept in English, as the log has it; a reason that is not in the table is told as it is.
"""

import re

from core.i18n.catalogue import Translator, marked

_WHATS = {
    "recipient": marked("refused", "recipient"),
    "sender": marked("refused", "sender"),
    "message": marked("refused", "message"),
}
_REASONS = (
    marked("reason", "The webhook answered {status}."),
    marked("reason", "{host} answered {status}."),
    marked("reason", "The mail server was too slow."),
    marked("reason", "The mail server offers no log-in."),
    marked("reason", "The mail server hung up."),
    marked("reason", "The mail server cannot be reached."),
    marked("reason", "The mail server hung up at the log-in."),
    marked("reason", "The mail server's certificate or encryption is not right."),
    marked("reason", "The mail server offers no encryption, and a password needs it."),
    marked("reason", "The mail server does not take the log-in ({number})."),
    marked("reason", "The mail server refused the {what} ({number})."),
    marked("reason", "The mail server put the {what} off ({number})."),
    marked("reason", "The mail folder cannot be written."),
    marked("reason", "The service was too slow."),
    marked("reason", "The service did not take the message."),
    marked("reason", "There is no host {host}."),
    marked("reason", "{host} takes no connection."),
    marked("reason", "{host} broke the connection off."),
    marked("reason", "No secure connection to {host} could be made."),
    marked("reason", "each try was cut off before its end"),
)


def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"\\{(\w+)\\}", r"(?P<\1>.+)", re.escape(text)))


_KNOWN = [(_pattern(text), (context, text)) for context, text in _REASONS]


def reason_words(t: Translator, reason: str) -> str:
    """A reason of a failure as `t` says it."""
    for pattern, known in _KNOWN:
        found = pattern.fullmatch(reason)
        if found is not None:
            values = found.groupdict()
            if values.get("what") in _WHATS:
                values["what"] = t.pgettext(*_WHATS[values["what"]])
            return t.pgettext(*known, **values)
    return reason
