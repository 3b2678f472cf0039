"""A site's rules for who hears of what, and what they would have done last week."""

from core.rulebook.planning import (
    add_duty,
    change_plan,
    find_duty,
    on_duty,
    plan_of,
    roster,
)
from core.rulebook.rehearsal import MOST_REHEARSED, Gathered, Rehearsed, gather, rehearse
from core.rulebook.writing import (
    Draft,
    add_rule,
    change_rule,
    draft_of,
    email_of,
    find_rule,
    move_rule,
    read_rule,
    remove_rule,
    rules_of,
)

__all__ = [
    "MOST_REHEARSED",
    "Draft",
    "Gathered",
    "Rehearsed",
    "add_duty",
    "add_rule",
    "change_plan",
    "change_rule",
    "draft_of",
    "email_of",
    "find_duty",
    "find_rule",
    "gather",
    "move_rule",
    "on_duty",
    "plan_of",
    "read_rule",
    "rehearse",
    "remove_rule",
    "roster",
    "rules_of",
]
