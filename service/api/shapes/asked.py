"""What programs and readers send, as it is described and (for programs) checked."""

from datetime import UTC, datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field
from pydantic.config import JsonDict

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
from core.triage import MOST_READERS, NOTE_LENGTH
from service.api.shapes.words import DeliveryStatus, Kind, Resolution, Status, no_default

MOST_ITEMS = 200


def storable(text: str) -> str:
    if "\0" in text:
        raise ValueError("must not contain NUL")
    return text


def _web_address(text: str) -> str:
    if not is_web_address(text):
        raise ValueError("must be an http or https address")
    return text


def _assignee(text: str) -> str:
    if text and text not in ("me", "none") and "@" not in text:
        raise ValueError("must be the e-mail of an editor, me or none")
    return text


def _in_this_century(at: datetime) -> datetime:
    if not datetime(2000, 1, 1, tzinfo=UTC) <= at < datetime(2100, 1, 1, tzinfo=UTC):
        raise ValueError("must lie between the years 2000 and 2100")
    return at


# The patterns tell in the description what the validators check in words of their own.
Text = Annotated[
    str, AfterValidator(storable), Field(json_schema_extra={"pattern": r"^[^\u0000]*$"})
]
_ON_THE_WEB: JsonDict = {"format": "uri", "pattern": "^https?://"}
_AN_EDITOR: JsonDict = {"pattern": r"^(me|none|[^\u0000]*@[^\u0000]*)?$"}
Moment = Annotated[AwareDatetime, AfterValidator(_in_this_century)]
# A day alone means its beginning in UTC.
DayOrMoment = Annotated[
    AwareDatetime,
    BeforeValidator(lambda given: f"{given}T00:00:00Z" if len(str(given)) == 10 else given),
    AfterValidator(_in_this_century),
]
Version = Annotated[int, Field(ge=1, le=2**31 - 1)]
Id = Annotated[int, Field(ge=0, le=2**63 - 1)]


class Asked(BaseModel):
    """A body: JSON types as they are, and nothing that we do not know."""

    model_config = ConfigDict(strict=True, extra="forbid")


class PageSaved(BaseModel):
    """What a newsroom's system says of a document that was saved. More than this is not read.

    `html` is the document as its page shows it, as far as the system can tell.
    """

    model_config = ConfigDict(strict=True, extra="ignore")

    site: Annotated[Text, Field(min_length=1, max_length=64)]
    url: Annotated[
        str,
        AfterValidator(storable),
        AfterValidator(_web_address),
        Field(max_length=ADDRESS, json_schema_extra=_ON_THE_WEB),
    ]
    cms_id: Annotated[Text, Field(max_length=METADATA)] | None = None
    state: Literal["public", "hidden"] = "public"
    html: Text | None = None


class Query(BaseModel):
    """Parameters of an address; unknown ones are ignored."""

    model_config = ConfigDict(extra="ignore")


class CaseChange(Asked):
    """What shall be different. Only fields that are given count, never their defaults."""

    status: Status = Field("new", json_schema_extra=no_default)
    resolution: Resolution | None = Field(None, json_schema_extra=no_default)
    assignee: Annotated[Text, Field(max_length=254)] | None = Field(
        None, json_schema_extra=no_default, description="E-mail of an editor; null: nobody"
    )
    suggestion: Annotated[Text, Field(max_length=SUGGESTION)] | None = Field(
        None, json_schema_extra=no_default
    )
    kind: Kind = Field("typo", json_schema_extra=no_default)
    snoozed_until: Moment | None = Field(None, json_schema_extra=no_default)
    more_readers: int = Field(
        1,
        ge=1,
        le=MOST_READERS,
        description="With snoozed_until: it ends before when so many more readers have come",
        json_schema_extra=no_default,
    )


class CasePatch(CaseChange):
    """A change of the case as it was at `version`."""

    version: Version


class BulkChange(CaseChange):
    """A change of several cases; with `version`, only of those that are at it."""

    version: Version = Field(1, json_schema_extra=no_default)


