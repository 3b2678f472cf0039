"""One line of JSON an event, on standard error, without secrets and without readers' words."""

import logging
import re
import sys
from collections.abc import Iterable, MutableMapping
from typing import Any, TextIO

import structlog
from structlog.typing import EventDict, Processor

_SECRET_NAME = re.compile(
    r"pass(word|phrase)?$|secret|token|cookie|authori[sz]ation|receipt|api_?key|^key$|lease",
    re.IGNORECASE,
)
_READERS_WORDS = frozenset(
    {"exact", "prefix", "suffix", "suggestion", "comment", "email", "quote", "body", "recipient"}
)
_IN_TEXT: tuple[tuple[re.Pattern[str], str], ...] = (
    # What database drivers add to an error: the values of the row, so a reader's words.
    (re.compile(r"\[parameters: .*?\](?=\s*\n|\s*$|\\n)", re.DOTALL), "[parameters left out]"),
    (re.compile(r"DETAIL:.*"), "DETAIL left out"),
    (re.compile(r"(\w+://[^\s:/@]*):[^\s@/]+@"), r"\1:…@"),
    (re.compile(r"[\w.+-]+@[\w-]+(\.[\w-]+)+"), "…@…"),
    (re.compile(r"\bBearer\s+\S+", re.IGNORECASE), "Bearer …"),
    (re.compile(r"/(r|act|mail|receipts)/[\w~.=-]{8,}"), r"/\1/…"),
)
_HIDDEN = "…"
_QUIET = (
    "alembic",
    "celery.app.trace",  # says of each signal that it was heard
    "celery.utils.functional",
    "celery.worker.strategy",
    "kombu",
    "urllib3",
    "waitress.queue",
)


def configure(part: str, secrets: Iterable[str] = (), stream: TextIO | None = None) -> None:
    """Log everything in this process, whoever logs it, as JSON lines that name `part`.

    `secrets` are strings to leave out wherever they occur, such as the secret key. Call it once,
    before the first event; a second call replaces the first.
    """
    shared = _shared_steps(part, tuple(secret for secret in secrets if len(secret) >= 8))
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(ensure_ascii=False, default=str),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(logging.INFO)
    for name in _QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
    logging.captureWarnings(True)


def _shared_steps(part: str, secrets: tuple[str, ...]) -> list[Processor]:
    def name_part(_logger: Any, _method: str, event: EventDict) -> EventDict:
        event["part"] = part
        return event

    def redact(_logger: Any, _method: str, event: EventDict) -> EventDict:
        return {name: _redacted(name, value, secrets) for name, value in event.items()}

    return [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        name_part,
        redact,
    ]


def _redacted(name: str, value: Any, secrets: tuple[str, ...]) -> Any:
    if name.startswith("_"):
        return value  # structlog's own, removed before the line is written
    if _SECRET_NAME.search(name) or name in _READERS_WORDS:
        return _HIDDEN
    if isinstance(value, MutableMapping):
        return {key: _redacted(str(key), inner, secrets) for key, inner in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_redacted("", inner, secrets) for inner in value]
    if isinstance(value, bool | int | float) or value is None:
        return value
    return _without_secrets(str(value), secrets)


def _without_secrets(text: str, secrets: tuple[str, ...]) -> str:
    for secret in secrets:
        text = text.replace(secret, _HIDDEN)
    for pattern, instead in _IN_TEXT:
        text = pattern.sub(instead, text)
    return text
