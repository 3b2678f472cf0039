"""What somebody wrote in a reply: the mail without what their program quoted.

Nothing that was typed may be lost. So a line goes only where two things agree: that a program
announces or marks a quotation there, and that what follows is one; or where it is a line of the
very mail that is answered, which we know. In doubt it stays.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from core.mailbox.bodies import QUOTED_BELOW
from core.mailbox.openings import Opening, opening_at

_TELLING = 20  # so many characters, equal to some of ours, are no accident
_LONGEST_LINE = 2_000
_MOST_SIGNED = 12  # lines of a signature; what is longer was meant to be read
_LINK_IN_BRACKETS = re.compile(r"<(?:https?|mailto):[^<>\s]*>")
_MARKS = re.compile(r"[*_<>|\[\]()\s\u200b\ufeff]+")
_REPLIED = re.compile(r"^\s*(?:(?:re|fwd?|fw|ответ|на|жауап)(?:\[\d+\])?:\s*)+", re.IGNORECASE)
_SIGNATURE = re.compile(r"--[ \xa0]")
_SENT_FROM = re.compile(
    r"(sent from|sent via|get outlook for|отправлено из|отправлено с|надіслано з|"
    r".{1,40} (арқылы|құрылғысынан) жіберілді).{0,60}",
    re.IGNORECASE,
)
_PRODUCTS = re.compile(
    r"iphone|ipad|android|samsung|galaxy|huawei|xiaomi|redmi|outlook|gmail|яндекс|yandex|mail\.ru|"
    r"почты mail|myMail|thunderbird|proton",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Ours:
    """The mail that is answered, as it was sent, to know it again when it is quoted.

    `lines` are all of its lines, plain and HTML; `beginnings` those that it begins with, in every
    language; `states` how a line about the case's state begins, which may have been another then;
    `links` how addresses begin that stand nowhere else. `is_whole` is False where a reader has
    erased words that it quoted then.
    """

    sender: str = ""
    subject: str = ""
    lines: Sequence[str] = ()
    beginnings: Sequence[str] = ()
    states: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    is_whole: bool = True
    _known: frozenset[str] = field(init=False, repr=False)
    _first: frozenset[str] = field(init=False, repr=False)
    _all: str = field(init=False, repr=False)

    def __post_init__(self) -> None:
        folded = [_folded(line) for line in self.lines]
        object.__setattr__(self, "_known", frozenset(line for line in folded if line))
        object.__setattr__(self, "_first", frozenset(_folded(line) for line in self.beginnings))
        object.__setattr__(self, "_all", " ".join(line for line in folded if line))

    def begins(self, line: str) -> bool:
        """Whether our mail begins with such a line."""
        return _folded(line) in self._first

    def proves(self, line: str) -> bool:
        """Whether a line is ours beyond doubt: it holds a link that only we make."""
        return any(link in line for link in self.links)

    def has(self, line: str) -> bool:
        """Whether our mail has that line, or a piece of it that is long enough."""
        folded = _folded(line[:_LONGEST_LINE])
        if not folded or self.proves(line):
            return bool(folded)
        if folded in self._known or folded in self._first or folded.startswith(self.states):
            return True
        return len(folded) >= _TELLING and folded in self._all

    def goes_on(self, line: str) -> bool:
        """Whether a line can be the short end of one of ours that a program has broken."""
        return f" {_folded(line)} " in f" {self._all} "


def typed(lines: Sequence[str], ours: Ours) -> str:
    """The lines that a person wrote, of all those of a reply."""
    reading = _Reading([line.replace("\t", " ") for line in lines], ours)
    reading.read()
    return reading.text()


class _Reading:
    """One way through a reply from its first line to its last; `kept` says what stays."""

    def __init__(self, lines: Sequence[str], ours: Ours) -> None:
        self.lines, self.ours = lines, ours
        self.kept = [line.strip(">\t ") != QUOTED_BELOW for line in lines]
        self.is_quoting = False

    def read(self) -> None:
        """Look at each line once."""
        place = 0
        while place < len(self.lines):
            place = self._step(place)
        self._drop_signature()
        self._drop_sent_from()

    def text(self) -> str:
        """What stays, with at most one empty line in between."""
        told = [line.rstrip() for line, kept in zip(self.lines, self.kept, strict=True) if kept]
        return re.sub(r"\n{3,}", "\n\n", "\n".join(told)).strip()

    def _step(self, place: int) -> int:
        """Go on from a line. Returns the next one to look at."""
        if self.lines[place].startswith(">"):
            return self._marked(place)
        opening = opening_at(self.lines, place)
        if opening is not None:
            below = self._told(place + opening.length)
            if below is not None and self.lines[below].startswith(">"):
                self._drop(place, below)
                self.is_quoting = True
                return below
            if self._is_borne_out(opening, below):
                return self._unmarked(place, place + opening.length)
        if self.ours.begins(self.lines[place]) or self.ours.proves(self.lines[place]):
            return self._unmarked(self._back(place), place)
        return place + 1

    def _marked(self, place: int) -> int:
        """Lines that begin with `>`: a quotation, unless a person may have typed them."""
        end = place
        while end < len(self.lines) and self.lines[end].startswith(">"):
            end += 1
        if not self.is_quoting and not any(self.ours.has(line) for line in self.lines[place:end]):
            return end
        self.is_quoting = True
        self._drop(place, end)
        return end

    def _is_borne_out(self, opening: Opening, below: int | None) -> bool:
        """Whether what follows an opening is a mail that it announces."""
        if opening.sure or self.ours.sender in opening.addresses:
            return True
        if opening.subject and _bare(opening.subject) == _bare(self.ours.subject):
            return True
        if below is None:
            return False
        line = self.lines[below]
        return self.ours.begins(line) or self.ours.has(line)

    def _unmarked(self, place: int, first: int) -> int:
        """A quotation without marks, from its opening at `place` on, up to the last line of ours.

        What somebody wrote between our lines stays, unless it may be what a reader has erased or
        stands in our mail's foot, which nobody answers.
        """
        ours = [at for at in range(first, len(self.lines)) if self.ours.has(self.lines[at])]
        if not ours:
            self._drop(place, len(self.lines))
            return len(self.lines)
        self._drop(place, ours[0])
        known, before, is_foot = set(ours), -1, not self.ours.is_whole
        for at in range(ours[0], ours[-1] + 1):
            line = self.lines[at]
            is_end = before == at - 1 and self.ours.goes_on(line)
            is_foot = is_foot or line.rstrip() == "--"
            if at in known or is_end or is_foot or line.startswith(">"):
                self.kept[at] = False
                before = at
        return ours[-1] + 1

    def _back(self, place: int) -> int:
        """Where a quotation begins that is known by a line of ours: with the opening above it and,
        if it is none that our mail begins with, with our lines above it."""
        start = place
        for at in range(place - 1, -1, -1):
            line = self.lines[at]
            if not line.strip():
                continue
            is_short = len(line.strip()) < _TELLING  # what stands above our first line is long
            if not self.ours.has(line) or (is_short and self.ours.begins(self.lines[place])):
                break
            start = at
        return start

    def _drop(self, start: int, end: int) -> None:
        for at in range(start, end):
            self.kept[at] = False

    def _told(self, start: int) -> int | None:
        """The next line that says something."""
        for place in range(start, len(self.lines)):
            if self.lines[place].strip():
                return place
        return None

    def _drop_signature(self) -> None:
        """From `-- ` to the next quotation or to the end."""
        for start, line in enumerate(self.lines):
            if not (self.kept[start] and _SIGNATURE.fullmatch(line)):
                continue
            end, told = start, 0
            while end < len(self.lines) and self.kept[end] and told <= _MOST_SIGNED:
                told += bool(self.lines[end].strip())
                end += 1
            if told <= _MOST_SIGNED:
                self._drop(start, end)

    def _drop_sent_from(self) -> None:
        """The last line, where a telephone says that it is one."""
        told = [at for at, kept in enumerate(self.kept) if kept and self.lines[at].strip()]
        if not told:
            return
        line = self.lines[told[-1]].strip()
        if _SENT_FROM.fullmatch(line) and _PRODUCTS.search(line):
            self.kept[told[-1]] = False


def _folded(line: str) -> str:
    """A line as it is compared: without the marks that programs add and the way it is spaced."""
    return _MARKS.sub(" ", _LINK_IN_BRACKETS.sub(" ", line)).strip()


def _bare(subject: str) -> str:
    return _folded(_REPLIED.sub("", subject)).casefold()
