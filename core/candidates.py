"""The few cases that a batch of reports may belong to, found by keys, never by loading a page."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import insert, select
from sqlalchemy.orm import Session, joinedload

from core.matching import Claim, candidate_keys, storage_keys
from core.models import Case, CaseKey, Report


class Candidates:
    """Cases of the batch's pages that share a key with one of its claims, and those it opens."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._cases: dict[int, Case] = {}
        self._by_key: defaultdict[tuple[int, int], set[int]] = defaultdict(set)

    def load(self, reports: Sequence[Report], claims: Mapping[str, Claim]) -> None:
        """Read and lock what the batch may join. The caller holds the locks of the pages."""
        wanted: defaultdict[int, set[int]] = defaultdict(set)
        for report in reports:
            wanted[_page_of(report)] |= candidate_keys(claims[report.id])
        for page_id, keys in wanted.items():
            rows = select(CaseKey.key, CaseKey.case_id).where(
                CaseKey.page_id == page_id, CaseKey.key.in_(keys)
            )
            for key, case_id in self._session.execute(rows):
                self._by_key[page_id, key].add(case_id)
        self._read({case_id for found in self._by_key.values() for case_id in found})

    def of(self, report: Report, claim: Claim) -> list[Case]:
        """The cases that this report may belong to, the oldest first."""
        page_id = _page_of(report)
        found = {
            case_id
            for key in candidate_keys(claim)
            for case_id in self._by_key.get((page_id, key), ())
        }
        return [self._cases[case_id] for case_id in sorted(found)]

    def store(self, case: Case, claim: Claim) -> None:
        """Make a case findable by its claim, for this batch and for later ones.

        Keys of earlier, wider claims stay, so that readers who select widely still find it.
        """
        known = self._keys_of(case) if case.id in self._cases else set()
        self._cases[case.id] = case
        fresh = sorted(storage_keys(claim) - known)
        for key in fresh:
            self._by_key[case.page_id, key].add(case.id)
        self._insert(case, fresh)

    def _keys_of(self, case: Case) -> set[int]:
        keys = select(CaseKey.key).where(CaseKey.case_id == case.id)
        return set(self._session.scalars(keys))

    def _insert(self, case: Case, keys: Iterable[int]) -> None:
        rows = [{"page_id": case.page_id, "key": key, "case_id": case.id} for key in keys]
        if rows:
            self._session.execute(insert(CaseKey), rows)

    def _read(self, case_ids: set[int]) -> None:
        """Load the cases under lock, in the order of their ids so that no two workers cross."""
        query = (
            select(Case)
            .where(Case.id.in_(case_ids))
            .options(joinedload(Case.site))
            .order_by(Case.id)
            .with_for_update(of=Case, key_share=True)
        )
        self._cases = {case.id: case for case in self._session.scalars(query)}


def _page_of(report: Report) -> int:
    if report.page_id is None:
        raise ValueError(f"the report {report.id} has not been placed on a page")
    return report.page_id
