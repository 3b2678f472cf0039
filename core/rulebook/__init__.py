"""A site's rules for who hears of what, and what they would have done last week."""

from core.rulebook.rehearsal import Rehearsed, rehearse
from core.rulebook.writing import (
    add_duty,
    add_rule,
    change_plan,
    plan_of,
    remove_rule,
    rules_of,
)

__all__ = [
    "Rehearsed",
    "add_duty",
    "add_rule",
    "change_plan",
    "plan_of",
    "rehearse",
    "remove_rule",
    "rules_of",
]
