"""The adapter and the plugin's guard, against a real WordPress."""

import json

import pytest

from core import cms
from core.clock import utcnow
from core.cms import CmsError, Connection, Miss, Outcome, Sought, Words
from core.cms.contract import ChangedMeanwhileError, OtherPageError
from core.cms.wordpress import WordPress as Adapter
from core.net import Answer, Call
from tests.core.cms.newsroom import caller
from tests.wordpress.installation import WordPress

pytestmark = [pytest.mark.wordpress, pytest.mark.xdist_group("wordpress")]
WORDS = Words("балаларга", "Бұл зал ", " арналған екен деп", "балаларға")
TEXT = (
    'Бұл зал <em>бала</em>ларга [caption id="7" width="3"]арналған[/caption] екен деп\n\n'
    "Екінші абзац \\ кері қиғаш сызық, \"тырнақша\" және 'апостроф'."
)


def adapter(paper: WordPress, password: str | None = None) -> cms.Adapter:
    connection = Connection("wordpress", paper.address, paper.user, password or paper.password)
    return cms.adapter_of(connection, caller(), utcnow)


def published(paper: WordPress, slug: str) -> int:
    return paper.publish(f"Мақала {slug}", TEXT, slug)


def test_a_post_is_found_by_its_number_and_by_its_address(paper: WordPress) -> None:
    number = published(paper, "tabu")
    by_number = adapter(paper).find(Sought(f"{paper.address}/?p={number}"))
    by_address = adapter(paper).find(Sought(f"{paper.address}/tabu/?utm_source=x"))
    assert by_number == by_address
    assert by_number is not None
    assert (by_number.id, by_number.edit_url) == (
        f"posts/{number}",
        f"{paper.address}/wp-admin/post.php?post={number}&action=edit",
    )
    assert adapter(paper).find(Sought(f"{paper.address}/nowhere/")) is None
    assert adapter(paper).find(Sought(f"{paper.address}/?p=999999", "999999")) is None
    other = published(paper, "baska")
    assert adapter(paper).find(Sought(f"{paper.address}/tabu/", str(other))) == by_number
    with pytest.raises(OtherPageError):
        adapter(paper).find(Sought(f"{paper.address}/nowhere/", str(other)))


def test_a_classic_post_keeps_every_backslash_and_quotation_mark(paper: WordPress) -> None:
    number = published(paper, "klassika")
    before = paper.content(number)
    sought = Sought(f"{paper.address}/klassika/", str(number))
    seen = cms.preview(adapter(paper), sought, WORDS)
    done = cms.apply(adapter(paper), sought, WORDS, seen.expected)
    assert done.outcome is Outcome.DONE
    assert paper.content(number) == before.replace("ларга", "ларға")
    assert done.after is not None
    back = cms.revert(adapter(paper), done.after.id, done.state, done.field, done.inverse)
    assert back.outcome is Outcome.DONE
    assert paper.content(number) == before


def test_a_title_is_corrected_too(paper: WordPress) -> None:
    number = paper.publish("Балаларга арналған жаңа зал & кітап", "<p>Мәтін.</p>", "takyryp")
    words = Words("Балаларга", "", " арналған жаңа зал", "Балаларға")
    sought = Sought(f"{paper.address}/takyryp/", str(number))
    seen = cms.preview(adapter(paper), sought, words)
    assert seen.field == "title"
    done = cms.apply(adapter(paper), sought, words, seen.expected)
    assert done.after is not None
    assert done.after.fields["title"].startswith("Балаларға арналған")


def test_the_plugin_refuses_a_write_into_a_post_that_changed_at_the_last_moment(
    paper: WordPress,
) -> None:
    number = published(paper, "sonda")
    edited = paper.content(number).replace("Екінші", "Үшінші")
    way = caller()

    def meddled(call: Call) -> Answer:
        """Somebody saves the post after we have looked, and just before we write."""
        if call.method == "POST":
            paper.save(number, edited)
        return way(call)

    connection = Connection("wordpress", paper.address, paper.user, paper.password)
    hurried = Adapter(connection, meddled, utcnow)
    document = hurried.read(f"posts/{number}")
    assert document is not None
    with pytest.raises(ChangedMeanwhileError):
        hurried.write(document, {"content": "басқа мәтін"})
    assert paper.content(number) == edited


def test_words_that_are_not_there_are_not_found(paper: WordPress) -> None:
    number = paper.publish("Бос", "<p>Мұнда басқа мәтін.</p>", "bos")
    seen = cms.preview(adapter(paper), Sought(f"{paper.address}/bos/", str(number)), WORDS)
    assert (seen.outcome, seen.miss) == (Outcome.NOT_FOUND, Miss.NOT_FOUND)


def test_a_wrong_password_is_said_to_be_wrong(paper: WordPress) -> None:
    with pytest.raises(CmsError, match="does not let us in"):
        cms.preview(adapter(paper, "xxxx xxxx"), Sought(f"{paper.address}/tabu/"), WORDS)


def test_the_page_says_what_the_snippet_reads(paper: WordPress) -> None:
    paper.set_up("https://tuzet.example.kz", "dala", "")
    published(paper, "beti")
    page = caller()(Call(url=f"{paper.address}/beti/", method="GET", answer_bytes=500_000)).text
    assert '<meta name="tuzet:cms_id" content="' in page
    assert '<meta name="author" content="Айгерім Сәрсен">' in page
    assert 'src="https://tuzet.example.kz/tuzet.js" data-site="dala" async' in page


def test_settings_are_cleaned_and_the_secret_is_never_shown(paper: WordPress) -> None:
    shown = paper.run(
        """require_once ABSPATH . 'wp-admin/includes/admin.php';
        update_option( 'tuzet_secret', 'whsec_hidden' );
        wp_set_current_user( 1 );
        ob_start();
        tuzet_show_settings();
        return ob_get_clean();"""
    )
    assert "whsec_hidden" not in json.dumps(shown)
    assert "tuzet_site" in shown
    assert paper.run("return tuzet_keep_secret( '' );") == "whsec_hidden"
