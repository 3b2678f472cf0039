"""What the live page says about a case, in words and marks: three dated sentences, all readings."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from core.i18n import Translator, marked
from core.i18n.moments import duration
from core.i18n.readings import answer_words, reading_words
from core.i18n.words import verdict_word
from core.livepage import Corrected, LivePage, Seen, Sentence, is_back
from core.models import Case, Verification
from service.dashboard.marks import Mark, Run, calm_runs_of, marks_of_pieces

_MOST_RUNS = 24  # stretches on either side of the words: a hostile page hides signs between letters
_LONGEST_ADDRESS = 120
_A_MINUTE = timedelta(minutes=1)
_LEADS_AWAY = ("page_gone", "rewritten")
_SHAPES = {"fixed": "verified", "page_gone": "dismissed", "rewritten": "unknown"}
_SAID = {
    "reported": marked("live page", "Reported"),
    "corrected": marked("live page", "Corrected"),
    "verified": marked("live page", "Verified"),
    "now": marked("live page", "Now"),
}


@dataclass(frozen=True)
class Told:
    """One dated sentence: `before`, `marks`, `after`, and `plain` for ears; `said` instead of it.

    `notes` are sentences about it: why, who witnessed it.
    """

    name: str
    at: datetime | None
    before: tuple[Run, ...]
    marks: tuple[Mark, ...]
    after: tuple[Run, ...]
    plain: str
    said: str
    notes: tuple[str, ...]


@dataclass(frozen=True)
class Reading:
    """One line of the readings: so many that agreed, and what the last of them was answered."""

    first_at: datetime
    last_at: datetime
    times: int
    by_system: bool
    shape: str
    verdict: str
    answer: str
    why: str


@dataclass(frozen=True)
class Shown:
    """A live page, ready to be shown. `shape` is empty where nothing was read yet.

    `no_more` says why the page is read no more; it is empty where it is (then `next_at` is set).
    """

    told: tuple[Told, ...]
    shape: str
    verdict: str
    next_at: datetime | None
    is_due: bool
    no_more: str
    readings: tuple[Reading, ...]
    times: int
    older: int | None


def shown(t: Translator, case: Case, live: LivePage, now: datetime) -> Shown:
    """Put what is known of a case's page into words."""
    told = [_reported(t, case, live)]
    if live.corrected is not None:
        told.append(_corrected(t, case, live.corrected))
    told.append(_now(t, case, live.now))
    run = live.now.run if live.now is not None else None
    return Shown(
        told=tuple(told),
        shape=_shape(run, case.regressed) if run is not None else "",
        verdict=verdict_word(t, run.verdict) if run is not None else "",
        next_at=live.next_at,
        is_due=live.next_at is not None and live.next_at <= now,
        no_more=_no_more(t, case) if live.next_at is None else "",
        readings=tuple(_reading(t, each) for each in live.runs),
        times=live.readings,
        older=live.older,
    )


def _reported(t: Translator, case: Case, live: LivePage) -> Told:
    erased = t.gettext("The reader has erased what they had sent.")
    said = erased if live.reported is None else ""
    return _told(t.pgettext(*_SAID["reported"]), case.first_reported_at, live.reported, said, ())


def _corrected(t: Translator, case: Case, corrected: Corrected) -> Told:
    seen = corrected.seen
    run = seen.run
    notes = () if run is None else (_witnesses(t, case, corrected, run),)
    name = t.pgettext(*_SAID["verified" if corrected.verified else "corrected"])
    said = "" if run is None else _why(t, run)
    return _told(name, seen.at, seen.sentence, said, notes)


