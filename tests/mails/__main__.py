"""Draws every kind of mail: `python -m tests.mails FOLDER [NAME …]`.

In Kazakh, Russian and English, light and dark, 760 and 390 px wide, as a browser shows them; with
their text beside them (`.txt`) and the page itself (`.html`). Somebody has to look at each.
"""

import argparse
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

from playwright.sync_api import Page

from core.channels import OutgoingMail
from core.clock import utcnow
from core.db import Database, migrate
from core.i18n import LANGUAGES
from tests.browsers import chromium
from tests.factories import make_settings
from tests.mails import every_mail

WIDTHS = (760, 390)


def draw(mail: OutgoingMail, pages: dict[str, Page], to: Path) -> list[str]:
    """Write the pictures of one mail; returns what sticks out, and where."""
    to.with_name(f"{to.name}.html").write_text(mail.html, encoding="utf-8")
    to.with_name(f"{to.name}.txt").write_text(f"{mail.subject}\n\n{mail.text}", encoding="utf-8")
    wide = []
    for look, page in pages.items():
        page.set_content(mail.html)
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 600})
            found = page.evaluate("document.documentElement.scrollWidth")
            if found > width:
                wide.append(f"{to.name}: {found} px at {width}")
            page.screenshot(path=to.with_name(f"{to.name}.{width}.{look}.png"), full_page=True)
    return wide


def main(arguments: list[str]) -> int:
    """Draw what is named (all, if nothing is); 1 if something is wider than its window."""
    parser = argparse.ArgumentParser(prog="python -m tests.mails", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("names", nargs="*")
    parser.add_argument("--language", choices=LANGUAGES, action="append")
    asked = parser.parse_args(arguments)
    asked.folder.mkdir(parents=True, exist_ok=True)
    wide: list[str] = []
    with chromium() as browser:
        pages = {
            "light": browser.new_page(color_scheme="light"),
            "dark": browser.new_page(color_scheme="dark"),
        }
        for language in asked.language or LANGUAGES:
            with tempfile.TemporaryDirectory() as folder:
                url = f"sqlite:///{folder}/mails.sqlite3"
                migrate(url)
                db = Database(url)
                settings = replace(make_settings(Path(folder), url), mail_replies=True)
                for name, mail in every_mail(db, settings, utcnow(), language):
                    if not asked.names or name in asked.names:
                        wide += draw(mail, pages, asked.folder / f"{name}.{language}")
                db.engine.dispose()
    sys.stdout.write("".join(f"too wide: {line}\n" for line in wide))
    return 1 if wide else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
