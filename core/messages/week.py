"""A week in numbers, as a message says it."""

from datetime import datetime, timedelta
from typing import Any

from core.i18n import Translator
from core.i18n.moments import duration, moment, number
from core.messages.backlog import queue_address
from core.messages.short import Sentence
from core.models import Channel, Site
from core.settings import Settings


def said(
    about: dict[str, Any], channel: Channel, settings: Settings, t: Translator
) -> tuple[str, list[Sentence]]:
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
        oldest = oldest.replace(" ", "\u00a0")
        lines.append(t.gettext("The oldest has been waiting since {when}.", when=oldest))
    if about["fix_seconds"] is not None:
        length = duration(t, timedelta(seconds=about["fix_seconds"])).replace(" ", "\u00a0")
        lines.append(t.gettext("Half of the corrections took no longer than {time}.", time=length))
    if about["pages"]:
        lines.append(t.gettext("Most reported:"))
    pages = [_page(page, channel.site, settings, t) for page in about["pages"]]
    return subject, [*(Sentence(line) for line in lines), *pages]


def _page(page: dict[str, Any], site: Site, settings: Settings, t: Translator) -> Sentence:
    """An article, and how many reports of it the desk has. Rows from before have no addresses."""
    link = str(page.get("link", ""))
    return Sentence(
        text=page["title"],
        url=link if link.startswith(("http://", "https://")) else None,
        language=page.get("language"),
        more=t.ngettext("{n} report", "{n} reports", page["reports"]),
        more_url=queue_address(settings, site, page["title"]) if link else None,
    )
