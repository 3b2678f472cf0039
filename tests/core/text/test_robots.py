"""robots.txt as RFC 9309 reads it."""

import pytest

from core.text.robots import allows

MANY = """
User-agent: Other
User-agent: Tuzet/1.0
Disallow: /drafts
Allow: /drafts/open

User-agent: *
Disallow: /
"""


@pytest.mark.parametrize(
    ("robots", "path", "allowed"),
    [
        ("", "/news", True),
        ("User-agent: *\nDisallow:", "/news", True),
        ("User-agent: *\nDisallow: /", "/news", False),
        ("User-agent: *\nDisallow: /", "/robots.txt", True),
        ("User-agent: *\nDisallow: /a\nAllow: /a/b", "/a/b/c", True),
        ("User-agent: *\nAllow: /a\nDisallow: /a", "/a", True),
        ("User-agent: *\nDisallow: /*?print", "/news?print=1", False),
        ("User-agent: *\nDisallow: /*.pdf$", "/file.pdf", False),
        ("User-agent: *\nDisallow: /*.pdf$", "/file.pdf?x", True),
        ("User-agent: *\nDisallow: /p$", "/page", True),
        ("User-agent: other\nDisallow: /", "/news", True),
        ("User-agent: *\nDisallow: /x # a remark\n", "/x", False),
        ("\ufeffUSER-AGENT: *\r\nDISALLOW: /x\r\n", "/x/y", False),
        ("Disallow: /", "/news", True),
        ("<!doctype html><p>Disallow: /", "/news", True),
        (MANY, "/news", True),
        (MANY, "/drafts/1", False),
        (MANY, "/drafts/open/1", True),
    ],
)
def test_the_longest_rule_of_the_group_that_means_us_decides(
    robots: str, path: str, allowed: bool
) -> None:
    assert allows(robots, "tuzet", path) is allowed
