"""Locate, preview, apply, revert: nothing is written on a guess."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

import pytest

from core import cms
from core.clock import utcnow
from core.cms import Connection, Miss, Outcome, Sought, Words
from core.cms.contract import ChangedMeanwhileError, CmsError, Document
from tests.core.cms.newsroom import Request, System, caller, system
from tests.factories import AFTER, BEFORE, PAGE_URL, RIGHT, WRONG

WORDS = Words(WRONG, BEFORE[-32:], AFTER[:32], RIGHT)
BODY = f"<p>{BEFORE}<em>{WRONG}</em>{AFTER}</p>"
SOUGHT = Sought(PAGE_URL, "7")


class Archive:
    """A newsroom's own system that keeps one document, as docs/cms.md asks."""

    def __init__(self, url: str = PAGE_URL) -> None:
        self.url = url
        self.version = 1
        self.fields = {"body": BODY, "title": "Кітапхана"}
        self.is_there = True

    def __call__(self, asked: Request) -> tuple[int, object]:
        if asked.headers.get("authorization") != "Bearer a-token":
            return 401, {}
        if not self.is_there:
            return 404, {}
        if asked.method == "PUT":
            if asked.body["expected"] != str(self.version):
                return 409, {}
            self.save(asked.body["fields"])
        return 200, self.document()

    def save(self, fields: Mapping[str, str]) -> None:
        self.fields.update(fields)
        self.version += 1

    def document(self) -> dict[str, object]:
        return {
            "id": "news/7",
            "version": self.version,
            "fields": self.fields,
            "url": self.url,
            "edit_url": "https://cms.example.kz/edit/7",
        }


@pytest.fixture
def archive() -> Archive:
    return Archive()


@pytest.fixture
def running(archive: Archive) -> Iterator[System]:
    with system(archive) as started:
        yield started


@pytest.fixture
def adapter(running: System) -> cms.Adapter:
    connection = Connection("http", running.address, "", "a-token")
    return cms.adapter_of(connection, caller(), utcnow)


def test_a_preview_shows_what_would_change_and_writes_nothing(
    adapter: cms.Adapter, archive: Archive
) -> None:
    seen = cms.preview(adapter, SOUGHT, WORDS)
    assert seen.outcome is Outcome.DONE
    assert seen.correction is not None
    assert seen.correction.corrected == BODY.replace(WRONG, RIGHT)
    assert archive.fields["body"] == BODY


def test_what_was_shown_is_what_is_written(adapter: cms.Adapter, archive: Archive) -> None:
    seen = cms.preview(adapter, SOUGHT, WORDS)
    done = cms.apply(adapter, SOUGHT, WORDS, seen.expected)
    assert done.outcome is Outcome.DONE
    assert archive.fields == {"body": BODY.replace(WRONG, RIGHT), "title": "Кітапхана"}


def test_a_document_edited_since_the_preview_is_left_alone(
    adapter: cms.Adapter, archive: Archive
) -> None:
    seen = cms.preview(adapter, SOUGHT, WORDS)
    archive.save({"body": BODY.replace("қырық", "отыз")})
    kept = dict(archive.fields)
    done = cms.apply(adapter, SOUGHT, WORDS, seen.expected)
    assert done.outcome is Outcome.CONTEXT_CHANGED
    assert archive.fields == kept


def test_a_document_edited_at_the_moment_of_writing_is_left_alone(
    adapter: cms.Adapter, archive: Archive
) -> None:
    seen = cms.preview(adapter, SOUGHT, WORDS)
    document = seen.document
    assert document is not None
    archive.save({"title": "Жаңа кітапхана"})
    with pytest.raises(ChangedMeanwhileError):
        adapter.write(document, {"body": "x"})
    assert archive.fields["body"] == BODY


def test_what_somebody_has_corrected_meanwhile_is_right_already(
    adapter: cms.Adapter, archive: Archive
) -> None:
    seen = cms.preview(adapter, SOUGHT, WORDS)
    archive.save({"body": BODY.replace(WRONG, RIGHT)})
    done = cms.apply(adapter, SOUGHT, WORDS, seen.expected)
    assert done.outcome is Outcome.ALREADY_RIGHT
    assert archive.version == 2


def test_a_correction_is_taken_back_to_the_letter(adapter: cms.Adapter, archive: Archive) -> None:
    seen = cms.preview(adapter, SOUGHT, WORDS)
    done = cms.apply(adapter, SOUGHT, WORDS, seen.expected)
    assert done.after is not None
    back = cms.revert(adapter, done.after.id, done.state, done.field, done.inverse)
    assert back.outcome is Outcome.DONE
    assert archive.fields["body"] == BODY


