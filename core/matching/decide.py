"""The decision: which case a claim belongs to."""

from __future__ import annotations

from collections.abc import Sequence

from rapidfuzz.distance import Indel

from core.matching.facts import CaseFacts, Claim, Code, Decision, PageText, Reason, Span
from core.text.fold import fold, fold_text

_FIXED = ("fixed", "verified")
_SHARED = 12  # characters of context that two claims must share to be at the same place


def decide(claim: Claim, candidates: Sequence[CaseFacts], page: PageText | None) -> Decision:
    """Join the case whose claim this one overlaps on the page, else open a new one.

    A case shrinks to its narrowest claim; a claim that overlaps several cases joins the one it
    shares most with and names the others in `also_covers`; claims that only touch are two errors.
    """
    meeting = [(shared, case) for case in candidates if (shared := _shared(claim, case, page)) > 0]
    if not meeting:
        return Decision(None, claim, _why_new(claim, candidates))
    meeting.sort(key=lambda pair: (-pair[0], -pair[1].readers, pair[1].id))
    case = meeting[0][1]
    narrower = len(claim.exact) < len(case.exact) or (claim.certain and not case.certain)
    kept = claim if narrower else _claim_of_case(case, claim)
    fixed = case.status in _FIXED
    return Decision(
        case.id,
        kept,
        Reason(_code(claim, case), {"exact": case.exact}),
        also_covers=tuple(other.id for _, other in meeting[1:]),
        already_fixed=fixed and claim.version > 0,
        reopens=fixed and claim.span is not None and claim.version == 0,
    )


def _shared(claim: Claim, case: CaseFacts, page: PageText | None) -> int:
    if claim.span is not None and case.span is not None and page is not None:
        return min(claim.span[1], case.span[1]) - max(claim.span[0], case.span[0])
    return _shared_by_context(claim, case)


def _shared_by_context(claim: Claim, case: CaseFacts) -> int:
    """How many characters of the two claims stand on one another when their contexts are aligned."""
    mine, yours = _window(claim), _window(case)
    blocks = [
        block
        for block in Indel.opcodes(mine[0], yours[0])
        if block.tag == "equal" and block.src_end - block.src_start >= 4
    ]
    if sum(block.src_end - block.src_start for block in blocks) < _SHARED:
        return 0
    shared = 0
    for block in blocks:
        shift = block.dest_start - block.src_start
        first = max(block.src_start, mine[1][0], yours[1][0] - shift)
        last = min(block.src_end, mine[1][1], yours[1][1] - shift)
        shared += max(0, last - first)
    return shared


def _window(of: Claim | CaseFacts) -> tuple[str, Span]:
    folded = fold(of.prefix + of.exact + of.suffix)
    start = len(of.prefix)
    return folded.text, folded.span_of_source(start, start + len(of.exact))


def _claim_of_case(case: CaseFacts, claim: Claim) -> Claim:
    return Claim(
        case.exact, case.prefix, case.suffix, claim.right, case.certain,
        case.span or None, 0, case.position,
    )  # fmt: skip


def _code(claim: Claim, case: CaseFacts) -> Code:
    if fold_text(claim.exact) == fold_text(case.exact):
        return "same_words" if claim.span else "same_context"
    return "narrower" if len(claim.exact) < len(case.exact) else "overlap"


def _why_new(claim: Claim, candidates: Sequence[CaseFacts]) -> Reason:
    words = fold_text(claim.exact)
    twins = [case.id for case in candidates if fold_text(case.exact) == words]
    return Reason("twin", {"case": twins[0]}) if twins else Reason("first")
