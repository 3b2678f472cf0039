"""Mail: who gets it, what its headers say, and what no text in it can do."""

import email
import email.policy
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

import pytest

from core import channels
from core.channels import OutgoingMail, PassingFailure, PermanentFailure
from core.channels.email import render
from core.settings import Settings
from tests.factories import make_settings
from tests.servers.mail import MailSink

NOW = datetime(2026, 3, 10, 4, 30, tzinfo=UTC)
MAIL = OutgoingMail(
    key="0123456789abcdef",
    sender="Дала үні <tuzet@dala.example.kz>",
    recipient="desk@dala.example.kz",
    subject="балаларга → балаларға · Көкжар ауданында жаңа кітапхана ашылды",
    text="балаларга → балаларға\nжолдың соңы",
    html="<p>балаларга → балаларға</p>",
    thread_key="page.7.dala",
    list_key="dala",
    list_name="Дала үні",
    language="kk",
)
HEADERS = {
    "content-type",
    "mime-version",
    "from",
    "to",
    "subject",
    "date",
    "message-id",
    "in-reply-to",
    "references",
    "list-id",
    "content-language",
    "auto-submitted",
    "x-auto-response-suppress",
}
# What has made mail programs of all kinds write a line that was not theirs.
INJECTIONS = (
    "a\r\nBcc: victim@evil.example",
    "a\nBcc: victim@evil.example",
    "a\rBcc: victim@evil.example",
    "a\r\n\r\n<p>body</p>",
    "a\u2028Bcc: victim@evil.example",
    "a\u2029Bcc: victim@evil.example",
    "a\x85Bcc: victim@evil.example",
    "a\x0bBcc: victim@evil.example",
    "a\x00Bcc: victim@evil.example",
    "=?utf-8?q?a=0d=0aBcc:=20victim@evil.example?=",
    "=?utf-8?b?YQ0KQmNjOiB2aWN0aW1AZXZpbC5leGFtcGxl?=",
    "%0d%0aBcc: victim@evil.example",
    "\\r\\nBcc: victim@evil.example",
    "嘊嘍Bcc: victim@evil.example",
    "a" * 3_000,
    "\r\n.\r\nMAIL FROM:<x@evil.example>",
    "\u202egro.elpmaxe",
    "--===============0==--",
)


def _clock() -> datetime:
    return NOW


def _parsed(content: bytes) -> EmailMessage:
    return email.message_from_bytes(content, policy=email.policy.default)


@pytest.fixture
def kept(tmp_path: Path) -> Callable[[OutgoingMail], list[EmailMessage]]:
    """Send into the mail folder; gives what is in it then."""
    settings = make_settings(tmp_path)

    def send(mail: OutgoingMail) -> list[EmailMessage]:
        channels.send(mail, settings, _clock)
        return [_parsed(path.read_bytes()) for path in settings.mail_folder.iterdir()]

    return send


Kept = Callable[[OutgoingMail], list[EmailMessage]]


def test_without_a_mail_server_a_mail_is_one_file_named_by_its_key(tmp_path: Path) -> None:
    settings = make_settings(tmp_path)
    channels.send(MAIL, settings, _clock)
    channels.send(MAIL, settings, _clock)
    assert [path.name for path in settings.mail_folder.iterdir()] == ["0123456789abcdef.eml"]


def test_a_mail_reads_as_it_was_written(kept: Kept) -> None:
    (mail,) = kept(MAIL)
    assert mail["Subject"] == MAIL.subject
    assert mail["To"] == "desk@dala.example.kz"
    assert mail["From"] == "Дала үні <tuzet@dala.example.kz>"
    assert mail["List-Id"] == "Дала үні <dala.dala.example.kz>"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Date"].datetime == NOW
    plain, html = mail.get_body(("plain",)), mail.get_body(("html",))
    assert plain is not None
    assert html is not None
    assert plain.get_content().splitlines() == ["балаларга → балаларға", "жолдың соңы"]
    assert html.get_content() == "<p>балаларга → балаларға</p>"


