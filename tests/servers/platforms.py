"""Chat platforms on loopback that check what their documentation demands, and answer as they do."""

import html
import http.server
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import chain
from typing import Any
from urllib.parse import urlsplit

from tests.servers.http import serving

BOT_TOKEN = "123456:" + "A" * 35
SLACK_TOKEN = "xoxb-1234567890-abcdefghij"
SLACK_PROOF = "0123456789abcdef" * 2
_TAGS = re.compile(r"</?(b|i|u|s|a|code|pre|blockquote)( [^>]*)?>")


def _is_public(url: str) -> bool:
    """Telegram and Discord know no names without a dot."""
    return "." in (urlsplit(url).hostname or "") and len(url) <= 1_700


Answer = tuple[int, dict[str, Any], dict[str, str]]


@dataclass(frozen=True)
class Asked:
    """One call."""

    path: str
    headers: dict[str, str]
    body: dict[str, Any]


@dataclass
class Platform:
    """What was asked of it, what it found wrong, and how it answers next."""

    url: str = ""
    calls: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    next_answers: list[Answer] = field(default_factory=list)

    def check(self, holds: bool, rule: str) -> None:
        """Note a rule that was broken."""
        if not holds:
            self.faults.append(rule)

    def answer(self, asked: Asked) -> Answer:
        """What it says to one call."""
        kind = asked.path.split("/")[1]
        self.check(asked.headers["content-type"].startswith("application/json"), "json")
        if self.next_answers:
            return self.next_answers.pop(0)
        platforms = {
            "slack": self._slack,
            "discord": self._discord,
            "mattermost": self._mattermost,
            "teams": self._teams,
        }
        return platforms.get(kind, self._bot)(asked)

    def _bot(self, asked: Asked) -> Answer:
        body = asked.body
        token, method = asked.path.removeprefix("/bot").split("/")
        if token != BOT_TOKEN:
            return 401, {"ok": False, "error_code": 401, "description": "Unauthorized"}, {}
        if method == "setWebhook":
            self.check(body["url"].startswith("https://"), "webhooks are https")
            proof = body["secret_token"]
            self.check(bool(re.fullmatch(r"[\w-]{1,256}", proof)), "secret_token")
            return 200, {"ok": True, "result": True}, {}
        text = body["text"]
        plain = _TAGS.sub("", text)
        length = len(html.unescape(plain).encode("utf-16-le")) // 2
        self.check(1 <= length <= 4096, "text has 1 to 4096 characters")
        self.check("<" not in plain and ">" not in plain, "only known tags")
        self.check(not re.search(r"&(?!lt;|gt;|amp;|quot;)", plain), "only known entities")
        keyboard = body["reply_markup"]["inline_keyboard"]
        self.check(sum(map(len, keyboard)) <= 100, "at most 100 buttons")
        self.check(len(json.dumps(keyboard, ensure_ascii=False).encode()) <= 10_000, "10 KB")
        for row in keyboard:
            self.check(len(row) <= 8, "at most 8 buttons in a row")
            for button in row:
                self.check(bool(button["text"]), "a button has a text")
                data = button.get("callback_data")
                self.check(("url" in button) != (data is not None), "one of url, callback_data")
                self.check(data is None or 1 <= len(data.encode()) <= 64, "1 to 64 bytes")
                self.check("url" not in button or _is_public(button["url"]), "a public address")
        if method == "editMessageText":
            self.check(isinstance(body["message_id"], int), "message_id is a number")
        return 200, {"ok": True, "result": {"message_id": 77, "chat": {"id": -100}}}, {}

    def _slack(self, asked: Asked) -> Answer:
        body = asked.body
        if asked.headers.get("authorization") != f"Bearer {SLACK_TOKEN}":
            return 200, {"ok": False, "error": "invalid_auth"}, {}
        self.check("charset=utf-8" in asked.headers["content-type"], "charset")
        blocks = body["blocks"]
        self.check(1 <= len(blocks) <= 50, "at most 50 blocks")
        texts = re.findall(r'"(?:text|value)": ("(?:[^"\\]|\\.)*")', json.dumps(blocks))
        self.check(sum(len(json.loads(text)) for text in texts) <= 11_000, "msg_blocks_too_long")
        ids = [block["block_id"] for block in blocks if "block_id" in block]
        self.check(len(ids) == len(set(ids)), "block_id is unique")
        for block in blocks:
            if block["type"] == "section":
                self.check(1 <= len(block["text"]["text"]) <= 3000, "1 to 3000 characters")
            if block["type"] == "actions":
                self._check_actions(block)
        self.check(
            asked.path == "/slack/chat.postMessage" or "ts" in body, "an update names its ts"
        )
        return 200, {"ok": True, "channel": body["channel"], "ts": "1503435956.000247"}, {}

    def _check_actions(self, block: dict[str, Any]) -> None:
        elements = block["elements"]
        names = [element["action_id"] for element in elements]
        self.check(len(elements) <= 25 and len(names) == len(set(names)), "action_id is unique")
        for element in elements:
            label = element.get("text") or element.get("placeholder")
            self.check(label["type"] == "plain_text" and len(label["text"]) <= 75, "label")
            self.check(len(element.get("value", "")) <= 2000, "value")
            for option in element.get("options", []):
                self.check(len(option["value"]) <= 150, "an option's value")

    def _discord(self, asked: Asked) -> Answer:
        body = asked.body
        self.check(len(body["content"]) <= 2000, "content")
        self.check(body["allowed_mentions"] == {"parse": []}, "nobody is mentioned")
        embeds = body["embeds"]
        self.check(len(embeds) <= 10, "at most 10 embeds")
        for embed in embeds:
            self.check(len(embed["title"]) <= 256, "title")
            self.check(len(embed["description"]) <= 4096, "description")
            self.check("url" not in embed or _is_public(embed["url"]), "a public address")
        counted = [(each["title"], each["description"], each["footer"]["text"]) for each in embeds]
        self.check(sum(map(len, chain.from_iterable(counted))) <= 6000, "6000 in all embeds")
        return 200, {"id": "4242"}, {}

    def _mattermost(self, asked: Asked) -> Answer:
        body = asked.body
        self.check(isinstance(body["text"], str), "text")
        self.check(all("fallback" in each for each in body["attachments"]), "fallback")
        self.check("@all" not in json.dumps(body), "nobody is called")
        return 200, {}, {}

    def _teams(self, asked: Asked) -> Answer:
        body = asked.body
        (attachment,) = body["attachments"]
        self.check(body["type"] == "message", "type")
        kind = "application/vnd.microsoft.card.adaptive"
        self.check(attachment["contentType"] == kind, "contentType")
        self.check(attachment["content"]["type"] == "AdaptiveCard", "AdaptiveCard")
        handed_on = json.dumps(json.dumps(body, ensure_ascii=False), ensure_ascii=False)
        self.check(len(handed_on.encode()) <= 28 * 1024, "28 KB")
        return 202, {}, {}


@contextmanager
def platform() -> Iterator[Platform]:
    """All of them on one port: `/bot…`, `/slack`, `/discord`, `/mattermost`, `/teams`."""
    made = Platform()

    class Answering(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            path = self.path.partition("?")[0]
            headers = {name.lower(): value for name, value in self.headers.items()}
            status, told, extra = made.answer(Asked(path, headers, body))
            made.calls.append((self.path, body))
            self.send_response(status)
            for name, value in extra.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(json.dumps(told).encode())

        do_PATCH = do_POST  # noqa: N815 - http.server looks for this name

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answering)
    made.url = f"http://127.0.0.1:{server.server_address[1]}"
    with serving(server):
        yield made
