"""What a report is, and what may happen to it. Knows no web framework and no queue."""
