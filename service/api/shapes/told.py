"""What we answer."""

from datetime import date, datetime
from typing import Any, Literal

from pydantic import BaseModel, Field

from service.api.shapes.words import (
    DeliveryStatus,
    Kind,
    Resolution,
    Status,
    Verdict,
    no_default,
)


class PageOut(BaseModel):
    """What is known of a page."""

    url: str
    title: str | None
    author: str | None
    section: str | None


class QuoteOut(BaseModel):
    """The words, and the text right before and after them."""

    exact: str
    prefix: str
    suffix: str


class VerificationOut(BaseModel):
    """The newest reading of the live page.

    Of a verified case: the one that showed the correction, until readings bring the case back.
    Where a newer one says something else, `evidence.latest` has its verdict, reason, status, at.
    """

    verdict: Verdict
    checked_at: datetime
    evidence: dict[str, Any] | None


class HouseWordOut(BaseModel):
    """What the site's house dictionary says of a case. `word` stands in it.

    `has`: the reported word is in it as it stands; `agrees`: the suggestion is; `otherwise`: it
    puts the reported word right by `word`.
    """

    verdict: Literal["has", "agrees", "otherwise"]
    word: str


class CaseOut(BaseModel):
    """One error on one page, with all its reports."""

    id: int
    site: str
    page: PageOut
    quote: QuoteOut
    suggestion: str | None
    language: str
    kind: Kind
    status: Status
    resolution: Resolution | None
    regressed: bool
    readers: int
    reports: list[str]
    assignee: str | None
    priority: int
    version: int
    first_reported_at: datetime
    last_reported_at: datetime
    snoozed_until: datetime | None
    wake_at_readers: int | None
    verification: VerificationOut | None
    house_word: HouseWordOut | None = None


class CaseList(BaseModel):
    """A page of cases."""

    items: list[CaseOut]
    next: str | None


class EventOut(BaseModel):
    """One line of a case's history.

    `sender_checked` is false for a note that came by mail, null elsewhere. `data.sent_to` is the
    address of the mail that such a note answers, where it is not known who did so.
    """

    id: int
    type: str
    actor: str
    at: datetime
    via: str
    sender_checked: bool | None
    data: dict[str, Any]


class EventList(BaseModel):
    """A page of a case's history, oldest first."""

    items: list[EventOut]
    next: str | None


class DeliveryOut(BaseModel):
    """One message owed to one channel about one event."""

    id: int
    case_id: int
    channel: int
    event: str
    status: DeliveryStatus
    attempts: int
    last_error: str | None
    due_at: datetime
    sent_at: datetime | None


class DeliveryList(BaseModel):
    """A page of deliveries, newest first."""

    items: list[DeliveryOut]
    next: str | None


class ReportOut(BaseModel):
    """What one reader sent."""

    id: str
    case_id: int | None
    status: Literal["received", "sorted"]
    received_at: datetime
    url: str
    quote: QuoteOut
    kind: Kind | None
    suggestion: str | None
    comment: str | None
    erased_at: datetime | None
    match: dict[str, Any]


class FieldErrorOut(BaseModel):
    """One field that is wrong, and how to mend it."""

    field: str
    message: str


class ProblemOut(BaseModel):
    """Why it did not work (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str
    errors: list[FieldErrorOut] = Field([], json_schema_extra=no_default)


class OutcomeOut(BaseModel):
    """What became of one case of a bulk change: the case as it is now, or the problem."""

    id: int
    status: int = Field(description="As if the case had been changed alone: 200, 404, 409 …")
    changed: bool = Field(description="false: it was so already, or there is a problem")
    case: CaseOut | None
    problem: ProblemOut | None


class OutcomeList(BaseModel):
    """One outcome for each id, in their order."""

    items: list[OutcomeOut]
    next: None


class ReceivedOut(BaseModel):
    """The report is committed."""

    id: str
    status: Literal["received"]
    receipt: str
    receipt_url: str


class HeardOut(BaseModel):
    """What comes of a save: pages that are read at once, and cases that wait for it."""

    pages: int
    cases: int


class ReceiptCaseOut(BaseModel):
    """The case that the report has become, or joined."""

    status: Status
    resolution: Resolution | None
    readers: int
    already_known: bool
    already_fixed: bool


class ReceiptOut(BaseModel):
    """What became of a report."""

    status: Literal["received", "sorted"]
    case: ReceiptCaseOut | None


class TimesOut(BaseModel):
    """How long something takes, in seconds; null where nothing is counted."""

    counted: int
    median: int | None
    p90: int | None


class ShareOut(BaseModel):
    """How many of the decided cases were accepted."""

    name: str
    decided: int
    accepted: int
    rate: float | None


class DayOut(BaseModel):
    """One day in the site's time."""

    day: date
    reports: int
    cases: int


class AgesOut(BaseModel):
    """Cases that are open now, by age."""

    under_1_hour: int
    under_1_day: int
    under_7_days: int
    under_14_days: int
    over_14_days: int


class SharesOut(BaseModel):
    """Accept rates, most decided first."""

    site: list[ShareOut]
    section: list[ShareOut]
    author: list[ShareOut]
    kind: list[ShareOut]
    editor: list[ShareOut]


class ReportedPageOut(BaseModel):
    """What came about one page."""

    title: str
    url: str
    author: str | None
    reports: int
    cases: int
    fixed: int
    to_fix: int | None = Field(description="Median, in seconds")


class MistakeOut(BaseModel):
    """The same words wrong on several pages."""

    exact: str
    suggestion: str
    pages: int
    open: int


class StatsOut(BaseModel):
    """The numbers of a span. Times are in seconds, rates from 0 to 1."""

    begin: datetime = Field(alias="from")
    end: datetime = Field(alias="to")
    reports: int
    cases: int
    look: TimesOut
    fix: TimesOut
    verify: TimesOut
    accepted: ShareOut
    fixed: int
    verified: int
    backlog: AgesOut
    days: list[DayOut]
    by: SharesOut
    pages: list[ReportedPageOut]
    mistakes: list[MistakeOut]
