"""Which reports are about the same error: told with a page, and with quotes alone."""

from collections.abc import Sequence
from itertools import permutations

import pytest

from core.matching import (
    CaseFacts,
    Claim,
    Decision,
    PageText,
    ReportFacts,
    candidate_keys,
    claim_of,
    decide,
    storage_keys,
)

TEXT = (
    "Қалада жаңа кітапхана ашылды. Онда балаларга арналған зал бар, ал екинші зал ересектерге "
    "беріледі.\nКеше балаларга кітап таратылды. Оқырмандар риза болды деп хабарлайды қызмет."
)
SENTENCE = TEXT[TEXT.index("Онда") : TEXT.index("\n")]
PAGE = PageText((TEXT,))


def _report(
    exact: str,
    suggestion: str | None = None,
    text: str = TEXT,
    nth: int = 0,
    context: int = 32,
    position: bool = False,
) -> ReportFacts:
    """A reader's report of the nth place of some words in a text."""
    start = -1
    for _ in range(nth + 1):
        start = text.index(exact, start + 1)
    end = start + len(exact)
    return ReportFacts(
        exact=exact,
        prefix=text[max(0, start - context) : start],
        suffix=text[end : end + context],
        start=start if position else None,
        end=end if position else None,
        suggestion=suggestion,
        language="kk",
    )


class Desk:
    """The cases of one page, kept as the database keeps them."""

    def __init__(self, page: PageText | None) -> None:
        self.page = page
        self.cases: dict[int, CaseFacts] = {}
        self.keys: dict[int, frozenset[int]] = {}

    def sort(self, report: ReportFacts) -> Decision:
        """Decide about a report, and keep what follows."""
        claim = claim_of(report, self.page)
        decision = decide(claim, self._candidates(claim))
        number = decision.case_id or len(self.cases) + 1
        before = self.cases.get(number)
        self.keep(number, decision.claim, readers=before.readers + 1 if before else 1)
        return decision

    def keep(self, number: int, claim: Claim, status: str = "new", readers: int = 1) -> None:
        """Store a claim as a case's."""
        self.keys[number] = self.keys.get(number, frozenset()) | storage_keys(claim)
        self.cases[number] = CaseFacts(
            id=number,
            exact=claim.exact,
            prefix=claim.prefix,
            suffix=claim.suffix,
            suggestion=claim.right,
            span=claim.span,
            status=status,
            certain=claim.certain,
            position=claim.position,
            readers=readers,
        )

    def _candidates(self, claim: Claim) -> list[CaseFacts]:
        wanted = candidate_keys(claim)
        return [
            case
            for case in self.cases.values()
            if self.keys[case.id] & wanted
            or (
                claim.reach is not None
                and case.span is not None
                and case.span[0] <= claim.reach[1]
                and case.span[1] >= claim.reach[0]
            )
        ]


@pytest.fixture(params=[PAGE, None], ids=["with the page", "from quotes alone"])
def desk(request: pytest.FixtureRequest) -> Desk:
    """A desk that knows the page's text, and one that does not."""
    return Desk(request.param)


def test_the_first_report_opens_a_case(desk: Desk) -> None:
    decision = desk.sort(_report("балаларга", "балаларға"))
    assert decision.case_id is None
    assert decision.reason.code == "first"
    assert (decision.claim.exact, decision.claim.right) == ("балаларга", "балаларға")


@pytest.mark.parametrize(
    "report",
    [
        _report("балаларга", "балаларға"),
        _report("балаларга"),
        _report("алар"),
        _report("Онда балаларга арналған", "Онда балаларға арналған"),
        _report("Онда балаларга арналған зал бар", "надо: балаларға"),
        _report("балаларга арналған зал", None, context=16),
        _report("ала\u00adларга", None, TEXT.replace("балаларга", "бала\u00adларга")),
        _report("балаларга", None, TEXT.replace(" ", "\u00a0"), context=64),
        _report("балаларга", None, TEXT.replace("ашылды", "аштық")),
    ],
)
def test_a_second_reader_joins_however_they_select(desk: Desk, report: ReportFacts) -> None:
    desk.sort(_report("балаларга", "балаларға"))
    assert desk.sort(report).case_id == 1


def test_the_same_wrong_word_elsewhere_is_its_own_case(desk: Desk) -> None:
    desk.sort(_report("балаларга", "балаларға"))
    other = desk.sort(_report("балаларга", "балаларға", nth=1))
    assert other.case_id is None
    assert desk.sort(_report("балаларга", nth=1)).case_id == 2


def test_another_error_of_the_sentence_is_its_own_case(desk: Desk) -> None:
    desk.sort(_report("балаларга", "балаларға"))
    assert desk.sort(_report("екинші", "екінші")).case_id is None


def test_a_case_shrinks_to_its_narrowest_claim(desk: Desk) -> None:
    desk.sort(_report(SENTENCE))
    joined = desk.sort(_report("балаларга", "балаларға"))
    assert joined.case_id == 1
    assert joined.claim.exact == "балаларга"
    assert desk.sort(_report("екинші", "екінші")).case_id is None


def test_a_long_selection_merges_nothing_and_names_the_others(desk: Desk) -> None:
    desk.sort(_report("балаларга", "балаларға"))
    desk.sort(_report("екинші", "екінші"))
    desk.sort(_report("екинші", "екінші"))
    decision = desk.sort(_report(SENTENCE))
    assert decision.case_id == 2  # the one that most readers mean
    assert decision.also_covers == (1,)
    assert desk.cases[2].exact == "екинші"


def test_a_suggestion_chooses_among_the_cases_of_a_long_selection(desk: Desk) -> None:
    desk.sort(_report("екинші", "екінші"))
    desk.sort(_report("балаларга", "балаларға"))
    assert desk.sort(_report(SENTENCE, "екінші")).case_id == 1


def test_a_suggestion_for_two_errors_holds_them_together_for_nobody(desk: Desk) -> None:
    sentence = "балаларга арналған зал бар, ал екинші зал"
    desk.sort(_report(sentence, "балаларға арналған зал бар, ал екінші зал"))
    assert desk.sort(_report("балаларга", "балаларға")).case_id == 1
    assert desk.sort(_report("екинші", "екінші")).case_id is None


def test_a_missing_comma_is_claimed_by_the_word_before_it(desk: Desk) -> None:
    first = desk.sort(_report("болды деп", "болды, деп"))
    assert first.claim.exact == "болды"
    assert desk.sort(_report("болды")).case_id == 1


def test_a_missing_word_is_claimed_by_the_words_around_it(desk: Desk) -> None:
    assert desk.sort(_report("риза болды", "риза емес болды")).claim.exact == "риза болды"
    assert desk.sort(_report("риза")).case_id == 1


def test_words_without_context_are_placed_by_their_position(desk: Desk) -> None:
    desk.sort(_report("балаларга", "балаларға", position=True))
    desk.sort(_report("балаларга", "балаларға", nth=1, position=True))
    assert desk.sort(_report("балаларга", context=0, nth=1, position=True)).case_id == 2
    assert desk.sort(_report("аларг", context=0, position=True)).case_id == 1


@pytest.mark.parametrize("first", ["балаларга", "балаларга арналған", "Онда балаларга арналған"])
def test_what_two_readers_touch_together_is_one_case(desk: Desk, first: str) -> None:
    desk.sort(_report(first))
    assert desk.sort(_report("балаларга арналған зал")).case_id == 1


def test_independent_reports_give_the_same_cases_in_every_order(desk: Desk) -> None:
    reports = {
        "first": _report("балаларга", "балаларға"),
        "again": _report("Онда балаларга", "Онда балаларға"),
        "twin": _report("балаларга", "балаларға", nth=1),
        "second": _report("екинші", "екінші"),
    }
    found = {_groups(desk.page, order, reports) for order in permutations(reports)}
    assert found == {frozenset({frozenset({"first", "again"}), frozenset({"twin"}),
                                frozenset({"second"})})}  # fmt: skip


def _groups(
    page: PageText | None, order: Sequence[str], reports: dict[str, ReportFacts]
) -> frozenset[frozenset[str]]:
    desk = Desk(page)
    groups: dict[int, set[str]] = {}
    for name in order:
        decision = desk.sort(reports[name])
        groups.setdefault(decision.case_id or len(desk.cases), set()).add(name)
    return frozenset(frozenset(names) for names in groups.values())


def test_a_late_reader_of_the_old_text_finds_the_fixed_case() -> None:
    fixed = TEXT.replace("балаларга арналған", "балаларға арналған")
    page = PageText((fixed, TEXT))
    claim = claim_of(_report("балаларга", "балаларға"), page)
    assert claim.version == 1
    assert claim.span is not None
    assert fixed[slice(*claim.span)] == "балаларға"
    desk = Desk(page)
    desk.keep(1, claim, status="fixed")
    decision = decide(claim, list(desk.cases.values()))
    assert (decision.case_id, decision.already_fixed, decision.reopens) == (1, True, False)


def test_a_reader_of_the_new_text_reopens_the_case() -> None:
    claim = claim_of(_report("балаларга", "балаларға"), PAGE)
    desk = Desk(PAGE)
    desk.keep(1, claim, status="verified")
    decision = decide(claim, list(desk.cases.values()))
    assert (decision.case_id, decision.already_fixed, decision.reopens) == (1, False, True)


def test_every_decision_says_why(desk: Desk) -> None:
    desk.sort(_report("балаларга", "балаларға"))
    assert desk.sort(_report("балаларга")).reason.code in {"same_words", "same_context"}
    assert desk.sort(_report(SENTENCE)).reason.code == "within"


@pytest.mark.parametrize(
    ("quote", "suggestion"),
    [
        ("өзен бойында", "өзен\u00a0бойын\u200bда"),
        ("Бүгін\u00a0қала\u200bда", "Бүгін қалада"),
        ("өзен\u00a0 бойында", "өзен\u00a0бойында"),
    ],
)
def test_a_space_that_changes_with_a_word_comes_once(quote: str, suggestion: str) -> None:
    report = ReportFacts(quote, "Балалар ", " ойнап жүр.", None, None, suggestion, "kk")
    claim = claim_of(report, None)
    assert claim.right is not None
    assert claim.prefix + claim.right + claim.suffix == f"Балалар {suggestion} ойнап жүр."


@pytest.mark.parametrize(
    ("quote", "suggestion"),
    [("болады ал", "болады, ал"), ("болады", "болады,"), ("ал", ", ал"), ("ал оны", ", ал оны")],
)
def test_a_missing_comma_is_one_claim_whichever_neighbour_is_marked(
    quote: str, suggestion: str
) -> None:
    text = "Кез келген кітапты алдыруға болады ал оны кейін қайтару оңай."
    start = text.rindex(f" {quote}") + 1
    around = text[:start], text[start + len(quote) :]
    report = ReportFacts(quote, *around, start, start + len(quote), suggestion, "kk")
    for page in (PageText((text,)), None):
        claim = claim_of(report, page)
        assert (claim.exact, claim.right) == ("болады", "болады,")


@pytest.mark.parametrize("place", [False, True])
def test_other_words_at_a_like_place_of_a_list_are_another_error(place: bool) -> None:
    """Lists, tables and results are built of one sentence; only the words tell them apart."""
    desk = Desk(None)
    rows = {"Тараз": "512", "Талас": "647", "Талғар": "738"}
    text = " ".join(f"{name} қаласында биыл {n} үй салынды." for name, n in rows.items())
    for number in rows.values():
        for _ in range(2):
            desk.sort(_report(number, number[:-1] + "0", text, position=place, context=24))
    found = [(case.exact, case.readers) for case in desk.cases.values()]
    assert found == [(number, 2) for number in rows.values()]


def test_a_letter_that_changed_in_a_long_selection_makes_no_other_case() -> None:
    desk = Desk(None)
    long = "Балалар өзен бойында ойнап жүр, ал үлкендер оларды алыстан бақылап отыр."
    for text in (long, long.replace("алыстан", "алысттан")):
        desk.sort(ReportFacts(text, "Кеше кешкісін. ", " Ауа райы жылы.", None, None, None, "kk"))
    assert [case.readers for case in desk.cases.values()] == [2]
