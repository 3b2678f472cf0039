"""The page of numbers, exports of what the queue shows, and the feed."""

import csv
import io
import json
from datetime import date, timedelta
from itertools import pairwise
from xml.etree import ElementTree as ET

import pytest

from core.clock import utcnow
from core.db import Database
from core.models import Case, User
from core.numbers import Day
from service.dashboard.charts import chart_of
from tests.factories import SITE_URL
from tests.service.conftest import Web
from tests.service.dashboard.conftest import BASE, NewPerson, Person

ATOM = "{http://www.w3.org/2005/Atom}"


def test_the_numbers_of_a_newsroom_stand_on_a_page(web: Web, editor: Person) -> None:
    case = web.case(metadata={"section": "Спорт", "author": "Айдана"})
    editor.decide(case, "accept")
    opened = editor.open("/numbers")
    assert opened.status == 200
    assert opened.text(".tiles dd") == "1"
    assert "Спорт" in opened.text("section[aria-labelledby=h-section]")
    assert "100" in opened.text("section[aria-labelledby=h-kind]")
    assert len(opened.answer.data) < 100_000


@pytest.mark.parametrize(("days", "named"), [(8, 8), (31, 7), (91, 7), (366, 6), (1, 1)])
def test_the_days_below_the_chart_are_evenly_apart(days: int, named: int) -> None:
    first = date(2026, 3, 1)
    chart = chart_of([Day(first + timedelta(days=n), 1, 1) for n in range(days)])
    apart = {(b - a).days for a, b in pairwise(chart.labels)}
    assert (len(chart.labels), len(apart) <= 1) == (named, True)
    assert (chart.labels[0], chart.labels[-1]) == (first, first + timedelta(days=days - 1))


def test_an_empty_newsroom_has_numbers_too(web: Web, editor: Person) -> None:
    for period in ("7", "365", "x"):
        assert editor.open(f"/numbers?period={period}").status == 200


def test_what_a_filter_shows_goes_out_as_a_table(web: Web, editor: Person) -> None:
    first = web.case()
    web.case(url=f"{SITE_URL}/2", canonical_url=None, kind="fact")
    answer = editor.open("/export.csv?kind=typo").answer
    rows = list(csv.DictReader(io.StringIO(answer.get_data(as_text=True).lstrip("\ufeff"))))
    assert [row["id"] for row in rows] == [str(first.id)]
    assert rows[0]["quote"] == "балаларга"
    assert "attachment" in answer.headers["Content-Disposition"]


def test_and_as_json(web: Web, editor: Person) -> None:
    assert json.loads(editor.open("/export.json").answer.data) == []
    ids = {web.case().id, web.case(url=f"{SITE_URL}/2", canonical_url=None).id}
    assert {item["id"] for item in json.loads(editor.open("/export.json").answer.data)} == ids


def test_the_files_of_the_numbers_hold_the_cases_that_they_count(web: Web, editor: Person) -> None:
    counted, old, merged = (web.case(url=f"{SITE_URL}/{n}", canonical_url=None) for n in range(3))
    with web.db.write() as session:
        session.get_one(Case, old.id).first_reported_at = utcnow() - timedelta(days=8)
        session.get_one(Case, merged.id).merged_into_id = counted.id
    links = editor.open("/numbers?period=7").values("a.button.quiet", "href")
    (table, listed) = (link for link in links if link.startswith("/export."))
    assert [item["id"] for item in json.loads(editor.open(listed).answer.data)] == [counted.id]
    rows = csv.DictReader(io.StringIO(editor.open(table).answer.get_data(as_text=True)))
    assert [row["status"] for row in rows] == ["new"]
    both = json.loads(editor.open("/export.json?status=all&period=30").answer.data)
    assert {item["id"] for item in both} == {counted.id, old.id}


def test_another_sites_cases_do_not_go_out(web: Web, person: NewPerson) -> None:
    web.case()
    stranger = person("admin", web.other_site(), email="stranger@dala.example.kz")
    assert json.loads(stranger.open("/export.json").answer.data) == []
    assert len(stranger.open("/export.csv").answer.get_data(as_text=True).splitlines()) == 1
    assert json.loads(stranger.open("/export.json?site=dala").answer.data) == []


def test_the_feed_opens_without_a_log_in(web: Web, editor: Person) -> None:
    case = web.case()
    (address,) = editor.open("/queue?kind=typo").values("a[type='application/atom+xml']", "href")
    answer = web.app.test_client().get(address, base_url=BASE)
    assert answer.content_type.startswith("application/atom+xml")
    entries = ET.fromstring(answer.data).findall(f"{ATOM}entry")
    assert [entry.findtext(f"{ATOM}id") for entry in entries] == [f"{BASE}/cases/{case.id}"]
    other = web.app.test_client().get(address.replace("typo", "fact"), base_url=BASE)
    assert ET.fromstring(other.data).findall(f"{ATOM}entry") == []


def test_a_feed_is_not_guessed_and_outlives_the_password(web: Web, editor: Person) -> None:
    web.case()
    address, client = _feed_of(editor), web.app.test_client()
    assert client.get(address[:-6] + "g.atom", base_url=BASE).status_code == 404
    assert client.get("/feeds/x.atom", base_url=BASE).status_code == 404
    _change(web.db, editor, password_hash="another")
    assert client.get(address, base_url=BASE).status_code == 200
    assert _feed_of(editor) == address


def test_a_feed_ends_when_its_reader_asks_for_a_new_address(web: Web, editor: Person) -> None:
    web.case()
    address, client = _feed_of(editor), web.app.test_client()
    sent = editor.send("/profile/feed")
    assert "new address" in editor.open(sent.address).text(".notice.good")
    assert client.get(address, base_url=BASE).status_code == 404
    assert _feed_of(editor) != address
    assert client.get(_feed_of(editor), base_url=BASE).status_code == 200


def test_an_address_from_before_holds_until_there_is_a_new_one(web: Web, editor: Person) -> None:
    web.case()
    salt, client = editor.user.feed_salt, web.app.test_client()
    _change(web.db, editor, feed_salt=None)
    before = _feed_of(editor)  # as yesterday's version made it
    _change(web.db, editor, feed_salt=salt, feed_old=True)
    assert _feed_of(editor) != before
    assert client.get(before, base_url=BASE).status_code == 200
    editor.send("/profile/feed")
    assert client.get(before, base_url=BASE).status_code == 404


def _feed_of(person: Person) -> str:
    (address,) = person.open("/queue").values("a[type='application/atom+xml']", "href")
    return address


def _change(db: Database, person: Person, **values: object) -> None:
    with db.write() as session:
        user = session.get_one(User, person.user.id)
        for name, value in values.items():
            setattr(user, name, value)
