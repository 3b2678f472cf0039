"""Ghost, as its Admin API is documented: a tree of nodes, and a time that every write must name."""

import base64
import hashlib
import hmac
import json
from collections.abc import Iterator
from typing import Any

import pytest

from core import cms
from core.clock import utcnow
from core.cms import Connection, Outcome, Sought, Words
from core.cms.contract import CmsError
from core.cms.excerpt import excerpt_of
from tests.core.cms.newsroom import Request, System, caller, system
from tests.factories import AFTER, BEFORE, RIGHT, WRONG

KEY = "0123456789abcdef01234567:" + "ab" * 32
NUMBER = "64f0c0ffee0123456789abcd"
LINK = "https://dala.example.kz/kitapkhana/"
WORDS = Words(WRONG, BEFORE[-32:], AFTER[:32], RIGHT)


def _text(text: str, mark: int = 0) -> dict[str, Any]:
    return {"type": "extended-text", "text": text, "format": mark, "version": 1}


TREE = {
    "root": {
        "type": "root",
        "children": [
            {"type": "image", "src": "x.jpg", "caption": WRONG},
            {
                "type": "paragraph",
                "children": [
                    _text(BEFORE),
                    {"type": "link", "url": "/x", "children": [_text("балалар", 1)]},
                    _text(f"га{AFTER} & <b>"),
                ],
            },
            {"type": "paragraph", "children": [_text("Екінші абзац.")]},
        ],
    }
}


class Blog:
    """One post in a Ghost."""

    def __init__(self) -> None:
        self.lexical: str | None = json.dumps(TREE)
        self.changed = 1

    def __call__(self, asked: Request) -> tuple[int, Any]:
        if not _is_signed(asked.headers["authorization"]):
            return 401, {"errors": []}
        path = asked.path.partition("?")[0]
        if path not in (
            f"/ghost/api/admin/posts/{NUMBER}/",
            "/ghost/api/admin/posts/slug/kitapkhana/",
        ):
            return 404, {"errors": []}
        if asked.method == "PUT":
            post = asked.body["posts"][0]
            if post["updated_at"] != self.updated_at:
                return 409, {"errors": [{"type": "UpdateCollisionError"}]}
            self.save(post["lexical"])
        return 200, {"posts": [self.post()]}

    @property
    def updated_at(self) -> str:
        return f"2026-03-10T04:30:{self.changed:02}.000Z"

    def save(self, lexical: str) -> None:
        self.lexical = lexical
        self.changed += 1

    def post(self) -> dict[str, Any]:
        return {
            "id": NUMBER,
            "title": "Кітапхана & зал",
            "url": LINK,
            "lexical": self.lexical,
            "updated_at": self.updated_at,
        }


def _is_signed(authorization: str) -> bool:
    """Whether it is a token as Ghost demands it: HS256 with the key's id, for `/admin/`."""
    scheme, _, token = authorization.partition(" ")
    head, claims, signature = token.split(".")
    secret = bytes.fromhex(KEY.partition(":")[2])
    wanted = hmac.digest(secret, f"{head}.{claims}".encode(), hashlib.sha256)
    facts = json.loads(_unpacked(claims))
    return (
        scheme == "Ghost"
        and _unpacked(signature) == wanted
        and json.loads(_unpacked(head))["kid"] == KEY.partition(":")[0]
        and facts["aud"] == "/admin/"
        and 0 < facts["exp"] - facts["iat"] <= 300
    )


def _unpacked(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


@pytest.fixture
def blog() -> Blog:
    return Blog()


@pytest.fixture
def running(blog: Blog) -> Iterator[System]:
    with system(blog) as started:
        yield started


@pytest.fixture
def ghost(running: System) -> cms.Adapter:
    return cms.adapter_of(Connection("ghost", running.address, "", KEY), caller(), utcnow)


@pytest.mark.parametrize("sought", [Sought(LINK), Sought(f"{LINK}?utm_source=x", NUMBER)])
def test_a_letter_is_put_right_in_its_node_and_all_else_stays(
    ghost: cms.Adapter, blog: Blog, sought: Sought
) -> None:
    seen = cms.preview(ghost, sought, WORDS)
    done = cms.apply(ghost, sought, WORDS, seen.expected)
    assert done.outcome is Outcome.DONE
    corrected = json.loads(json.dumps(TREE))
    corrected["root"]["children"][1]["children"][2]["text"] = f"ға{AFTER} & <b>"
    assert json.loads(blog.lexical or "") == corrected


def test_the_correction_is_taken_back(ghost: cms.Adapter, blog: Blog) -> None:
    seen = cms.preview(ghost, Sought(LINK), WORDS)
    done = cms.apply(ghost, Sought(LINK), WORDS, seen.expected)
    assert done.after is not None
    back = cms.revert(ghost, done.after.id, done.state, done.field, done.inverse)
    assert back.outcome is Outcome.DONE
    assert json.loads(blog.lexical or "") == TREE


def test_a_post_edited_in_between_is_left_alone(ghost: cms.Adapter, blog: Blog) -> None:
    seen = cms.preview(ghost, Sought(LINK), WORDS)
    edited = json.dumps(TREE).replace("\\u0415", "\\u0435")
    blog.save(edited)
    done = cms.apply(ghost, Sought(LINK), WORDS, seen.expected)
    assert done.outcome is Outcome.CONTEXT_CHANGED
    assert blog.lexical == edited


def test_a_post_without_a_tree_is_left_alone(ghost: cms.Adapter, blog: Blog) -> None:
    blog.lexical = None
    assert cms.preview(ghost, Sought(LINK), WORDS).outcome is Outcome.NOT_FOUND


def test_a_key_that_is_none_is_said_to_be_none(running: System) -> None:
    wrong = cms.adapter_of(Connection("ghost", running.address, "", "x:yz"), caller(), utcnow)
    with pytest.raises(CmsError, match="id:secret"):
        cms.preview(wrong, Sought(LINK), WORDS)


def test_an_editor_is_shown_text_and_none_of_our_own_tags(ghost: cms.Adapter) -> None:
    seen = cms.preview(ghost, Sought(LINK), WORDS)
    assert seen.correction is not None
    assert seen.document is not None
    found = excerpt_of(seen.correction, is_source=seen.document.is_source)
    shown = "".join(piece.text for piece in found.plus)
    assert RIGHT in shown
    assert "<t " not in shown
    assert "<p>" not in shown
