"""What the newsroom's numbers say. Nothing here changes anything."""

from core.numbers.figures import Day, Mistake, Numbers, PageFigures, Share, Span, Times
from core.numbers.reading import numbers

__all__ = ["Day", "Mistake", "Numbers", "PageFigures", "Share", "Span", "Times", "numbers"]
