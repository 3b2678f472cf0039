"""The snippet of a site: the line to paste, the dialog, and how it looks with what is typed."""

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from core.errors import Invalid
from core.i18n.moments import tenths
from core.installcheck import script_line
from core.models import Site
from core.text.colours import WHITE, contrast, read_colour
from core.text.selectors import fault_of
from core.widget import LANGUAGES, MODES, TEXTS, Widget, draft_key, on_accent, read_widget
from service import policies
from service.context import service
from service.dashboard.access import needs, spoken
from service.dashboard.settings.frame import locked_site_of, note_change, settings_page, site_of
from service.dashboard.settings.meanwhile import Overtaken, check_seen, mark_of

_SAMPLES: Mapping[str, Mapping[str, Any]] = json.loads(
    (Path(__file__).parent / "samples.json").read_text(encoding="utf-8")
)


def register(blueprint: Blueprint) -> None:
    """The page, its form, and the preview."""
    blueprint.get("/settings/<int:site_id>/snippet")(snippet_settings)
    blueprint.post("/settings/<int:site_id>/snippet")(save_snippet)
    blueprint.get("/settings/<int:site_id>/preview")(preview)
    blueprint.post("/settings/<int:site_id>/preview", endpoint="preview_typed")(preview)


@needs("admin")
def snippet_settings(site_id: int) -> Response:
    """What the site sets about its snippet."""
    with service().db.read() as session:
        site = site_of(session, site_id)
    return _page(site, Widget.of(site.widget), seen=mark_of(site.widget))


@needs("admin")
def save_snippet(site_id: int) -> Response:
    """Change it; what is wrong is said at its field, and then nothing is changed."""
    typed = _typed(request.form)
    with service().db.read() as session:
        shown = site_of(session, site_id)
    try:
        widget = read_widget(typed)
    except Invalid as wrong:
        faults = {error.field: _said(error.field, typed) for error in wrong.errors}
        return _page(shown, typed, 422, faults=faults)
    try:
        with service().db.write() as session:
            site = locked_site_of(session, site_id)
            check_seen(site.widget)
            was, site.widget = Widget.of(site.widget), widget.kept()
            names = (name for name in vars(widget) if getattr(was, name) != getattr(widget, name))
            note_change(session, site, list(names))
    except Overtaken as other:
        return _page(shown, typed, 409, **other.shown)
    return redirect(url_for("desk.snippet_settings", site_id=site_id, done="saved"), 303)


@needs("admin")
def preview(site_id: int) -> Response:
    """An article of our own with the real snippet, set as typed as far as that can be used."""
    with service().db.read() as session:
        site = site_of(session, site_id)
    asked = request.form if request.method == "POST" else request.args
    widget = _usable(_typed(asked)) if asked else Widget.of(site.widget)
    language = widget.language if widget.language in _SAMPLES else site.language
    markup = render_template(
        "desk/settings/preview.html",
        site=site,
        sample=_SAMPLES[language],
        article_language=language,
        key=draft_key(widget),
        dark=asked.get("look") == "dark",
        base=service().settings.base_url,
    )
    response = Response(markup, content_type="text/html; charset=utf-8")
    response.headers["Content-Security-Policy"] = policies.FRAMED
    response.headers["X-Frame-Options"] = "SAMEORIGIN"
    return response


def _page(site: Site, of: Widget, status: int = 200, **values: object) -> Response:
    base = service().settings.base_url
    response = settings_page(
        "desk/settings/snippet.html",
        site,
        status,
        of=of,
        line=script_line(site, base),
        accent_fact=_accent_fact(of.accent),
        modes=MODES,
        language_name=LANGUAGES.__getitem__,
        widget_languages=LANGUAGES,
        texts=TEXTS,
        **values,
    )
    response.headers["Content-Security-Policy"] = policies.FRAMING
    return response


def _typed(form: MultiDict[str, str]) -> Widget:
    def text(name: str) -> str:
        return form.get(name, "").replace("\0", "")

    texts: dict[str, dict[str, str]] = {}
    for name in form:
        room, _, rest = name.partition(".")
        language, _, kind = rest.partition(".")
        if room == "texts" and language in LANGUAGES and kind in TEXTS:
            texts.setdefault(language, {})[kind] = text(name)
    return Widget(
        mode=text("mode"),
        email="email" in form,
        touch="touch" in form,
        language=text("widget_language"),
        key=text("key"),
        include=text("include"),
        exclude=text("exclude"),
        accent=text("accent"),
        texts=texts,
    )


def _usable(typed: Widget) -> Widget:
    """What of it can be used; in the place of what is wrong stands what comes by itself."""
    try:
        return read_widget(typed)
    except Invalid as wrong:
        usual = Widget()
        bad = {error.field.partition(".")[0] for error in wrong.errors}
        return read_widget(replace(typed, **{name: getattr(usual, name) for name in bad}))


def _said(field: str, typed: Widget) -> str:
    """What is wrong with a field and how to mend it, for the person who typed it."""
    t = spoken()
    if field in ("include", "exclude"):
        return _selector_said(getattr(typed, field))
    if field == "accent":
        try:
            ratio = contrast(read_colour(typed.accent), WHITE)
        except ValueError:
            return t.gettext("Write a colour like #8c1d18.")
        return t.gettext("Too light: {n}:1 on a white page, at least 3:1.", n=tenths(t, ratio))
    if field == "key":
        return t.gettext("Write keys like ctrl+enter, with ctrl, alt or meta among them.")
    if field.startswith("texts."):
        most = TEXTS[field.rpartition(".")[2]]
        return t.gettext("One line of at most {n} characters.", n=most)
    return t.gettext("Choose one of the list.")


def _selector_said(selector: str) -> str:
    t, fault = spoken(), fault_of(" ".join(selector.split()))
    if fault is None:
        return t.gettext("Too long for a CSS selector.")
    code, part = fault
    if code == "open":
        return t.gettext("Not a CSS selector: “{sign}” is not closed.", sign=part)
    if code == "empty":
        return t.gettext("Not a CSS selector: nothing stands beside a comma.")
    return t.gettext("Not a CSS selector: “{part}”.", part=part)


def _accent_fact(accent: str) -> str:
    """How well words are read on the accent; empty without one."""
    try:
        colour = read_colour(accent)
    except ValueError:
        return ""
    ground = on_accent(colour)
    t = spoken()
    ratio = tenths(t, contrast(colour, ground))
    if ground == WHITE:
        return t.gettext("{n}:1 with white text", n=ratio)
    return t.gettext("{n}:1 with black text", n=ratio)
