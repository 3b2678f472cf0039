"""A card in fewer characters, so that a case too long for a platform arrives with its ways."""

from collections.abc import Callable, Iterator
from dataclasses import replace

from core.channels.calling import cut
from core.channels.contract import Card

# Characters of each text of a card, from what usually fits to what always does.
_STEPS = (700, 400, 200, 80)


def fitted(card: Card, size: Callable[[Card], int], room: int) -> Card | None:
    """The longest form of a card whose `size`, by the platform's count, is at most `room`.

    None if not even the shortest has room, which happens only beside other cards.

    Texts are cut, never links or buttons: a message that cannot be acted on is lost.
    """
    return next((short for short in _forms(card) if size(short) <= room), None)


def _forms(card: Card) -> Iterator[Card]:
    for most in _STEPS:
        yield replace(
            card,
            title=cut(card.title, min(most, 200)),
            byline=cut(card.byline, min(most, 200)),
            before=_end(card.before, most),
            exact=cut(card.exact, most),
            after=cut(card.after, most),
            wrong=cut(card.wrong, most),
            right=cut(card.right, most),
            state=cut(card.state, 400),
            comments=tuple(cut(comment, most) for comment in card.comments),
        )


def _end(text: str, length: int) -> str:
    """The end of what stands before the error, which is what it is known by."""
    return text if len(text) <= length else "…" + text[1 - length :].lstrip()
