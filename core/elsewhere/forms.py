"""What is looked for: the wrong words of a case, long enough to mean something; and where it is."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from core.text.words import words

# What nobody sees, and typesetters put anywhere.
UNSEEN = "\u00ad\u200b\u200c\u200d\u2060\ufeff"
INVISIBLE = re.compile(f"[{UNSEEN}]")
_TELLING = 4  # letters from which words are looked for by themselves
_AROUND = 60  # characters of the text shown on each side
_MOST = 3  # places shown of one page


@dataclass(frozen=True, slots=True)
class Place:
    """One place on a page: the words as they stand there, and the text around them."""

    before: str
    words: str
    after: str


def form_of(exact: str, prefix: str, suffix: str) -> str:
    """The words to look for.

    The case's own, without white space at the edges; where they are fewer than four letters, with
    the word before and the word after, for “2 млн” alone is no mistake.
    """
    form = " ".join(exact.split())
    if sum(map(str.isalpha, form)) >= _TELLING:
        return form
    before, after = words(prefix), words(suffix)
    start = prefix[before[-1][0] :] if before else ""
    end = suffix[: after[0][1]] if after else ""
    return " ".join((start + exact + end).split())


def places_of(form: str, text: str) -> list[Place]:
    """Where the form stands in a text as words of their own.

    Capital letters do not count, nor what nobody sees: soft hyphens and the like.
    """
    return [
        Place(text[max(0, start - _AROUND) : start], text[start:end], text[end : end + _AROUND])
        for start, end in list(_spans(form, text))[:_MOST]
    ]


def _spans(form: str, text: str) -> Iterator[tuple[int, int]]:
    seen = [at for at, char in enumerate(text) if char not in UNSEEN]
    shown, wanted = "".join(text[at] for at in seen), INVISIBLE.sub("", form)
    folded = shown.lower()
    if len(folded) == len(shown):  # a few letters grow in lower case
        shown, wanted = folded, wanted.lower()
    at = shown.find(wanted) if wanted else -1
    while at >= 0:
        end = at + len(wanted)
        if not _goes_on(shown, at - 1, at) and not _goes_on(shown, end - 1, end):
            yield seen[at], seen[end - 1] + 1
        at = shown.find(wanted, at + 1)


def _goes_on(text: str, one: int, other: int) -> bool:
    """Whether two neighbouring characters are letters of one word."""
    return one >= 0 and other < len(text) and text[one].isalnum() and text[other].isalnum()
