"""What every page of the desk can say: words, times, people, its own frame."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Blueprint, Response, g, make_response, render_template, request
from markupsafe import Markup, escape

from core import queries, views
from core.accounts import has_password
from core.clock import utcnow
from core.housewords import HouseView
from core.i18n import LANGUAGES, moments, words
from core.i18n.reasons import reason_words
from core.models import SavedView, User
from core.queries import CaseFilter
from core.workflow import KINDS, RESOLUTIONS
from service.context import service
from service.dashboard import assets, forms
from service.dashboard.access import Visit, spoken, visitor
from service.dashboard.marks import (
    calm_runs_of,
    is_odd,
    lookalike_tags,
    marks_of,
    seen_runs_of,
)

_UTC = "UTC"


def register(blueprint: Blueprint) -> None:
    """Give the desk's templates their words."""
    blueprint.context_processor(always)


def page(template: str, http_status: int = 200, /, **values: object) -> Response:
    """One page of the desk."""
    return make_response(render_template(template, **values), http_status)


def always() -> dict[str, Any]:
    """What every page of the desk can say."""
    t, here = spoken(), visitor()
    return {
        "_": _say,
        "ngettext": _say_many,
        "pgettext": t.pgettext,
        "language": t.language,
        "languages": [(code, words.OWN_NAMES[code]) for code in LANGUAGES],
        "here": here,
        "may_edit": here is not None and here.rights.site_ids("editor") != frozenset(),
        "may_administer": here is not None and here.rights.site_ids("admin") != frozenset(),
        "may_be_asked": here is not None and has_password(here.user),
        "act_word": lambda act: words.act_word(t, act),
        "subject_words": lambda act: words.subject_words(t, act.act, act.subject),
        "channel_word": lambda kind: words.channel_word(t, kind),
        "changed_words": lambda fields: words.changed_words(t, fields),
        "role_word": lambda role: words.role_word(t, role),
        "theme": here.user.theme if here else "auto",
        "asset": assets.address,
        "form_token": forms.form_token,
        "frame": _frame,
        "kinds": [(kind, words.kind_word(t, kind)) for kind in KINDS],
        "resolutions": [(code, words.resolution_word(t, code)) for code in RESOLUTIONS],
        "number": moments.number,
        "counted": _counted,
        "percent": moments.percent,
        "length": lambda time: "—" if time is None else moments.duration(t, time),
        "day_word": lambda day: moments.day(t, day),
        "marks_of": marks_of,
        "seen_runs_of": seen_runs_of,
        "calm_runs_of": calm_runs_of,
        "is_odd": is_odd,
        "tags_of": lambda text: lookalike_tags(t, text),
        "verdict_word": lambda verdict: words.verdict_word(t, verdict),
        "reason_words": lambda sentence: reason_words(t, sentence),
        "when": _when,
        "ago": _ago,
        "initials": initials,
        "house_said": _house_said,
        "endpoint": request.endpoint,
    }


def _say(message: str, /, **values: object) -> str:
    """A sentence in the person's language. With markup among its values it becomes markup."""
    if any(isinstance(value, Markup) for value in values.values()):
        return escape(spoken().gettext(message)).format(**values)
    return spoken().gettext(message, **values)


def _say_many(one: str, many: str, n: int, /, **values: object) -> str:
    """A sentence about so many things, in the form that goes with their number."""
    return spoken().ngettext(one, many, n, **{"n": moments.number(n), **values})


@dataclass(frozen=True)
class Frame:
    """What stands around every page: the counts beside the rooms of the rail (open cases, messages
    that nobody got), a person's saved views, and the zone of their first site, in which is told
    what belongs to no site."""

    waiting: int = 0
    dead: int = 0
    saved: tuple[SavedView, ...] = ()
    zone: str = _UTC


def _frame() -> Frame:
    """Read once for a page."""
    if "frame" not in g:
        here = visitor()
        g.frame = _read_frame(here) if here else Frame()
    frame: Frame = g.frame
    return frame


def _read_frame(here: Visit) -> Frame:
    site_ids = here.rights.site_ids()
    with service().db.read() as session:
        sites = queries.sites(session, site_ids)
        return Frame(
            waiting=queries.count_open(session, CaseFilter(site_ids=site_ids, awake_at=utcnow())),
            dead=queries.count_dead(session, site_ids),
            saved=tuple(views.views_of(session, here.user.id)),
            zone=sites[0].timezone if sites else _UTC,
        )


def _house_said(view: HouseView) -> str:
    """What the house dictionary says of a case; who decides is the editor."""
    t, word = spoken(), view.word
    if view.verdict == "has":
        return t.gettext("The house dictionary has “{word}” as it stands.", word=word)
    if view.verdict == "agrees":
        return t.gettext("The house dictionary agrees with the suggestion: “{word}”.", word=word)
    return t.gettext("The house dictionary writes “{word}” here.", word=word)


def _counted(value: int, at_least: bool = False) -> str:
    """A count, with a plus where counting has ended before the end."""
    more = at_least or value > queries.MOST_COUNTED
    return moments.number(min(value, queries.MOST_COUNTED)) + ("+" if more and value else "")


def _when(at: datetime, zone: str = "") -> Markup:
    """A moment in a site's time, exact for machines; without a zone in that of the newsroom."""
    said = moments.moment(spoken(), at, zone or _frame().zone, utcnow())
    return Markup("<time datetime='{}'>{}</time>").format(_exact(at), said)


def _ago(at: datetime) -> Markup:
    """How long ago, exact for machines."""
    said = moments.age(spoken(), at, utcnow())
    return Markup("<time datetime='{}'>{}</time>").format(_exact(at), said)


def _exact(at: datetime) -> str:
    return str(escape(at.isoformat(timespec="seconds").replace("+00:00", "Z")))


def initials(user: User) -> str:
    """At most two letters that stand for a person."""
    parts = [part for part in user.name.split() if part[0].isalnum()]
    picked = [parts[0], parts[-1]] if len(parts) > 1 else parts
    return "".join(part[0] for part in picked).upper() or "·"
