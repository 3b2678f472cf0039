"""Which case an editor should see first."""

from core.models import Case

_KIND = {"fact": 8, "link": 3, "typo": 0, "other": 0}


def priority_of(case: Case) -> int:
    """Higher is sooner: readers count up to fifty, a wrong fact weighs as much as eight of them,
    a dead link as three, and an error that came back as ten."""
    return min(case.readers, 50) + _KIND[case.kind] + (10 if case.regressed else 0)
