"""What a robots.txt allows (RFC 9309)."""

import re
from dataclasses import dataclass, field

_LONGEST = 500 * 1024  # characters; the standard asks for no more
_AGENT = re.compile(r"[a-z_-]+")


@dataclass
class _Group:
    agents: set[str] = field(default_factory=set)
    rules: list[tuple[bool, str]] = field(default_factory=list)


def allows(robots: str, agent: str, path: str) -> bool:
    """Whether a robots.txt lets `agent` (a product's name) read `path`, a path with its query.

    The groups that name the agent count, else those for all (`*`). The longest rule that fits
    decides, and of two equally long ones the one that allows. What no rule fits is allowed, and
    so is the robots.txt itself.
    """
    if path == "/robots.txt":
        return True
    groups = _groups(robots)
    named = [group for group in groups if agent.lower() in group.agents]
    chosen = named or [group for group in groups if "*" in group.agents]
    fitting = [
        (len(pattern), allowed)
        for group in chosen
        for allowed, pattern in group.rules
        if _fits(pattern, path)
    ]
    return max(fitting)[1] if fitting else True


def _groups(robots: str) -> list[_Group]:
    groups: list[_Group] = []
    naming = False
    for line in robots[:_LONGEST].removeprefix("\ufeff").splitlines():
        name, colon, value = line.partition("#")[0].partition(":")
        name, value = name.strip().lower(), value.strip()
        if not colon:
            continue
        if name == "user-agent":
            if not naming:
                groups.append(_Group())
            groups[-1].agents.add(_product(value))
            naming = True
        elif name in ("allow", "disallow"):
            naming = False
            if groups and value:  # an empty rule says nothing
                groups[-1].rules.append((name == "allow", value))
    return groups


def _product(value: str) -> str:
    """The name of a product without its version."""
    named = _AGENT.match(value.lower())
    return named[0] if named else value


def _fits(pattern: str, path: str) -> bool:
    """A rule fits from the beginning of a path; `*` stands for anything, a last `$` for the end."""
    ends = pattern.endswith("$")
    pieces = pattern.removesuffix("$").split("*")
    if not path.startswith(pieces[0]):
        return False
    at = len(pieces[0])
    for piece in pieces[1:]:
        found = path.find(piece, at)
        if found < 0:
            return False
        at = found + len(piece)
    return not ends or at == len(path) or (len(pieces) > 1 and path.endswith(pieces[-1]))
