"""Why a message comes: what its rows have in common, in the words of its first lines."""

from collections.abc import Sequence

from core.errors import NotFound
from core.i18n import Translator
from core.messages.texts import cut, title_of, words_of
from core.models import Case, Delivery
from core.workflow import OPEN

WAITING = ("waiting", "escalated", "open")
_SUBJECT_LENGTH = 150
_PLACE_LENGTH = 100


def case_of(row: Delivery) -> Case:
    """The case that a row is about. Raises NotFound for one that is about none."""
    if row.case is None:
        raise NotFound("This message is about no case.")
    return row.case


def occasion_of(rows: Sequence[Delivery]) -> str:
    """One word for why: `created`, `regressed`, `readers`, `waiting`, `escalated`, `open`, and
    `several` for a digest of different things."""
    kinds = {row.event_type for row in rows}
    if kinds == {"case.updated"}:
        return "readers"
    if len(kinds) > 1:
        return "several"
    return kinds.pop().removeprefix("case.")


def waiting_rows(rows: Sequence[Delivery]) -> Sequence[Delivery]:
    """The rows of a message; of a list of what is open, and of reminders, those whose case is open
    still: nobody is told that something waits which a colleague has settled meanwhile."""
    if occasion_of(rows) not in WAITING:
        return rows
    return [row for row in rows if case_of(row).status in OPEN]


def lead_of(rows: Sequence[Delivery], t: Translator, writer: str | None = None) -> str:
    """The one line above the cases: why this message comes. `writer` is the name of who wrote the
    note that it is about."""
    occasion = occasion_of(rows)
    if occasion == "mentioned":
        return _note_of(rows[0], writer, t)
    if occasion == "readers" and rows[0].rhythm == "now":
        occasion = "crowd"
    if occasion == "created" and len(rows) == 1:
        occasion = "one"
    if occasion == "readers" and len({row.case_id for row in rows}) == 1:
        return t.gettext("Since the last digest more readers have reported an error that you know.")
    many = _lead_of_many(occasion, len({row.case_id for row in rows}), t)
    return many or {
        "one": t.gettext("A reader has reported a new error."),
        "created": t.gettext("Readers have reported new errors."),
        "readers": t.gettext(
            "Since the last digest more readers have reported errors that you know."
        ),
        "crowd": t.gettext("Many readers report this error. It is still open."),
        "regressed": t.gettext(
            "The error is on the page again after its correction had been seen there."
        ),
        "waiting": t.gettext("This error has been waiting for a decision for a long time."),
        "escalated": t.gettext("Nobody has decided about this error yet, so it comes to you."),
        "open": t.gettext("These errors are still open."),
    }.get(occasion, t.gettext("What readers have reported since the last digest."))


def _lead_of_many(occasion: str, count: int, t: Translator) -> str | None:
    """What is said of one error in other words than of several; None for one, and for the rest."""
    if count < 2:
        return None
    if occasion == "waiting":
        return t.ngettext(
            "{n} error has been waiting for a decision for a long time; the oldest comes first.",
            "{n} errors have been waiting for a decision for a long time; the oldest comes first.",
            count,
        )
    if occasion == "escalated":
        return t.ngettext(
            "Nobody has decided about {n} error yet, so it comes to you; the oldest first.",
            "Nobody has decided about {n} errors yet, so they come to you; the oldest first.",
            count,
        )
    if occasion == "regressed":
        return t.ngettext(
            "{n} error is on its page again after its correction had been seen there.",
            "{n} errors are on their pages again after their corrections had been seen there.",
            count,
        )
    return None


def _note_of(row: Delivery, writer: str | None, t: Translator) -> str:
    """Who names the reader of this message, in which words."""
    if row.event is None:
        raise NotFound("This message is about no note.")
    text = " ".join(str(row.event.data.get("text", "")).split())
    return t.gettext(
        "{name} names you in a note: “{text}”", name=writer or row.event.actor, text=text
    )


def subject_of(rows: Sequence[Delivery], site: str, t: Translator, besides: int = 0) -> str:
    """The one line by which a message is found among others: of one error its words, of several
    their number, with the article if all are in one. `besides` counts the cases that the message
    is about and does not name."""
    cases = {row.case_id: case_of(row) for row in rows}
    if len(cases) + besides == 1 and rows[0].rhythm in ("now", "edit"):
        text = _single(rows[0], t)
    else:
        pages = {case.page_id: case.page for case in cases.values()}
        is_of_one = len(pages) == 1 and occasion_of(rows) != "open"
        place = cut(title_of(*pages.values()), _PLACE_LENGTH) if is_of_one else site
        text = _many(occasion_of(rows), len(cases) + besides, place, t)
    return cut(text, _SUBJECT_LENGTH)


def _single(row: Delivery, t: Translator) -> str:
    case = case_of(row)
    title = title_of(case.page)
    words = words_of(case, t)
    if not words:
        return t.gettext("A reader’s report: {title}", title=title)
    if row.event_type == "case.mentioned":
        return t.gettext("A note for you: {error} · {title}", error=words, title=title)
    if row.event_type == "case.regressed":
        return t.gettext("Came back: {error} · {title}", error=words, title=title)
    if row.event_type in ("case.waiting", "case.escalated"):
        return t.gettext("Still waiting: {error} · {title}", error=words, title=title)
    if row.event_type == "case.updated" and row.rhythm == "now":
        readers = t.ngettext("{n} reader", "{n} readers", case.readers)
        return f"{readers}: {words} · {title}"
    return f"{words} · {title}"


def _many(occasion: str, count: int, site: str, t: Translator) -> str:
    if occasion == "readers":
        return t.ngettext(
            "{n} known error has new readers: {site}",
            "{n} known errors have new readers: {site}",
            count,
            site=site,
        )
    if occasion == "open":
        return t.ngettext(
            "{n} error is still open: {site}",
            "{n} errors are still open: {site}",
            count,
            site=site,
        )
    if occasion in ("waiting", "escalated"):
        return t.ngettext(
            "Still waiting: {n} error · {site}",
            "Still waiting: {n} errors · {site}",
            count,
            site=site,
        )
    if occasion == "regressed":
        return t.ngettext(
            "Came back: {n} error · {site}", "Came back: {n} errors · {site}", count, site=site
        )
    return t.ngettext("{n} error: {site}", "{n} errors: {site}", count, site=site)
