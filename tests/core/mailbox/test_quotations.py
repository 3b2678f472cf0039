"""A reply without what it quotes: by every program's habits, and never a typed word less."""

import pytest

from core.mailbox.bodies import html_lines
from core.mailbox.quotation import Ours, typed

WORDS = "Авторға жаздым, кешке түзетеді."
OURS = Ours(
    sender="tuzet@example.kz",
    subject="балаларга → балаларға · Мектепте жаңа асхана",
    lines=[
        "Оқырман жаңа қатені хабарлады.",
        "",
        "Мектепте жаңа асхана ашылды",
        "Дала үні, Қоғам",
        "балаларга → балаларға",
        "Асханада [балаларга] күн сайын ыстық тамақ беріледі деп жоспарланған.",
        "○ Жаңа: қате, 1 оқырман, алғашқысы 24 қараша",
        "Қабылдау:",
        "https://tuzet.example.kz/act/aaa",
        "-- ",
        "Бас тарту:",
        "https://tuzet.example.kz/stop/bbb",
    ],
    beginnings=["Оқырман жаңа қатені хабарлады.", "A reader has reported a new error."],
    states=("◐ Қабылданды",),
    links=("https://tuzet.example.kz/act/", "https://tuzet.example.kz/stop/"),
)
SENT = "\n".join(OURS.lines)
MARKED = "\n".join(f"> {line}" for line in OURS.lines)


def _typed(text: str) -> str:
    return typed(text.splitlines(), OURS)


@pytest.mark.parametrize("quoted", [MARKED, SENT, "> бұрынғы сөз"])
@pytest.mark.parametrize(
    "above",
    [
        "On Tue, 24 Nov 2026 at 19:56, Tuzet <tuzet@example.kz> wrote:",
        "On Tue, 24 Nov 2026 at 19:56, The Newsroom of the Steppe\n<tuzet@example.kz> wrote:",
        "On Tue, 24 Nov 2026 at 19:56, Tuzet <tuzet@example.kz>\nwrote:",
        "On 24 Nov 2026, at 19:56, Tuzet <tuzet@example.kz> wrote:",
        "On 24/11/2026 19:56, Tuzet wrote:",
        "вт, 24 нояб. 2026 г. в 19:56, Tuzet <tuzet@example.kz>:",
        "вт, 24 нояб. 2026 г. в 19:56,\nTuzet <tuzet@example.kz>:",
        "24 нояб. 2026 г., в 19:56, Tuzet <tuzet@example.kz> написал(а):",
        "24.11.2026 19:56, Tuzet пишет:",
        '24.11.2026, 19:56, "Tuzet" <tuzet@example.kz>:',
        '24.11.2026, 19:56, "Даланың үні, түзету бөлімі"\n<tuzet@example.kz>:',
        "Вторник, 24 ноября 2026, 19:56 +05:00 от Tuzet <tuzet@example.kz>:",
        "вторник, 24 ноября 2026 г., 19:56 +0500 от tuzet@example.kz\n<tuzet@example.kz>:",
        "сс, 24 қар. 2026 ж. сағат 19:56, Tuzet <tuzet@example.kz>\nбылай деп жазды:",
        "2026 ж. 24 қар., сс 19:56 Tuzet <tuzet@example.kz> жазды:",
        "24 қар. 2026 ж., 19:56 кезінде Tuzet\n<tuzet@example.kz> былай деп жазды:",
        "вт, 24 лист. 2026 р. о 19:56 Tuzet <tuzet@example.kz> пише:",
        (
            "-----Original Message-----\nFrom: Tuzet <tuzet@example.kz>\nSent: Tuesday, 24 November"
            "\nTo: desk@dala.example.kz\nSubject: Re: балаларга"
        ),
        (
            "________________________________\nFrom: Tuzet <tuzet@example.kz>\nSent: x\nTo: Desk;\n"
            " Sport\nSubject: балаларга"
        ),
        "От: Tuzet <tuzet@example.kz>\nОтправлено: 24 ноября 2026 г. 19:56\nКому: desk\nТема: x",
        "Кімнен: Tuzet <tuzet@example.kz>\nЖіберілді: 24 қараша 2026 ж.\nКімге: desk\nТақырыбы: x",
        "*From:* Tuzet <tuzet@example.kz>\n*Date:* Tue, 24 Nov\n*To:* desk\n*Subject:* x",
        (
            "-------- Исходное сообщение --------\nОт: Tuzet <tuzet@example.kz>\nДата: 24.11.2026\n"
            "Тема: x"
        ),
    ],
)
def test_what_a_program_quotes_is_left_out(above: str, quoted: str) -> None:
    assert _typed(f"{WORDS}\n\n{above}\n\n{quoted}") == WORDS


