"""What mail programs write above a mail that they quote, whole or broken over lines."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from core.mailbox.bodies import QUOTED_BELOW

_MOST_LINES = 4  # over so many a program breaks "On …, Name <address> wrote:"
_MOST_HEADERS = 12
_MOST_MARKS, _MOST_BLANKS, _LONGEST = 6, 12, 400
_DAYS = (
    "mon|tue|wed|thu|fri|sat|sun|пн|вт|ср|чт|пт|сб|вс|нд|понедельник|вторник|среда|четверг|пятница|"
    "суббота|воскресенье|дс|сс|сәр|бс|жм|жұ|сб|жс|дүй|сей|бей|жұм|сен|жек|дүйсенбі|сейсенбі|"
    "сәрсенбі|бейсенбі|жұма|сенбі|жексенбі|понеділок|вівторок|середа|четвер|пʼятниця|субота|неділя"
)
_BEGINS = re.compile(rf"(on\b|le\b|am\b|в\b|(?:{_DAYS})[a-z]*\b|\d{{1,4}}[ .,/-])", re.IGNORECASE)
_TIME = re.compile(r"\b\d{1,2}[:.]\d{2}\b")
_YEAR = re.compile(r"\b20\d\d\b|\b\d{1,2}\.\d{1,2}\.\d{2}\b")
_WHEN = re.compile(rf"{_TIME.pattern}|{_YEAR.pattern}")
_WROTE = re.compile(
    r"\b(wrote|writes|писала?|писал\(а\)|написала?|написал\(а\)|пишет|пише|писав|жазды|жазған)\b"
    r"[^\w]{0,3}$",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"[^\s<>@\"\[\]():;,]{1,64}@[^\s<>@\"\[\]():;,]{1,255}")
_IN_BRACKETS = re.compile(rf"[<(\[] ?(?:mailto:)?({_ADDRESS.pattern}) ?[>)\]<]")
_BELOW = re.compile(
    r"[*_]{0,2}-{2,} ?(original message|original appointment|исходное сообщение|бастапқы хат|"
    r"бастапқы хабар(лама)?|түпнұсқа хабар(лама)?|оригінальне повідомлення|вихідне повідомлення) ?"
    r"-{2,}[*_]{0,2}",
    re.IGNORECASE,
)
_PASSED_ON = re.compile(
    r"(-{2,} ?(forwarded|пересыл|пересл|қайта жібер|пересил).{0,40}-{2,}|begin forwarded message:"
    r"|_{10,}|-{10,})",
    re.IGNORECASE,
)
_HEADERS = {
    "from": "from|от|от кого|отправитель|від|кімнен|жіберуші|автор",
    "sent": "sent|date|отправлено|дата|надіслано|жіберілді|жіберілген|жіберілген күні|күні|күн",
    "to": "to|cc|кому|копия|копія|кімге|көшірме",
    "subject": "subject|тема|тақырып|тақырыбы",
}
_HEADER = re.compile(
    r"[*_]{0,2}(?:"
    + "|".join(f"(?P<{kind}>{words})" for kind, words in _HEADERS.items())
    + r")[*_]{0,2} ?:[*_]{0,2}\s*(?P<value>.*)",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Opening:
    """Lines above a quotation: how many, whose addresses and which subject they name.

    A `sure` one is written by programs alone; any other may have been typed, and needs what
    follows it to bear it out.
    """

    length: int
    addresses: frozenset[str]
    subject: str = ""
    sure: bool = False


def opening_at(lines: Sequence[str], start: int) -> Opening | None:
    """The opening that begins with a line, if one does."""
    place, marked, sure = start, False, False
    for _ in range(_MOST_MARKS):
        line = lines[place].strip()
        if not (line == QUOTED_BELOW or _BELOW.fullmatch(line) or _PASSED_ON.fullmatch(line)):
            break
        marked = True
        sure = sure or line == QUOTED_BELOW
        if _BELOW.fullmatch(line):
            sure = sure or _headed_by(lines, place + 1) is None
        below = _next_told(lines, place + 1)
        if below is None:
            return Opening(place + 1 - start, frozenset(), sure=sure)
        place = below
    head = _headers(lines, place) or _attribution(lines, place)
    if head is not None:
        return Opening(place - start + head.length, head.addresses, head.subject, sure)
    return Opening(place - start, frozenset(), sure=sure) if marked else None


def _headers(lines: Sequence[str], start: int) -> Opening | None:
    """`From:`, `Sent:`, `To:`, `Subject:` in one of four languages, at least three of them."""
    kinds: set[str] = set()
    subject, end = "", start
    for place in range(start, min(start + _MOST_HEADERS, len(lines))):
        line = lines[place].strip()[:_LONGEST]
        found = _HEADER.fullmatch(line)
        if found is not None and found.lastgroup is not None:
            kinds |= {kind for kind in _HEADERS if found[kind]}
            subject = found["value"] if found["subject"] else subject
            end = place + 1
        elif not line or not kinds or place > end:  # a long list of receivers goes on once
            break
    if len(kinds) < 3 or "from" not in kinds:
        return None
    told = [line[:_LONGEST] for line in lines[start:end]]
    return Opening(end - start, _addresses(" ".join(told)), subject)


def _attribution(lines: Sequence[str], start: int) -> Opening | None:
    """`On Tue, 24 Nov 2026 at 19:56, Name <address> wrote:`, as every language has it."""
    most = _MOST_LINES if _BEGINS.match(lines[start].strip()) else 1
    text = ""
    for length, line in enumerate(map(str.strip, lines[start : start + most]), 1):
        if not line or line.startswith((">", QUOTED_BELOW)) or len(text) + len(line) > _LONGEST:
            return None
        text = f"{text} {line}".strip()
        if _says_who(text):
            return Opening(length, frozenset(each.lower() for each in _IN_BRACKETS.findall(text)))
    return None


def _says_who(text: str) -> bool:
    """Whether a line tells who wrote, and when, what is quoted below it."""
    if _WROTE.search(text):
        return text.endswith(":") or _WHEN.search(text) is not None
    whole_date = _YEAR.search(text) is not None and _TIME.search(text) is not None
    return text.endswith(":") and (whole_date or _IN_BRACKETS.search(text) is not None)


def _headed_by(lines: Sequence[str], start: int) -> Opening | None:
    """The head of the mail that a line announces."""
    place = _next_told(lines, start)
    return None if place is None else _headers(lines, place)


def _addresses(text: str) -> frozenset[str]:
    return frozenset(found.lower() for found in _ADDRESS.findall(text))


def _next_told(lines: Sequence[str], start: int) -> int | None:
    for place in range(start, min(start + _MOST_BLANKS, len(lines))):
        if lines[place].strip():
            return place
    return None