def test_every_try_carries_the_same_message_id_and_the_articles_thread() -> None:
    first, second = (_parsed(render(MAIL, NOW)) for _ in range(2))
    assert first["Message-ID"] == second["Message-ID"] == "<0123456789abcdef@dala.example.kz>"
    assert first["References"] == first["In-Reply-To"] == "<page.7.dala@dala.example.kz>"


@pytest.mark.parametrize("text", INJECTIONS)
def test_no_text_adds_a_header_or_a_recipient(text: str) -> None:
    mail = replace(MAIL, subject=text, list_name=text, text=text, html=text)
    content = render(mail, NOW)
    message = _parsed(content)
    assert {name.lower() for name in message.keys()} == HEADERS  # noqa: SIM118 (not a dict)
    assert len(message.keys()) == len(HEADERS)
    assert [str(address) for address in message["To"].addresses] == ["desk@dala.example.kz"]
    assert [part.get_content_type() for part in message.walk()] == [
        "multipart/alternative",
        "text/plain",
        "text/html",
    ]
    assert not message.defects
    assert all(len(line) <= 998 for line in content.split(b"\r\n"))
    assert b"\n" not in content.replace(b"\r\n", b"")


def test_the_recorded_attacks_add_no_header_and_no_recipient(
    shared_data: Path, smtp_sink: MailSink, tmp_path: Path
) -> None:
    items = json.loads((shared_data / "attack" / "header_injection.json").read_text("utf-8"))
    settings = make_settings(tmp_path, smtp_url=smtp_sink.url)
    for number, item in enumerate(items["items"]):
        text = item["s"]
        mail = replace(MAIL, key=f"m{number}", subject=text, list_name=text, text=text, html=text)
        channels.send(mail, settings, _clock)
    messages = smtp_sink.wait_for(len(items["items"]))
    assert len(messages) == len(items["items"])
    assert smtp_sink.recipients == [["desk@dala.example.kz"]] * len(messages)
    for message in messages:
        names = {name.lower() for name in message.keys()}  # noqa: SIM118
        assert names - {"x-peer", "x-mailfrom", "x-rcptto"} == HEADERS


@pytest.mark.parametrize(
    "recipient",
    [
        "",
        "desk",
        "a@b.example, c@d.example",
        "a@b.example c@d.example",
        "a@b.example\r\nBcc: c@d.example",
        "<a@b.example>",
        "Desk <a@b.example>",
        "a@b.example\x00",
        "a@" + "b" * 300 + ".example",
        "\ud800@b.example",
    ],
)
def test_what_is_no_plain_address_is_never_tried_again(recipient: str, tmp_path: Path) -> None:
    settings = make_settings(tmp_path)
    with pytest.raises(PermanentFailure) as failure:
        channels.send(replace(MAIL, recipient=recipient), settings, _clock)
    assert recipient not in failure.value.reason or not recipient
    assert not settings.mail_folder.exists()


def test_a_cyrillic_domain_is_written_in_ascii() -> None:
    mail = _parsed(render(replace(MAIL, recipient="desk@дала.example"), NOW))
    assert mail["To"] == "desk@xn--80aak3a.example"


def test_text_that_is_no_unicode_harms_only_its_own_mail(tmp_path: Path) -> None:
    with pytest.raises(PermanentFailure):
        channels.send(replace(MAIL, text="\ud800"), make_settings(tmp_path), _clock)


def test_a_key_never_leads_out_of_the_folder(tmp_path: Path) -> None:
    with pytest.raises(PermanentFailure):
        channels.send(replace(MAIL, key="../escaped"), make_settings(tmp_path), _clock)


def test_a_folder_that_cannot_be_written_is_a_passing_failure(tmp_path: Path) -> None:
    settings: Settings = make_settings(tmp_path)
    settings.mail_folder.write_text("in the way")
    with pytest.raises(PassingFailure):
        channels.send(MAIL, settings, _clock)