def _now(t: Translator, case: Case, seen: Seen | None) -> Told:
    name = t.pgettext(*_SAID["now"])
    if seen is None:
        if not case.exact:
            return _told(name, None, None, t.gettext("Nothing is looked for any more."), ())
        return _told(name, None, None, t.gettext("The page was not read yet."), ())
    run = seen.run
    if run is None:
        note = t.gettext("So the page was read when the report came.")
        return _told(name, seen.at, seen.sentence, "", (note,))
    notes = [_why(t, run)] if seen.sentence is not None else []
    if run.source == "cms":
        notes.append(t.gettext("So it stands in the newsroom’s own system."))
    elif run.verdict in _LEADS_AWAY and run.final_url not in (None, case.page.link):
        address = _short(run.final_url or "")
        notes.append(t.gettext("The address leads to {address}", address=address))
    return _told(name, seen.at, seen.sentence, _why(t, run), tuple(notes))


def _told(
    name: str, at: datetime | None, sentence: Sentence | None, said: str, notes: tuple[str, ...]
) -> Told:
    if sentence is None:
        return Told(name, at, (), (), (), "", said, notes)
    return Told(
        name=name,
        at=at,
        before=_last(calm_runs_of(sentence.before))
        if sentence.pieces
        else _first(calm_runs_of(sentence.before)),
        marks=marks_of_pieces(sentence.pieces, sentence.flagged),
        after=_first(calm_runs_of(sentence.after)),
        plain=sentence.text,
        said="",
        notes=notes,
    )


def _witnesses(t: Translator, case: Case, corrected: Corrected, run: Verification) -> str:
    """Who has seen the correction: how many readings, or the page and the newsroom's system."""
    if corrected.verified and corrected.together:
        return t.gettext("The page and the newsroom’s own system say the same.")
    if run.source == "cms":
        return t.gettext("So it stands in the newsroom’s own system.")
    awaited = case.verification_id == run.id and case.status != "verified"
    if run.readings == 1 and not awaited:
        return t.gettext("Seen by one reading.")
    if run.readings == 1:
        return t.gettext("Seen by one reading; a second one has to agree.")
    apart, n = run.last_at - run.first_at, run.readings
    if apart < _A_MINUTE:
        return t.ngettext("{n} reading agrees.", "{n} readings agree.", n)
    return t.ngettext(
        "{n} reading agrees, {length} apart.",
        "{n} readings agree, {length} apart.",
        n,
        length=duration(t, apart),
    )


def _no_more(t: Translator, case: Case) -> str:
    """Why the page is read no more for this case."""
    if case.merged_into_id is not None:
        return t.gettext("not read any more: the case was merged")
    if not case.exact:
        return t.gettext("not read any more: there are no words to look for")
    if case.status == "dismissed":
        return t.gettext("not read any more: the case is dismissed")
    if case.checked_at is None:
        return t.gettext("no reading is planned")
    return t.gettext("not read any more: 30 days have passed")


def _reading(t: Translator, run: Verification) -> Reading:
    return Reading(
        first_at=run.first_at,
        last_at=run.last_at,
        times=run.readings,
        by_system=run.source == "cms",
        shape=_shape(run),
        verdict=verdict_word(t, run.verdict),
        answer=answer_words(t, run.http_status) if run.source == "page" else "—",
        why=_why(t, run),
    )


def _why(t: Translator, run: Verification) -> str:
    return reading_words(t, run.verdict, run.reason, run.http_status)


def _shape(run: Verification, is_regressed: bool = False) -> str:
    """The sign of a verdict: of an error that stands where it should not, that it came back."""
    if run.verdict == "still_there":
        return "regressed" if is_regressed or is_back(run) else "new"
    return _SHAPES.get(run.verdict, "unknown")


def _short(address: str) -> str:
    return address if len(address) <= _LONGEST_ADDRESS else f"{address[:_LONGEST_ADDRESS]}…"


def _first(runs: Sequence[Run]) -> tuple[Run, ...]:
    return tuple(runs) if len(runs) <= _MOST_RUNS else (*runs[:_MOST_RUNS], Run("…"))


def _last(runs: Sequence[Run]) -> tuple[Run, ...]:
    return tuple(runs) if len(runs) <= _MOST_RUNS else (Run("…"), *runs[-_MOST_RUNS:])
