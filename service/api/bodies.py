"""Request bodies: of which type, how large, and in which coding they may come."""

from flask import request
from werkzeug.exceptions import RequestEntityTooLarge, UnsupportedMediaType

from core.errors import Unreadable

LARGEST_REPORT = 64 * 1024
_UTF8 = {"utf-8", "utf8", "us-ascii"}


def report_body() -> bytes:
    """The body of a report, which a page sends as text/plain where it wants no preflight."""
    return _body(("application/json", "text/plain"), LARGEST_REPORT)


def json_body() -> bytes:
    """The body of a program's request."""
    return _body(("application/json",), LARGEST_REPORT)


def call_body(most: int) -> bytes:
    """The body of a call that proves by itself who sends it."""
    return _body(("application/json",), most)


def _body(types: tuple[str, ...], most: int) -> bytes:
    """The bytes of the body.

    Raises 415 for another type or charset, Unreadable (400) for a content coding: unpacking is an
    invitation to bombs, and 413 over `most` bytes, however the body is sent.
    """
    charset = request.mimetype_params.get("charset", "utf-8").lower()
    if request.mimetype not in types or charset not in _UTF8:
        raise UnsupportedMediaType(f"The body must be {' or '.join(types)} in UTF-8.")
    if request.headers.get("Content-Encoding", "identity").strip().lower() not in {"", "identity"}:
        raise Unreadable("The body must come without a content encoding.")
    # One byte more, for a body without a length is cut off at the limit without a word.
    request.max_content_length = most + 1
    data = request.get_data(cache=False)
    if len(data) > most:
        raise RequestEntityTooLarge
    return data