class Bulk(Asked):
    """The same change for several cases."""

    ids: list[Id] = Field(min_length=1, max_length=MOST_ITEMS)
    change: BulkChange


class Undo(Asked):
    """Take back the last change of the case as it was at `version`."""

    version: Version


class Merge(Asked):
    """Merge the case as it was at `version` into another one of the same site."""

    version: Version
    into: Id


class Split(Asked):
    """Make a case of its own of some reports of the case as it was at `version`."""

    version: Version
    reports: list[Annotated[Text, Field(min_length=36, max_length=36)]] = Field(
        min_length=1, max_length=MOST_ITEMS
    )


class Note(Asked):
    """A remark for colleagues."""

    text: Annotated[Text, Field(min_length=1, max_length=NOTE_LENGTH, pattern=r"\S")]


class Paging(Query):
    """How much of a list."""

    cursor: Annotated[Text, Field(max_length=1_000)] | None = Field(
        None, description="`next` of the answer before", json_schema_extra=no_default
    )
    limit: int = Field(50, ge=1, le=MOST_ITEMS)


class CasesWanted(Query):
    """Which cases."""

    site: Annotated[Text, Field(max_length=64)] | None = Field(
        None, description="Key of a site", json_schema_extra=no_default
    )
    status: list[Status] = Field(
        default_factory=list,
        description="May be given several times",
        json_schema_extra=no_default,
    )
    q: Annotated[Text, Field(max_length=200)] = Field(
        "", description="Words of the case, its suggestions and comments, its page's title"
    )
    page_url: (
        Annotated[
            str,
            Field(max_length=ADDRESS, json_schema_extra=_ON_THE_WEB),
            AfterValidator(_web_address),
        ]
        | None
    ) = Field(None, description="Any address of a page", json_schema_extra=no_default)
    assignee: (
        Annotated[
            str,
            AfterValidator(storable),
            AfterValidator(_assignee),
            Field(max_length=254, json_schema_extra=_AN_EDITOR),
        ]
        | None
    ) = Field(
        None,
        description="E-mail of an editor, `me`, or `none` for what is assigned to nobody",
        json_schema_extra=no_default,
    )
    kind: Kind | None = Field(None, json_schema_extra=no_default)
    section: Annotated[Text, Field(max_length=METADATA)] = Field("", description="Of the page")
    author: Annotated[Text, Field(max_length=METADATA)] = Field("", description="Of the page")
    language: Annotated[Text, Field(max_length=64)] = Field("", description="Of the case")
    sort: Literal["newest", "priority", "readers", "oldest"] = "newest"


class CasesQuery(CasesWanted, Paging):
    """Which cases, and how many of them."""


class StatsQuery(Query):
    """Which span: cases first reported from `from` on and before `to`, by default 30 days."""

    site: Annotated[Text, Field(max_length=64)] | None = Field(
        None, description="Key of a site", json_schema_extra=no_default
    )
    begin: DayOrMoment | None = Field(
        None, alias="from", description="Moment, included", json_schema_extra=no_default
    )
    end: DayOrMoment | None = Field(
        None, alias="to", description="Moment, excluded", json_schema_extra=no_default
    )


class DeliveriesQuery(Paging):
    """Which deliveries."""

    status: DeliveryStatus | None = Field(None, json_schema_extra=no_default)
    channel: Id | None = Field(None, description="Id of a channel", json_schema_extra=no_default)


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
    url: str = Field(
        min_length=1,
        max_length=ADDRESS,
        description="Address of the page",
        json_schema_extra=_ON_THE_WEB,
    )
    canonical_url: str | None = Field(None, max_length=ADDRESS)
    title: str | None = Field(None, max_length=TITLE)
    language: str | None = Field(None, max_length=64)
    quote: QuoteIn
    position: PositionIn | None = None
    kind: Kind | None = None
    suggestion: str | None = Field(None, max_length=SUGGESTION)
    comment: str | None = Field(None, max_length=COMMENT)
    email: Annotated[str, Field(json_schema_extra={"format": "email"})] | None = Field(
        None, max_length=254
    )
    metadata: MetadataIn | None = None
