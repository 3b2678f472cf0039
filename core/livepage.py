"""What the live page says about one case: as it was reported, as it was corrected, and now."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from rapidfuzz.distance import Postfix, Prefix
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.models import Case, Event, PageVersion, Verification
from core.rhythm import SETTLED
from core.text.anchor import anchor
from core.text.difference import Piece, diff
from core.text.passage import passage_of
from core.text.stretch import BESIDE, LONGEST, head, mended, tail
from core.text.words import sentence_around

MOST_RUNS = 20
_TOLD_TWICE = 2


@dataclass(frozen=True, slots=True)
class Sentence:
    """The words in question in their sentence; a cut end shows ….

    `pieces` are these words, cut where they differ: what is to go, or what has come. `flagged`: no
    letter of them is known to be wrong, they are meant as a whole. Without pieces the words are
    not in the sentence any more, and `before` is all of it.
    """

    before: str
    pieces: tuple[Piece, ...] = ()
    after: str = ""
    flagged: bool = False

    @property
    def text(self) -> str:
        """The sentence as it stands there."""
        return f"{self.before}{''.join(piece.text for piece in self.pieces)}{self.after}"


@dataclass(frozen=True, slots=True)
class Seen:
    """What the page said at one time: by a run of agreeing readings, or as it was first looked at
    (`run` is None then). `sentence` is None where the run found none; its reason says why."""

    at: datetime
    run: Verification | None
    sentence: Sentence | None


@dataclass(frozen=True, slots=True)
class Corrected:
    """When the correction was seen on the page. `verified`: it was believed, at that moment.

    `together`: not by two readings some time apart, but by the page and the newsroom's own system.
    """

    seen: Seen
    verified: bool
    together: bool


@dataclass(frozen=True, slots=True)
class LivePage:
    """The page of one case, by all that was read of it.

    `reported` is None where the reader has erased the words, `corrected` where no reading has seen
    a correction, `now` where the page was never read. `runs`: the newest ones, or those `older`
    than one that is named; `older` is the one to go on from, None if there are no more. `readings`
    counts all of them, the system's words too. `next_at`: None where the page is read no more.
    """

    reported: Sentence | None
    corrected: Corrected | None
    now: Seen | None
    runs: Sequence[Verification]
    older: int | None
    readings: int
    next_at: datetime | None


def live_page(
    session: Session, case: Case, older: int | None = None, most: int = MOST_RUNS
) -> LivePage:
    """Gather what is known of a case's page; `most` runs, those before the one numbered `older`."""
    runs = _runs(session, case, older, most + 1)
    counted = select(func.sum(Verification.readings)).where(Verification.case_id == case.id)
    return LivePage(
        reported=_reported(case),
        corrected=_corrected(session, case),
        now=_now(session, case),
        runs=runs[:most],
        older=runs[most - 1].id if len(runs) > most else None,
        readings=session.scalar(counted) or 0,
        next_at=case.check_due_at,
    )


def is_back(run: Verification) -> bool:
    """Whether the words stand where somebody had said, or the page had shown, that they do not."""
    return run.verdict == "still_there" and run.case_status in SETTLED


def _runs(session: Session, case: Case, older: int | None, most: int) -> list[Verification]:
    query = select(Verification).where(Verification.case_id == case.id)
    if older is not None:
        query = query.where(Verification.id < older)
    return list(session.scalars(query.order_by(Verification.id.desc()).limit(most)))


def _reported(case: Case) -> Sentence | None:
    if not case.exact:
        return None
    passage = passage_of(case.exact, case.prefix, case.suffix)
    before, after = passage.before.lstrip(), passage.after.rstrip()
    return _cut(_wrong(before, case.exact, after, case.suggestion))


def _now(session: Session, case: Case) -> Seen | None:
    """The newest reading; before the first one, the text in which the report was looked for."""
    run = session.get(Verification, case.verification_id or 0)
    if run is not None:
        return Seen(run.last_at, run, sentence_on(case, run))
    if not case.exact or case.span_start is None or case.span_end is None:
        return None
    newest = select(PageVersion).where(PageVersion.page_id == case.page_id)
    version = session.scalar(newest.order_by(PageVersion.number.desc()).limit(1))
    if version is None:
        return None
    start, end = case.span_start, case.span_end
    low = max(0, start - LONGEST)
    near = version.text[low : end + LONGEST]
    first, last = sentence_around(near, start - low, end - low)
    sentence = _wrong(
        near[first : start - low],
        near[start - low : end - low],
        near[end - low : last],
        case.suggestion,
    )
    return Seen(max(version.read_at, case.page.read_at or version.read_at), None, _cut(sentence))


