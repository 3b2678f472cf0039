"""Editors decide here."""

import threading
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from core import triage
from core.db import Database
from core.errors import Conflict, Invalid, NotFound, StaleVersion, TuzetError
from core.models import Case, Delivery, Event, Site, User
from core.settings import Settings
from core.triage import Actor, Change
from core.workflow import VERIFIER
from tests import factories

AIGERIM = "aigerim@dala.example.kz"
BY = Actor(AIGERIM, "desk")


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return factories.make_settings(tmp_path)


@pytest.fixture
def site(db: Database, now: datetime) -> Site:
    with db.write() as session:
        site = factories.make_site(session, now)
        factories.make_channel(session, now, site)
        hook = "https://hooks.example.kz/tuzet"
        factories.make_channel(session, now, site, hook, kind="webhook")
        return site


@pytest.fixture
def editor(db: Database, now: datetime, site: Site) -> User:
    with db.write() as session:
        return factories.make_user(session, now, AIGERIM, "editor", site)


@pytest.fixture
def case(db: Database, settings: Settings, site: Site, now: datetime) -> Case:
    assert site.id
    return factories.sorted_case(db, settings, now)


class Desk:
    """Moves one case and looks at it."""

    def __init__(self, db: Database, settings: Settings, case: Case, now: datetime) -> None:
        self.db, self.settings, self.case_id, self.now = db, settings, case.id, now

    def move(self, version: int, by: Actor = BY, **fields: Any) -> Case:
        change = Change(**fields)
        with self.db.write() as session:
            return triage.move(session, self.case_id, version, change, by, self.now, self.settings)

    def undo(self, version: int) -> Case:
        with self.db.write() as session:
            return triage.undo(session, self.case_id, version, BY, self.now, self.settings)

    def look(self) -> Case:
        with self.db.read() as session:
            return session.get_one(Case, self.case_id)

    def events(self) -> list[Event]:
        with self.db.read() as session:
            return list(session.scalars(select(Event).order_by(Event.id)))

    def owed(self, kind: str) -> list[str]:
        with self.db.read() as session:
            rows = session.scalars(select(Delivery).order_by(Delivery.id))
            return [row.event_type for row in rows if row.channel.kind == kind]


@pytest.fixture
def desk(db: Database, settings: Settings, case: Case, now: datetime) -> Desk:
    return Desk(db, settings, case, now)


def test_a_move_leaves_an_event_and_a_new_version(desk: Desk) -> None:
    desk.move(1, status="accepted")
    case = desk.look()
    assert (case.status, case.version) == ("accepted", 2)
    event = desk.events()[-1]
    assert (event.type, event.actor, event.via) == ("accepted", AIGERIM, "desk")
    assert event.data["before"]["status"] == "new"
    assert event.data["after"]["status"] == "accepted"


def test_the_slower_of_two_editors_is_told_and_changes_nothing(desk: Desk) -> None:
    desk.move(1, status="accepted")
    with pytest.raises(StaleVersion) as told:
        desk.move(1, status="dismissed", resolution="opinion")
    assert told.value.current == 2
    assert desk.look().status == "accepted"


def test_of_two_editors_at_the_same_moment_one_wins(desk: Desk) -> None:
    outcomes: list[str] = []

    def decide(**fields: Any) -> None:
        try:
            outcomes.append(desk.move(1, **fields).status)
        except TuzetError as told:
            outcomes.append(type(told).__name__)

    editors = [
        threading.Thread(target=decide, kwargs={"status": "accepted"}),
        threading.Thread(target=decide, kwargs={"status": "dismissed", "resolution": "spam"}),
    ]
    for one in editors:
        one.start()
    for one in editors:
        one.join()
    assert outcomes.count("StaleVersion") == 1
    assert desk.look().version == 2


def test_a_change_that_changes_nothing_leaves_no_event(desk: Desk) -> None:
    desk.move(1, suggestion="балаларға")
    assert desk.look().version == 1
    assert [event.type for event in desk.events()] == ["created"]


def test_only_the_verifier_may_say_verified(desk: Desk) -> None:
    desk.move(1, status="fixed")
    with pytest.raises(Conflict):
        desk.move(2, status="verified")
    desk.move(2, Actor(VERIFIER, "clock"), status="verified")
    assert desk.look().status == "verified"


def test_a_verified_case_that_is_accepted_again_came_back(desk: Desk) -> None:
    desk.move(1, status="fixed")
    desk.move(2, Actor(VERIFIER, "clock"), status="verified")
    desk.move(3, Actor(VERIFIER, "clock"), status="accepted")
    assert desk.look().regressed
    assert desk.events()[-1].type == "regressed"
    assert desk.owed("email") == ["case.created", "case.regressed"]
    desk.move(4, kind="fact")
    assert not desk.look().regressed


