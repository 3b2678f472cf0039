"""A page's body, unpacked piece by piece so that no bomb is ever held in memory.

urllib3 could unpack too, but it takes a packed stream that breaks off for a whole one, and half a
page must never be read as a page from which the error has gone.
"""

import zlib
from collections.abc import Iterable, Iterator

import brotli
from urllib3.response import HTTPResponse

from core.net.errors import Code, Refused, TooLarge, Unreachable
from core.net.exchange import Limits
from core.net.sockets import Bounds

_READ = 16 * 1024
_STEP = 64 * 1024
_GZIP = 16 + zlib.MAX_WBITS
_GZIP_MEMBER = b"\x1f"  # gzip may go on with another one after its end
# One coding at most. Layers of them are how a small answer becomes hours of work: the inner ones
# may unpack to nothing, again and again, without a byte that a limit could count.
_PLAIN = frozenset({"", "identity"})
_PACKED = frozenset({"gzip", "x-gzip", "deflate", "br"})


class _BrokenOffError(Exception):
    """The packed stream ends before its end."""


def read_whole(response: HTTPResponse, limits: Limits, bounds: Bounds) -> bytes:
    """The body, unpacked. Raises Refused for an unknown coding, TooLarge, TooSlow, Unreachable."""
    host = bounds.host
    coding = response.headers.get("Content-Encoding", "").strip().lower()
    if coding not in _PLAIN | _PACKED:
        raise Refused(Code.ENCODING, f"{host} answered in an encoding that we do not read.", host)
    if (response.length_remaining or 0) > limits.body_bytes:
        raise TooLarge(Code.BODY_TOO_LARGE, f"{host} announced more than we read.", host)
    body = bytearray()
    try:
        for piece in _unpacked(_pieces(response), coding):
            body += piece
            if len(body) > limits.decoded_bytes:
                raise TooLarge(Code.DECODED_TOO_LARGE, f"{host} sent more than we read.", host)
            bounds.seconds_left()  # unpacking takes time too
    except _BrokenOffError:
        raise Unreachable(Code.BROKEN_OFF, f"{host} sent half a page.", host) from None
    except (zlib.error, brotli.error):
        raise Unreachable(
            Code.MALFORMED, f"{host} sent a page that cannot be read.", host
        ) from None
    return bytes(body)


def _pieces(response: HTTPResponse) -> Iterator[bytes]:
    while piece := response.read(_READ, decode_content=False):
        yield piece


def _unpacked(pieces: Iterator[bytes], coding: str) -> Iterable[bytes]:
    if coding in _PLAIN:
        return pieces
    first = next(pieces, b"")
    if not first:  # an empty page is not packed, whatever its header says
        return ()
    if coding == "br":
        return _from_brotli(first, pieces)
    if coding == "deflate":
        return _inflated(first, pieces, zlib.MAX_WBITS if _is_zlib(first) else -zlib.MAX_WBITS)
    return _inflated(first, pieces, _GZIP)


def _is_zlib(start: bytes) -> bool:
    """Servers mean two things by "deflate": with the two bytes of zlib before it, and without."""
    return len(start) > 1 and start[0] & 0x0F == 8 and int.from_bytes(start[:2], "big") % 31 == 0


def _inflated(piece: bytes, pieces: Iterator[bytes], window: int) -> Iterator[bytes]:
    stream = zlib.decompressobj(window)
    while piece:
        yield stream.decompress(piece, _STEP)
        piece = stream.unconsumed_tail or stream.unused_data or next(pieces, b"")
        if stream.eof:
            if window != _GZIP or not piece.startswith(_GZIP_MEMBER):
                return  # the end, or rubbish after it, which browsers overlook as well
            stream = zlib.decompressobj(window)
    yield stream.flush()
    if not stream.eof:
        raise _BrokenOffError


def _from_brotli(first: bytes, pieces: Iterator[bytes]) -> Iterator[bytes]:
    stream = brotli.Decompressor()
    piece = first
    while not stream.is_finished():
        unpacked = stream.process(piece, output_buffer_limit=_STEP)
        if unpacked:
            yield unpacked
            piece = b""  # there may be more in the last one
        elif not (piece := next(pieces, b"")):
            raise _BrokenOffError
