"""Is it fixed? What a reading of the live page says about one error.

A verdict looks at the place where the error stood, carried over into the text that stands now, and
at nothing else: the same wrong word elsewhere, the right word elsewhere, and a comment that quotes
the error say nothing. Whatever is not plain is `rewritten` or `unknown`, never `fixed`.
"""

from core.verdict.facts import Reading, Span, Status, Verdict
from core.verdict.judging import is_typographic, judge

__all__ = ["Reading", "Span", "Status", "Verdict", "is_typographic", "judge"]
