"""A real WordPress of the test's own: Debian's files, PHP's own server, a MariaDB on a socket.

Everything lives in one temporary folder and ends with the test.
"""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.servers import Missing
from tests.servers.processes import free_port, private_folder, running

_SOURCE = Path("/usr/share/wordpress")
_PLUGIN = Path(__file__).resolve().parents[2] / "integrations" / "wordpress" / "tuzet"
_THEME = "twentytwentythree"
PACKAGES = (
    "wordpress wordpress-theme-twentytwentythree php-cli php-mysql php-xml php-mbstring "
    "mariadb-server"
)
_CONFIG = """<?php
define( 'DB_NAME', 'wordpress' );
define( 'DB_USER', 'root' );
define( 'DB_PASSWORD', '' );
define( 'DB_HOST', 'localhost:%(socket)s' );
define( 'DB_CHARSET', 'utf8mb4' );
define( 'DB_COLLATE', '' );
foreach ( array( 'AUTH', 'SECURE_AUTH', 'LOGGED_IN', 'NONCE' ) as $name ) {
    define( $name . '_KEY', 'a key of this test alone' );
    define( $name . '_SALT', 'a salt of this test alone' );
}
define( 'WP_ENVIRONMENT_TYPE', 'local' ); // lets application passwords be used without TLS
define( 'WP_HTTP_BLOCK_EXTERNAL', true ); // nothing is asked for updates or news
define( 'WP_ACCESSIBLE_HOSTS', '127.0.0.1' );
define( 'DISABLE_WP_CRON', true );
define( 'AUTOMATIC_UPDATER_DISABLED', true );
define( 'WP_DEBUG', true );
define( 'WP_DEBUG_DISPLAY', false );
define( 'WP_DEBUG_LOG', '%(log)s' );
$table_prefix = 'wp_';
if ( ! defined( 'ABSPATH' ) ) {
    define( 'ABSPATH', __DIR__ . '/' );
}
require_once ABSPATH . 'wp-settings.php';
"""
_INSTALL = """
require ABSPATH . 'wp-admin/includes/upgrade.php';
wp_install( 'Дала үні', 'admin', 'admin@dala.example.kz', true, '', 'a password of this test' );
update_option( 'siteurl', $given['address'] );
update_option( 'home', $given['address'] );
update_option( 'permalink_structure', '/%postname%/' );
update_option( 'active_plugins', array( 'tuzet/tuzet.php' ) );
switch_theme( $given['theme'] );
$id = wp_insert_user( array( 'user_login' => 'aigerim', 'user_pass' => 'x1', 'role' => 'editor',
    'display_name' => 'Айгерім Сәрсен', 'user_email' => 'aigerim@dala.example.kz' ) );
list( $password ) = WP_Application_Passwords::create_new_application_password(
    $id, array( 'name' => 'Tuzet' ) );
return array( 'user' => 'aigerim', 'password' => $password, 'author' => $id );
"""


@dataclass(frozen=True)
class WordPress:
    """A running WordPress: its address, an editor's application password, and its log."""

    address: str
    folder: Path
    user: str
    password: str
    author: int

    def run(self, code: str, **given: Any) -> Any:
        """PHP inside this WordPress; `$given` holds the arguments, what it returns is answered."""
        return _run(self.folder, code, given)

    def set_up(self, url: str, site: str, secret: str) -> None:
        """The plugin's settings."""
        code = "foreach ( $given as $k => $v ) { update_option( 'tuzet_' . $k, $v ); }"
        self.run(code, url=url, site=site, secret=secret)

    def publish(self, title: str, content: str, slug: str) -> int:
        """A post as an editor's field holds it; returns its number."""
        number = self.run(
            """return wp_insert_post( wp_slash( array( 'post_title' => $given['title'],
            'post_content' => $given['content'], 'post_name' => $given['slug'],
            'post_status' => 'publish', 'post_author' => $given['author'] ) ), true );""",
            title=title,
            content=content,
            slug=slug,
            author=self.author,
        )
        return int(number)

    def save(self, number: int, content: str) -> None:
        """Somebody edits the post in WordPress."""
        self.run(
            """wp_update_post( wp_slash( array( 'ID' => $given['number'],
            'post_content' => $given['content'] ) ) );""",
            number=number,
            content=content,
        )

    def content(self, number: int) -> str:
        """What the editor's field holds."""
        return str(self.run("return get_post( $given['number'] )->post_content;", number=number))

    def complaints(self) -> str:
        """What PHP has said of our own files."""
        log = self.folder / "debug.log"
        lines = log.read_text(errors="replace").splitlines() if log.exists() else []
        return "\n".join(line for line in lines if "plugins/tuzet" in line)


