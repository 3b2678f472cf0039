"""A mail server that keeps what it is given, or fails as real ones do."""

import asyncio
import email
import email.policy
import socket
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from threading import Condition
from typing import Any, Literal

from aiosmtpd.controller import Controller

from tests.servers.processes import free_port

Mode = Literal["fine", "451", "550", "down", "slow", "cut", "reset"]


class MailSink:
    """An SMTP server on loopback whose `mode` decides what becomes of a message.

    fine: kept in `messages`. 451: refused for now. 550: the recipient is refused for good.
    down: nobody listens on the port. slow: no answer to a message for `delay` seconds. cut: a
    message is kept, but the line is cut before the answer. reset: the line is reset after the
    greeting. `attempts` counts the messages handed over or refused.
    """

    def __init__(self) -> None:
        self.port = free_port()
        self.messages: list[EmailMessage] = []
        self.recipients: list[list[str]] = []
        self.attempts = 0
        self.delay = 5.0
        self._mode: Mode = "fine"
        self._changed = Condition()
        self._controller: Controller | None = None
        self._start()

    @property
    def url(self) -> str:
        """What goes into TUZET_SMTP_URL."""
        return f"smtp://127.0.0.1:{self.port}"

    @property
    def mode(self) -> Mode:
        """What the server does with a message now."""
        return self._mode

    @mode.setter
    def mode(self, mode: Mode) -> None:
        self._mode = mode
        if mode == "down":
            self._stop()
        elif self._controller is None:
            self._start()

    def wait_for(self, count: int, seconds: float = 10) -> list[EmailMessage]:
        """The messages, once there are `count`; AssertionError if they do not come in time."""
        with self._changed:
            came = self._changed.wait_for(lambda: len(self.messages) >= count, timeout=seconds)
            assert came, f"{len(self.messages)} of {count} mails came in {seconds} s"
            return list(self.messages)

    def close(self) -> None:
        """Stop listening."""
        self._stop()

    async def handle_MAIL(  # noqa: N802 - aiosmtpd looks for this name
        self, server: Any, _session: Any, envelope: Any, address: str, _options: list[str]
    ) -> str:
        """Take a sender, or reset the line."""
        if self._mode == "reset":
            self._count()
            line = server.transport.get_extra_info("socket")
            line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            server.transport.abort()
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(  # noqa: N802 - aiosmtpd looks for this name
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: list[str]
    ) -> str:
        """Take a recipient, or refuse it for good."""
        if self._mode == "550":
            self._count()
            return "550 5.1.1 No such person here"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802 - aiosmtpd looks for this name
        self, server: Any, _session: Any, envelope: Any
    ) -> str:
        """Keep a message, or refuse it for now."""
        self._count()
        if self._mode == "slow":
            await asyncio.sleep(self.delay)
            return "451 4.4.2 Too slow to be heard"
        if self._mode == "451":
            return "451 4.3.0 Try again later"
        content = envelope.content
        message = email.message_from_bytes(content, policy=email.policy.default)
        with self._changed:
            self.messages.append(message)
            self.recipients.append(list(envelope.rcpt_tos))
            self._changed.notify_all()
        if self._mode == "cut":
            server.transport.abort()
        return "250 OK"

    def _count(self) -> None:
        with self._changed:
            self.attempts += 1
            self._changed.notify_all()

    def _start(self) -> None:
        controller = Controller(self, hostname="127.0.0.1", port=self.port)
        controller.start()
        self._controller = controller

    def _stop(self) -> None:
        if self._controller is not None:
            self._controller.stop(no_assert=True)
            self._controller = None


@contextmanager
def mail_sink() -> Iterator[MailSink]:
    """A mail server for the length of a block."""
    sink = MailSink()
    try:
        yield sink
    finally:
        sink.close()
