"""Sites and channels are made with checked values only."""

from datetime import datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from core import sites
from core.db import Database
from core.errors import Conflict, Invalid, NotFound
from core.models import Channel, Site
from core.sealing import unseal
from core.settings import Settings
from tests.factories import make_settings


@pytest.fixture
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return make_settings(tmp_path_factory.mktemp("data"))


def _add(session: Session, now: datetime, **values: object) -> Site:
    given = {
        "name": "Дала үні",
        "url": "https://Dala.example.kz",
        "origins": [],
        "languages": ["kk"],
        **values,
    }
    return sites.add_site(session, now=now, **given)  # type: ignore[arg-type]


def _faults(caught: pytest.ExceptionInfo[Invalid]) -> set[str]:
    return {error.field for error in caught.value.errors}


def test_a_site_gets_a_key_and_may_report_from_its_own_origin(db: Database, now: datetime) -> None:
    with db.write() as session:
        key = _add(session, now).key
    with db.read() as session:
        site = session.scalars(select(Site).where(Site.key == key)).one()
        assert site.url == "https://dala.example.kz/"
        assert site.origins == ["https://dala.example.kz"]
        assert site.language == "kk"


def test_two_sites_never_share_a_key(db: Database, now: datetime) -> None:
    with db.write() as session:
        assert _add(session, now).key != _add(session, now).key


def test_other_origins_are_kept_as_browsers_write_them(db: Database, now: datetime) -> None:
    named = ["https://WWW.dala.example.kz:443/", "http://127.0.0.1:9000", "https://дала.қаз"]
    with db.write() as session:
        origins = _add(session, now, origins=[*named, named[0]]).origins
    assert origins == [
        "https://dala.example.kz",
        "https://www.dala.example.kz",
        "http://127.0.0.1:9000",
        "https://xn--80aak3a.xn--80ao21a",
    ]


def test_the_first_language_is_the_main_one(db: Database, now: datetime) -> None:
    with db.write() as session:
        site = _add(session, now, languages=["ru", "kk", "ru"])
        assert site.languages == ["ru", "kk"]


def test_all_faults_of_a_site_are_told_at_once(db: Database, now: datetime) -> None:
    with pytest.raises(Invalid) as caught, db.write() as session:
        _add(
            session,
            now,
            name=" ",
            url="dala.example.kz",
            origins=["https://a.kz/news"],
            languages=["xx"],
            timezone="Asia/Nowhere",
        )
    assert _faults(caught) == {"name", "url", "origin", "language", "timezone"}


@pytest.mark.parametrize(
    "url",
    [
        "",
        "javascript:alert(1)",
        "ftp://a.kz",
        "https://user:word@a.kz",
        "https://a b.kz",
        "https://" + "a" * 3_000,
        "null",
    ],
)
def test_a_home_page_is_an_address_on_the_web(db: Database, now: datetime, url: str) -> None:
    with pytest.raises(Invalid) as caught, db.write() as session:
        _add(session, now, url=url)
    assert _faults(caught) == {"url"}


def test_a_site_speaks_at_least_one_language(db: Database, now: datetime) -> None:
    with pytest.raises(Invalid) as caught, db.write() as session:
        _add(session, now, languages=[])
    assert _faults(caught) == {"language"}


def test_a_mail_channel_speaks_the_sites_language_and_has_no_secret(
    db: Database, now: datetime, settings: Settings
) -> None:
    with db.write() as session:
        site = _add(session, now, languages=["ru"])
        channel, secret = sites.add_channel(
            session, site.key, "email", " desk@dala.example.kz ", None, settings, now
        )
    assert secret is None
    assert channel.target == "desk@dala.example.kz"
    assert channel.language == "ru"


def test_a_webhooks_secret_is_told_once_and_kept_sealed(
    db: Database, now: datetime, settings: Settings
) -> None:
    with db.write() as session:
        site = _add(session, now)
        channel, secret = sites.add_channel(
            session, site.key, "webhook", "https://hooks.example.kz/tuzet", "en", settings, now
        )
    assert secret is not None
    assert secret.startswith("whsec_")
    assert channel.sealed_secret is not None
    assert secret not in channel.sealed_secret
    assert unseal(channel.sealed_secret, settings.secret_key) == secret


