"""Mail: to the server that TUZET_SMTP_URL names, or else into a folder."""

import re
import secrets
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from email.header import Header
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.utils import format_datetime, parseaddr

from core.channels import smtp
from core.channels.contract import OutgoingMail, PassingFailure, PermanentFailure, Taken
from core.settings import Settings

_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9.-]{1,253}")
_KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,127}")
_WEB_ADDRESS = re.compile(r"https?://[!#-;=?-~]{1,900}")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff]+")
_CONTROL_IN_BODY = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def send(mail: OutgoingMail, settings: Settings, clock: Callable[[], datetime]) -> Taken:
    """Send one mail.

    What no mail can carry is a PermanentFailure, so that it does not stand in the way of others.
    Raises PermanentFailure, PassingFailure.
    """
    try:
        recipient = address(mail.recipient)
        sender = address(parseaddr(settings.mail_from)[1])
        content = render(mail, clock())
    except ValueError as fault:
        raise PermanentFailure("An address or a text is not fit for mail.") from fault
    if settings.smtp_url is None:
        _keep(mail.key, content, settings)
    elif mail.anew is None:
        smtp.hand_over(settings.smtp_url, sender, recipient, lambda: content)
    else:
        smtp.hand_over(settings.smtp_url, sender, recipient, lambda: _anew(mail, clock()))
    return Taken()


def _anew(mail: OutgoingMail, now: datetime) -> bytes:
    """The mail as it stands now."""
    try:
        return render(mail if mail.anew is None else mail.anew(), now)
    except ValueError as fault:
        raise PermanentFailure("An address or a text is not fit for mail.") from fault


def address(text: str) -> str:
    """One plain address, its domain in ASCII. Raises ValueError for anything else."""
    local, _, domain = text.strip().rpartition("@")
    plain = f"{local}@{domain.encode('idna').decode('ascii')}" if local and domain else ""
    if not _ADDRESS.fullmatch(plain):
        raise ValueError("not a plain mail address")
    return plain


def render(mail: OutgoingMail, now: datetime) -> bytes:
    """The message as it goes over the wire. Raises ValueError for what no mail can carry.

    Every text goes through Header(…, "utf-8"): the newer header classes decode encoded words in
    what they are given, and so let `=?utf-8?q?=0d=0aBcc:…?=` in a title become a line of its own.
    """
    name, sender = parseaddr(mail.sender)
    sender = address(sender)
    host = sender.rpartition("@")[2]
    message = MIMEMultipart("alternative")
    message["From"] = f"{_encoded(name)} <{sender}>" if name else sender
    message["To"] = address(mail.recipient)
    message["Subject"] = _encoded(mail.subject, "Subject")
    message["Date"] = format_datetime(now)
    message["Message-ID"] = f"<{_key(mail.key)}@{host}>"
    root = f"<{_key(mail.thread_key)}@{host}>"
    message["In-Reply-To"] = root
    message["References"] = root
    message["List-Id"] = f"{_encoded(mail.list_name)} <{_key(mail.list_key)}.{host}>"
    if mail.stop_url is not None:
        message["List-Unsubscribe"] = f"<{_web_address(mail.stop_url)}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message["Content-Language"] = _key(mail.language)
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "All"
    message.attach(_part(mail.text, "plain"))
    message.attach(_part(mail.html, "html"))
    return message.as_bytes(policy=message.policy.clone(linesep="\r\n"))


def _part(text: str, subtype: str) -> MIMEText:
    lines = _CONTROL_IN_BODY.sub("", text.replace("\r\n", "\n")).split("\n")
    part = MIMEText("\r\n".join(lines), subtype, "utf-8")
    del part["MIME-Version"]
    return part


def _encoded(text: str, name: str | None = None) -> str:
    return Header(_clean(text), "utf-8", header_name=name).encode()


def _clean(text: str) -> str:
    return _CONTROL.sub(" ", text).strip()


def _key(text: str) -> str:
    if not _KEY.fullmatch(text):
        raise ValueError("not a key")
    return text


def _web_address(text: str) -> str:
    if not _WEB_ADDRESS.fullmatch(text):
        raise ValueError("not a web address")
    return text


def _keep(key: str, content: bytes, settings: Settings) -> None:
    """One file a mail; a mail that is sent twice is the same file."""
    folder = settings.mail_folder
    draft = folder / f".{secrets.token_hex(8)}.tmp"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        draft.write_bytes(content)
        draft.replace(folder / f"{key}.eml")
    except OSError as fault:
        with suppress(OSError):
            draft.unlink()
        raise PassingFailure("The mail folder cannot be written.") from fault
