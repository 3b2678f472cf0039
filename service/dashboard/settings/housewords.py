"""The house dictionary: read, written, brought in and taken along."""

from flask import Blueprint, redirect, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from core import housewords
from core.errors import FieldError, Invalid
from core.i18n.moments import number
from core.models import Site
from service.bodies import LARGEST_FILE
from service.context import service
from service.dashboard.access import needs, spoken
from service.dashboard.settings.frame import locked_site_of, note_change, settings_page, site_of
from service.dashboard.settings.meanwhile import Overtaken, check_seen, mark_of

MOST_TO_EDIT = 2_000  # lines in a field; a longer list is changed as a file


def register(blueprint: Blueprint) -> None:
    """The page, its forms, and the file."""
    blueprint.before_app_request(_allow_a_file)
    blueprint.get("/settings/<int:site_id>/words")(house_words)
    blueprint.post("/settings/<int:site_id>/words")(save_house_words)
    blueprint.post("/settings/<int:site_id>/words/import")(import_house_words)
    blueprint.get("/settings/<int:site_id>/words.txt")(export_house_words)


def _allow_a_file() -> None:
    """A dictionary may be longer than any other form; who may send one is asked all the same."""
    if request.endpoint in ("desk.import_house_words", "desk.save_house_words"):
        request.max_content_length = request.max_form_memory_size = LARGEST_FILE


@needs("admin")
def house_words(site_id: int) -> Response:
    """The dictionary."""
    with service().db.read() as session:
        site = site_of(session, site_id)
    return _page(site)


@needs("admin")
def save_house_words(site_id: int) -> Response:
    """What stands in the field is the dictionary now; one wrong line, and nothing is changed."""
    words = request.form.get("words", "")
    return _change(site_id, words, is_all=True, field="words", typed=words)


@needs("admin")
def import_house_words(site_id: int) -> Response:
    """Lines from a file or a field: put to those that are there, or in their place."""
    file = request.files.get("file")
    typed = request.form.get("more", "").strip()
    try:
        brought = file.read().decode("utf-8-sig") if file else ""
    except UnicodeDecodeError:
        return _refused(site_id, typed, "more", Invalid(FieldError("file", "must be UTF-8")))
    text = f"{typed}\n{brought}" if typed else brought  # lines of a file alone keep their numbers
    if not text.strip():
        return _refused(site_id, typed, "more", Invalid(FieldError("nothing", "must have a line")))
    is_all = request.form.get("how") == "replace"
    return _change(site_id, text, is_all=is_all, field="more", typed=typed)


@needs("admin")
def export_house_words(site_id: int) -> Response:
    """The dictionary as a text file that can be brought in again."""
    with service().db.read() as session:
        site = site_of(session, site_id)
        lines = _standing(session, site)
    response = Response("".join(f"{line}\n" for line in lines), mimetype="text/plain")
    response.headers["Content-Disposition"] = f'attachment; filename="words-{site.key}.txt"'
    return response


def _change(site_id: int, text: str, *, is_all: bool, field: str, typed: str) -> Response:
    """Take in the lines of `text`; where they are refused, `typed` stands in its field again."""
    with service().db.read() as session:
        shown = site_of(session, site_id)
    try:
        entries = housewords.read_lines(text.replace("\0", ""))
        with service().db.write() as session:
            site = locked_site_of(session, site_id)
            check_seen(_standing(session, site))
            _write(session, site, entries, is_all=is_all)
    except Overtaken as other:
        return _page(shown, 409, **{field: typed}, **other.shown)
    except Invalid as wrong:
        return _refused(site_id, typed, field, wrong)
    return redirect(url_for("desk.house_words", site_id=site_id, done="saved"), 303)


def _write(session: Session, site: Site, entries: list[housewords.Entry], *, is_all: bool) -> None:
    if is_all:
        changed = housewords.set_words(session, site.id, entries)
    else:
        changed = housewords.add_words(session, site.id, entries) > 0
    note_change(session, site, ["house words"] if changed else [])


def _refused(site_id: int, text: str, field: str, wrong: Invalid) -> Response:
    with service().db.read() as session:
        site = site_of(session, site_id)
    said = " ".join(_said(error.field) for error in wrong.errors)
    return _page(site, 422, faults={field: said}, **{field: text})


def _page(site: Site, status: int = 200, **values: object) -> Response:
    with service().db.read() as session:
        count = housewords.count_words(session, site.id)
        fits = count <= MOST_TO_EDIT
        there = _standing(session, site) if fits else []
    shown = {"words": "\n".join(there), "more": "", "seen": mark_of(there), **values}
    return settings_page(
        "desk/settings/words.html",
        site,
        status,
        count=count,
        fits=fits or "words" in values,
        most=housewords.MOST_LINES,
        **shown,
    )


def _standing(session: Session, site: Site) -> list[str]:
    return [str(entry) for entry in housewords.words_of(session, site.id)]


def _said(fault: str) -> str:
    t = spoken()
    if fault == "file":
        return t.gettext("The file is not a text in UTF-8.")
    if fault == "nothing":
        return t.gettext("Choose a file or paste a list.")
    if fault == "lines":
        return t.gettext("A dictionary has at most {n} lines.", n=number(housewords.MOST_LINES))
    return t.gettext("Line {n} is no word and no pair.", n=fault.removeprefix("line."))
