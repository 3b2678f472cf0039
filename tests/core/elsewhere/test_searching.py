"""The rest of a site is looked through: by its sitemap and feeds, politely, to the end."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from core import elsewhere
from core.errors import Conflict
from core.models import Case, ElsewhereSearch, Page, ReadingBudget
from core.politeness import BUDGET
from tests.core.verification.press import EDITOR, Newsroom
from tests.factories import PAGE_URL, SITE_URL, WRONG

OTHER = f"{SITE_URL}/news/other"
CLEAN = f"{SITE_URL}/news/clean"
WRONG_TOO = f"Бұл да {WRONG} арналған мақала, бірақ басқа оқиға туралы жазылған."


def ask(newsroom: Newsroom, case: Case) -> None:
    with newsroom.db.write() as session:
        elsewhere.begin(session, case.id, EDITOR, newsroom.now)


def look(newsroom: Newsroom, most: int = 1_000) -> int:
    fetch = newsroom.press.fetch
    return elsewhere.look_due(
        newsroom.db, newsroom.settings, fetch, lambda: newsroom.now, most=most
    )


def found(newsroom: Newsroom) -> list[str]:
    with newsroom.db.read() as session:
        search = session.scalars(select(ElsewhereSearch)).one()
        return [place["url"] for place in elsewhere.as_progress(search).found]


def is_done(newsroom: Newsroom) -> bool:
    with newsroom.db.read() as session:
        return session.scalars(select(ElsewhereSearch.due_at)).one() is None


def sitemap(*addresses: str) -> str:
    listed = "".join(f"<url><loc>{address}</loc></url>" for address in addresses)
    return f'<?xml version="1.0"?><urlset>{listed}</urlset>'


def publish(newsroom: Newsroom) -> Case:
    case = newsroom.report()
    newsroom.press.publish(WRONG_TOO, url=OTHER)
    newsroom.press.publish("Мұнда қате жоқ, бәрі дұрыс жазылған.", url=CLEAN)
    return case


def test_pages_of_the_sitemap_are_read_and_those_with_the_form_are_listed(
    newsroom: Newsroom,
) -> None:
    case = publish(newsroom)
    newsroom.press.pages[f"{SITE_URL}/sitemap.xml"] = sitemap(PAGE_URL, OTHER, CLEAN)
    ask(newsroom, case)
    look(newsroom)
    assert found(newsroom) == [OTHER]
    assert is_done(newsroom)
    with newsroom.db.read() as session:
        (place,) = elsewhere.as_progress(session.scalars(select(ElsewhereSearch)).one()).found
    assert place["words"] == WRONG
    assert place["before"].endswith("Бұл да ")


def test_an_index_of_sitemaps_and_a_sitemap_that_robots_name_are_followed(
    newsroom: Newsroom,
) -> None:
    case = publish(newsroom)
    newsroom.press.pages[f"{SITE_URL}/robots.txt"] = f"Sitemap: {SITE_URL}/maps.xml"
    newsroom.press.pages[f"{SITE_URL}/maps.xml"] = (
        f"<sitemapindex><sitemap><loc>{SITE_URL}/map-1.xml</loc></sitemap></sitemapindex>"
    )
    newsroom.press.pages[f"{SITE_URL}/map-1.xml"] = sitemap(OTHER)
    ask(newsroom, case)
    look(newsroom)
    assert found(newsroom) == [OTHER]
    assert f"{SITE_URL}/sitemap.xml" not in [each.url for each in newsroom.press.asked]


def test_a_feed_that_the_home_page_names_is_followed(newsroom: Newsroom) -> None:
    case = publish(newsroom)
    newsroom.press.pages[SITE_URL] = (
        "<head><link rel=alternate type='application/rss+xml' href='/rss'></head>"
    )
    newsroom.press.pages[f"{SITE_URL}/rss"] = (
        f"<rss><item><link>{OTHER}</link></item><item><link>https://x.kz/</link></item></rss>"
    )
    ask(newsroom, case)
    look(newsroom)
    assert found(newsroom) == [OTHER]
    assert "https://x.kz/" not in [each.url for each in newsroom.press.asked]


def test_no_page_is_read_twice_though_a_worker_dies_with_one(newsroom: Newsroom) -> None:
    case = publish(newsroom)
    newsroom.press.pages[f"{SITE_URL}/sitemap.xml"] = sitemap(OTHER, CLEAN, OTHER)
    ask(newsroom, case)
    look(newsroom, most=4)
    newsroom.later(minutes=3)
    look(newsroom)
    asked = [each.url for each in newsroom.press.asked if each.url in (OTHER, CLEAN)]
    assert sorted(asked) == [CLEAN, OTHER]


def test_an_address_whose_turn_has_not_come_stays(newsroom: Newsroom) -> None:
    case = publish(newsroom)
    newsroom.press.pages[f"{SITE_URL}/sitemap.xml"] = sitemap(OTHER)
    ask(newsroom, case)
    newsroom.press.busy = 30.0
    assert look(newsroom) == 1
    newsroom.press.busy = None
    assert look(newsroom) == 0
    newsroom.later(seconds=31)
    look(newsroom)
    assert found(newsroom) == [OTHER]


def test_a_site_whose_budget_is_spent_waits(newsroom: Newsroom) -> None:
    case = publish(newsroom)
    ask(newsroom, case)
    with newsroom.db.write() as session:
        session.merge(ReadingBudget(site_id=case.site_id, since=newsroom.now, spent=BUDGET))
    assert look(newsroom) == 0
    assert not is_done(newsroom)
    newsroom.later(days=1, seconds=1)
    assert look(newsroom) > 0


def test_a_search_ends_where_nothing_can_be_read(newsroom: Newsroom) -> None:
    case = newsroom.report()
    ask(newsroom, case)
    assert look(newsroom) == 4  # robots.txt, the home page, and two usual sitemaps
    assert is_done(newsroom)


def test_pages_whose_text_we_have_are_looked_through_at_once(newsroom: Newsroom) -> None:
    case = publish(newsroom)
    newsroom.report(url=OTHER, canonical_url=OTHER, prefix="Бұл да ", suffix=" арналған мақала")
    with newsroom.db.read() as session:
        hits = elsewhere.on_known_pages(session, session.get_one(Case, case.id))
        own = session.get_one(Page, case.page_id).link
    assert [hit.url for hit in hits] == [OTHER]
    assert own not in [hit.url for hit in hits]


def test_what_was_erased_cannot_be_looked_for(newsroom: Newsroom) -> None:
    case = newsroom.report()
    with newsroom.db.write() as session:
        row = session.get_one(Case, case.id)
        row.exact = row.prefix = row.suffix = ""
    with pytest.raises(Conflict):
        ask(newsroom, case)


def test_asking_again_begins_anew(newsroom: Newsroom) -> None:
    case = publish(newsroom)
    ask(newsroom, case)
    look(newsroom)
    newsroom.press.pages[f"{SITE_URL}/sitemap.xml"] = sitemap(OTHER)
    newsroom.now += timedelta(hours=1)
    ask(newsroom, case)
    look(newsroom)
    assert found(newsroom) == [OTHER]


def test_a_page_that_we_know_is_found_though_its_word_has_soft_hyphens(
    newsroom: Newsroom,
) -> None:
    case = newsroom.report()
    hyphened = f"{WRONG[:4]}\u00ad{WRONG[4:]}"
    newsroom.press.publish(WRONG_TOO.replace(WRONG, hyphened), url=OTHER)
    newsroom.report(
        url=OTHER,
        canonical_url=OTHER,
        exact="оқиға",
        prefix="бірақ басқа ",
        suffix=" туралы",
        suggestion=None,
    )
    with newsroom.db.read() as session:
        (hit,) = elsewhere.on_known_pages(session, session.get_one(Case, case.id))
    assert (hit.url, hit.places[0].words) == (OTHER, hyphened)