@pytest.mark.parametrize(
    ("kind", "target"),
    [
        ("email", "desk"),
        ("email", "desk@dala"),
        ("email", "desk@dala.kz\nBcc: all@dala.kz"),
        ("email", "Desk <desk@dala.kz>"),
        ("email", "a@b.kz,c@d.kz"),
        ("webhook", "hooks.example.kz"),
        ("webhook", "file:///etc/passwd"),
        ("webhook", "https://user:word@hooks.example.kz"),
    ],
)
def test_a_target_fits_its_kind(
    db: Database, now: datetime, settings: Settings, kind: str, target: str
) -> None:
    with pytest.raises(Invalid) as caught, db.write() as session:
        key = _add(session, now).key
        sites.add_channel(session, key, kind, target, "kk", settings, now)
    assert _faults(caught) == {"target"}


def test_a_kind_that_cannot_send_is_refused(
    db: Database, now: datetime, settings: Settings
) -> None:
    with pytest.raises(Invalid) as caught, db.write() as session:
        key = _add(session, now).key
        sites.add_channel(session, key, "pigeon", "loft", "kk", settings, now)
    assert _faults(caught) == {"kind"}


def test_a_channel_belongs_to_a_site_that_exists(
    db: Database, now: datetime, settings: Settings
) -> None:
    with pytest.raises(NotFound), db.write() as session:
        sites.add_channel(session, "nowhere", "email", "a@b.kz", "kk", settings, now)


def test_a_site_has_a_channel_only_once(db: Database, now: datetime, settings: Settings) -> None:
    with pytest.raises(Conflict), db.write() as session:
        key = _add(session, now).key
        for _ in range(2):
            sites.add_channel(session, key, "email", "a@b.kz", "kk", settings, now)
    with db.read() as session:
        assert session.scalars(select(Channel)).all() == []


EDIT_LINK = "https://dala.example.kz/wp-admin/post.php?post={cms_id}&action=edit"


def test_a_link_to_the_cms_is_kept_and_taken_away(db: Database, now: datetime) -> None:
    with db.write() as session:
        site = _add(session, now)
        assert sites.set_edit_link(site, f" {EDIT_LINK} ") == ["edit_link"]
        assert site.edit_link == EDIT_LINK
        assert sites.set_edit_link(site, EDIT_LINK) == []
        assert sites.set_edit_link(site, " ") == ["edit_link"]
        assert site.edit_link is None


@pytest.mark.parametrize(
    "link",
    [
        "javascript:alert({cms_id})",
        "https://dala.example.kz/post.php",
        "https://{cms_id}.example.kz/",
        "https://dala.example.kz:{cms_id}/",
        "https://user@dala.example.kz/{cms_id}",
        "https://dala.example.kz{cms_id}",
        "https://dala/{cms_id}",
        "https://dala.example.kz/{cms_id}/{title}",
        "/post/{cms_id}",
    ],
)
def test_a_link_to_the_cms_leads_to_a_host_on_the_web(
    db: Database, now: datetime, link: str
) -> None:
    with pytest.raises(Invalid) as caught, db.write() as session:
        sites.set_edit_link(_add(session, now), link)
    assert _faults(caught) == {"edit_link"}


def test_what_readers_are_told_is_kept_by_language(db: Database, now: datetime) -> None:
    with db.write() as session:
        site = _add(session, now)
        told = {"kk": "Бірінші  жол\r\n\r\n\r\n\r\nекінші", "ru": "  "}
        changed = sites.set_readers_data(site, told, "90", "365")
        assert changed == ["privacy", "forget_reader_days", "forget_words_days"]
        assert site.privacy == {"kk": "Бірінші жол\n\nекінші"}
        assert sites.set_readers_data(site, told, "90", "") == ["forget_words_days"]


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("forget_reader_days", ({}, "0", "")),
        ("forget_reader_days", ({}, "-1", "")),
        ("forget_reader_days", ({}, "٣", "")),
        ("forget_reader_days", ({}, "9" * 5_000, "")),
        ("forget_words_days", ({}, "", "30")),
        ("privacy.kk", ({"kk": "ә" * 2_001}, "", "")),
        ("privacy.kk", ({"kk": "a\u202eb"}, "", "")),
    ],
)
def test_days_and_texts_for_readers_have_their_bounds(
    db: Database, now: datetime, field: str, values: tuple[dict[str, str], str, str]
) -> None:
    with pytest.raises(Invalid) as caught, db.write() as session:
        sites.set_readers_data(_add(session, now), *values)
    assert _faults(caught) == {field}
