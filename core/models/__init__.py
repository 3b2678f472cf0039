"""The tables and their small truths, one file a subject."""

from core.models.base import Base, UTCDateTime
from core.models.case import Case, CaseKey, Event
from core.models.channel import Channel, Delivery
from core.models.report import Report
from core.models.site import Page, PageAlias, PageVersion, Site
from core.models.user import DeskSession, LoginFailure, Membership, Token, User

__all__ = [
    "Base",
    "Case",
    "CaseKey",
    "Channel",
    "Delivery",
    "DeskSession",
    "Event",
    "LoginFailure",
    "Membership",
    "Page",
    "PageAlias",
    "PageVersion",
    "Report",
    "Site",
    "Token",
    "UTCDateTime",
    "User",
]
