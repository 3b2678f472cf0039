"""Every reason that the code can store or show for a failure outside, read from the code itself.

A reason is what one of the failures below is raised with, or what a delivery or channel is closed
with. It is followed to its words: through names, helper functions and conditions. What another
failure said (`str(fault)`, `fault.reason`) was found where that one was raised. Anything else is an
error of this walk, so that no reason can slip through unread.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# Pages are read by other parts of core/net than those that call channels and systems.
_ON_THE_WAY = ("calls", "exchange", "sockets", "names", "addresses", "targets")
_PLACES = (
    *(f"core/{room}/*.py" for room in ("channels", "delivery", "messages", "cms", "sites")),
    *(f"core/net/{name}.py" for name in _ON_THE_WAY),
    "core/openid.py",
    "core/sealing.py",
    "core/tending.py",
    "service/api/channels.py",
    "service/cli/delivering.py",
    "service/dashboard/provider.py",
    "service/dashboard/settings/channels.py",
)
# Whoever is called with a reason, and which of the arguments it is.
_FAILURES = {"PermanentFailure": 0, "PassingFailure": 0, "failure": 0, "CmsError": 0}
_AT_THE_DOOR = {"ProviderFault": 0, "NotBelieved": 0}
_NET = {"Refused": 1, "TooLarge": 1, "TooSlow": 1, "Unreachable": 1}
_CLOSED = {"_give_up": 2, "pause": 1}
_TAKES = {**_FAILURES, **_AT_THE_DOOR, **_NET, **_CLOSED}
_FILLED = "recipient"  # stands in every place of a sentence

Function = ast.FunctionDef


def stored_reasons() -> dict[str, str]:
    """Each reason with the file that gives it; `recipient` stands for what is filled in."""
    found: dict[str, str] = {}
    for pattern in _PLACES:
        paths = sorted(ROOT.glob(pattern))
        assert paths, f"{pattern}: no such file"
        for path in paths:
            file = str(path.relative_to(ROOT))
            for reason in _Module(path, file).reasons():
                found[reason] = file
    return found


class _Module:
    def __init__(self, path: Path, file: str) -> None:
        self._file = file
        self._tree = ast.parse(path.read_text(encoding="utf-8"))
        self._functions = {
            node.name: node for node in ast.walk(self._tree) if isinstance(node, Function)
        }

    def reasons(self) -> Iterator[str]:
        for within, node in self._nodes():
            for said in self._given(node):
                yield from self._words(said, within)

    def _nodes(self) -> Iterator[tuple[Function | None, ast.AST]]:
        inside = {
            id(node): function
            for function in self._functions.values()
            for node in ast.walk(function)
        }
        for node in ast.walk(self._tree):
            yield inside.get(id(node)), node

    def _given(self, node: ast.AST) -> Iterator[ast.expr]:
        """What stands where a reason is given."""
        if not isinstance(node, ast.Call):
            return
        name = node.func.attr if isinstance(node.func, ast.Attribute) else _name(node.func)
        if name == "Conflict" and self._file in ("core/sealing.py", "core/delivery/barring.py"):
            yield node.args[0]
        elif name in _TAKES and len(node.args) > _TAKES[name]:
            yield node.args[_TAKES[name]]
        yield from (word.value for word in node.keywords if word.arg == "last_error")

    def _words(self, said: ast.expr, within: Function | None) -> Iterator[str]:
        match said:
            case ast.Constant(value=None):
                return
            case ast.Constant(value=str(text)):
                yield text
            case ast.JoinedStr(values=parts):
                yield "".join(
                    str(part.value) if isinstance(part, ast.Constant) else _FILLED for part in parts
                )
            case ast.IfExp(body=one, orelse=other):
                yield from self._words(one, within)
                yield from self._words(other, within)
            case ast.Subscript(value=whole):
                yield from self._words(whole, within)
            case ast.Call(func=ast.Name(id="str")) | ast.Attribute(attr="reason"):
                return  # what another failure said
            case ast.Call(func=ast.Name(id=name)) if name in self._functions:
                yield from self._returned(self._functions[name])
            case ast.Name(id=name) if within is not None:
                yield from self._named(name, within)
            case _:
                raise AssertionError(f"{self._file}:{said.lineno}: a reason that cannot be read")

    def _returned(self, function: Function) -> Iterator[str]:
        for node in ast.walk(function):
            if isinstance(node, ast.Return) and node.value is not None:
                yield from self._words(node.value, function)

    def _named(self, name: str, within: Function) -> Iterator[str]:
        """What a name stands for: what it is set to, or, for what is handed in, what is given.

        A loop over reasons hands them in too: each was found where it was put there.
        """
        inside = list(ast.walk(within))
        handed_in = {node.arg for node in inside if isinstance(node, ast.arg)}
        looped = {
            _name(target)
            for node in inside
            if isinstance(node, ast.For)
            for target in ast.walk(node.target)
        }
        if name in handed_in | looped:
            return
        set_to = [
            node.value
            for node in inside
            if isinstance(node, ast.Assign) and name in map(_name, node.targets)
        ]
        assert set_to, f"{self._file}: {name} is a reason that cannot be read"
        for value in set_to:
            yield from self._words(value, within)


def _name(node: ast.AST) -> str:
    return node.id if isinstance(node, ast.Name) else ""
