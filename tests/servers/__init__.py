"""Real servers for the tests: found, else taken from wheels, started on loopback, ended after."""

import os


class Missing(Exception):
    """A server or browser that this machine does not have. The message says what to do."""


def is_required() -> bool:
    """Whether what is missing fails a test (as in CI) rather than skipping it."""
    return os.environ.get("TUZET_TEST_REQUIRE") == "all"
