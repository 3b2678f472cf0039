"""Why a message was not delivered, in the words of who reads it."""

import ast
from ipaddress import ip_address
from pathlib import Path

import pytest

from core.i18n import translator
from core.i18n.faults import fault_word
from core.net import NetError
from core.net.addresses import dialable

ROOT = Path(__file__).resolve().parents[2] / "core"
FAILURES = ("PermanentFailure", "PassingFailure")


def _said() -> set[str]:
    """Every sentence that a channel, or what is below it, gives as the reason of a failure."""
    found = set()
    for path in [*(ROOT / "channels").glob("*.py"), *(ROOT / "delivery").glob("*.py")]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in FAILURES:
                found.add(_sentence(node.args[0]))
            if isinstance(node, ast.Return) and node.value is not None:
                found.add(_sentence(node.value))
    return {text for text in found if text.endswith(".") and text[0].isupper()}


def _sentence(node: ast.expr) -> str:
    if isinstance(node, ast.JoinedStr):
        return "".join(_sentence(part) for part in node.values)
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    return "recipient" if isinstance(node, ast.FormattedValue) else ""


@pytest.mark.parametrize("language", ["kk", "ru"])
def test_every_fault_of_a_channel_is_said_in_every_language(language: str) -> None:
    t, sentences = translator(language), _said()
    assert len(sentences) > 15
    assert [text for text in sentences if fault_word(t, text) == text] == []


def test_a_private_address_is_told_with_its_host_and_kind_of_network() -> None:
    with pytest.raises(NetError) as refused:
        dialable("169.254.169.254", [ip_address("169.254.169.254")], [])
    kk, ru = (fault_word(translator(code), str(refused.value)) for code in ("kk", "ru"))
    assert kk.startswith("169.254.169.254 мекенжайы жалпы желіде емес (жергілікті желі).")
    assert "не в общей сети (локальная сеть)" in ru
    assert fault_word(translator("en"), str(refused.value)) == str(refused.value)


@pytest.mark.parametrize(
    ("sentence", "said"),
    [
        ("The webhook answered 404.", "Вебхук ответил: 404."),
        ("Telegram answered 403.", "Telegram ответил: 403."),
        ("The mail server refused the recipient (550 5.1.1).", "получателя (550 5.1.1)"),
        ("There is no host a.example.kz.", "Сервера a.example.kz нет."),
        ("550 no such user", "550 no such user"),
    ],
)
def test_what_is_known_is_translated_and_what_is_old_stays(sentence: str, said: str) -> None:
    assert said in fault_word(translator("ru"), sentence)
