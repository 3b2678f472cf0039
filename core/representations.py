"""How things look to programs: the shapes of the contract, for the API and for webhooks."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from core.i18n import translator
from core.models import Case, Delivery, Event, Report
from core.whys import why_joined


def case_json(case: Case, report_ids: Sequence[str]) -> dict[str, Any]:
    """CASE. Needs the case's page, site and assignee; `report_ids` come oldest first."""
    return {
        "id": case.id,
        "site": case.site.key,
        "page": {
            "url": case.page.link,
            "title": case.page.title,
            "author": case.page.author,
            "section": case.page.section,
        },
        "quote": {"exact": case.exact, "prefix": case.prefix, "suffix": case.suffix},
        "suggestion": case.suggestion,
        "language": case.language,
        "kind": case.kind,
        "status": case.status,
        "resolution": case.resolution,
        "regressed": case.regressed,
        "readers": case.readers,
        "reports": list(report_ids),
        "assignee": None if case.assignee is None else case.assignee.email,
        "priority": case.priority,
        "version": case.version,
        "first_reported_at": moment(case.first_reported_at),
        "last_reported_at": moment(case.last_reported_at),
        "snoozed_until": None if case.was_woken else moment(case.snoozed_until),
        "wake_at_readers": case.wake_at_readers,
        "verification": _verification(case),
    }


def event_json(event: Event) -> dict[str, Any]:
    """EVENT. `sender_checked` is false for a note by mail: anybody can write a sender."""
    return {
        "id": event.id,
        "type": event.type,
        "actor": event.actor,
        "at": moment(event.at),
        "via": event.via,
        "sender_checked": False if (event.type, event.via) == ("note", "mail") else None,
        "data": event.data,
    }


def delivery_json(delivery: Delivery) -> dict[str, Any]:
    """DELIVERY. `channel` is the channel's id, `event` the type of the message."""
    return {
        "id": delivery.id,
        "case_id": delivery.case_id,
        "channel": delivery.channel_id,
        "event": delivery.event_type,
        "status": delivery.status,
        "attempts": delivery.attempts,
        "last_error": delivery.last_error,
        "due_at": moment(delivery.due_at),
        "sent_at": moment(delivery.sent_at),
    }


def report_json(report: Report) -> dict[str, Any]:
    """A report as editors' programs may see it: without the reader's address."""
    return {
        "id": report.id,
        "case_id": report.case_id,
        "status": "received" if report.sorted_at is None else "sorted",
        "received_at": moment(report.received_at),
        "url": report.url,
        "quote": {"exact": report.exact, "prefix": report.prefix, "suffix": report.suffix},
        "kind": report.kind,
        "suggestion": report.suggestion,
        "comment": report.comment,
        "erased_at": moment(report.erased_at),
        "match": _match(report),
    }


def _match(report: Report) -> dict[str, Any]:
    """Why the report stands in its case: a code, its facts, and one sentence in English."""
    if report.match is None:
        return {}
    return {**report.match, "explanation": why_joined(translator("en"), report.match)}


def moment(at: datetime | None) -> str | None:
    """A moment as ISO 8601 in UTC, like 2026-03-10T04:30:00.000Z."""
    if at is None:
        return None
    return at.astimezone(UTC).isoformat(timespec="milliseconds").removesuffix("+00:00") + "Z"


def _verification(case: Case) -> dict[str, Any] | None:
    if case.verdict is None or case.checked_at is None:
        return None
    read_at = case.checked_at
    if case.seen_verdict != case.verdict and "at" in (case.evidence or {}):
        read_at = datetime.fromisoformat((case.evidence or {})["at"])
    return {
        "verdict": case.seen_verdict,
        "checked_at": moment(read_at),
        "evidence": case.evidence,
    }
