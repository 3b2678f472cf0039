"""What goes in and comes out of the API, as the description tells it and requests are checked."""

from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, model_validator
from pydantic.json_schema import SkipJsonSchema

from core.incoming import (
    ADDRESS,
    COMMENT,
    CONTEXT,
    EXACT,
    FARTHEST,
    METADATA,
    SUGGESTION,
    TITLE,
    is_web_address,
)
from core.triage import NOTE_LENGTH

Status = Literal["new", "accepted", "fixed", "verified", "dismissed"]
Resolution = Literal["not_an_error", "wont_fix", "opinion", "spam", "duplicate", "page_gone"]
Kind = Literal["typo", "fact", "link", "other"]
Verdict = Literal["fixed", "still_there", "rewritten", "page_gone", "unknown"]
DeliveryStatus = Literal["pending", "sent", "dead"]
MOST_ITEMS = 200


def _storable(text: str) -> str:
    if "\0" in text:
        raise ValueError("must not contain NUL")
    return text


def _web_address(text: str) -> str:
    if not is_web_address(text):
        raise ValueError("must be an http or https address")
    return text


def _in_this_century(at: datetime) -> datetime:
    if not datetime(2000, 1, 1, tzinfo=UTC) <= at < datetime(2100, 1, 1, tzinfo=UTC):
        raise ValueError("must lie between the years 2000 and 2100")
    return at


def _no_default(schema: dict[str, Any]) -> None:
    """A field that may be left out has no value then; null is something else."""
    schema.pop("default", None)


Text = Annotated[str, AfterValidator(_storable)]
Moment = Annotated[AwareDatetime, AfterValidator(_in_this_century)]
Version = Annotated[int, Field(ge=1, le=2**31 - 1)]
Id = Annotated[int, Field(ge=0, le=2**63 - 1)]


class Asked(BaseModel):
    """A body: JSON types as they are, and nothing that we do not know."""

    model_config = ConfigDict(strict=True, extra="forbid")


class Query(BaseModel):
    """Parameters of an address; unknown ones are ignored."""

    model_config = ConfigDict(extra="ignore")


class CaseChange(Asked):
    """What shall be different; a field that is left out stays as it is."""

    status: Status | SkipJsonSchema[None] = Field(None, json_schema_extra=_no_default)
    resolution: Resolution | None = Field(None, json_schema_extra=_no_default)
    assignee: Annotated[Text, Field(max_length=254)] | None = Field(
        None, json_schema_extra=_no_default, description="E-mail of an editor; null: nobody"
    )
    suggestion: Annotated[Text, Field(max_length=SUGGESTION)] | None = Field(
        None, json_schema_extra=_no_default
    )
    kind: Kind | SkipJsonSchema[None] = Field(None, json_schema_extra=_no_default)
    snoozed_until: Moment | None = Field(None, json_schema_extra=_no_default)

    @model_validator(mode="after")
    def _status_and_kind_are_never_null(self) -> "CaseChange":
        for name in ("status", "kind"):
            if name in self.model_fields_set and getattr(self, name) is None:
                raise ValueError(f"{name} must not be null; leave it out to keep it")
        return self


class CasePatch(CaseChange):
    """A change of the case as it was at `version`."""

    version: Version


class BulkChange(CaseChange):
    """A change of several cases; with `version`, only of those that are at it."""

    version: Version | SkipJsonSchema[None] = Field(None, json_schema_extra=_no_default)


class Bulk(Asked):
    """The same change for several cases."""

    ids: list[Id] = Field(min_length=1, max_length=MOST_ITEMS)
    change: BulkChange


class Undo(Asked):
    """Take back the last change of the case as it was at `version`."""

    version: Version


class Note(Asked):
    """A remark for colleagues."""

    text: Annotated[Text, Field(min_length=1, max_length=NOTE_LENGTH, pattern=r"\S")]


class Paging(Query):
    """How much of a list."""

    cursor: Annotated[Text, Field(max_length=1_000)] | None = Field(
        None, description="`next` of the answer before", json_schema_extra=_no_default
    )
    limit: int = Field(50, ge=1, le=MOST_ITEMS)


