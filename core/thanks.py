"""Which readers are owed a word about what became of their report."""

import hmac
from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session

from core.models import Case, Event, ReaderAddress, ReaderOutcome, Report
from core.settings import Settings

OUTCOMES = ("verified", "dismissed")  # that somebody says "fixed" is no news yet
PAUSE = timedelta(hours=1)  # what is taken back soon is not told; what follows soon goes along
BETWEEN = timedelta(days=1)


def owed(session: Session, case: Case, event: Event, now: datetime, settings: Settings) -> int:
    """Note for each reader of a case who gave an address that there is something to tell.

    Written in the transaction of its cause; what is told is read when the message is made. One
    message a day at most: it is due an hour from now, but a day after the last one. None is due
    to a reader who has asked us to stop, or who was written to once and has not asked for more.
    Returns how many readers are owed a message.
    """
    if event.type not in OUTCOMES:
        return 0
    query = select(Report).where(Report.case_id == case.id)
    return owed_to(session, session.scalars(query), now, settings)


def owed_late(
    session: Session, reports: Iterable[Report], now: datetime, settings: Settings
) -> int:
    """Note the same for readers who came after the outcome: their case was decided already."""
    late = []
    for report in reports:
        case = session.get(Case, report.case_id) if report.case_id is not None else None
        if case is not None and case.status in OUTCOMES:
            late.append(report)
    return owed_to(session, late, now, settings)


def owed_to(session: Session, reports: Iterable[Report], now: datetime, settings: Settings) -> int:
    """Note for each of these readers who gave an address that there is something to tell."""
    asked = [report for report in reports if report.email is not None and report.erased_at is None]
    # In one order for all, so that two workers never wait for one another's readers.
    asked.sort(key=lambda report: digest_of(report.email or "", report.site_id, settings))
    addresses = [_owe(session, report, now, settings) for report in asked]
    return len({address.id for address in addresses if address.due_at is not None})


def digest_of(email: str, site_id: int, settings: Settings) -> str:
    """By what a reader of one site is known again, without their address being kept."""
    facts = f"reader {site_id} {email.strip().lower()}"
    return hmac.digest(settings.secret_key.encode(), facts.encode(), "sha256").hex()


def may_be_told(address: ReaderAddress) -> bool:
    """Whether a reader may be written to: a first time, or again because they wished so."""
    if address.stopped_at is not None:
        return False
    return address.last_sent_at is None or address.confirmed_at is not None


def _owe(session: Session, report: Report, now: datetime, settings: Settings) -> ReaderAddress:
    address = _address(session, report, now, settings)
    if session.get(ReaderOutcome, report.id) is None:
        session.add(ReaderOutcome(report_id=report.id, address_id=address.id))
    if not may_be_told(address):
        return address
    due_at = now + settings.scaled(PAUSE)
    if address.last_sent_at is not None:
        due_at = max(due_at, address.last_sent_at + settings.scaled(BETWEEN))
    if address.due_at is None:
        address.due_at = due_at
        address.attempts = 0
    return address


def _address(session: Session, report: Report, now: datetime, settings: Settings) -> ReaderAddress:
    digest = digest_of(report.email or "", report.site_id, settings)
    row = {"site_id": report.site_id, "digest": digest, "created_at": now, "attempts": 0}
    on_postgresql = postgresql_insert(ReaderAddress).values(row).on_conflict_do_nothing()
    on_sqlite = sqlite_insert(ReaderAddress).values(row).on_conflict_do_nothing()
    is_server = session.get_bind().dialect.name == "postgresql"
    session.execute(on_postgresql if is_server else on_sqlite)
    query = select(ReaderAddress).where(
        ReaderAddress.site_id == report.site_id, ReaderAddress.digest == digest
    )
    return session.scalars(query.with_for_update()).one()
