"""The lines of a mail as its writer saw them, whether it came as plain text or as HTML."""

import email
import email.policy
from collections.abc import Iterator
from email.message import EmailMessage
from typing import cast

from selectolax.lexbor import LexborHTMLParser, LexborNode

from core.errors import FieldError, Invalid

# No line can be this, for NUL is taken out of all text: here the program began to quote a mail.
QUOTED_BELOW = "\0"
_BLOCKS = frozenset(
    "address article blockquote center dd div dl dt fieldset footer form h1 h2 h3 h4 h5 h6 header "
    "hr li main ol p pre section table td th tr ul".split()
)
_PARAGRAPHS = frozenset("h1 h2 h3 h4 h5 h6 ol p pre table ul".split())
_UNSEEN = frozenset("script style head title meta link base template svg".split())
# What Outlook, Zimbra, Gmail, Thunderbird, Yahoo and Proton put before a quoted mail.
_INTRODUCTIONS = frozenset(("divRplyFwdMsg", "mail-editor-reference-message-container", "zwchr"))
_INTRODUCING = frozenset(
    "gmail_attr moz-cite-prefix OutlookMessageHeader yahoo_quoted protonmail_quote".split()
)
_SIGNATURES = frozenset(("gmail_signature", "moz-signature", "gmail_signature_prefix"))


def read_mail(raw: bytes) -> EmailMessage:
    """A mail as its sender's program has put it together. Raises Invalid for one without an end."""
    try:
        return email.message_from_bytes(raw, policy=email.policy.default)
    except RecursionError as fault:
        raise Invalid(FieldError("mail", "cannot be read")) from fault


def lines_of(message: EmailMessage) -> list[str]:
    """All that a mail shows, line by line; what is quoted in HTML begins with `>`.

    Of alternatives the plain one, unless it is empty; of several parts (a picture in between) all.
    Attachments are left out. Raises Invalid for a mail whose structure cannot be read.
    """
    try:
        return [line for part in _texts(message) for line in part]
    except (LookupError, ValueError, AttributeError, TypeError, RecursionError) as fault:
        raise Invalid(FieldError("mail", "cannot be read")) from fault


def html_lines(html: str) -> list[str]:
    """The text of HTML, line by line."""
    body = LexborHTMLParser(html).body
    return [] if body is None else _Walk().through(body)


def _texts(part: EmailMessage) -> list[list[str]]:
    kind = part.get_content_type()
    if kind.startswith("multipart/"):
        parts = [_texts(cast(EmailMessage, inner)) for inner in part.iter_parts()]
        told = [each for each in parts if any(line.strip() for text in each for line in text)]
        if kind == "multipart/alternative":
            return told[0] if told else []
        return [text for each in told for text in each]
    if kind not in ("text/plain", "text/html") or part.is_attachment() or part.get_filename():
        return []
    content = _content(part).replace("\0", "")
    if kind == "text/html":
        return [html_lines(content)]
    return [content.replace("\u2028", "\n").splitlines()]


def _content(part: EmailMessage) -> str:
    """The text of a part; of an encoding that nobody knows, what can be read of it."""
    try:
        return str(part.get_content())
    except LookupError:
        payload = part.get_payload(decode=True)
        return payload.decode("utf-8", "replace") if isinstance(payload, bytes) else ""


class _Walk:
    """One way through a document, without recursion: mails nest their quotations deeply."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.line = ""
        self.depth = 0

    def through(self, body: LexborNode) -> list[str]:
        """The lines of a document."""
        waiting: list[tuple[LexborNode, bool]] = [(body, True)]
        while waiting:
            node, opens = waiting.pop()
            if not opens:
                self._close(str(node.tag))
            elif node.tag == "-text":
                self._say(node)
            elif node.tag == "br":
                self._break()
            elif not _is_hidden(node):
                self._open(node)
                waiting.append((node, False))
                waiting += [(child, True) for child in reversed(list(_children(node)))]
        self._end()
        return self.lines

    def _open(self, node: LexborNode) -> None:
        attributes = node.attributes
        classes = set((attributes.get("class") or "").split())
        if node.tag in _BLOCKS:
            self._end()
        if classes & _INTRODUCING or (attributes.get("id") or "") in _INTRODUCTIONS:
            self._end()
            self.lines.append(">" * self.depth + QUOTED_BELOW)
        if node.tag == "blockquote":
            self.depth += 1
        if node.tag == "li":
            self.line = "• "

    def _close(self, tag: str) -> None:
        if tag in _BLOCKS:
            self._end()
        if tag == "blockquote":
            self.depth -= 1
        if tag in _PARAGRAPHS:
            self._blank()

    def _say(self, node: LexborNode) -> None:
        text = node.text(deep=False)
        if node.parent is not None and node.parent.tag == "pre":
            first, *others = text.split("\n")
            self.line += first
            for other in others:
                self._break()
                self.line = other
            return
        words = " ".join(text.replace("\xa0", "\x01").split())
        if words and text[:1].isspace() and self.line and not self.line.endswith(" "):
            words = f" {words}"
        if text[-1:].isspace() and (words or (self.line and not self.line.endswith(" "))):
            words += " "
        self.line += words.replace("\x01", " ")

    def _break(self) -> None:
        """A line ends here, even an empty one."""
        self.lines.append(self._marked(self.line))
        self.line = ""

    def _end(self) -> None:
        """A line ends here if there is one."""
        if self.line.strip():
            self._break()
        self.line = ""

    def _blank(self) -> None:
        if self.lines and self.lines[-1].strip("> "):
            self.lines.append(self._marked(""))

    def _marked(self, line: str) -> str:
        line = line if line.strip() == "--" else line.strip()
        return f"{'>' * self.depth} {line}".rstrip() if self.depth else line


def _children(node: LexborNode) -> Iterator[LexborNode]:
    child = node.child
    while child is not None:
        yield child
        child = child.next


def _is_hidden(node: LexborNode) -> bool:
    """What is not shown, and a signature that the program says is one."""
    if node.tag in _UNSEEN or str(node.tag).startswith("-"):
        return True
    if _SIGNATURES & set((node.attributes.get("class") or "").split()):
        return True
    style = "".join((node.attributes.get("style") or "").lower().split())
    return "display:none" in style
