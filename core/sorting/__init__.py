"""Which case a report belongs to: the rows and the locks around core.matching's decision."""

from core.sorting.rounds import Sorted, sort_due

__all__ = ["Sorted", "sort_due"]
