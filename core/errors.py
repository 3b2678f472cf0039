"""What can go wrong in the domain. A door turns each into its own kind of answer."""

from dataclasses import dataclass


class TuzetError(Exception):
    """Base of all domain errors; its text is safe to show and says what to do."""


@dataclass(frozen=True)
class FieldError:
    """One field that is wrong: its dotted name and how to mend it."""

    field: str
    message: str


class Invalid(TuzetError):
    """One or more fields are wrong. `errors` names each."""

    def __init__(self, *errors: FieldError) -> None:
        super().__init__("; ".join(f"{error.field}: {error.message}" for error in errors))
        self.errors = errors


class Unreadable(TuzetError):
    """The body cannot be parsed at all."""


class NotFound(TuzetError):
    """There is no such thing, or it belongs to somebody else (which must look the same)."""


class Forbidden(TuzetError):
    """Known, but not allowed."""


class Conflict(TuzetError):
    """The request was fine, the state is not: stale version, move not allowed, id used before."""


class StaleVersion(Conflict):
    """Somebody else has changed the case since it was read."""

    def __init__(self, current: int) -> None:
        super().__init__(
            f"The case has changed since you read it: its version is now {current}. "
            "Read it again and repeat your change."
        )
        self.current = current


class MergedAway(Conflict):
    """The case was merged into another one, `into`, where its reports are decided."""

    def __init__(self, into: int) -> None:
        super().__init__(
            f"This case was merged into case {into}, which has its reports: change that one, "
            "or undo the merge."
        )
        self.into = into


class MovedOn(Conflict):
    """A merge or split is not undone: case `at`, to which it belongs, was changed after it."""

    def __init__(self, at: int) -> None:
        super().__init__(
            f"Case {at} was changed after this merge or split: take that back there first, "
            "or merge and split by hand."
        )
        self.at = at


class Throttled(TuzetError):
    """Too many attempts. `retry_after` is in whole seconds."""

    def __init__(self, message: str, retry_after: int) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class SettingsError(TuzetError):
    """The environment is wrong. `problems` lists every fault with what to do, one a line."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems
