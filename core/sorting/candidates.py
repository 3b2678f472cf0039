"""The few cases that a batch of reports may belong to, found by place and by keys."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session, joinedload

from core.matching import LONGEST_SPAN, Claim, candidate_keys, storage_keys
from core.models import Case, CaseKey, Report

Span = tuple[int, int]


# Cases whose place meets a reach; no place is longer than LONGEST_SPAN. Built once, asked often.
_NEAR = select(Case.__table__.c.id).where(
    Case.__table__.c.page_id == bindparam("page"),
    Case.__table__.c.span_start.between(bindparam("low"), bindparam("end")),
    Case.__table__.c.span_end >= bindparam("start"),
)


class Candidates:
    """Cases of the batch's pages that meet one of its claims, and those that it opens.

    A claim with a place in the page's text meets the cases whose place it touches, and by its
    keys those that have no place; a claim without one meets cases by keys alone. All cases of a
    page are never loaded.
    """

    def __init__(self, session: Session) -> None:
        self._session = session
        self._cases: dict[int, Case] = {}
        self._of_page: defaultdict[int, set[int]] = defaultdict(set)
        self._by_key: defaultdict[tuple[int, int], set[int]] = defaultdict(set)

    def load(self, reports: Sequence[Report], claims: Mapping[str, Claim]) -> None:
        """Read and lock what the batch may join. The caller holds the locks of the pages."""
        of_pages: defaultdict[int, list[Claim]] = defaultdict(list)
        for report in reports:
            of_pages[_page_of(report)].append(claims[report.id])
        with_homeless = self._with_homeless(of_pages)
        found = set[int]()
        for page_id, asked in of_pages.items():
            found |= self._near(page_id, asked)
            if page_id in with_homeless or any(claim.span is None for claim in asked):
                found |= self._sharing_keys(page_id, asked)
        self._read(found)

    def of(self, report: Report, claim: Claim) -> list[Case]:
        """The cases that this report may belong to, the oldest first."""
        page_id = _page_of(report)
        cases = [self._cases[case_id] for case_id in self._of_page.get(page_id, ())]
        found = {case.id for case in _meeting(claim.reach, cases)}
        if claim.span is None or any(case.span_start is None for case in cases):
            found |= {
                case_id
                for key in candidate_keys(claim)
                for case_id in self._by_key.get((page_id, key), ())
            }
        return [self._cases[case_id] for case_id in sorted(found)]

    def final(self, case_id: int) -> Case:
        """The case itself, or the one that an editor has merged it into."""
        case = self._cases[case_id]
        while case.merged_into_id is not None:
            query = select(Case).where(Case.id == case.merged_into_id)
            locked = query.options(joinedload(Case.site)).with_for_update(of=Case, key_share=True)
            case = self._session.scalars(locked).one()
        return case

    def add(self, case: Case, claim: Claim) -> frozenset[int]:
        """Let later reports of the batch find a case by its claim; returns the keys that are new.

        Keys of earlier, wider claims stay, so that readers who select widely still find it.
        """
        known = self._known_keys(case)
        self._cases[case.id] = case
        self._of_page[case.page_id].add(case.id)
        fresh = storage_keys(claim) - known
        for key in fresh:
            self._by_key[case.page_id, key].add(case.id)
        return fresh

    def _known_keys(self, case: Case) -> set[int]:
        """The keys that a case has by now, written or about to be."""
        if case.id not in self._cases:
            return set()
        written = select(CaseKey.key).where(CaseKey.case_id == case.id)
        of_batch = {
            key
            for (page_id, key), cases in self._by_key.items()
            if page_id == case.page_id and case.id in cases
        }
        return of_batch | set(self._session.scalars(written))

    def _near(self, page_id: int, claims: Sequence[Claim]) -> set[int]:
        found = set[int]()
        for start, end in _united([claim.reach for claim in claims if claim.reach is not None]):
            within = {"page": page_id, "low": start - LONGEST_SPAN, "start": start, "end": end}
            found.update(self._session.scalars(_NEAR, within))
        return found

    def _sharing_keys(self, page_id: int, claims: Sequence[Claim]) -> set[int]:
        keys = {key for claim in claims for key in candidate_keys(claim)}
        rows = select(CaseKey.key, CaseKey.case_id).where(
            CaseKey.page_id == page_id, CaseKey.key.in_(keys)
        )
        found = set()
        for key, case_id in self._session.execute(rows):
            self._by_key[page_id, key].add(case_id)
            found.add(case_id)
        return found

    def _with_homeless(self, page_ids: Iterable[int]) -> set[int]:
        """Which pages have cases without a place."""
        homeless = select(Case.page_id).where(Case.page_id.in_(page_ids), Case.span_start.is_(None))
        return set(self._session.scalars(homeless.distinct()))

    def _read(self, case_ids: set[int]) -> None:
        """Load the cases under lock, in the order of their ids so that no two workers cross."""
        query = (
            select(Case)
            .where(Case.id.in_(case_ids))
            .options(joinedload(Case.site))
            .order_by(Case.id)
            .with_for_update(of=Case, key_share=True)
            .execution_options(populate_existing=True)
        )
        for case in self._session.scalars(query) if case_ids else ():
            self._cases[case.id] = case
            self._of_page[case.page_id].add(case.id)


def _meeting(reach: Span | None, cases: Iterable[Case]) -> Iterator[Case]:
    """The cases whose place meets a reach."""
    if reach is None:
        return
    start, end = reach
    for case in cases:
        first, last = case.span_start, case.span_end
        if first is not None and last is not None and first <= end and last >= start:
            yield case


def _united(reaches: Sequence[Span]) -> list[Span]:
    """Overlapping reaches as one, so that the query stays short."""
    united: list[Span] = []
    for start, end in sorted(reaches):
        if united and start <= united[-1][1]:
            united[-1] = (united[-1][0], max(united[-1][1], end))
        else:
            united.append((start, end))
    return united


def _page_of(report: Report) -> int:
    if report.page_id is None:
        raise ValueError(f"the report {report.id} has not been placed on a page")
    return report.page_id
