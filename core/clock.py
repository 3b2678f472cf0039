"""The one place that asks what time it is. Called at doors only; inside, `now` is an argument."""

from datetime import UTC, datetime


def utcnow() -> datetime:
    """The present moment, aware, in UTC."""
    return datetime.now(UTC)
