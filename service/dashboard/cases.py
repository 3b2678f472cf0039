"""One case: everything about it, and every decision on it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Blueprint, redirect, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from core import casefile, housewords, livepage, mentions, queries, triage
from core.casefile import CaseFile
from core.clock import utcnow
from core.errors import Conflict, Invalid, MergedAway, MovedOn, StaleVersion
from core.housewords import HouseView
from core.i18n.words import status_word
from core.models import Case, User
from core.signals import DELIVER
from core.text.fragment import at_place
from core.text.passage import Passage, beside
from core.whys import why_joined
from core.workflow import check_move
from service.context import service
from service.dashboard import outcomes
from service.dashboard.access import needs, spoken, visit
from service.dashboard.changes import Asked, Snoozes, is_a_note, read_asked, snoozes_of
from service.dashboard.forms import read_id
from service.dashboard.histories import Line, Narrator, Note, brought_by
from service.dashboard.livepages import Shown, shown
from service.dashboard.marks import Finding, Glass, Mark, findings_of, glass_of, marks_of
from service.dashboard.rendering import page
from service.dashboard.rows import Row, row_of, shown_status
from service.dashboard.typed import NOTE, Form, kept, left_of, typed_in
from service.dashboard.wrongs import said_wrong

MOST_REPORTS = 50


@dataclass(frozen=True)
class Undoes:
    """Whose change an undo takes back: the name, and whether it is that of who looks.

    `waits_for`: the case of which something has to be taken back before.
    """

    who: str
    own: bool
    waits_for: int | None


@dataclass(frozen=True)
class Opened:
    """A case with its file, ready to be shown."""

    file: CaseFile
    row: Row
    around: tuple[str, str]
    glass: Glass | None
    findings: list[Finding]
    proposals: list[tuple[casefile.Proposal, tuple[Mark, ...]]]
    whys: dict[str, str]
    lines: list[Line]
    notes: list[Note]
    colleagues: list[User]
    place: str | None
    edit_address: str | None
    house: HouseView | None
    may_edit: bool
    moves: frozenset[str]
    snoozes: Snoozes
    undoes: Undoes | None
    live: Shown


def register(blueprint: Blueprint) -> None:
    """The addresses of a case."""
    blueprint.get("/cases/<int:case_id>")(case)
    blueprint.post("/cases/<int:case_id>")(decide_case)
    blueprint.post("/cases/<int:case_id>/notes")(add_note)


@needs("viewer")
def case(case_id: int) -> Response:
    """The page of a case."""
    with service().db.read() as session:
        opened = opened_case(session, case_id, utcnow())
        heard = _heard(session, opened.file, request.args.get("note", 0, type=int))
    shown = {"opened": opened, "case": opened.file.case, "heard": heard}
    return page("desk/case.html", **shown, **_told(request.args.get("done", "")))


@needs("editor")
def decide_case(case_id: int) -> Response:
    """Do one thing to this case, if it still is as its page showed it."""
    now, here = utcnow(), visit()
    version = request.form.get("version", 0, type=int)
    with service().db.read() as session:
        zone = queries.get_case(session, case_id, here.rights.site_ids()).site.timezone
    if request.form.get("do") == "keep":
        return _again(case_id, typed_in(request.form), now)
    if is_a_note(request.form):
        return add_note(case_id)
    try:
        asked = read_asked(request.form, here.user.email, zone, now)
    except Invalid as wrong:
        return wrong_page(case_id, wrong, now)
    try:
        with service().db.write() as session:
            outcomes.check_target(session, here, asked)
            acted = outcomes.act(session, service().settings, here, asked, case_id, version, now)
    except Invalid as wrong:
        return wrong_page(case_id, wrong, now)
    except Conflict as refused:
        return _refused(case_id, asked, refused, now)
    service().bell.ring(DELIVER)
    left = left_of(request.form, asked.change.asked)
    done = asked.verb if acted.changed else "same"
    return answered(case_id if left else acted.case.id, done, left, now)


@needs("editor")
def add_note(case_id: int) -> Response:
    """A remark for colleagues."""
    now, here, text = utcnow(), visit(), _typed_note()
    try:
        with service().db.write() as session:
            found = queries.get_case(session, case_id, here.rights.site_ids())
            here.rights.demand("editor", found.site_id)
            event = triage.note(session, case_id, text, here.actor, now, service().settings)
    except Invalid as wrong:
        return wrong_page(case_id, wrong, now)
    service().bell.ring(DELIVER)
    named = event.id if "@" in text else None
    left = left_of(request.form, NOTE)
    return answered(case_id, "note", left, now, note=named, _anchor="notes")


def _heard(session: Session, file: CaseFile, event_id: int) -> list[str]:
    """Who hears of the note that was just added, in sentences."""
    event = next((e for e in file.events if e.id == event_id and e.type == "note"), None)
    if event is None:
        return []
    return outcomes.heard_said(spoken(), mentions.heard(session, event, file.case.site_id))


def _told(done: str) -> dict[str, Any]:
    """What was just done, in words; `same`: it was so already, and nothing is to be taken back."""
    return {"told": outcomes.said_of_one(spoken(), done), "same": done == "same"}


def answered(case_id: int, done: str, left: Form, now: datetime, **place: Any) -> Response:
    """Back to the page of the case, by a redirect unless something typed would not survive it."""
    if not left:
        return redirect(url_for("desk.case", case_id=case_id, done=done, **place), 303)
    return _again(case_id, left, now, **_told(done))


def wrong_page(case_id: int, wrong: Invalid, now: datetime) -> Response:
    """The page that the form came from with what is wrong at its field, and all that was typed."""
    faults = said_wrong(spoken(), wrong)
    return _again(case_id, typed_in(request.form), now, 422, faults=faults)


def _again(case_id: int, typed: Form, now: datetime, status: int = 200, **values: Any) -> Response:
    """The case as it stands, with what was typed in its fields; beside them if it has none."""
    with service().db.read() as session:
        opened = opened_case(session, case_id, now)
    found = opened.file.case
    unsent = [] if found.merged_into_id is None else kept(spoken(), typed)
    shown = {"opened": opened, "case": found, "typed": typed, "unsent": unsent, **values}
    return page("desk/case.html", status, **shown)


def _refused(case_id: int, asked: Asked, refused: Conflict, now: datetime) -> Response:
    """Nothing was changed: show what stands and what was wanted, and keep what was typed."""
    with service().db.read() as session:
        opened = opened_case(session, case_id, now)
    values: dict[str, Any] = {
        "opened": opened,
        "case": opened.file.case,
        "wanted": _wanted(opened, asked, now),
        "asked": asked,
        "stale": isinstance(refused, StaleVersion),
        "into": refused.into if isinstance(refused, MergedAway) else None,
        "later": refused.at if isinstance(refused, MovedOn) else None,
        "typed": [
            (name, value)
            for name, value in request.form.items(multi=True)
            if name not in ("form_token", "version")
        ],
        "kept": kept(spoken(), request.form),
    }
    return page("desk/conflict.html", 409, **values)


def _wanted(opened: Opened, asked: Asked, now: datetime) -> dict[str, Any]:
    """The version that the person wanted, beside the one that stands."""
    found = opened.file.case
    values = {"suggestion": found.suggestion, "kind": found.kind, **asked.change.asked}
    status = values.get("status", shown_status(found, now))
    if "snoozed_until" in values:
        awake = values.get("status", "regressed" if found.regressed else found.status)
        status = "snoozed" if values["snoozed_until"] else awake
    return {
        "status": status,
        "status_word": status_word(spoken(), status),
        "resolution": values.get("resolution"),
        "marks": marks_of(found.exact, values["suggestion"]),
        "kind": values["kind"],
        "snoozed_until": values.get("snoozed_until"),
    }


def _typed_note() -> str:
    """The note, after the colleague whom it is for, if one was chosen and is not in it yet."""
    text, named = (request.form.get(name, "").replace("\0", "") for name in ("text", "mention"))
    named = f"@{named.strip().removeprefix('@')}"
    return text if named == "@" or not text.strip() or named in text else f"{named} {text}"


def opened_case(session: Session, case_id: int, now: datetime) -> Opened:
    """Everything that the page of a case shows. Raises NotFound, also for a foreign site's."""
    here, t = visit(), spoken()
    most = None if request.args.get("reports") == "all" else MOST_REPORTS
    file = casefile.open_case(session, case_id, here.rights.site_ids(), most)
    found = file.case
    row = row_of(t, found, here.user, now)
    narrator = Narrator(t, file.names, found.site.timezone, now)
    return Opened(
        file=file,
        row=row,
        around=beside(Passage(row.before, found.exact, row.after), found.prefix, found.suffix),
        glass=glass_of(found.exact, found.suggestion),
        findings=findings_of(t, found.exact),
        proposals=[(p, marks_of(found.exact, p.text)) for p in file.proposals],
        whys=_whys(file),
        lines=narrator.lines(file.events, file.joined),
        notes=narrator.notes(file.events),
        place=_place(file),
        edit_address=found.site.edit_address(found.page.cms_id),
        house=_house(session, found),
        may_edit=here.rights.may("editor", found.site_id),
        colleagues=mentions.colleagues(session, found.site_id),
        moves=frozenset(_allowed(found, here.actor.name)),
        snoozes=snoozes_of([found.site.timezone], now),
        undoes=_undoes(session, found, narrator),
        live=shown(t, found, livepage.live_page(session, found, _older()), now),
    )


