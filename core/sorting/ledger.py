"""What sorting a batch writes, gathered and inserted at once. A flush a report would cost most."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Integer, func, insert, literal_column, select
from sqlalchemy.orm import Session

from core import notices, rhythm
from core.history import READER, begin_to_write
from core.matching import Claim, storage_keys
from core.models import Case, CaseKey, Delivery, Event, Report
from core.opening import new_case
from core.settings import Settings


class Ledger:
    """New cases, keys, events and deliveries of one batch, under their final numbers.

    Numbers are taken before the rows are written, since events and messages name one another and
    later reports of the batch join the cases that earlier ones opened.
    """

    def __init__(self, session: Session, now: datetime, settings: Settings) -> None:
        self._session = session
        self._now = now
        self._settings = settings
        self._audience = notices.Audience(session)
        self._begin()

    def open(self, report: Report, claim: Claim) -> Case:
        """A new case, which the rest of the batch can join."""
        case = new_case(report, claim)
        case.id = next(self._case_ids)
        rhythm.begin(case, None, self._now, self._settings)
        self._session.add(case)
        self.add_keys(case, storage_keys(claim))
        return case

    def add_keys(self, case: Case, keys: "frozenset[int] | set[int]") -> None:
        """Make a case findable by more keys; the caller knows that they are new."""
        self._keys += [
            {"page_id": case.page_id, "key": key, "case_id": case.id} for key in sorted(keys)
        ]

    def tell(
        self, case: Case, kind: str, report: Report, facts: Mapping[str, Any] | None = None
    ) -> None:
        """A line of history, and the messages that it causes."""
        begin_to_write(self._session)
        event_id = next(self._event_ids)
        data = {"report": report.id, **(facts or {})}
        if kind == "created":
            assignee = notices.assign(self._audience, case, self._now)
            data |= {"assignee": assignee} if assignee else {}
        self._events.append(
            {
                "id": event_id,
                "case_id": case.id,
                "type": kind,
                "actor": READER.name,
                "via": READER.via,
                "at": self._now,
                "data": data,
            }
        )
        self._deliveries += notices.rows_owed(
            self._audience, case, event_id, kind, self._now, self._settings
        )

    def save(self) -> int:
        """Write all that was gathered; returns how many messages are owed by it."""
        self._session.flush()
        for table, rows in (
            (CaseKey, self._keys),
            (Event, self._events),
            (Delivery, self._deliveries),
        ):
            if rows:
                self._session.execute(insert(table), rows)
        owed = len(self._deliveries)
        self._begin()
        return owed

    def _begin(self) -> None:
        self._keys: list[dict[str, Any]] = []
        self._events: list[dict[str, Any]] = []
        self._deliveries: list[dict[str, Any]] = []
        self._case_ids = self._numbers(Case)
        self._event_ids = self._numbers(Event)

    def _numbers(self, table: type[Case] | type[Event]) -> Iterator[int]:
        """Free numbers: of the sequence on PostgreSQL; on SQLite, where no one else can write in
        this transaction, those after the last."""
        if self._session.get_bind().dialect.name == "postgresql":
            sequence: ColumnElement[Any] = literal_column(
                f"'\"{table.__tablename__}_id_seq\"'::regclass"
            )
            while True:
                yield self._session.scalars(select(func.nextval(sequence, type_=Integer))).one()
        last = self._session.scalar(select(func.max(table.id))) or 0
        while True:
            last += 1
            yield last
