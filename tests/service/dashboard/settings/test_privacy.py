"""What readers are told about their data, when it is forgotten, and the way into the CMS."""

import pytest
from sqlalchemy import update

from core.models import Page, Report, Site
from tests.service.conftest import Web
from tests.service.dashboard.conftest import NewPerson, Person

LINK = "https://dala.example.kz/post.php?post={cms_id}&action=edit"


@pytest.fixture
def admin(person: NewPerson) -> Person:
    return person("admin", email="admin@dala.example.kz")


def test_what_readers_are_told_stands_on_their_receipt(web: Web, admin: Person) -> None:
    told = {"privacy.kk": "90 күн <b>сақталады</b>", "forget_reader_days": "90"}
    sent = admin.send(f"/settings/{web.site.id}/privacy", None, **told)
    assert sent.address == f"/settings/{web.site.id}/privacy?done=saved"
    case = web.case()
    with web.db.read() as session:
        receipt = session.query(Report).filter_by(case_id=case.id).one().receipt
        assert session.get_one(Site, web.site.id).forget_reader_days == 90
    for language in ("kk", "ru"):
        page = web.client.get(f"/r/{receipt}?lang={language}").get_data(as_text=True)
        assert '<p class="told" lang="kk">90 күн &lt;b&gt;сақталады&lt;/b&gt;</p>' in page
    assert "90 days after" in admin.open(f"/settings/{web.site.id}/snippet").text("#snippet")


def test_days_out_of_bounds_are_told_and_what_was_typed_stays(web: Web, admin: Person) -> None:
    typed = {"privacy.kk": "Мәтін", "forget_reader_days": "0", "forget_words_days": "30"}
    sent = admin.send(f"/settings/{web.site.id}/privacy", None, **typed)
    assert sent.status == 422
    assert len(sent.texts(".wrong")) == 2
    assert sent.text("#privacy-kk") == "Мәтін"
    assert sent.values("#forget_words_days", "value") == ["30"]


def test_a_case_leads_to_the_cmss_edit_page(web: Web, admin: Person, editor: Person) -> None:
    case = web.case()
    assert "Edit in the CMS" not in editor.open(f"/cases/{case.id}").text()
    admin.send(f"/settings/{web.site.id}/cms", None, edit_link=LINK)
    assert "Edit in the CMS" not in editor.open(f"/cases/{case.id}").text()
    with web.db.write() as session:
        session.execute(update(Page).values(cms_id='7&x="/../'))
    hrefs = editor.open(f"/cases/{case.id}").values("a", "href")
    assert LINK.replace("{cms_id}", "7%26x%3D%22%2F..%2F") in hrefs


def test_a_link_that_runs_a_script_is_refused_and_shown_again(web: Web, admin: Person) -> None:
    wrong = "javascript:alert({cms_id})"
    sent = admin.send(f"/settings/{web.site.id}/cms", None, edit_link=wrong)
    assert sent.status == 422
    assert sent.values("#edit_link", "value") == [wrong]
    with web.db.read() as session:
        assert session.get_one(Site, web.site.id).edit_link is None
