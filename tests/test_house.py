"""What holds for the house as a whole, and would otherwise hold only on the day it was written."""

import ast
import re
import subprocess
import tomllib
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent
PYPROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
ROOMS = ("core", "service", "worker")
LONGEST_FILE = 350
WALK = ROOT / "docs" / "walk.md"

# Put together here, so that this file does not contain what it looks for.
_REGISTRIES = [
    f"{name}.{ending}"
    for name, ending in [
        ("pypi", "org"),
        ("pythonhosted", "org"),
        ("npmjs", "org"),
        ("npmjs", "com"),
        ("yarnpkg", "com"),
        ("deb.debian", "org"),
        ("docker", "io"),
        ("ghcr", "io"),
        ("quay", "io"),
    ]
]
_PLACES = "|".join(f"/{folder}/" for folder in ("work", "root", r"home/\w+", r"Users/\w+"))
_TRACE = re.compile("|".join([*map(re.escape, _REGISTRIES), rf"(?<![\w.:-])(?:{_PLACES})"]))


def test_every_module_of_the_core_has_its_floor() -> None:
    contracts = PYPROJECT["tool"]["importlinter"]["contracts"]
    (floors,) = [contract for contract in contracts if contract.get("containers") == ["core"]]
    named = set(floors["exhaustive_ignores"])
    for floor in floors["layers"]:
        named |= {name.strip(" ()") for name in re.split(r"[|:]", floor)}
    assert _modules("core") - named == set()


@pytest.mark.parametrize("room", ROOMS)
def test_no_file_has_outgrown_its_welcome(room: str) -> None:
    lengths = {path: len(_read(path).splitlines()) for path in _python_files(room)}
    assert {path: length for path, length in lengths.items() if length > LONGEST_FILE} == {}


@pytest.mark.parametrize("room", ROOMS)
def test_no_module_is_called_after_nothing(room: str) -> None:
    empty = {"utils", "util", "helpers", "helper", "manager", "handler", "processor", "misc"}
    assert [path for path in _python_files(room) if empty & set(Path(path).stem.split("_"))] == []


def test_the_readme_names_the_two_commands() -> None:
    readme = _read("README.md")
    assert "make demo" in readme
    assert "make test" in readme


def test_every_target_of_the_makefile_says_what_it_does() -> None:
    makefile = _read("Makefile")
    phony = re.search(r"^\.PHONY: (.*)$", makefile, re.MULTILINE)
    assert phony is not None
    described = set(re.findall(r"^([a-z-]+):.*## ", makefile, re.MULTILINE))
    assert set(phony[1].split()) == described


def test_each_decision_has_a_number_of_its_own() -> None:
    numbers = [path.name.split("-")[0] for path in (ROOT / "docs" / "adr").glob("*.md")]
    assert numbers
    assert len(numbers) == len(set(numbers))


def test_no_file_tells_where_it_was_made() -> None:
    traces = {path: found for path in _tracked_texts() if (found := _TRACE.findall(_read(path)))}
    assert traces == {}


def test_every_requirement_is_pinned_with_its_checksum() -> None:
    wanted = {_plain(name) for name in PYPROJECT["project"]["dependencies"]}
    pinned = _pins("requirements/runtime.txt")
    assert wanted - pinned.keys() == set()
    assert [name for name, checksums in pinned.items() if not checksums] == []


def test_development_uses_the_versions_that_run() -> None:
    assert _versions("requirements/runtime.txt") <= _versions("requirements/dev.txt")


def test_the_package_carries_every_file_that_the_service_reads() -> None:
    carried = PYPROJECT["tool"]["setuptools"]["package-data"]["*"]
    read = [path for path in _tracked(*ROOMS) if not path.endswith((".py", ".md"))]
    assert [path for path in read if not any(fnmatch(Path(path).name, p) for p in carried)] == []


def test_every_image_is_pinned_to_a_version() -> None:
    named = re.findall(r"^\s*image: (\S+)$", _read("docker-compose.yml"), re.MULTILINE)
    named += re.findall(r"^ARG \w+=(\S+)$", _read("Dockerfile"), re.MULTILINE)
    assert named
    assert [image for image in named if not re.search(r":v?\d+\.\d+\.?\d*(-|$)", image)] == []


def test_the_compose_file_sets_only_what_the_service_reads() -> None:
    given = set(re.findall(r"^    (TUZET_\w+):", _read("docker-compose.yml"), re.MULTILINE))
    assert given
    assert given - set(re.findall(r"TUZET_\w+", _read("core/settings/__init__.py"))) == set()


def test_the_walk_names_only_what_is_there() -> None:
    named = re.findall(r"`([\w./-]+\.\w+)(?:: ([\w., ]+))?`", _read(str(WALK.relative_to(ROOT))))
    assert named, "docs/walk.md names no file"
    assert [f"{path}: {names}" for path, names in named if not _holds(path, names)] == []


def test_every_link_in_the_documents_leads_somewhere() -> None:
    documents = [
        path for path in _tracked() if re.match(r"([^/]+|docs/.*|requirements/.*)\.md$", path)
    ]
    broken = [
        f"{path}: {link}" for path in documents for link in _links(path) if not _leads(path, link)
    ]
    assert broken == []


def _links(document: str) -> list[str]:
    """What a document links to inside the repository."""
    return re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", _read(document))


def _leads(document: str, link: str) -> bool:
    return (ROOT / document).parent.joinpath(link).exists()


def _holds(path: str, names: str) -> bool:
    """Whether a file exists and defines each of the names (`function`, `Class.method`)."""
    file = ROOT / path
    if not file.is_file():
        return False
    wanted = {name.strip() for name in names.split(",") if name.strip()}
    if file.suffix == ".py":
        return wanted <= _definitions(ast.parse(_read(path)))
    text = _read(path)
    return all(re.search(rf"\b{re.escape(name)}\b", text) for name in wanted)


def _definitions(tree: ast.AST, within: str = "") -> set[str]:
    found: set[str] = set()
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            found.add(within + node.name)
            found |= _definitions(node, f"{within}{node.name}.")
    return found


def _modules(package: str) -> set[str]:
    inside = (ROOT / package).iterdir()
    files = {p.stem for p in (ROOT / package).glob("*.py") if p.stem != "__init__"}
    return files | {p.name for p in inside if (p / "__init__.py").is_file()}


def _tracked(*under: str) -> list[str]:
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--", *under],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return [path for path in listed.stdout.split("\0") if path and (ROOT / path).is_file()]


def _tracked_texts() -> list[str]:
    return [path for path in _tracked() if b"\0" not in (ROOT / path).read_bytes()]


def _python_files(room: str) -> list[str]:
    return [path for path in _tracked(room) if path.endswith(".py")]


def _read(path: str) -> str:
    return (ROOT / path).read_text(encoding="utf-8", errors="replace")


def _plain(requirement: str) -> str:
    return re.split(r"[\[<>=!~; ]", requirement, maxsplit=1)[0].lower()


def _pins(path: str) -> dict[str, list[str]]:
    """Package → checksums of a pinned list."""
    pins: dict[str, list[str]] = {}
    name = ""
    for line in _read(path).splitlines():
        if line.startswith("    --hash="):
            pins[name].append(line.strip(" \\"))
        elif "==" in line:
            name = _plain(line)
            pins.setdefault(name, [])
    return pins


def _versions(path: str) -> set[str]:
    lines = _read(path).splitlines()
    return {line.strip(" \\") for line in lines if "==" in line and not line.startswith(" ")}
