"""Slack: a message of blocks with buttons, changed in place when the case moves.

The target is the channel's number, the secret a bot's token. See docs.slack.dev: chat.postMessage.
"""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from typing import Any

from core.channels.calling import call_json, check, cut, read_json
from core.channels.contract import Card, OutgoingChat, PassingFailure, PermanentFailure, Taken
from core.settings import Settings

API = "https://slack.com/api"
_MOST_BLOCKS = 48  # of 50: one says what was left off
_TEXT, _LABEL, _FIELD = 2_900, 75, 600
_PASSING = {
    "fatal_error",
    "internal_error",
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
        "text": cut(_escaped(chat.subject), _TEXT),
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
    fault = cut(
        "".join(char for char in str(told.get("error")) if char.isalnum() or char == "_"), 60
    )
    if chat.edits is not None and fault in _GONE:
        return Taken()
    failure = PassingFailure if fault in _PASSING else PermanentFailure
    raise failure(f"Slack answered {fault}.")


def _blocks(chat: OutgoingChat) -> list[dict[str, Any]]:
    blocks: list[dict[str, Any]] = [_section(_escaped(chat.lead))]
    for number, card in enumerate(chat.cards):
        added = [{"type": "divider"}, *_card(card, number)]
        if len(blocks) + len(added) > _MOST_BLOCKS:
            blocks.append(_section("…"))
            break
        blocks += added
    return blocks


def _card(card: Card, number: int) -> list[dict[str, Any]]:
    title = _escaped(cut(card.title, 200))
    head = f"*<{_address(card.url)}|{title}>*" if card.url else f"*{title}*"
    sentence = _escaped(cut(card.before, _FIELD))
    if card.exact:
        exact = _escaped(cut(card.exact, _FIELD)).replace("`", "ˋ")
        sentence += f" `{exact}` " + _escaped(cut(card.after, _FIELD))
    lines = [head, sentence]
    if card.wrong:
        lines.append(f"{_escaped(cut(card.wrong, _FIELD))} → {_escaped(cut(card.right, _FIELD))}")
    lines += [f">{_escaped(text)}" for text in card.comments]
    about = " · ".join(part for part in (card.byline, card.state) if part)
    context = {"type": "mrkdwn", "text": cut(_escaped(about), _TEXT)}
    blocks = [
        _section("\n".join(line for line in lines if line.strip())),
        {"type": "context", "elements": [context]},
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
            "url": way.url[:3_000],
        }
        for place, way in enumerate(card.ways)
    ]
    return elements


def _section(text: str) -> dict[str, Any]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": cut(text, _TEXT)}}


def _plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": cut(text, _LABEL), "emoji": False}


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
