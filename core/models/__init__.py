"""The tables and their small truths, one file a subject."""

from core.models.base import Base, UTCDateTime
from core.models.case import Case, CaseKey, Event, Presence
from core.models.channel import REMINDERS, Channel, Delivery
from core.models.cms import CmsChange, CmsConnection, CorrectionNotice, ElsewhereSearch
from core.models.houseword import HouseWord
from core.models.reader import ReaderAddress, ReaderOutcome, ReaderWording
from core.models.report import Report
from core.models.routing import ChatPerson, Duty, OwnMail, RoutingPlan, RoutingRule
from core.models.site import Page, PageAlias, PageVersion, Site
from core.models.user import (
    AdministrativeAct,
    DeskSession,
    HalfLogIn,
    Invitation,
    LoginFailure,
    Membership,
    RecoveryCode,
    SavedView,
    SecondFactor,
    Token,
    User,
)
from core.models.verification import Host, ReadingBudget, Verification

__all__ = [
    "REMINDERS",
    "AdministrativeAct",
    "Base",
    "Case",
    "CaseKey",
    "Channel",
    "ChatPerson",
    "CmsChange",
    "CmsConnection",
    "CorrectionNotice",
    "Delivery",
    "DeskSession",
    "Duty",
    "ElsewhereSearch",
    "Event",
    "HalfLogIn",
    "Host",
    "HouseWord",
    "Invitation",
    "LoginFailure",
    "Membership",
    "OwnMail",
    "Page",
    "PageAlias",
    "PageVersion",
    "Presence",
    "ReaderAddress",
    "ReaderOutcome",
    "ReaderWording",
    "ReadingBudget",
    "RecoveryCode",
    "Report",
    "RoutingPlan",
    "RoutingRule",
    "SavedView",
    "SecondFactor",
    "Site",
    "Token",
    "UTCDateTime",
    "User",
    "Verification",
]