@pytest.mark.parametrize("above", ["-----Original Message-----", "-----Исходное сообщение-----"])
def test_a_line_that_no_person_types_ends_the_note(above: str) -> None:
    assert _typed(f"{WORDS}\n\n{above}\nбалаларга") == WORDS


def test_our_own_mail_is_known_without_any_mark_or_line_above() -> None:
    assert _typed(f"{WORDS}\n\n{SENT}") == WORDS
    assert _typed(f"{WORDS}\n{MARKED}") == WORDS
    later = SENT.replace("○ Жаңа: қате", "◐ Қабылданды: қате").replace("/act/aaa", "/act/ccc")
    assert _typed(f"{WORDS}\n\n{later}") == WORDS


def test_our_own_mail_is_known_where_its_lines_were_broken_or_marked_bold() -> None:
    quoted = (
        "Оқырман жаңа қатені хабарлады.\nМектепте жаңа асхана ашылды <https://example.kz/1>\n"
        "Асханада [балаларга] күн сайын ыстық тамақ\nберіледі деп жоспарланған.\n"
        "*балаларга* → *балаларға*\nҚабылдау <https://tuzet.example.kz/act/ddd>"
    )
    assert _typed(f"{WORDS}\n\n{quoted}") == WORDS


def test_our_own_mail_is_known_by_its_links_where_its_language_was_another() -> None:
    other = SENT.replace("Оқырман жаңа қатені хабарлады.", "")
    assert _typed(f"{WORDS}\n\n{other}") == WORDS


def test_words_under_and_between_quoted_lines_stay() -> None:
    marked = "On Tue, 24 Nov 2026, Tuzet wrote:\n> а\n\nбірінші\n\n> ә\n> б\nекінші\n> в\nүшінші"
    assert _typed(marked) == "бірінші\n\nекінші\nүшінші"
    unmarked = SENT.replace("Қабылдау:", "Мұны мен түзетемін.\nҚабылдау:") + "\n\nКешке."
    assert _typed(f"{WORDS}\n\n{unmarked}") == f"{WORDS}\n\nМұны мен түзетемін.\n\nКешке."


@pytest.mark.parametrize(
    "text",
    [
        "Автор маған былай деп жазды:\nөзім түзетемін",
        "24.11.2026, 10:30. Асқар жазды:\nөзім түзетемін",
        "24.11.2026, 10:30, Асқар <askar@dala.example.kz>:\n\nөзім түзетемін",
        "От: автора пришло письмо\nисправит сам",
        "From: the author, by phone\nTo: all of us",
        "> балаларга\nбұл сөз дұрыс",
        ">>> назар аударыңыз <<<",
        (
            "---------- Forwarded message ---------\nFrom: Асқар <askar@dala.example.kz>\n"
            "Date: Tue, 24 Nov 2026\nSubject: мақала\n\nөзім түзетемін"
        ),
        "балаларғa → балаларға емес, балаларға",
        "балаларға",
        "Қараңыз: https://tuzet.example.kz/cases/5",
        "бірінші\n--\nекінші",
        "Отправлено из редакции вчера",
        "\n".join(["кіріспе", "-- ", *(f"{number}-абзац" for number in range(20))]),
        "On the other hand:\nдұрыс",
    ],
)
def test_what_a_person_may_have_typed_stays(text: str) -> None:
    expected = text.replace("-- \n", "--\n")
    assert _typed(text) == expected
    assert _typed(f"{text}\n\n{SENT}") == expected


def test_a_thread_of_colleagues_is_left_out_where_its_subject_is_ours() -> None:
    above = (
        "________________________________\nОт: Асқар\nОтправлено: вторник\nКому: desk\n"
        "Тема: НА: балаларга → балаларға · Мектепте жаңа асхана"
    )
    assert _typed(f"{WORDS}\n\n{above}\n\nмен көрдім\n\n{SENT}") == WORDS
    above = "On Tue, 24 Nov 2026 at 20:10, Асқар\n<askar@dala.example.kz> wrote:"
    assert _typed(f"{WORDS}\n\n{above}\n> мен көрдім\n>\n>> {SENT}") == WORDS


