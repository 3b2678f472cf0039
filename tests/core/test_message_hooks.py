"""What programs are told about a case, and what cannot be told at all."""

import base64
import json
from datetime import datetime

import pytest

from core.channels import OutgoingHook, PassingFailure, PermanentFailure
from core.sealing import seal
from tests.core.test_messages import Newsroom, newsroom
from tests.factories import make_settings

__all__ = ["newsroom"]


def _make_webhook(newsroom: Newsroom) -> str:
    secret = "whsec_" + base64.b64encode(b"s" * 32).decode()
    sealed = seal(secret, newsroom.settings.secret_key)
    url = "https://hooks.example.kz/tuzet"
    newsroom.change(kind="webhook", target=url, sealed_secret=sealed)
    return secret


def test_a_program_is_told_the_case_as_the_api_shows_it(newsroom: Newsroom) -> None:
    secret = _make_webhook(newsroom)
    case = newsroom.report(email="reader@secret.example", comment="reader@secret.example")
    hook = newsroom.compose()
    assert isinstance(hook, OutgoingHook)
    assert (hook.secret, hook.url) == (secret, "https://hooks.example.kz/tuzet")
    body = json.loads(hook.body)
    assert body["type"] == "case.created"
    assert datetime.fromisoformat(body["timestamp"]) == newsroom.now
    assert body["data"]["case"]["id"] == case.id
    assert body["data"]["case"]["quote"]["exact"] == "балаларга"
    assert len(body["data"]["case"]["reports"]) == 1
    assert b"secret.example" not in hook.body
    assert secret not in repr(hook)


def test_a_secret_that_cannot_be_read_is_passing(newsroom: Newsroom) -> None:
    _make_webhook(newsroom)
    newsroom.report()
    newsroom.settings = make_settings(newsroom.settings.data_dir, secret_key="o" * 43)
    with pytest.raises(PassingFailure, match="TUZET_SECRET_KEY"):
        newsroom.compose()


def test_a_kind_that_cannot_speak_yet_is_permanent(newsroom: Newsroom) -> None:
    newsroom.report()
    newsroom.change(kind="pigeon")
    with pytest.raises(PermanentFailure):
        newsroom.compose()