def _corrected(session: Session, case: Case) -> Corrected | None:
    """The last correction that readings saw, as it was believed, else as it was seen first.

    Readings that could tell nothing lie between; one that saw the error again has ended it.
    """
    of_case = Verification.case_id == case.id
    fixed = Verification.verdict == "fixed"
    last = session.scalar(select(func.max(Verification.id)).where(of_case, fixed))
    if last is None:
        return None
    broken = select(func.max(Verification.id)).where(
        of_case, Verification.verdict == "still_there", Verification.id < last
    )
    since = session.scalar(broken) or 0
    stretch = select(Verification).where(of_case, fixed, Verification.id > since)
    first = session.scalars(stretch.order_by(Verification.id).limit(1)).one()
    moved = select(Event).where(Event.case_id == case.id, Event.type == "verified")
    event = session.scalar(moved.order_by(Event.id.desc()).limit(1))
    by = event.data.get("verification", 0) if event is not None else 0
    run = session.get(Verification, by)
    if event is None or run is None or not since < by <= last:
        return Corrected(Seen(first.first_at, first, sentence_on(case, first)), False, False)
    seen = Seen(event.at, run, sentence_on(case, run))
    return Corrected(seen, True, run.readings < _TOLD_TWICE)


def sentence_on(case: Case, run: Verification) -> Sentence | None:
    """The sentence that a run of readings saw, with the words in question; None where none."""
    if not run.after or not case.exact:
        return None
    before, after = mended(run.before or "", run.after, case.exact)
    if run.verdict != "still_there" and before:
        changed = _changed(before, after)
        if changed is not None:
            return _cut(changed)
    if run.verdict == "fixed":
        return _cut(_right(case, after))
    return _cut(_standing(case, after))


def _changed(before: str, after: str) -> Sentence | None:
    """The sentence with what came into it; None where nothing did."""
    pieces = [piece for piece in diff(before, after) if piece.kind != "del"]
    come = [place for place, piece in enumerate(pieces) if piece.kind == "ins"]
    if not come:
        return None
    first, last = come[0], come[-1] + 1
    return Sentence(
        "".join(piece.text for piece in pieces[:first]),
        tuple(pieces[first:last]),
        "".join(piece.text for piece in pieces[last:]),
    )


def _right(case: Case, text: str) -> Sentence:
    """The sentence with what was suggested, where it stands there; else nothing is marked."""
    right = case.suggestion or case.claim_right
    if not right:
        return Sentence(text)
    place = anchor(text, right, case.prefix, case.suffix)
    if place is None or place.quality == "approximate":
        return Sentence(text)
    piece = Piece("ins", text[place.start : place.end], True)
    return Sentence(text[: place.start], (piece,), text[place.end :])


def _standing(case: Case, text: str) -> Sentence:
    """The sentence with the words of the case; where they are not found nothing is marked.

    Of words that stand there twice it is those with the same letters beside them: a word that is
    written twice is itself what is wrong.
    """
    places = [at for at in range(len(text)) if text.startswith(case.exact, at)]
    if places:
        start = max(places, key=lambda at: _beside(case, text, at))
        end = start + len(case.exact)
    else:
        place = anchor(text, case.exact, case.prefix, case.suffix)
        if place is None:
            return Sentence(text)
        start, end = place.start, place.end
    return _wrong(text[:start], text[start:end], text[end:], case.suggestion)


def _beside(case: Case, text: str, at: int) -> int:
    """How many letters beside the words of a case stand at a place too."""
    before, after = text[:at], text[at + len(case.exact) :]
    return Postfix.similarity(before, case.prefix) + Prefix.similarity(after, case.suffix)


def _wrong(before: str, words: str, after: str, suggestion: str | None) -> Sentence:
    """The words, with what of them is to go; all of them where only something is to come."""
    if suggestion is not None and suggestion != words:
        pieces = tuple(piece for piece in diff(words, suggestion) if piece.kind != "ins")
        if any(piece.kind == "del" for piece in pieces):
            return Sentence(before, pieces, after)
    return Sentence(before, (Piece("same", words, False),), after, flagged=True)


def _cut(sentence: Sentence) -> Sentence:
    """The sentence with no more than can be read at a glance."""
    if not sentence.pieces:
        return replace(sentence, before=head(sentence.before, LONGEST))
    return replace(
        sentence,
        before=tail(sentence.before, BESIDE),
        pieces=tuple(_shortened(sentence.pieces)),
        after=head(sentence.after, BESIDE),
    )


def _shortened(pieces: Sequence[Piece]) -> Iterator[Piece]:
    left = LONGEST
    for piece in pieces:
        if left <= 0:
            return
        yield replace(piece, text=head(piece.text, left))
        left -= len(piece.text)
