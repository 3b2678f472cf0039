"""Why a request to somebody else's server came to nothing.

Every error has a stable `code` for programs, logs and translations, a message that is safe to show
(it names a host at most, never a path, a query, a header or a body, where tokens live), and says
with `passing` whether trying again later may help.
"""

from enum import StrEnum
from typing import ClassVar

from core.errors import TuzetError


class Code(StrEnum):
    """The stable names of everything that can go wrong on the way out."""

    NOT_A_URL = "not_a_url"
    SCHEME = "scheme_not_allowed"
    CREDENTIALS = "credentials_in_url"
    HOST = "host_not_allowed"
    PORT = "port_not_allowed"
    ADDRESS = "address_not_allowed"
    PERMISSION = "not_permitted_by_host"
    HEADER = "header_not_allowed"
    CONTENT_TYPE = "content_type_not_allowed"
    ENCODING = "content_encoding_not_allowed"
    HEADERS_TOO_LARGE = "headers_too_large"
    BODY_TOO_LARGE = "body_too_large"
    DECODED_TOO_LARGE = "decoded_body_too_large"
    TOO_SLOW = "too_slow"
    TOO_MANY_REDIRECTS = "too_many_redirects"
    REDIRECT_LOOP = "redirect_loop"
    NAME_NOT_FOUND = "name_not_found"
    NO_CONNECTION = "no_connection"
    CERTIFICATE = "certificate_not_trusted"
    TLS = "tls_failed"
    BROKEN_OFF = "broken_off"
    MALFORMED = "malformed_answer"
    NOT_YET = "not_yet"


class NetError(TuzetError):
    """Base of the errors of `core.net`. `host` is None where the address had none."""

    passing: ClassVar[bool] = False

    def __init__(self, code: Code, message: str, host: str | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.host = host


class Refused(NetError):
    """We do not go there, or do not read what came: the address, the host, the kind of answer."""


class TooLarge(NetError):
    """The answer passed one of the limits on bytes."""


class TooManyRedirects(NetError):
    """More redirects than allowed, or one that leads back to where it came from."""


class TooSlow(NetError):
    """The whole exchange did not end within its time."""

    passing = True


class Unreachable(NetError):
    """No such name, no connection, no trusted certificate, or an answer that broke off."""

    passing = True


class NotYet(NetError):
    """The host was asked a moment ago. `seconds` is how long until its next turn."""

    passing = True

    def __init__(self, host: str, seconds: float) -> None:
        super().__init__(
            Code.NOT_YET, f"{host} was asked a moment ago; try again in {seconds:.0f} s.", host
        )
        self.seconds = seconds
