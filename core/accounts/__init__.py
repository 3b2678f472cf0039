"""People and how they come in: users, passwords, log-ins, sessions."""

from core.accounts.attempts import WrongPassword
from core.accounts.people import add_user, change_password, set_profile
from core.accounts.sessions import LoggedIn, current, end_sessions, forget, log_in, log_out

__all__ = [
    "LoggedIn",
    "WrongPassword",
    "add_user",
    "change_password",
    "current",
    "end_sessions",
    "forget",
    "log_in",
    "log_out",
    "set_profile",
]
