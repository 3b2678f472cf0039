"""Slack: a message of blocks with buttons, changed in place when the case moves.

The target is the channel's number, the secret a bot's token. See docs.slack.dev: chat.postMessage.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any

from core.channels.calling import call_json, check, cut, patience, read_json
from core.channels.contract import Card, OutgoingChat, PassingFailure, PermanentFailure, Taken
from core.channels.plain import is_public, left_off
from core.channels.shortening import fitted
from core.settings import Settings

API = "https://slack.com/api"
_MOST_BLOCKS = 48  # of 50: one says what was left off
_TEXT, _LABEL = 2_900, 75
_ALL_TEXTS = 9_000  # by a rule that Slack does not tell it refuses from some 11,000 on
_PASSING = {
    "fatal_error",
    "internal_error",
    "org_login_required",
    "ratelimited",
    "request_timeout",
    "rate_limited",
    "service_unavailable",
    "team_added_to_org",
}
_GONE = {"message_not_found", "cant_update_message", "edit_window_closed"}


def send(chat: OutgoingChat, settings: Settings, clock: Callable[[], datetime]) -> Taken:
    """Post or change one message. What Slack says of itself passes, what it says of us is final."""
    wanted: dict[str, Any] = {
        "channel": chat.target,
        "text": _escaped(cut(chat.subject, 500)),
        "blocks": _blocks(chat),
        "unfurl_links": False,
        "unfurl_media": False,
    }
    method = "chat.postMessage"
    if chat.edits is not None:
        method = "chat.update"
        wanted["channel"], _, wanted["ts"] = chat.edits.rpartition("/")
        del wanted["unfurl_links"], wanted["unfurl_media"]
    api = str(chat.options.get("api", API))
    headers = {"Authorization": f"Bearer {chat.secret}"}
    answer = call_json(f"{api}/{method}", wanted, settings, headers)
    check(answer, "Slack", clock())
    told = read_json(answer)
    if told.get("ok") is True:
        return Taken(None if chat.edits else f"{told.get('channel')}/{told.get('ts')}")
    if not isinstance(told.get("error"), str):  # something in between has answered
        raise PassingFailure("Slack answered nothing that can be read.")
    fault = cut("".join(char for char in told["error"] if char.isalnum() or char == "_"), 60)
    if chat.edits is not None and fault in _GONE:
        return Taken()
    if fault in _PASSING:
        raise PassingFailure(f"Slack answered {fault}.", patience(answer, clock()))
    raise PermanentFailure(f"Slack answered {fault}.")


def _blocks(chat: OutgoingChat) -> list[dict[str, Any]]:
    blocks: list[dict[str, Any]] = [_section(cut(chat.lead, 1_500))]
    for number, card in enumerate(chat.cards):
        short = fitted(card, _size, min(_TEXT, _ALL_TEXTS - _length(blocks)))
        added = [] if short is None else [{"type": "divider"}, *_card(short, number)]
        if not added or len(blocks) + len(added) > _MOST_BLOCKS:
            blocks.append(_section(left_off(len(chat.cards) - number)))
            break
        blocks += added
    return blocks


def _size(card: Card) -> int:
    return _length(_card(card, 0))


def _length(part: object) -> int:
    """All text of some blocks: keys and kinds count too, which leaves room for what Slack adds."""
    return sum(len(text) for text in _texts(part))


def _texts(part: object) -> Iterator[str]:
    if isinstance(part, str):
        yield part
    elif isinstance(part, Mapping):
        for inner in part.values():
            yield from _texts(inner)
    elif isinstance(part, Sequence):
        for inner in part:
            yield from _texts(inner)


def _card(card: Card, number: int) -> list[dict[str, Any]]:
    """The title is a link; readers' words are plain text, in which Slack reads no marks."""
    title = _escaped(card.title)
    is_link = card.url is not None and is_public(card.url)
    head = f"<{_address(card.url or '')}|{title}>" if is_link else title
    lines = [f"{card.before}[{card.exact}]{card.after}" if card.exact else card.before]
    if card.wrong:
        lines.append(f"{card.wrong} → {card.right}")
    lines += [f"“{text}”" for text in card.comments]
    about = " · ".join(part for part in (card.byline, card.state) if part)
    blocks = [
        {"type": "section", "text": {"type": "mrkdwn", "text": head, "verbatim": True}},
        _section("\n".join(line for line in lines if line.strip())),
        {"type": "context", "elements": [_plain(about, _TEXT)]},
    ]
    elements = _elements(card)
    if elements:
        blocks.append({"type": "actions", "block_id": f"case-{number}", "elements": elements})
    return blocks


def _elements(card: Card) -> list[dict[str, Any]]:
    elements: list[dict[str, Any]] = [
        {
            "type": "button",
            "action_id": f"press-{place}",
            "text": _plain(button.label),
            "value": button.value,
        }
        for place, button in enumerate(card.buttons)
    ]
    if card.choice is not None:
        options = [
            {"text": _plain(option.label), "value": option.value} for option in card.choice.options
        ]
        elements.append(
            {
                "type": "static_select",
                "action_id": "choose",
                "placeholder": _plain(card.choice.label),
                "options": options,
            }
        )
    elements += [
        {
            "type": "button",
            "action_id": f"open-{place}",
            "text": _plain(way.label),
            "url": way.url,
        }
        for place, way in enumerate(card.ways)
    ]
    return elements


def _section(text: str) -> dict[str, Any]:
    return {"type": "section", "text": _plain(text or "—", _TEXT)}


def _plain(text: str, longest: int = _LABEL) -> dict[str, Any]:
    return {"type": "plain_text", "text": cut(text, longest), "emoji": False}


def _escaped(text: str) -> str:
    """The three characters that Slack reads as its own; without them nobody can be called."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _address(url: str) -> str:
    return url.replace("<", "%3C").replace(">", "%3E").replace("|", "%7C").replace("&", "&amp;")


def whisper(response_url: str, text: str, settings: Settings) -> None:
    """Say something to the one who pressed a button, and to nobody else. It may get lost."""
    if not response_url.startswith("https://hooks.slack.com/"):
        return
    said = {"response_type": "ephemeral", "replace_original": False, "text": cut(text, _TEXT)}
    with suppress(PassingFailure, PermanentFailure):
        call_json(response_url, said, settings, seconds=2.0)
