"""What the set-up says when it cannot go on, and what it leaves when it can."""

import os
import shutil
import stat
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
_TOOLS = [
    "bash",
    "cat",
    "cksum",
    "dirname",
    "env",
    "head",
    "id",
    "mkdir",
    "mktemp",
    "od",
    "rm",
    "sed",
    "tail",
    "tr",
]


@pytest.fixture
def bare_path(tmp_path: Path) -> Path:
    """A PATH with the common tools and neither a package manager nor Python."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for tool in _TOOLS:
        found = shutil.which(tool)
        assert found, tool
        (folder / tool).symlink_to(found)
    return folder


def test_an_old_python_is_named_with_what_to_do(bare_path: Path, tmp_path: Path) -> None:
    _write_program(bare_path / "python3", '[ "$1" = --version ] && echo "Python 3.8.10"; exit 1')
    done = _set_up("runtime", path=bare_path, venv=tmp_path / "venv")
    assert done.returncode == 1
    assert "Python 3.11 or newer is needed; found: Python 3.8.10" in done.stderr
    assert "make setup PYTHON=" in done.stderr


def test_a_python_that_cannot_make_environments_is_told(bare_path: Path, tmp_path: Path) -> None:
    _write_program(bare_path / "python3", '[ "$1" = -c ]')
    done = _set_up("runtime", path=bare_path, venv=tmp_path / "venv")
    assert done.returncode == 1
    assert "apt install python3-venv" in done.stderr
    assert not (tmp_path / "venv").exists()


def test_an_unknown_part_is_refused(bare_path: Path, tmp_path: Path) -> None:
    done = _set_up("kitchen", path=bare_path, venv=tmp_path / "venv")
    assert done.returncode == 1
    assert "knows no part named 'kitchen'" in done.stderr


def test_secrets_are_new_private_and_never_overwritten(tmp_path: Path) -> None:
    script = tmp_path / "scripts" / "new-env"
    script.parent.mkdir()
    shutil.copy(ROOT / "scripts" / "new-env", script)
    subprocess.run([script], check=True, capture_output=True)
    written = tmp_path / ".env"
    before = written.read_text(encoding="utf-8")
    settings = [line for line in before.splitlines() if line and not line.startswith("#")]
    values = dict(line.split("=", 1) for line in settings)
    assert len(values["TUZET_SECRET_KEY"]) == 64
    assert values["TUZET_SECRET_KEY"] != values["TUZET_DATABASE_PASSWORD"]
    assert stat.S_IMODE(written.stat().st_mode) == 0o600
    again = subprocess.run([script], check=False, capture_output=True)
    assert again.returncode == 1
    assert written.read_text(encoding="utf-8") == before


def _set_up(part: str, *, path: Path, venv: Path) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [ROOT / "scripts" / "setup", part],
        env={
            "PATH": str(path),
            "TUZET_VENV": str(venv),
            "TMPDIR": os.environ.get("TMPDIR", "/tmp"),
        },
        capture_output=True,
        text=True,
        check=False,
    )


def _write_program(path: Path, body: str) -> None:
    path.write_text(f"#!/usr/bin/env bash\n{body}\n", encoding="utf-8")
    path.chmod(0o755)
