"""Names that the web side and the workers share. A signal says "look now" and carries nothing."""

SORT = "tuzet.sort_reports"
DELIVER = "tuzet.deliver_due"
READ = "tuzet.read_pages"
THANK = "tuzet.thank_readers"

ALL = (SORT, DELIVER, READ, THANK)