def check() -> None:
    """Raise Missing where something of it is not on this machine."""
    for program in ("php", "mariadbd", "mariadb-install-db"):
        if shutil.which(program) is None and not Path("/usr/sbin", program).exists():
            raise Missing(f"{program} is missing. On Debian: apt install {PACKAGES}")
    if not (_SOURCE / "wp-content" / "themes" / _THEME).is_dir():
        raise Missing(f"WordPress is missing. On Debian: apt install {PACKAGES}")


@contextmanager
def wordpress() -> Iterator[WordPress]:
    """Set up, until the block ends. Raises Missing where Debian's packages are not installed."""
    check()
    with private_folder("wp") as folder, _database(folder) as socket_path:
        root = folder / "site"
        shutil.copytree(_SOURCE, root, symlinks=False, ignore=shutil.ignore_patterns(".htaccess"))
        shutil.copytree(_PLUGIN, root / "wp-content" / "plugins" / "tuzet")
        names = {"socket": socket_path, "log": folder / "debug.log"}
        (root / "wp-config.php").write_text(_CONFIG % names, encoding="utf-8")
        port = free_port()
        address = f"http://127.0.0.1:{port}"
        made = _run(folder, _INSTALL, {"address": address, "theme": _THEME}, installing=True)
        served = folder / "served"
        served.mkdir()
        command = ["php", "-S", f"127.0.0.1:{port}", "-t", str(root)]
        # One process: workers of it (PHP_CLI_SERVER_WORKERS) would outlive it.
        with running(command, folder=served, answers=lambda: _listens(port)):
            yield WordPress(address, folder, made["user"], made["password"], made["author"])


@contextmanager
def _database(folder: Path) -> Iterator[Path]:
    data, socket_path, home = folder / "data", folder / "db.sock", folder / "db"
    home.mkdir()
    user = [f"--user={_whoami()}"]
    subprocess.run(
        ["mariadb-install-db", "--no-defaults", f"--datadir={data}", *user, "--skip-test-db",
         "--auth-root-authentication-method=normal"],
        check=True,
        capture_output=True,
    )  # fmt: skip
    program = shutil.which("mariadbd") or "/usr/sbin/mariadbd"
    command = [program, "--no-defaults", f"--datadir={data}", f"--socket={socket_path}", *user,
               "--skip-networking", f"--pid-file={folder / 'db.pid'}", "--skip-log-bin",
               "--innodb-flush-log-at-trx-commit=0", "--innodb-buffer-pool-size=32M"]  # fmt: skip
    with running(
        command,
        folder=home,
        answers=lambda: _answers(socket_path),
        stop_by=signal.SIGTERM,
    ):
        _sql(socket_path, "CREATE DATABASE wordpress CHARACTER SET utf8mb4")
        yield socket_path


def _whoami() -> str:
    return "root" if os.geteuid() == 0 else os.environ.get("USER", "nobody")


def _sql(socket_path: Path, statement: str) -> bool:
    command = [
        "mariadb",
        "--no-defaults",
        f"--socket={socket_path}",
        "--user=root",
        "-e",
        statement,
    ]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def _answers(socket_path: Path) -> bool:
    return socket_path.exists() and _sql(socket_path, "SELECT 1")


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _run(folder: Path, code: str, given: Any, *, installing: bool = False) -> Any:
    script = folder / "run.php"
    script.write_text(
        "<?php\n"
        + ("define( 'WP_INSTALLING', true );\n" if installing else "")
        + f"$_SERVER['HTTP_HOST'] = '127.0.0.1';\nrequire '{folder}/site/wp-load.php';\n"
        "$given = json_decode( stream_get_contents( STDIN ), true );\n"
        f"$answer = ( function () use ( $given ) {{ {code} }} )();\n"
        "if ( is_wp_error( $answer ) ) {\n"
        "    fwrite( STDERR, $answer->get_error_message() );\n    exit( 1 );\n}\n"
        "echo '<<<' . wp_json_encode( $answer ?? null ) . '>>>';\n",
        encoding="utf-8",
    )
    done = subprocess.run(
        ["php", str(script)],
        input=json.dumps(given),
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr + done.stdout
    return json.loads(done.stdout.partition("<<<")[2].rpartition(">>>")[0])


if __name__ == "__main__":
    if sys.argv[1:] == ["packages"]:
        print(PACKAGES)  # noqa: T201 (scripts/setup reads it)
        sys.exit()
    try:
        check()
    except Missing as missing:
        sys.exit(str(missing))
