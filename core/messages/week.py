"""A week in numbers, as a message says it."""

from datetime import datetime, timedelta
from typing import Any

from core.i18n import Translator
from core.i18n.moments import duration, moment, number
from core.models import Channel


def said(
    _kind: str, about: dict[str, Any], channel: Channel, t: Translator
) -> tuple[str, list[str]]:
    """The subject and the lines. `about` is what core/summaries.py has reckoned."""
    subject = t.gettext("The week in numbers: {site}", site=channel.site.name)
    end = datetime.fromisoformat(about["end"])
    lines = [
        t.gettext(
            "New errors: {new}; fixed: {fixed}; seen corrected on the page: {verified}.",
            new=number(about["new"]),
            fixed=number(about["fixed"]),
            verified=number(about["verified"]),
        ),
        t.gettext("Still open: {n}.", n=number(about["open"])),
    ]
    if about["oldest"]:
        oldest = moment(t, datetime.fromisoformat(about["oldest"]), channel.site.timezone, end)
        lines.append(t.gettext("The oldest has been waiting since {when}.", when=oldest))
    if about["fix_seconds"] is not None:
        length = duration(t, timedelta(seconds=about["fix_seconds"]))
        lines.append(t.gettext("Half of the corrections took no longer than {time}.", time=length))
    if about["pages"]:
        lines.append(t.gettext("Most reported:"))
    for page in about["pages"]:
        reports = t.ngettext("{n} report", "{n} reports", page["reports"])
        lines.append(f"{page['title']} — {reports}")
    return subject, lines