def test_whoever_accepts_a_case_that_came_back_has_seen_it(desk: Desk) -> None:
    desk.move(1, status="fixed")
    desk.move(2, Actor(VERIFIER, "clock"), status="verified")
    desk.move(3, Actor(VERIFIER, "clock"), status="accepted")
    desk.move(4, status="accepted")
    found = desk.look()
    assert (found.status, found.regressed, found.version) == ("accepted", False, 5)
    assert desk.events()[-1].type == "accepted"
    desk.undo(5)
    assert desk.look().regressed


def test_a_webhook_hears_every_step(desk: Desk) -> None:
    desk.move(1, status="accepted")
    desk.move(2, status="fixed")
    desk.move(3, Actor(VERIFIER, "clock"), status="verified")
    assert desk.owed("webhook") == ["case.created", "case.updated", "case.fixed", "case.verified"]
    assert desk.owed("email") == ["case.created"]


@pytest.mark.usefixtures("editor")
def test_a_case_is_assigned_to_an_editor_of_the_site(desk: Desk, editor: User) -> None:
    desk.move(1, assignee=AIGERIM.upper())
    assert desk.look().assignee_id == editor.id
    assert desk.events()[-1].data["after"]["assignee"] == AIGERIM
    desk.move(2, assignee=None)
    assert desk.look().assignee_id is None


@pytest.mark.parametrize("role", ["viewer", None])
def test_a_case_is_not_assigned_to_others(
    desk: Desk, db: Database, now: datetime, site: Site, role: str | None
) -> None:
    email = "guest@dala.example.kz"
    if role:
        with db.write() as session:
            factories.make_user(session, now, email, role, site)
    with pytest.raises(Invalid, match="assignee"):
        desk.move(1, assignee=email)


@pytest.mark.parametrize("suggestion", ["x" * 1_001, "а\0б"])
def test_a_suggestion_has_bounds(desk: Desk, suggestion: str) -> None:
    with pytest.raises(Invalid, match="suggestion"):
        desk.move(1, suggestion=suggestion)


def test_a_kind_must_be_known(desk: Desk) -> None:
    with pytest.raises(Invalid, match="kind"):
        desk.move(1, kind="spelling")


def test_deciding_wakes_a_snoozed_case(desk: Desk) -> None:
    desk.move(1, snoozed_until=desk.now + timedelta(days=3))
    desk.move(2, status="accepted")
    assert desk.look().snoozed_until is None


def test_undo_takes_back_the_last_change_and_then_the_one_before(desk: Desk) -> None:
    desk.move(1, status="dismissed", resolution="opinion")
    desk.move(2, suggestion="балаларғаа")
    desk.undo(3)
    assert desk.look().suggestion == "балаларға"
    assert desk.look().status == "dismissed"
    desk.undo(4)
    case = desk.look()
    assert (case.status, case.resolution, case.version) == ("new", None, 5)
    with pytest.raises(Conflict, match="nothing to undo"):
        desk.undo(5)


def test_what_was_done_after_an_undo_can_be_undone_too(desk: Desk) -> None:
    desk.move(1, status="accepted")
    desk.undo(2)
    desk.move(3, status="fixed")
    desk.undo(4)
    assert desk.look().status == "new"


@pytest.mark.usefixtures("editor")
def test_undo_gives_a_case_back_to_its_assignee(desk: Desk, editor: User) -> None:
    desk.move(1, assignee=AIGERIM)
    desk.move(2, assignee=None)
    desk.undo(3)
    assert desk.look().assignee_id == editor.id


def test_what_the_page_showed_cannot_be_undone(desk: Desk) -> None:
    desk.move(1, status="fixed")
    desk.move(2, Actor(VERIFIER, "clock"), status="verified")
    with pytest.raises(Conflict):
        desk.undo(3)


def test_a_note_is_a_line_of_the_history(desk: Desk) -> None:
    with desk.db.write() as session:
        triage.note(session, desk.case_id, " Авторға айттым ", BY, desk.now, desk.settings)
    event = desk.events()[-1]
    assert (event.type, event.data) == ("note", {"text": "Авторға айттым"})
    assert desk.look().version == 1


@pytest.mark.parametrize("text", ["", "  ", "x" * 2_001])
def test_a_note_has_bounds(desk: Desk, text: str) -> None:
    with desk.db.write() as session, pytest.raises(Invalid, match="text"):
        triage.note(session, desk.case_id, text, BY, desk.now, desk.settings)


def test_an_unknown_case_is_not_found(desk: Desk) -> None:
    desk.case_id = 4_711
    with pytest.raises(NotFound):
        desk.move(1, status="accepted")


def test_an_undo_gives_the_time_of_the_fix_that_stands(desk: Desk) -> None:
    begin = desk.now
    for minutes, wish in enumerate(("fixed", "accepted", "fixed", "undo", "undo", "undo")):
        desk.now = begin + timedelta(minutes=minutes)
        if wish == "undo":
            desk.undo(desk.look().version)
        else:
            desk.move(desk.look().version, status=wish)
        stands = {"fixed": begin, "accepted": begin, "new": None}[desk.look().status]
        assert desk.look().fixed_at == (desk.now if wish == "fixed" else stands), (minutes, wish)