@pytest.mark.parametrize("end", ["", f"\n\nOn Tue, 24 Nov 2026, Tuzet wrote:\n{MARKED}"])
def test_a_signature_is_left_out(end: str) -> None:
    assert _typed(f"{WORDS}\n\n-- \nЖанар\n+7 700 000 00 00{end}") == WORDS
    assert _typed(f"{WORDS}\n\nSent from my iPhone{end}") == WORDS
    assert _typed(f"{WORDS}\n\nОтправлено из мобильной Яндекс Почты{end}") == WORDS


def test_words_that_a_reader_has_erased_since_are_not_taken_for_typed_ones() -> None:
    sent = "Оқырман жаңа қатені хабарлады.\nоқырманның сөзі\nhttps://tuzet.example.kz/act/aaa"
    erased = Ours(beginnings=OURS.beginnings, links=OURS.links, is_whole=False)
    assert typed(f"{WORDS}\n\n{sent}".splitlines(), erased) == WORDS


QUOTED_HTML = "".join(f"<div>{line}</div>" for line in OURS.lines)
HEAD_HTML = (
    "<b>Кімнен:</b> Tuzet<br><b>Күні:</b> 24<br><b>Кімге:</b> desk<br><b>Тақырыбы:</b> x<br>"
)


@pytest.mark.parametrize(
    "quoted",
    [
        (
            '<div class="gmail_quote gmail_quote_container"><div dir="ltr" class="gmail_attr">вт, '
            "24 нояб. 2026 г. в 19:56, Tuzet &lt;<a>tuzet@example.kz</a>&gt;:<br></div>"
            f'<blockquote class="gmail_quote">{QUOTED_HTML}</blockquote></div>'
        ),
        (
            '<div>24.11.2026, 19:56, "Tuzet" &lt;tuzet@example.kz&gt;:</div>'
            f"<blockquote>{QUOTED_HTML}</blockquote>"
        ),
        (
            '<div class="moz-cite-prefix">24.11.2026 19:56, Tuzet жазды:<br></div>'
            '<blockquote type="cite">ескі</blockquote>'
        ),
        f'<div id="appendonsend"></div><hr><div id="divRplyFwdMsg">{HEAD_HTML}</div>{QUOTED_HTML}',
        '<div id="divRplyFwdMsg"><b>Avsender:</b> x</div><div>ескі</div>',
        (
            '<div style="border:none;border-top:solid #E1E1E1"><p><b>From:</b> T<br><b>Sent:</b>'
            f" Tuesday<br><b>To:</b> desk<br><b>Subject:</b> x</p></div>{QUOTED_HTML}"
        ),
        '<div class="yahoo_quoted"><div>On Tuesday, Tuzet wrote:</div><div>ескі</div></div>',
        f'<div class="gmail_signature">Жанар</div><blockquote>{QUOTED_HTML}</blockquote>',
        QUOTED_HTML,
    ],
)
def test_what_a_program_quotes_in_html_is_left_out(quoted: str) -> None:
    html = f"<html><head><style>p{{}}</style></head><body><p>{WORDS}</p><br>{quoted}</body></html>"
    assert typed(html_lines(html), OURS) == WORDS


def test_html_is_read_as_lines_and_what_is_typed_in_a_quotation_stays() -> None:
    html = (
        "<div dir=ltr>Авторға <b>жаздым</b>,<br>кешке&nbsp;түзетеді.</div><ul><li>бір<li>екі</ul>"
        "<div style='display: none'>көрінбейді</div><script>x</script><pre>a\n  b</pre>"
        "<div class=gmail_quote><div class=gmail_attr>вт, 24 нояб. 2026 г. в 19:56, Tuzet "
        "&lt;tuzet@example.kz&gt;:</div><blockquote class=gmail_quote>ескі</blockquote>"
        "<div>астында</div><blockquote class=gmail_quote>ескі</blockquote></div>"
    )
    expected = "Авторға жаздым,\nкешке түзетеді.\n• бір\n• екі\n\na\nb\n\nастында"
    assert typed(html_lines(html), OURS) == expected


def test_a_quotation_that_a_person_has_set_in_html_stays() -> None:
    html = "<blockquote>Ереже: -ға, -ге</blockquote><p>Сондықтан дұрыс.</p>"
    assert typed(html_lines(html), OURS) == "> Ереже: -ға, -ге\nСондықтан дұрыс."


@pytest.mark.parametrize(
    "text", ["<div>" * 20_000 + "x", "<blockquote>" * 5_000 + "x", "-" * 400_000, "a" * 400_000]
)
def test_a_hostile_mail_costs_no_more_than_its_length(text: str) -> None:
    typed(html_lines(text), OURS)
    typed([text] * 3, OURS)
    typed([line for _ in range(3_000) for line in ("----------", "", "x wrote:")], OURS)