def _whys(file: CaseFile) -> dict[str, str]:
    """Why each report stands in this case: who moved it here by hand has overruled its sorting."""
    t = spoken()
    sorted_so = {report.id: why_joined(t, report.match or {}) for report in file.reports}
    return sorted_so | brought_by(t, file.events)


def _older() -> int | None:
    """The line of readings before which the page goes on."""
    return read_id(request.args.get("older", ""))


def _undoes(session: Session, case: Case, narrator: Narrator) -> Undoes | None:
    last = triage.last_change(session, case)
    if last is None:
        return None
    own = last.actor == visit().actor.name
    return Undoes(narrator.who(last.actor), own, triage.moved_on(session, last))


def _place(file: CaseFile) -> str | None:
    """The page at the words in question; None for an address that is not of the web."""
    found = file.case
    if not found.page.link.startswith(("http://", "https://")):
        return None
    return at_place(found.page.link, found.exact, found.prefix, found.suffix)


def _house(session: Session, case: Case) -> HouseView | None:
    """What the house dictionary says about the case's words."""
    if case.suggestion is None:
        return None
    (view,) = housewords.ask(session, [housewords.Question.of(case)])
    return view


def _allowed(case: Case, actor: str) -> list[str]:
    """The statuses to which an editor may move a case; one that came back is accepted anew."""
    status, allowed = case.status, [case.status] if case.regressed else []
    for after in ("accepted", "fixed", "dismissed"):
        try:
            check_move(status, after, "wont_fix" if after == "dismissed" else None, actor)
        except Conflict:
            continue
        allowed.append(after)
    return allowed
