"""Every setting is explained, and nothing is explained that is none."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
_NAME = re.compile(r"\bTUZET_[A-Z_]+")
_OF_OTHERS = {"TUZET_DOMAIN"}  # docker-compose.yml explains its own


def _names(path: Path) -> set[str]:
    return set(_NAME.findall(path.read_text(encoding="utf-8")))


def test_every_setting_in_the_code_is_explained() -> None:
    sources = [
        path for room in ("core", "service", "worker") for path in ROOT.glob(f"{room}/**/*.py")
    ]
    used = set().union(*(_names(path) for path in sources))
    assert used - _names(ROOT / "docs" / "settings.md") == set()


def test_every_setting_that_is_explained_is_one() -> None:
    places = [*(ROOT / "core" / "settings").glob("*.py"), ROOT / "core" / "lifeline.py"]
    places += sorted((ROOT / "tests").rglob("*.py"))
    known = set().union(*(_names(path) for path in places)) | _OF_OTHERS
    assert _names(ROOT / "docs" / "settings.md") - known == set()
