"""Which reports are about the same error. Pure: no database; the caller brings the facts.

The caller's part, under the lock of the page:

1. `claim = claim_of(report, page_text)`; `page_text` is None where the page has no snapshot.
2. Load the candidates among the cases of the page, whatever their status but `duplicate`:
   - by span, where `claim.span` is set: cases whose stored span meets `claim.reach`
     (`span_start <= reach[1] AND span_end >= reach[0]`; an index on (page_id, span_start) and the
     fact that no span is longer than `LONGEST_SPAN` keep this small);
   - by key: cases that have a row in `case_key` with one of `candidate_keys(claim)`.
     Where the claim has a span these are only needed for cases without one.
3. `decision = decide(claim, candidates)`.
4. Store with the case the decision's claim (exact, prefix, suffix, right, position, certain and
   span). For a case that has no span, store `storage_keys(decision.claim)` in `case_key`; a
   case with a span needs none.

When the page's text changes, the caller carries the spans of its cases over with
`core.text.carry.carry` in the transaction that stores the new snapshot.
"""

from core.matching.claims import claim_of
from core.matching.decide import decide
from core.matching.facts import (
    LONGEST_SPAN,
    CaseFacts,
    Claim,
    Decision,
    PageText,
    Reason,
    ReportFacts,
)
from core.matching.keys import candidate_keys, storage_keys

__all__ = [
    "LONGEST_SPAN",
    "CaseFacts",
    "Claim",
    "Decision",
    "PageText",
    "Reason",
    "ReportFacts",
    "candidate_keys",
    "claim_of",
    "decide",
    "storage_keys",
]
