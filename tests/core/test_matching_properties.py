"""What holds for every page and every order of its readers."""

import string
from collections.abc import Sequence

from hypothesis import given, settings
from hypothesis import strategies as st

from core.matching import CaseFacts, Claim, PageText, ReportFacts, claim_of, decide

_LETTERS = string.ascii_lowercase + "әғқңөұүһі"
_WORDS = st.lists(
    st.text(st.sampled_from(_LETTERS), min_size=4, max_size=9),
    min_size=12,
    max_size=30,
    unique=True,
)


def _report(words: Sequence[str], place: int, suggested: bool) -> ReportFacts:
    """A reader's report of one word of a text, with as much context as the snippet sends."""
    before, after = " ".join(words[:place]), " ".join(words[place + 1 :])
    return ReportFacts(
        exact=words[place],
        prefix=f"{before} "[-32:] if before else "",
        suffix=f" {after}"[:32] if after else "",
        start=len(before) + 1 if before else 0,
        end=None,
        suggestion=words[place][:-1] + "ж" if suggested else None,
        language=None,
    )


def _sorted(
    reports: Sequence[tuple[int, ReportFacts]], page: PageText | None
) -> frozenset[frozenset[int]]:
    """Which words' reports came to one case."""
    cases: dict[int, CaseFacts] = {}
    words: dict[int, set[int]] = {}
    for place, report in reports:
        decision = decide(claim_of(report, page), list(cases.values()))
        number = decision.case_id or len(cases) + 1
        cases[number] = _facts(number, decision.claim)
        words.setdefault(number, set()).add(place)
    return frozenset(map(frozenset, words.values()))


def _facts(number: int, claim: Claim) -> CaseFacts:
    return CaseFacts(
        id=number,
        exact=claim.exact,
        prefix=claim.prefix,
        suffix=claim.suffix,
        suggestion=claim.right,
        span=claim.span,
        status="new",
        certain=claim.certain,
        position=claim.position,
    )


@settings(deadline=None)
@given(_WORDS, st.data(), st.booleans())
def test_reports_of_different_words_give_the_same_cases_in_every_order(
    words: list[str], data: st.DataObject, with_page: bool
) -> None:
    places = data.draw(
        st.lists(st.integers(0, len(words) - 1), min_size=1, max_size=4, unique=True)
    )
    reports = [
        (place, _report(words, place, suggested)) for place in places for suggested in (True, False)
    ]
    page = PageText((" ".join(words),)) if with_page else None
    order = data.draw(st.permutations(reports))
    assert _sorted(order, page) == frozenset(frozenset({place}) for place in places)


@settings(deadline=None)
@given(_WORDS, st.data(), st.booleans())
def test_the_same_report_comes_to_the_same_case_again(
    words: list[str], data: st.DataObject, with_page: bool
) -> None:
    place = data.draw(st.integers(0, len(words) - 1))
    page = PageText((" ".join(words),)) if with_page else None
    claim = claim_of(_report(words, place, suggested=True), page)
    decision = decide(claim, [_facts(1, claim)])
    assert decision.case_id == 1
    assert decision.claim.exact == claim.exact
