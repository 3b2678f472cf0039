"""Filters of the queue, and views that a person keeps."""

from datetime import timedelta

from sqlalchemy import update

from core import views
from core.clock import utcnow
from core.models import Case
from tests.factories import SITE_URL
from tests.service.conftest import Web
from tests.service.dashboard.conftest import NewPerson, Person


def _paged(web: Web, number: int, **metadata: str) -> Case:
    return web.case(
        url=f"{SITE_URL}/{number}",
        canonical_url=None,
        exact=f"сөз{number}",
        suggestion=None,
        metadata=metadata,
    )


def test_the_queue_is_narrowed_by_section_author_and_language(web: Web, editor: Person) -> None:
    sport = _paged(web, 1, section="Спорт", author="Айдана")
    life = _paged(web, 2, section="Қоғам", author="Данияр")
    for query, case in (("section=Спорт", sport), ("author=Данияр", life)):
        assert editor.open(f"/queue?{query}").values(".case", "data-case") == [str(case.id)]
    assert editor.open("/queue?language=ru").values(".case", "data-case") == []
    chosen = editor.open("/queue").values("select[name=section] option", "value")
    assert chosen == ["", *sorted(["Спорт", "Қоғам"])]


def test_the_sections_of_another_site_are_not_offered(
    web: Web, person: NewPerson, editor: Person
) -> None:
    assert editor.user.id
    _paged(web, 1, section="Спорт")
    stranger = person("editor", web.other_site(), email="stranger@dala.example.kz")
    assert stranger.open("/queue").values("select[name=section] option", "value") == []


def test_the_queue_is_narrowed_and_ordered_by_age(web: Web, editor: Person) -> None:
    old, new = _paged(web, 1), _paged(web, 2)
    with web.db.write() as session:
        past = utcnow() - timedelta(days=8)
        session.execute(update(Case).where(Case.id == old.id).values(first_reported_at=past))
    for query, ids in (
        ("age=week", [old.id]),
        ("age=today", [new.id]),
        ("age=fortnight", []),
        ("sort=oldest", [old.id, new.id]),
    ):
        shown = editor.open(f"/queue?group=flat&{query}").values(".case", "data-case")
        assert shown == [str(each) for each in ids], query


def test_a_view_is_kept_under_its_own_address(web: Web, editor: Person) -> None:
    case = _paged(web, 1, section="Спорт")
    _paged(web, 2, section="Қоғам")
    kept = editor.send("/views", name="Спорт", query="section=Спорт&sort=readers&done=x")
    leads = editor.open(kept.address)
    assert "section=" in leads.address
    assert "done" not in leads.address
    shown = editor.open(leads.address)
    assert shown.values(".case", "data-case") == [str(case.id)]
    assert "Спорт" in shown.text(".rail .nav a[aria-current]")
    editor.send(f"{kept.address}/forget")
    assert editor.open(kept.address).status == 404


def test_a_view_keeps_its_order_whatever_goes_without_saying(web: Web, editor: Person) -> None:
    kept = editor.send("/views", name="Түрі", query="kind=typo").address
    assert "sort=priority" in editor.open(kept).address
    with web.db.write() as session:  # as it was saved while the newest went without saying
        views.save_view(session, editor.user.id, "Түрі", "?kind=typo", utcnow())
        bare = views.save_view(session, editor.user.id, "Бәрі", "", utcnow()).id
    assert "kind=typo&sort=newest" in editor.open(kept).address
    assert f"?sort=newest&view={bare}" in editor.open(f"/views/{bare}").address


def test_a_name_used_again_stands_for_the_new_view(web: Web, editor: Person) -> None:
    first = editor.send("/views", name="Менікі", query="kind=fact").address
    again = editor.send("/views", name=" Менікі ", query="kind=typo").address
    assert again.partition("?")[0] == first
    assert "kind=typo" in editor.open(first).address


def test_a_view_without_a_name_is_refused(web: Web, editor: Person) -> None:
    assert editor.send("/views", name=" ", query="").status == 422
    assert editor.send("/views", name="x" * 61, query="").status == 422


def test_a_view_belongs_to_one_person(web: Web, editor: Person, person: NewPerson) -> None:
    kept = editor.send("/views", name="Менікі", query="kind=fact").address
    other = person("editor", email="other@dala.example.kz")
    assert other.open(kept).status == 404
    assert other.send(f"{kept}/forget").status == 404
    assert editor.open(kept).status == 303


def test_a_name_used_again_says_what_became_of_the_earlier_view(web: Web, editor: Person) -> None:
    web.case()

    def kept(query: str) -> str:
        leads = editor.open(editor.send("/views", name="Менікі", query=query).address)
        return editor.open(leads.address).text("main")

    said = "in the place of the earlier view"
    assert said not in kept("kind=fact")
    assert said not in kept("kind=fact")
    assert said in kept("kind=typo")
