"""Corrections in public: a page of them for each site, its feed, and a note for the article."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_date
from flask import Blueprint, Response, jsonify, render_template, request, url_for

from core import corrections
from core.corrections import Shelf
from core.i18n import Translator, translator
from core.i18n.words import OWN_NAMES
from core.models import CorrectionNotice, Site
from core.text.fragment import at_place
from core.text.passage import Pair, Passage, passage_of, whole_pair
from core.widget import Widget, shown_key
from service.context import service
from service.languages import language_of_request

blueprint = Blueprint("corrections", __name__)
_LARGEST_ID = 2**63 - 1
_FOR_A_WHILE = "public, max-age=300"
_DAY = {"en": "d MMMM", "ru": "d MMMM", "kk": "d MMMM"}
_MONTH = {"en": "LLLL y", "ru": "LLLL y", "kk": "y 'жылғы' MMMM"}


@dataclass(frozen=True)
class Entry:
    """One notice, ready to be shown."""

    notice: CorrectionNotice
    day: str
    passage: Passage
    pair: Pair | None
    link: str


@blueprint.after_request
def _keep(response: Response) -> Response:
    if response.status_code == 200:
        response.headers["Cache-Control"] = _FOR_A_WHILE
    return response


@blueprint.get("/corrections/<key>")
def show(key: str) -> str:
    """The site's corrections, by month."""
    shelf = _shelf(key)
    t = _spoken(shelf.site)
    widget = Widget.of(shelf.site.widget)
    entries = [_entry(t, shelf.site, notice) for notice in shelf.notices]
    return render_template(
        "reader/corrections.html",
        t=t,
        _=t.gettext,
        languages=_languages(shelf.site),
        site=shelf.site,
        keys=shown_key(widget),
        touch=widget.touch,
        months=list(_months(t, shelf.site, entries)),
        older=shelf.next,
        feed=_address("feed", key, lang=t.language),
        json_ld=_script_safe(corrections.linked_data(t, shelf.notices)),
    )


@blueprint.get("/corrections/<key>/feed.atom")
def feed(key: str) -> Response:
    """The same as an Atom feed."""
    shelf = _shelf(key)
    t = _spoken(shelf.site)
    entries = [(notice, corrections.text_of(t, notice)) for notice in shelf.notices]
    newest = max((n.published_at for n in shelf.notices), default=shelf.site.created_at)
    body = render_template(
        "reader/corrections.xml",
        t=t,
        _=t.gettext,
        site=shelf.site,
        entries=entries,
        updated=newest,
        page=_address("show", key, lang=t.language),
        feed=_address("feed", key, lang=t.language),
        exact=_exact,
    )
    return Response(body, content_type="application/atom+xml; charset=utf-8")


@blueprint.get("/corrections/<key>/note.json")
def note(key: str) -> Response:
    """What the note in an article says: for the page at `?url=`, readable from any site."""
    with service().db.read() as session:
        shelf = corrections.notices_at(session, key, request.args.get("url", "")[:2_048])
        t = _spoken(shelf.site)
        answer = jsonify(
            {
                "title": t.gettext("Corrections"),
                "language": t.language,
                "page": _address("show", key, lang=t.language),
                "notices": [
                    {
                        "text": corrections.text_of(t, notice),
                        "day": _day(t, shelf.site, notice.published_at),
                        "published": _exact(notice.published_at),
                    }
                    for notice in shelf.notices
                ],
                "json_ld": corrections.linked_data(t, shelf.notices),
            }
        )
    answer.headers["Access-Control-Allow-Origin"] = "*"
    return answer


@blueprint.get("/corrections/<key>/note.js")
def note_script(key: str) -> Response:
    """The script that puts the note where it stands: one line in the article's template."""
    with service().db.read() as session:
        corrections.shelf_of(session, key)  # a key that is none gets 404, not a script
    script = render_template("reader/note.js")
    answer = Response(script, content_type="text/javascript; charset=utf-8")
    answer.headers["Access-Control-Allow-Origin"] = "*"
    answer.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return answer


def _shelf(key: str) -> Shelf:
    before = request.args.get("before", type=int)
    if before is not None and not 0 <= before <= _LARGEST_ID:
        before = None
    with service().db.read() as session:
        return corrections.shelf_of(session, key, before)


def _spoken(site: Site) -> Translator:
    """The language that is asked for, else the site's own: this is the newsroom's page."""
    return translator(language_of_request(site.language))


def _languages(site: Site) -> list[tuple[str, str]]:
    return [(code, OWN_NAMES[code]) for code in site.languages if code in OWN_NAMES]


def _entry(t: Translator, site: Site, notice: CorrectionNotice) -> Entry:
    return Entry(
        notice=notice,
        day=_day(t, site, notice.published_at),
        passage=passage_of(notice.before, notice.prefix, notice.suffix),
        pair=whole_pair(notice.before, notice.after),
        link=at_place(notice.page.link, notice.after, notice.prefix, notice.suffix)
        if notice.after.strip()
        else notice.page.link,
    )


def _months(t: Translator, site: Site, entries: list[Entry]) -> Iterator[tuple[str, list[Entry]]]:
    """Entries by month, the newest first, each month by its name: November 2026."""

    def month(entry: Entry) -> tuple[int, int]:
        local = entry.notice.published_at.astimezone(ZoneInfo(site.timezone))
        return local.year, local.month

    for _, group in groupby(entries, key=month):
        of_month = list(group)
        local = of_month[0].notice.published_at.astimezone(ZoneInfo(site.timezone))
        name = format_date(local, _MONTH[t.language], locale=t.language)
        yield name[:1].upper() + name[1:], of_month


def _day(t: Translator, site: Site, at: datetime) -> str:
    local = at.astimezone(ZoneInfo(site.timezone))
    return format_date(local, _DAY[t.language], locale=t.language)


def _address(endpoint: str, key: str, **parameters: Any) -> str:
    path = url_for(f"corrections.{endpoint}", key=key, **parameters)
    return service().settings.base_url + path


def _exact(at: datetime) -> str:
    return at.isoformat(timespec="seconds").replace("+00:00", "Z")


def _script_safe(data: Any) -> str:
    """JSON that cannot end the script element that it stands in."""
    text = json.dumps(data, ensure_ascii=False)
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
