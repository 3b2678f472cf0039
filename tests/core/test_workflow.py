"""Which moves are allowed, and to whom."""

import itertools

import pytest

from core.errors import Conflict, Invalid
from core.workflow import RESOLUTIONS, STATUSES, VERIFIER, check_move

EDITORS = {
    ("new", "accepted"),
    ("new", "fixed"),
    ("new", "dismissed"),
    ("accepted", "fixed"),
    ("accepted", "dismissed"),
    ("fixed", "accepted"),
    ("fixed", "dismissed"),
    ("verified", "accepted"),
    ("dismissed", "accepted"),
    ("dismissed", "fixed"),
}
VERIFIERS = {
    ("new", "verified"),
    ("accepted", "verified"),
    ("fixed", "verified"),
    ("fixed", "accepted"),
    ("verified", "accepted"),
}
PAIRS = list(itertools.permutations(STATUSES, 2))


@pytest.mark.parametrize(("actor", "allowed"), [("a@b.kz", EDITORS), (VERIFIER, VERIFIERS)])
@pytest.mark.parametrize(("before", "after"), PAIRS)
def test_the_table_of_moves(
    before: str, after: str, actor: str, allowed: set[tuple[str, str]]
) -> None:
    reason = "spam" if after == "dismissed" else None
    if (before, after) in allowed:
        check_move(before, after, reason, actor)
    else:
        with pytest.raises(Conflict):
            check_move(before, after, reason, actor)


@pytest.mark.parametrize("resolution", [None, "", "fixed", "SPAM"])
def test_a_dismissal_needs_a_known_reason(resolution: str | None) -> None:
    with pytest.raises(Invalid):
        check_move("new", "dismissed", resolution, "a@b.kz")


@pytest.mark.parametrize("resolution", RESOLUTIONS)
def test_only_a_dismissal_has_a_reason(resolution: str) -> None:
    check_move("new", "dismissed", resolution, "a@b.kz")
    with pytest.raises(Invalid):
        check_move("new", "accepted", resolution, "a@b.kz")


def test_a_status_must_be_known() -> None:
    with pytest.raises(Invalid):
        check_move("new", "open", None, "a@b.kz")
