"""The sheet of keys and the keys that work are the same."""

import re
from pathlib import Path

from tests.service.conftest import Web
from tests.service.dashboard.conftest import NewPerson

DESK = Path(__file__).parents[3] / "service"
_ARROWS = {"ArrowDown": "↓", "ArrowUp": "↑", "Escape": "Esc"}


def _working() -> set[str]:
    """The keys that the script handles and those that stand on the templates' buttons."""
    script = (DESK / "static" / "desk" / "desk.js").read_text(encoding="utf-8")
    tables = re.findall(r"const (?:inQueue|onCase) = \{(.*?)\n\};", script, re.DOTALL)
    keys = {key for table in tables for key in re.findall(r"^  (\w+): ", table, re.MULTILINE)}
    for template in (DESK / "templates" / "desk").glob("*.html"):
        text = template.read_text(encoding="utf-8")
        keys |= set(re.findall(r'(?:aria-keyshortcuts|data-key)="([^"{]+)"', text))
        keys |= set(re.findall(r'\bm\.key\("([^"]+)"\)', text))
    return {_ARROWS.get(key, key) for key in keys}


def test_the_sheet_lists_every_key_that_works(web: Web, person: NewPerson) -> None:
    page = person("editor").open("/keys").page
    listed = {kbd.text() for kbd in page.css(".keysheet kbd")}
    assert _working() - listed == set()
    assert len(_working()) > 20
