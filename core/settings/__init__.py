"""Every setting of the installation, checked once at the start and passed in from there."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from ipaddress import ip_network
from pathlib import Path
from typing import TypeVar

from core.errors import SettingsError
from core.settings import values
from core.settings.values import Network

T = TypeVar("T")

_NOWHERE: tuple[Network, ...] = ()
_LOOPBACK: tuple[Network, ...] = (ip_network("127.0.0.0/8"), ip_network("::1/128"))


@dataclass(frozen=True)
class Provider:
    """An OpenID Connect provider that people may come in through. `name` is the button's word."""

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    name: str = "OpenID Connect"


@dataclass(frozen=True)
class Settings:
    """What `TUZET_*` variables say. See docs/settings.md for each.

    `redis_url` is None on the embedded default: the broker is then a folder of `data_dir`.
    `base_url` has no trailing slash. `time_scale` divides every waiting time.
    """

    data_dir: Path
    database_url: str = field(repr=False)
    secret_key: str = field(repr=False)
    redis_url: str | None = field(default=None, repr=False)
    base_url: str = "http://127.0.0.1:8000"
    smtp_url: str | None = field(default=None, repr=False)
    mail_from: str = "Tuzet <tuzet@localhost>"
    mail_replies: bool = False
    trusted_proxies: int = 0
    private_networks: tuple[Network, ...] = ()
    metrics_networks: tuple[Network, ...] = _LOOPBACK
    rate_limits: bool = True
    time_scale: float = 1.0
    browser: Path | None = None
    provider: Provider | None = None

    @classmethod
    def from_environment(cls, environ: Mapping[str, str]) -> "Settings":
        """Read and check all variables.

        Raises SettingsError naming every fault at once, so that one round mends them all.
        Makes the data folder and, on the embedded default, the secret key in it.
        """
        return _Reader(environ).read()

    def scaled(self, waiting: timedelta) -> timedelta:
        """A waiting time as this installation waits it."""
        return waiting / self.time_scale

    @property
    def https(self) -> bool:
        """Whether people reach the service over https."""
        return self.base_url.startswith("https://")

    @property
    def mail_folder(self) -> Path:
        """Where mails go while no mail server is named."""
        return self.data_dir / "mail"

    @property
    def broker_folder(self) -> Path:
        """Where the embedded broker keeps its signals."""
        return self.data_dir / "broker"


class _Reader:
    """Collects the faults of all variables before it complains."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self.environ = environ
        self.problems: list[str] = []

    def read(self) -> Settings:
        data_dir = Path(self._text("TUZET_DATA_DIR", "./var")).absolute()
        database_url = self._checked(
            "TUZET_DATABASE_URL", values.database_url, values.sqlite_in(data_dir)
        )
        redis_url = self._checked("TUZET_REDIS_URL", values.redis_url, None)
        base_url = self._checked("TUZET_BASE_URL", values.base_url, "http://127.0.0.1:8000")
        smtp_url = self._checked("TUZET_SMTP_URL", values.smtp_url, None)
        trusted_proxies = self._checked("TUZET_TRUSTED_PROXIES", values.small_count, 0)
        private = self._checked("TUZET_PRIVATE_NETWORKS", values.networks, _NOWHERE)
        metrics = self._checked("TUZET_METRICS_NETWORKS", values.networks, _LOOPBACK)
        rate_limits = self._checked("TUZET_RATE_LIMITS", values.on_or_off, True)
        time_scale = self._checked("TUZET_TIME_SCALE", values.scale, 1.0)
        browser = self._checked("TUZET_BROWSER", values.executable, None)
        mail_from = self._checked("TUZET_MAIL_FROM", values.sender, "Tuzet <tuzet@localhost>")
        mail_replies = self._checked("TUZET_MAIL_REPLIES", values.on_or_off, False)
        provider = self._provider()
        secret_key = self._secret_key(data_dir, names_a_server(database_url))
        if self.problems:
            raise SettingsError(self.problems)
        return Settings(
            data_dir=data_dir,
            database_url=database_url,
            secret_key=secret_key,
            redis_url=redis_url,
            base_url=base_url,
            smtp_url=smtp_url,
            mail_from=mail_from,
            mail_replies=mail_replies,
            trusted_proxies=trusted_proxies,
            private_networks=private,
            metrics_networks=metrics,
            rate_limits=rate_limits,
            time_scale=time_scale,
            browser=browser,
            provider=provider,
        )

    def _text(self, name: str, default: str) -> str:
        return self.environ.get(name, "").strip() or default

    def _checked(self, name: str, parse: Callable[[str], T], default: T) -> T:
        text = self._text(name, "")
        if not text:
            return default
        try:
            return parse(text)
        except ValueError as fault:
            self.problems.append(f"{name}: {fault}")
            return default

    def _secret_key(self, data_dir: Path, production: bool) -> str:
        try:
            given = self._secret("TUZET_SECRET_KEY")
            if given or production:
                return values.long_enough(given)
            return values.kept_secret(data_dir)
        except ValueError as fault:
            self.problems.append(f"TUZET_SECRET_KEY: {fault}")
        except OSError as fault:
            self.problems.append(f"TUZET_DATA_DIR: cannot be written ({fault.strerror})")
        return ""

    def _secret(self, name: str) -> str:
        """A secret of the environment, or of the file that the environment names."""
        path = self._text(f"{name}_FILE", "")
        if self._text(name, "") or not path:
            return self._text(name, "")
        try:
            return Path(path).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as fault:
            raise ValueError(f"the file of {name}_FILE cannot be read") from fault

    def _provider(self) -> Provider | None:
        """All of it or nothing: half a provider is a fault, not a log-in that never works."""
        issuer = self._checked("TUZET_OIDC_ISSUER", values.issuer, "")
        client_id = self._text("TUZET_OIDC_CLIENT_ID", "")
        name = self._checked("TUZET_OIDC_NAME", values.one_line, Provider.name)
        try:
            secret = self._secret("TUZET_OIDC_CLIENT_SECRET")
        except ValueError as fault:
            self.problems.append(f"TUZET_OIDC_CLIENT_SECRET: {fault}")
            return None
        needed = {
            "TUZET_OIDC_ISSUER": issuer,
            "TUZET_OIDC_CLIENT_ID": client_id,
            "TUZET_OIDC_CLIENT_SECRET": secret,
        }
        if all(needed.values()):
            return Provider(issuer, client_id, secret, name)
        wrong = [variable for variable in needed if self._text(variable, "")]
        if any(needed.values()):
            self.problems += [
                f"{variable}: is needed to log in through a provider"
                for variable, value in needed.items()
                if not value and variable not in wrong
            ]
        return None


def names_a_server(database_url: str) -> bool:
    """Whether a database URL means production: anything but a SQLite file."""
    return not database_url.startswith("sqlite")
