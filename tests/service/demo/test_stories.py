"""The demo's cases are about what really stands on its pages."""

from service.demo.articles import originals, plain, published, slips
from service.demo.stories import mended, stories


def _texts() -> dict[str, str]:
    """The plain text of each article as its page shows it when the demo begins."""
    right = mended()
    return {
        f"{it.language}/{it.slug}": " ".join(
            [it.title, it.lead, *(plain(p) for p in published(it, right))]
        )
        for it in originals().values()
    }


def test_there_are_about_forty_cases_in_all_states() -> None:
    statuses = [story.status for story in stories()]
    assert 40 <= len(statuses) <= 50
    assert set(statuses) == {"new", "accepted", "fixed", "verified", "dismissed"}


def test_each_language_has_articles_and_cases() -> None:
    assert {article.language for article in originals().values()} == {"kk", "ru", "en"}
    assert {story.slip.article.language for story in stories()} == {"kk", "ru", "en"}


def test_what_is_quoted_stands_on_the_page_unless_it_has_been_put_right() -> None:
    texts, right = _texts(), mended()
    for story in stories():
        slip = story.slip
        text = texts[f"{slip.article.language}/{slip.article.slug}"]
        stands = slip.right if slip.id in right else slip.wrong
        head, tail = slip.before[-24:], slip.after[:24]
        assert f"{head}{stands}{tail}".strip() in text, slip


def test_a_settled_case_is_put_right_on_its_page() -> None:
    right = mended()
    for story in stories():
        if story.status == "verified":
            assert story.slip.id in right
        if story.status in {"new", "dismissed"}:
            assert story.slip.id not in right


def test_nobody_reports_an_article_before_it_is_published() -> None:
    for story in stories():
        assert story.ago.total_seconds() <= story.slip.article.days * 86_400, story.slip.id


def test_some_errors_are_left_for_the_newcomer_to_find() -> None:
    told = {story.slip.id for story in stories()} - {""}
    for article in originals().values():
        unnoticed = [paragraph for paragraph in article.paragraphs if "{" in paragraph]
        assert unnoticed
    assert {slip.id for article in originals().values() for slip in slips(article, ())} > told
