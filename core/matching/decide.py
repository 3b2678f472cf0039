"""The decision: which case a claim belongs to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rapidfuzz.distance import OSA

from core.matching.context import Meeting, Window, meet, window
from core.matching.facts import CaseFacts, Claim, Code, Decision, Reason, Span
from core.text.fold import fold_text

_FIXED = ("fixed", "verified")
_PLACES = 16  # positions that advertisements and gaps shift too easily to tell apart
_ALIKE = 0.6  # likeness from which a suggestion names a case


def decide(claim: Claim, candidates: Sequence[CaseFacts]) -> Decision:
    """Join the case whose claim this one overlaps on the page, else open a new one.

    A case shrinks to its narrowest claim; a claim that overlaps several cases joins the one it
    shares most with and names the others in `also_covers`; claims that only touch are two errors.
    """
    meeting = sorted(
        _meetings(claim, candidates), key=lambda pair: _rank(claim, *pair), reverse=True
    )
    if not meeting:
        return Decision(None, claim, _why_new(claim, candidates))
    met, case = meeting[0]
    fixed = case.status in _FIXED
    return Decision(
        case.id,
        _kept(claim, case),
        Reason(_code(claim, met), {"exact": case.exact}),
        also_covers=tuple(other.id for _, other in meeting[1:]),
        already_fixed=fixed and claim.version > 0,
        reopens=fixed and claim.span is not None and claim.version == 0,
    )


def _meetings(claim: Claim, candidates: Sequence[CaseFacts]) -> Iterator[tuple[Meeting, CaseFacts]]:
    mine: Window | None = None
    for case in candidates:
        if _has_place(claim.span) and _has_place(case.span):
            found = _overlap(claim.span, case.span)
        else:
            mine = mine or window(claim)
            found = meet(mine, window(case))
        if found is not None:
            yield found, case


def _has_place(span: Span | None) -> bool:
    """A span that has become empty says only where the words have gone from."""
    return span is not None and span[1] > span[0]


def _overlap(mine: Span | None, yours: Span | None) -> Meeting | None:
    if mine is None or yours is None:
        return None
    shared = min(mine[1], yours[1]) - max(mine[0], yours[0])
    return Meeting(shared, mine[1] - mine[0], yours[1] - yours[0]) if shared > 0 else None


def _rank(
    claim: Claim, met: Meeting, case: CaseFacts
) -> tuple[float, float, float, int, bool, int, int]:
    """Which of several overlapped cases a claim joins: the most alike, most read, oldest."""
    inside = met.shared == met.yours and not claim.certain
    likeness = 0.5 if inside and met.likeness < 0.5 else met.likeness
    # Two cases of the same words are what an editor has split: each keeps to its correction.
    same_right = claim.right is not None and claim.right == case.suggestion
    agreement = round(met.agreement, 1)
    nearness = -(met.astray // _PLACES)
    readers = case.readers
    return _wants(claim, case), agreement, likeness, nearness, same_right, readers, -case.id


def _wants(claim: Claim, case: CaseFacts) -> float:
    """How alike a suggestion that did not tell its place is to a case's words or correction."""
    if claim.wanted is None:
        return 0.0
    wanted = fold_text(claim.wanted)
    likeness = max(
        OSA.normalized_similarity(wanted, fold_text(words))
        for words in (case.exact, case.suggestion or "")
    )
    return round(likeness, 1) if likeness >= _ALIKE else 0.0


def _kept(claim: Claim, case: CaseFacts) -> Claim:
    """The case's claim from now on: what is certain stays, what is not shrinks to the narrower."""
    bare = not (case.prefix.strip() or case.suffix.strip()) and claim.prefix.strip()
    narrower = claim.certain or len(claim.exact) < len(case.exact)
    if bare or (narrower and not case.certain):
        return claim
    return Claim(
        exact=case.exact,
        prefix=case.prefix,
        suffix=case.suffix,
        right=case.suggestion,
        certain=case.certain,
        span=case.span,
        position=case.position,
    )


def _code(claim: Claim, met: Meeting) -> Code:
    if met.shared == met.mine == met.yours:
        return "same_words" if claim.span else "same_context"
    if met.shared == met.yours:
        return "within"
    return "narrower" if met.shared == met.mine else "overlap"


def _why_new(claim: Claim, candidates: Sequence[CaseFacts]) -> Reason:
    words = fold_text(claim.exact)
    for case in candidates:
        if fold_text(case.exact) == words:
            return Reason("twin", {"case": case.id, "exact": case.exact})
    for case in candidates:
        return Reason("neighbour", {"case": case.id, "exact": case.exact})
    return Reason("first")
