"""The lines of a mail, whatever it is made of."""

from email.message import EmailMessage

import pytest

from core.errors import Invalid
from core.mailbox.bodies import lines_of, read_mail


def _lines(raw: bytes) -> list[str]:
    return [line for line in lines_of(read_mail(raw)) if line]


def test_of_two_ways_to_say_the_same_the_plain_one_is_read() -> None:
    mail = EmailMessage()
    mail.set_content("жай\n")
    mail.add_alternative("<p>безекті</p>", subtype="html")
    assert _lines(mail.as_bytes()) == ["жай"]


def test_html_is_read_where_the_plain_part_is_empty() -> None:
    mail = EmailMessage()
    mail.set_content(" \n")
    mail.add_alternative("<p>безекті</p>", subtype="html")
    assert _lines(mail.as_bytes()) == ["безекті"]


def test_words_before_and_after_a_picture_are_all_read_and_attachments_are_not() -> None:
    mail = EmailMessage()
    mail.set_content("алдында")
    mail.make_mixed()
    mail.add_attachment(b"\x89PNG", maintype="image", subtype="png", disposition="inline")
    after, notes, sent_on = EmailMessage(), EmailMessage(), EmailMessage()
    after.set_content("кейін")
    notes.set_content("қосымша", filename="notes.txt", disposition="inline")
    sent_on.set_content("басқа хат")
    mail.attach(after)
    mail.attach(notes)
    mail.add_attachment(sent_on)
    assert _lines(mail.as_bytes()) == ["алдында", "кейін"]


@pytest.mark.parametrize("charset", ["windows-1251", "koi8-r", "utf-8"])
def test_every_usual_encoding_is_read(charset: str) -> None:
    mail = EmailMessage()
    mail.set_content("Исправил.", charset=charset)
    assert _lines(mail.as_bytes()) == ["Исправил."]


def test_of_an_encoding_that_nobody_knows_is_read_what_can_be() -> None:
    head = b"Content-Type: text/plain; charset=x-unknown\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
    assert _lines(head + "Түзеттім.".encode()) == ["Түзеттім."]


def test_a_mail_nested_without_end_is_refused() -> None:
    head = "".join(
        f'Content-Type: multipart/mixed; boundary="b{number}"\r\n\r\n--b{number}\r\n'
        for number in range(3_000)
    )
    with pytest.raises(Invalid):
        _lines(head.encode())
