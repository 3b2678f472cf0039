"""People and how they come in: users, passwords, log-ins, sessions."""

from core.accounts.arrivals import (
    NotInvited,
    arrive,
    begin_arrival,
    has_password,
    is_fresh,
    set_first_password,
)
from core.accounts.attempts import WrongCode, WrongPassword, note_departure
from core.accounts.audit import ActFilter, acts, kinds_of_acts, note_act
from core.accounts.entering import finish, is_half_way, log_in
from core.accounts.feeds import feed_key, feed_reader
from core.accounts.halfway import HALF_LASTS, HalfWay, take_half
from core.accounts.invitations import accept, get_invitation, invitations, invite, withdraw
from core.accounts.people import (
    add_user,
    change_password,
    demand_password,
    editors,
    set_profile,
    speak,
)
from core.accounts.roles import get_person, is_over, people, reset_second_step, set_role
from core.accounts.secondstep import (
    begin_setup,
    codes_left,
    in_two_steps,
    renew_codes,
    second_step,
    setup_of,
    turn_off,
    turn_on,
)
from core.accounts.sessions import (
    LASTS,
    LoggedIn,
    current,
    end_session,
    end_sessions,
    forget,
    log_out,
    sessions_of,
)

__all__ = [
    "HALF_LASTS",
    "LASTS",
    "ActFilter",
    "HalfWay",
    "LoggedIn",
    "NotInvited",
    "WrongCode",
    "WrongPassword",
    "accept",
    "acts",
    "add_user",
    "arrive",
    "begin_arrival",
    "begin_setup",
    "change_password",
    "codes_left",
    "current",
    "demand_password",
    "editors",
    "end_session",
    "end_sessions",
    "feed_key",
    "feed_reader",
    "finish",
    "forget",
    "get_invitation",
    "get_person",
    "has_password",
    "in_two_steps",
    "invitations",
    "invite",
    "is_fresh",
    "is_half_way",
    "is_over",
    "kinds_of_acts",
    "log_in",
    "log_out",
    "note_act",
    "note_departure",
    "people",
    "renew_codes",
    "reset_second_step",
    "second_step",
    "sessions_of",
    "set_first_password",
    "set_profile",
    "set_role",
    "setup_of",
    "speak",
    "take_half",
    "turn_off",
    "turn_on",
    "withdraw",
]
