"""The main text of a page: the article, not what stands around it."""

import pytest

from core.text.maintext import main_text

ARTICLE = (
    "<p>Бірінші азатжол, онда <b>қала</b>\n туралы айтылады.</p><p>Екінші&nbsp;азатжол "
    "бұдан ұзағырақ: кітапхана бүгін ашылды, оған тұрғындар көптеп келді.</p>"
)
LINES = [
    "Бірінші азатжол, онда қала туралы айтылады.",
    "Екінші\u00a0азатжол бұдан ұзағырақ: кітапхана бүгін ашылды, оған тұрғындар көптеп келді.",
]


@pytest.mark.parametrize(
    "html",
    [
        f"<nav>Мәзір</nav><article>{ARTICLE}</article><aside>Жарнама</aside>",
        f"<main>{ARTICLE}<div class='comments'><p>Пікір: балаларга</p></div></main>",
        f"<div class='col'><div itemprop='articleBody'>{ARTICLE}</div></div><p>Тағы оқыңыз</p>",
        f"<div id=menu><a>Үй</a></div><div><div class=text>{ARTICLE}</div></div><footer>©</footer>",
        f"<article>{ARTICLE}<ul class='share-buttons'><li>Бөлісу</li></ul></article>",
        f"<article>{ARTICLE}<script>x()</script><form><button>Жіберу</button></form></article>",
        f"<article>{ARTICLE}<p hidden>Көрінбейді</p></article><article><p>Басқа</p></article>",
    ],
)
def test_only_the_article_is_kept(html: str) -> None:
    assert main_text(f"<body>{html}</body>").text.split("\n") == LINES


def test_a_headline_outside_the_article_is_part_of_it() -> None:
    text = main_text(f"<body><header><h1>Тақырып</h1></header><article>{ARTICLE}</article>").text
    assert text.split("\n") == ["Тақырып", *LINES]


def test_breaks_and_code_keep_their_lines() -> None:
    html = f"<article>{ARTICLE}<p>бір<br>екі</p><pre>a = 1\nb = 2</pre></article>"
    assert main_text(html).text.split("\n")[2:] == ["бір", "екі", "a = 1", "b = 2"]


def test_a_wrapper_with_an_unlucky_name_is_not_thrown_away() -> None:
    html = f"<body><article><div class='social post-share'>{ARTICLE}</div></article>"
    assert main_text(html).text.split("\n") == LINES


def test_a_class_that_only_lays_out_hides_nothing() -> None:
    html = f"<article>{ARTICLE}<p class='overflow-hidden'>Соңғы сөз</p></article>"
    assert main_text(html).text.split("\n")[2:] == ["Соңғы сөз"]


def test_the_text_knows_where_readers_count_it() -> None:
    found = main_text(f"<body><nav>Мәзір 😀</nav><article>{ARTICLE}</article></body>")
    assert found.first == len("Мәзір ") + 2  # an emoji counts twice in a browser
    assert found.last > found.first + len(LINES[1])


@pytest.mark.parametrize("html", ["", "<", "<body></body>", "\x00", "<p>", "text only"])
def test_whatever_a_server_sends_is_a_page(html: str) -> None:
    assert main_text(html).text in ("", "text only", "\ufffd", "<")


def test_pages_may_nest_as_deep_as_they_like() -> None:
    deep = "<div>" * 20_000 + "<p>Түп</p>"
    assert main_text(deep).text == "Түп"
