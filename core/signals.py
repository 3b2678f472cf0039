"""Names that the web side and the workers share. A signal says "look now" and carries nothing."""

SORT = "tuzet.sort_reports"
DELIVER = "tuzet.deliver_due"

ALL = (SORT, DELIVER)