class CasesQuery(Paging):
    """Which cases."""

    site: Annotated[Text, Field(max_length=64)] | None = Field(
        None, description="Key of a site", json_schema_extra=_no_default
    )
    status: list[Status] = Field(
        default_factory=list,
        description="May be given several times",
        json_schema_extra=_no_default,
    )
    q: Annotated[Text, Field(max_length=200)] = Field(
        "", description="Words of the case, its suggestion or its page's title"
    )
    page_url: Annotated[str, Field(max_length=ADDRESS), AfterValidator(_web_address)] | None = (
        Field(None, description="Any address of a page", json_schema_extra=_no_default)
    )
    assignee: Annotated[Text, Field(max_length=254)] | None = Field(
        None, description="E-mail of an editor, or `me`", json_schema_extra=_no_default
    )
    kind: Kind | None = Field(None, json_schema_extra=_no_default)
    sort: Literal["newest", "priority", "readers"] = "newest"


class DeliveriesQuery(Paging):
    """Which deliveries."""

    status: DeliveryStatus | None = Field(None, json_schema_extra=_no_default)
    channel: Id | None = Field(None, description="Id of a channel", json_schema_extra=_no_default)


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
    """The newest reading of the live page."""

    verdict: Verdict
    checked_at: datetime
    evidence: dict[str, Any] | None


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
    verification: VerificationOut | None


class CaseList(BaseModel):
    """A page of cases."""

    items: list[CaseOut]
    next: str | None


class EventOut(BaseModel):
    """One line of a case's history."""

    id: int
    type: str
    actor: str
    at: datetime
    via: str
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
    errors: list[FieldErrorOut] = Field([], json_schema_extra=_no_default)


class OutcomeOut(BaseModel):
    """What became of one case of a bulk change: the case as it is now, or the problem."""

    id: int
    status: int = Field(description="As if the case had been changed alone: 200, 404, 409 …")
    case: CaseOut | None
    problem: ProblemOut | None


class OutcomeList(BaseModel):
    """One outcome for each id, in their order."""

    items: list[OutcomeOut]
    next: None


class QuoteIn(BaseModel):
    """What the selection reads as, and the text right before and after it."""

    exact: str = Field(min_length=1, max_length=EXACT)
    prefix: str = Field("", max_length=CONTEXT)
    suffix: str = Field("", max_length=CONTEXT)


class PositionIn(BaseModel):
    """Where it stands, in UTF-16 units over the text nodes of the page; a hint."""

    start: int = Field(ge=0, le=FARTHEST)
    end: int = Field(ge=0, le=FARTHEST)


class MetadataIn(BaseModel):
    """What the page says of itself."""

    author: str | None = Field(None, max_length=METADATA)
    section: str | None = Field(None, max_length=METADATA)
    published: str | None = Field(None, max_length=METADATA)
    modified: str | None = Field(None, max_length=METADATA)
    cms_id: str | None = Field(None, max_length=METADATA)


class ReportIn(BaseModel):
    """A reader's report. Fields that are not named here are ignored."""

    id: str = Field(
        pattern="^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$",
        description="UUID made by the sender: the idempotency key",
    )
    site: str = Field(min_length=1, max_length=64, description="Key of the site")
    url: str = Field(min_length=1, max_length=ADDRESS, description="Address of the page")
    canonical_url: str | None = Field(None, max_length=ADDRESS)
    title: str | None = Field(None, max_length=TITLE)
    language: str | None = Field(None, max_length=64)
    quote: QuoteIn
    position: PositionIn | None = None
    kind: Kind | None = None
    suggestion: str | None = Field(None, max_length=SUGGESTION)
    comment: str | None = Field(None, max_length=COMMENT)
    email: str | None = Field(None, max_length=254)
    metadata: MetadataIn | None = None


class ReceivedOut(BaseModel):
    """The report is committed."""

    id: str
    status: Literal["received"]
    receipt: str
    receipt_url: str


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
