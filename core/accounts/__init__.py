"""People and how they come in: users, passwords, log-ins, sessions."""

from core.accounts.attempts import WrongPassword
from core.accounts.feeds import feed_key, feed_reader
from core.accounts.people import add_user, change_password, editors, set_profile, speak
from core.accounts.sessions import LASTS, LoggedIn, current, end_sessions, forget, log_in, log_out

__all__ = [
    "LASTS",
    "LoggedIn",
    "WrongPassword",
    "add_user",
    "change_password",
    "current",
    "editors",
    "end_sessions",
    "feed_key",
    "feed_reader",
    "forget",
    "log_in",
    "log_out",
    "set_profile",
    "speak",
]
