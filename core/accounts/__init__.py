"""People and how they come in: users, passwords, log-ins, sessions."""

from core.accounts.attempts import WrongPassword
from core.accounts.audit import acts, note_act
from core.accounts.feeds import feed_key, feed_reader
from core.accounts.invitations import accept, get_invitation, invitations, invite, withdraw
from core.accounts.people import (
    add_user,
    change_password,
    demand_password,
    editors,
    set_profile,
    speak,
)
from core.accounts.roles import get_person, people, set_role
from core.accounts.sessions import (
    LASTS,
    LoggedIn,
    current,
    end_session,
    end_sessions,
    forget,
    log_in,
    log_out,
    sessions_of,
)

__all__ = [
    "LASTS",
    "LoggedIn",
    "WrongPassword",
    "accept",
    "acts",
    "add_user",
    "change_password",
    "current",
    "demand_password",
    "editors",
    "end_session",
    "end_sessions",
    "feed_key",
    "feed_reader",
    "forget",
    "get_invitation",
    "get_person",
    "invitations",
    "invite",
    "log_in",
    "log_out",
    "note_act",
    "people",
    "sessions_of",
    "set_profile",
    "set_role",
    "speak",
    "withdraw",
]