def test_a_correction_is_not_taken_back_once_the_document_was_edited(
    adapter: cms.Adapter, archive: Archive
) -> None:
    seen = cms.preview(adapter, SOUGHT, WORDS)
    done = cms.apply(adapter, SOUGHT, WORDS, seen.expected)
    assert done.after is not None
    archive.save({"title": "Жаңа кітапхана"})
    back = cms.revert(adapter, done.after.id, done.state, done.field, done.inverse)
    assert back.outcome is Outcome.CONTEXT_CHANGED
    assert archive.fields["body"] == BODY.replace(WRONG, RIGHT)


def test_words_in_two_fields_are_in_more_than_one_place(
    adapter: cms.Adapter, archive: Archive
) -> None:
    archive.save({"lead": BODY})
    seen = cms.preview(adapter, SOUGHT, WORDS)
    assert (seen.outcome, seen.miss) == (Outcome.NOT_FOUND, Miss.SEVERAL)


def test_an_excerpt_that_repeats_the_text_is_not_a_second_place(
    adapter: cms.Adapter, archive: Archive
) -> None:
    archive.save({"excerpt": BODY})
    seen = cms.preview(adapter, SOUGHT, WORDS)
    assert (seen.outcome, seen.field) == (Outcome.DONE, "body")


def test_a_document_that_is_not_there_is_not_found(adapter: cms.Adapter, archive: Archive) -> None:
    archive.is_there = False
    assert cms.preview(adapter, SOUGHT, WORDS).outcome is Outcome.NOT_FOUND
    assert cms.apply(adapter, SOUGHT, WORDS, "x").outcome is Outcome.NOT_FOUND
    assert cms.revert(adapter, "news/7", "x", "body", ()).outcome is Outcome.NOT_FOUND


def test_a_system_that_does_not_let_us_in_says_so(running: System) -> None:
    stranger = cms.adapter_of(Connection("http", running.address, "", "x"), caller(), utcnow)
    with pytest.raises(CmsError, match="does not let us in"):
        cms.preview(stranger, SOUGHT, WORDS)


@pytest.mark.parametrize("said", [(500, {}), (200, []), (200, {"id": 1}), (200, b"<html>")])
def test_an_answer_that_is_no_document_is_no_answer(said: tuple[int, object]) -> None:
    with system(lambda _: said) as odd:
        adapter = cms.adapter_of(Connection("http", odd.address, "", "x"), caller(), utcnow)
        with pytest.raises(CmsError):
            cms.preview(adapter, SOUGHT, WORDS)


def test_a_system_that_is_away_is_an_error_of_its_own() -> None:
    nowhere = Connection("http", "http://127.0.0.1:1", "", "x")
    with pytest.raises(CmsError):
        cms.preview(cms.adapter_of(nowhere, caller(), utcnow), SOUGHT, WORDS)


def test_the_same_state_is_the_same_text() -> None:
    document = Document("1", "7", {"a": "б"}, "", None)
    assert document.state == replace(document, revision="8").state
    assert document.state != replace(document, fields={"a": "в"}).state


class Late(Archive):
    """It takes what is written, or does not, and then answers no more."""

    def __init__(self) -> None:
        super().__init__()
        self.keeps = True

    def __call__(self, asked: Request) -> tuple[int, object]:
        kept = dict(self.fields)
        answer = super().__call__(asked)
        if asked.method == "PUT" and not self.keeps:
            self.fields = kept
        return (504, {}) if asked.method == "PUT" else answer


@pytest.fixture
def late() -> Iterator[tuple[Late, cms.Adapter]]:
    archive = Late()
    with system(archive) as started:
        connection = Connection("http", started.address, "", "a-token")
        yield archive, cms.adapter_of(connection, caller(), utcnow)


def test_what_was_written_though_the_answer_came_too_late_can_be_taken_back(
    late: tuple[Late, cms.Adapter],
) -> None:
    archive, adapter = late
    seen = cms.preview(adapter, SOUGHT, WORDS)
    done = cms.apply(adapter, SOUGHT, WORDS, seen.expected)
    assert done.outcome is Outcome.DONE
    assert archive.fields["body"] == BODY.replace(WRONG, RIGHT)
    assert done.after is not None
    back = cms.revert(adapter, done.after.id, done.state, done.field, done.inverse)
    assert back.outcome is Outcome.DONE
    assert archive.fields["body"] == BODY


def test_what_was_not_written_is_not_said_to_be(late: tuple[Late, cms.Adapter]) -> None:
    archive, adapter = late
    archive.keeps = False
    seen = cms.preview(adapter, SOUGHT, WORDS)
    with pytest.raises(CmsError, match="504"):
        cms.apply(adapter, SOUGHT, WORDS, seen.expected)
    assert archive.fields["body"] == BODY
