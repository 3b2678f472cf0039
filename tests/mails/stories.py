"""What readers report in these mails."""

from typing import Any

from tests.factories import SITE_URL

_LIBRARY: dict[str, Any] = {
    "url": f"{SITE_URL}/kitapkhana",
    "title": "Көкжар ауданында жаңа кітапхана ашылды",
    "metadata": {"author": "Айдана Мұрат", "section": "Қоғам"},
}
_BRIDGE: dict[str, Any] = {
    "url": f"{SITE_URL}/most",
    "title": "Мост через Кокжар откроют в декабре, проезд будет бесплатным",
    "language": "ru",
    "metadata": {"author": "Редакция", "section": "Город"},
}
_LONG = "Аудандық мектептерге берілген жаңа автобустардың қай ауылға қаншадан тигені белгілі болды"

# The first four stand on one page. `readers` says how many report it, `others` what else they
# suggest.
STORIES: list[dict[str, Any]] = [
    {
        **_LIBRARY,
        "readers": 7,
        "comment": "Барыс септігі: балаларға.",
    },
    {
        **_LIBRARY,
        "readers": 4,
        "others": ["2 миллиард"],
        "exact": "2 млн",
        "prefix": "Жобаға аудан бюджетінен ",
        "suffix": " теңге бөлінді.",
        "suggestion": "2 млрд",
        "kind": "fact",
        "comment": "Әкімдіктің сайтында екі миллиард делінген, сілтемесі: reader@example.kz",
    },
    {
        **_LIBRARY,
        "readers": 2,
        "exact": "қатысты қатысты",
        "prefix": "салтанатына екі жүзге жуық адам ",
        "suffix": ".",
        "suggestion": "қатысты",
    },
    {
        **_LIBRARY,
        "exact": "осы сілтемеден",
        "prefix": "Кітапхана қорын ",
        "suffix": " көруге болады.",
        "suggestion": None,
        "kind": "link",
        "comment": "Ашылмайды, 404 шығады.",
    },
    {
        **_BRIDGE,
        "readers": 21,
        "exact": "в декабрь",
        "prefix": "Движение по мосту откроют уже ",
        "suffix": ", сообщили в акимате.",
        "suggestion": "в декабре",
        "comment": "Падеж.",
    },
    {
        **_BRIDGE,
        "exact": "Aлматы",
        "prefix": "Дорога до ",
        "suffix": " сократится на час.",
        "suggestion": "Алматы",
    },
    {
        "url": f"{SITE_URL}/avtobus",
        "title": _LONG,
        "metadata": {"author": "Айдана Мұрат", "section": "Білім"},
        "readers": 3,
        "exact": "жүз жиырма автобустар",
        "prefix": "Биыл облысқа ",
        "suffix": " әкелінді, оның жартысы ауылға жіберілді.",
        "suggestion": "жүз жиырма автобус",
        "kind": "other",
    },
    {
        "url": f"{SITE_URL}/mekenzhai",
        "title": "https://dala.example.kz/zhanalyktar/" + "kokzhar" * 14,
        "exact": "қ" * 90,
        "prefix": "Мекенжайы: ",
        "suffix": " деп жазылған.",
        "suggestion": "к" * 90,
        "comment": "https://dala.example.kz/" + "x" * 120,
    },
]


def many(number: int) -> dict[str, Any]:
    """One of many reports about one page."""
    word = f"{number}-тармақтың"
    return {
        "url": f"{SITE_URL}/many",
        "canonical_url": None,
        "title": "Облыс мәслихатының шешімдері: толық мәтіні",
        "exact": word,
        "prefix": f"Шешімнің {number * 7919}-нұсқасында ",
        "suffix": f" {number * 104729} рет өзгертілген мәтіні тұр.",
        "position_start": 200 * number,
        "position_end": 200 * number + len(word),
        "suggestion": f"{number}-тармақ",
    }
