"""Made-up newspaper text in three languages, with made-up errors; no sentence is anybody's."""

from dataclasses import dataclass
from random import Random

_WORDS = {
    "kk": (
        "ауданда қалада ауылда мектепте кітапхана жаңа ескі үлкен тұрғындар жұмысшылар оқушылар "
        "мұғалім дәрігер бағбан көпір жол бағыт автобус пойыз кесте көктемде күзде қыста биыл "
        "былтыр ашылды жабылды салынды жөнделді басталды аяқталды өтеді келеді барады айтты деді "
        "қатысты жиналды көмектесті теңге миллион бюджет қаржы құрылыс шеберхана үйірме жарыс "
        "команда алаң бөгет өзен су қар жаңбыр ауа райы орман дала егін астық өнім шаруа"
    ).split(),
    "ru": (
        "район город посёлок школа библиотека новый старый большой жители рабочие ученики учитель "
        "врач садовник мост дорога маршрут автобус поезд расписание весной осенью зимой сегодня "
        "вчера открыли закрыли построили отремонтировали начали закончили проходит приходит едет "
        "рассказал сообщил участвовали собрались помогли тенге миллион бюджет деньги "
        "строительство мастерская кружок турнир команда площадка плотина река вода снег дождь "
        "погода лес степь урожай зерно фермер"
    ).split(),
    "en": (
        "district city village school library new old large residents workers pupils teacher "
        "doctor gardener bridge road route bus train timetable spring autumn winter today "
        "yesterday opened closed built repaired began finished runs arrives travels said reported "
        "attended gathered helped tenge million budget money construction workshop club "
        "tournament team square dam river water snow rain weather forest steppe harvest grain "
        "farmer"
    ).split(),
}
_SECTIONS = {
    "kk": ("Қоғам", "Аймақ", "Экономика", "Спорт", "Мәдениет", "Білім"),
    "ru": ("Общество", "Регион", "Экономика", "Спорт", "Культура", "Образование"),
    "en": ("Society", "Region", "Economy", "Sport", "Culture", "Education"),
}
_NAMES = ("Айдана", "Ерлан", "Мария", "Данияр", "Жанар", "Тимур", "Дана", "Қуат", "Ольга", "Нұр")
_FAMILIES = ("Мұрат", "Жақып", "Ким", "Оспан", "Сейіт", "Садық", "Ахмет", "Тоқан", "Белова", "Әли")
_COMMENTS = {
    "kk": ("Түзетіңіздерші.", "Мұнда қате бар сияқты.", "Дерек дұрыс емес."),
    "ru": ("Исправьте, пожалуйста.", "Кажется, здесь ошибка.", "Цифра неверная."),
    "en": ("This looks wrong.", "I think the number is off.", "The link does not open."),
}
_TWINS = {"а": "a", "е": "e", "о": "o", "с": "c", "р": "p", "і": "i", "х": "x"}
_ENDS = (". ", ". ", ", ", " — ", "; ")


@dataclass(frozen=True)
class Error:
    """Words that are wrong, what should stand there, the text around, and the kind of error."""

    exact: str
    right: str | None
    prefix: str
    suffix: str
    kind: str


def title(chance: Random, language: str) -> str:
    """A headline of four to eight words."""
    return _sentence(chance, language, chance.randint(4, 8)).capitalize()


def author(chance: Random) -> str:
    """A first and a family name."""
    return f"{chance.choice(_NAMES)} {chance.choice(_FAMILIES)}"


def section(chance: Random, language: str) -> str:
    """A part of the paper."""
    return chance.choice(_SECTIONS[language])


def comment(chance: Random, language: str) -> str | None:
    """What one reader in five adds."""
    return chance.choice(_COMMENTS[language]) if chance.random() < 0.2 else None


def error(chance: Random, language: str) -> Error:
    """An error in its surroundings: mostly slips of the pen, some wrong facts and dead links."""
    kind = chance.choices(("typo", "fact", "link", "other"), (78, 14, 5, 3))[0]
    prefix = _sentence(chance, language, 5) + chance.choice(_ENDS)
    suffix = " " + _sentence(chance, language, 5) + "."
    if kind == "fact":
        number = chance.randint(2, 900)
        return Error(str(number), str(number * 10), prefix[-40:], suffix[:40], kind)
    word = chance.choice(_WORDS[language])
    if kind == "link":
        return Error(word, None, prefix[-40:], suffix[:40], kind)
    return Error(_spoilt(chance, word), word, prefix[-40:], suffix[:40], kind)


def _sentence(chance: Random, language: str, length: int) -> str:
    return " ".join(chance.choices(_WORDS[language], k=length))


def _spoilt(chance: Random, word: str) -> str:
    """The word with one slip in it: a letter lost, doubled, swapped, or of another script."""
    at = chance.randrange(len(word) - 1)
    slip = chance.randrange(4)
    if slip == 0:
        return word[:at] + word[at + 1 :]
    if slip == 1:
        return word[: at + 1] + word[at:]
    if slip == 2 and word[at] != word[at + 1]:
        return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    for letter, twin in _TWINS.items():
        if letter in word:
            return word.replace(letter, twin, 1)
    return f"{word} {word}"
