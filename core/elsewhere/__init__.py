"""The same mistake elsewhere: other pages of the site with the same wrong form, for a person to
look through. Nothing is changed here, and nothing is reported by itself: what is wrong in one
sentence may be right in the next."""

from core.elsewhere.forms import Place, form_of, places_of
from core.elsewhere.known import Hit, on_known_pages
from core.elsewhere.searching import Progress, as_progress, begin, is_due, look_due, search_of

__all__ = [
    "Hit",
    "Place",
    "Progress",
    "as_progress",
    "begin",
    "form_of",
    "is_due",
    "look_due",
    "on_known_pages",
    "places_of",
    "search_of",
]
