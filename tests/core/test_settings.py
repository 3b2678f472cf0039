"""Every setting is checked at the start."""

import stat
import threading
from pathlib import Path

import pytest

from core.errors import SettingsError
from core.settings import Settings

SERVER = "postgresql+psycopg://tuzet:secret@db/tuzet"


def _read(folder: Path, **values: str) -> Settings:
    environ = {f"TUZET_{name}": value for name, value in values.items()}
    return Settings.from_environment({"TUZET_DATA_DIR": str(folder), **environ})


def test_nothing_set_is_the_embedded_default(tmp_path: Path) -> None:
    settings = _read(tmp_path / "var")
    assert settings.database_url == f"sqlite:///{tmp_path}/var/tuzet.sqlite3"
    assert (settings.redis_url, settings.smtp_url, settings.trusted_proxies) == (None, None, 0)
    assert (settings.rate_limits, settings.time_scale) == (True, 1.0)


def test_the_embedded_secret_is_made_once_and_kept_private(tmp_path: Path) -> None:
    first, second = _read(tmp_path), _read(tmp_path)
    assert first.secret_key == second.secret_key
    assert len(first.secret_key) >= 32
    assert stat.S_IMODE((tmp_path / "secret.key").stat().st_mode) == 0o600


def test_processes_that_start_together_agree_on_the_secret(tmp_path: Path) -> None:
    secrets = set[str]()
    starts = [
        threading.Thread(target=lambda: secrets.add(_read(tmp_path).secret_key)) for _ in range(8)
    ]
    for start in starts:
        start.start()
    for start in starts:
        start.join()
    assert len(secrets) == 1
    assert sorted(path.name for path in tmp_path.iterdir()) == ["secret.key"]


def test_a_database_server_needs_a_secret_of_ones_own(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="TUZET_SECRET_KEY"):
        _read(tmp_path, DATABASE_URL=SERVER)
    assert _read(tmp_path, DATABASE_URL=SERVER, SECRET_KEY="s" * 32).secret_key == "s" * 32


def test_a_secret_may_stand_in_a_file(tmp_path: Path) -> None:
    path = tmp_path / "secret"
    path.write_text("f" * 40 + "\n")
    assert _read(tmp_path, SECRET_KEY_FILE=str(path)).secret_key == "f" * 40


def test_no_secret_shows_in_a_repr(tmp_path: Path) -> None:
    settings = _read(
        tmp_path,
        DATABASE_URL=SERVER,
        SECRET_KEY="s" * 32,
        REDIS_URL="redis://:hidden@redis/0",
        SMTP_URL="smtp://me:hidden@mail",
    )
    for secret in ("secret@", "s" * 32, "hidden"):
        assert secret not in repr(settings)


def test_the_plain_postgresql_address_means_the_driver_we_ship(tmp_path: Path) -> None:
    settings = _read(tmp_path, DATABASE_URL="postgresql://a:b@c/d", SECRET_KEY="s" * 32)
    assert settings.database_url == "postgresql+psycopg://a:b@c/d"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "mysql://a@b/c"),
        ("DATABASE_URL", "not a url"),
        ("SECRET_KEY", "short"),
        ("SECRET_KEY_FILE", "/no/such/file"),
        ("REDIS_URL", "http://redis"),
        ("BASE_URL", "tuzet.example.kz"),
        ("BASE_URL", "https://tuzet.example.kz/?a=b"),
        ("BASE_URL", "javascript:alert(1)"),
        ("SMTP_URL", "mail.example.kz"),
        ("SMTP_URL", "smtp://mail:99999"),
        ("MAIL_FROM", "nobody"),
        ("MAIL_FROM", "a@b.kz\nBcc: c@d.kz"),
        ("TRUSTED_PROXIES", "-1"),
        ("TRUSTED_PROXIES", "two"),
        ("PRIVATE_NETWORKS", "10.0.0.0/33"),
        ("PRIVATE_NETWORKS", "10.0.0.1/8"),
        ("RATE_LIMITS", "maybe"),
        ("TIME_SCALE", "0"),
        ("TIME_SCALE", "nan"),
        ("TIME_SCALE", "fast"),
    ],
)
def test_a_wrong_value_is_told_with_the_name_of_the_variable(
    tmp_path: Path, name: str, value: str
) -> None:
    with pytest.raises(SettingsError) as told:
        _read(tmp_path, **{name: value})
    (problem,) = told.value.problems
    assert problem.startswith(f"TUZET_{name.removesuffix('_FILE')}: ")


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as told:
        _read(tmp_path, TRUSTED_PROXIES="x", TIME_SCALE="x", RATE_LIMITS="x")
    assert len(told.value.problems) == 3


OIDC = {
    "TUZET_OIDC_ISSUER": "https://login.example.kz/realms/news/",
    "TUZET_OIDC_CLIENT_ID": "tuzet",
    "TUZET_OIDC_CLIENT_SECRET": "never shown",
}


def test_a_provider_is_known_as_it_names_itself_and_its_secret_is_not_shown(tmp_path: Path) -> None:
    settings = Settings.from_environment({"TUZET_DATA_DIR": str(tmp_path), **OIDC})
    assert settings.provider is not None
    assert settings.provider.issuer.endswith("/news/")
    assert settings.provider.client_secret == "never shown"
    assert "never shown" not in repr(settings)


def test_the_providers_secret_may_stand_in_a_file(tmp_path: Path) -> None:
    path = tmp_path / "given"
    path.write_text("of the file\n", encoding="utf-8")
    environ = {**OIDC, "TUZET_DATA_DIR": str(tmp_path), "TUZET_OIDC_CLIENT_SECRET_FILE": str(path)}
    del environ["TUZET_OIDC_CLIENT_SECRET"]
    settings = Settings.from_environment(environ)
    assert settings.provider is not None
    assert settings.provider.client_secret == "of the file"


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"TUZET_OIDC_CLIENT_SECRET": ""}, "TUZET_OIDC_CLIENT_SECRET"),
        ({"TUZET_OIDC_CLIENT_ID": " "}, "TUZET_OIDC_CLIENT_ID"),
        ({"TUZET_OIDC_ISSUER": ""}, "TUZET_OIDC_ISSUER"),
        ({"TUZET_OIDC_ISSUER": "http://login.example.kz"}, "TUZET_OIDC_ISSUER"),
        ({"TUZET_OIDC_ISSUER": "https://a:b@login.example.kz"}, "TUZET_OIDC_ISSUER"),
        ({"TUZET_OIDC_NAME": "two\nlines"}, "TUZET_OIDC_NAME"),
        (
            {"TUZET_OIDC_CLIENT_SECRET": "", "TUZET_OIDC_CLIENT_SECRET_FILE": "/nowhere"},
            "TUZET_OIDC_CLIENT_SECRET",
        ),
    ],
)
def test_half_a_provider_stops_the_start(
    tmp_path: Path, change: dict[str, str], named: str
) -> None:
    with pytest.raises(SettingsError) as wrong:
        Settings.from_environment({"TUZET_DATA_DIR": str(tmp_path), **OIDC, **change})
    assert [problem.partition(":")[0] for problem in wrong.value.problems] == [named]
    assert "never shown" not in str(wrong.value)
