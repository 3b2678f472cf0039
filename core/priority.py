"""Which case an editor should see first."""

from core.models import Case

_KIND = {"fact": 8, "link": 3, "typo": 0, "other": 0}
_READERS, _CAME_BACK = 50, 10
HIGHEST = _READERS + max(_KIND.values()) + _CAME_BACK


def priority_of(case: Case) -> int:
    """Higher is sooner: readers count up to fifty, a wrong fact weighs as much as eight of them,
    a dead link as three, and an error that came back as ten."""
    return min(case.readers, _READERS) + _KIND[case.kind] + (_CAME_BACK if case.regressed else 0)
