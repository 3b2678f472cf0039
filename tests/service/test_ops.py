"""What operators ask: does it live, can it work, how much waits."""

import os
import re
import signal
from datetime import timedelta
from ipaddress import ip_network
from pathlib import Path

import pytest
from sqlalchemy import text

from core.clock import utcnow
from core.db import Database
from service.app import create_app
from service.bell import BrokerBell
from tests import factories
from tests.servers.processes import free_port
from tests.servers.redis import RedisServer
from tests.service.conftest import Web, make_web


def _metric(told: str, name: str) -> float:
    found = re.search(rf"^{re.escape(name)} (\S+)$", told, re.MULTILINE)
    assert found, f"{name} is not in\n{told}"
    return float(found[1])


def test_the_process_answers(web: Web) -> None:
    answer = web.client.get("/healthz")
    assert answer.status_code == 200
    assert answer.json == {"status": "ok"}


def test_a_service_that_can_work_says_so(web: Web) -> None:
    answer = web.client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json == {
        "status": "ready",
        "database": "writable",
        "broker": "reachable",
        "oldest_unsorted_report_seconds": None,
        "oldest_unsent_delivery_seconds": None,
    }


def test_what_waits_has_an_age(web: Web) -> None:
    factories.send(web.db, utcnow() - timedelta(minutes=5))
    waiting = web.client.get("/readyz").get_json()
    assert 299 < waiting["oldest_unsorted_report_seconds"] < 400
    factories.sort(web.db, web.settings, utcnow() - timedelta(minutes=3))
    waiting = web.client.get("/readyz").get_json()
    assert waiting["oldest_unsorted_report_seconds"] is None
    assert 179 < waiting["oldest_unsent_delivery_seconds"] < 400


def test_without_its_database_a_service_cannot_take_reports(tmp_path: Path) -> None:
    url = f"postgresql+psycopg://tuzet@127.0.0.1:{free_port()}/tuzet"
    settings = factories.make_settings(tmp_path, url)
    client = create_app(settings, Database(url)).test_client()
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.get_json()["database"] == "away"
    assert client.get("/healthz").status_code == 200


def test_a_database_that_cannot_be_written_is_away(sqlite_web: Web) -> None:
    with sqlite_web.db.write() as session:
        session.execute(text("SELECT 1"))  # somebody has the only pen, and does not let go
        answer = sqlite_web.client.get("/readyz")
    assert answer.status_code == 503


def test_a_hung_broker_is_no_reason_to_send_readers_elsewhere(
    own_redis: RedisServer, sqlite_url: str, tmp_path: Path
) -> None:
    assert own_redis.pid is not None
    settings = factories.make_settings(tmp_path, sqlite_url, redis_url=own_redis.url)
    client = create_app(settings, Database(sqlite_url), BrokerBell(settings)).test_client()
    assert client.get("/readyz").get_json()["status"] == "ready"
    os.kill(own_redis.pid, signal.SIGSTOP)
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert answer.get_json()["status"] == "degraded"
    assert answer.get_json()["broker"] == "degraded"


def test_metrics_count_requests_and_what_waits(web: Web) -> None:
    factories.send(web.db, utcnow() - timedelta(minutes=5))
    web.client.get("/healthz")
    web.client.get("/no/such/page")
    told = web.client.get("/metrics").get_data(as_text=True)
    counted = 'tuzet_http_requests_total{endpoint="ops.healthz",method="GET",status="200"}'
    assert _metric(told, counted) == 1
    assert 'endpoint="none",method="GET",status="404"' in told
    assert _metric(told, "tuzet_reports_unsorted") == 1
    assert _metric(told, "tuzet_oldest_unsorted_report_seconds") > 299
    assert _metric(told, "tuzet_deliveries_dead") == 0
    assert _metric(told, "tuzet_database_up") == 1


def test_metrics_tell_of_the_bell(sqlite_url: str, tmp_path: Path) -> None:
    settings = factories.make_settings(tmp_path, sqlite_url)
    bell = BrokerBell(settings)
    bell.ring("tuzet.sort_reports")
    assert bell.drain(5)
    client = create_app(settings, Database(sqlite_url), bell).test_client()
    told = client.get("/metrics").get_data(as_text=True)
    assert _metric(told, "tuzet_bell_published_total") == 1
    assert _metric(told, "tuzet_broker_up") == 1


def test_metrics_without_a_database_say_that_it_is_away(tmp_path: Path) -> None:
    url = f"postgresql+psycopg://tuzet@127.0.0.1:{free_port()}/tuzet"
    client = create_app(factories.make_settings(tmp_path, url), Database(url)).test_client()
    told = client.get("/metrics").get_data(as_text=True)
    assert _metric(told, "tuzet_database_up") == 0
    assert "tuzet_reports_unsorted" not in told


def test_the_number_of_labels_is_bounded(sqlite_web: Web) -> None:
    for number in range(20):
        sqlite_web.client.open(f"/no/such/{number}", method=f"BREW{number}")
    told = sqlite_web.client.get("/metrics").get_data(as_text=True)
    assert len(re.findall(r'^tuzet_http_requests_total\{.*"other"', told, re.MULTILINE)) == 1


@pytest.mark.parametrize("address", ["192.0.2.7", "::ffff:192.0.2.7", "2001:db8::1", "nonsense"])
def test_strangers_see_no_metrics(sqlite_web: Web, address: str) -> None:
    answer = sqlite_web.client.get("/metrics", environ_base={"REMOTE_ADDR": address})
    assert answer.status_code == 404


@pytest.mark.parametrize("address", ["127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1"])
def test_this_machine_sees_metrics(sqlite_web: Web, address: str) -> None:
    answer = sqlite_web.client.get("/metrics", environ_base={"REMOTE_ADDR": address})
    assert answer.status_code == 200
    assert answer.content_type.startswith("text/plain")


def test_metrics_go_to_the_networks_that_are_named(sqlite_url: str, tmp_path: Path) -> None:
    networks = (ip_network("10.8.0.0/16"),)
    web = make_web(Database(sqlite_url), tmp_path, sqlite_url, metrics_networks=networks)
    seen = web.client.get("/metrics", environ_base={"REMOTE_ADDR": "10.8.3.1"})
    assert seen.status_code == 200
    hidden = web.client.get("/metrics", environ_base={"REMOTE_ADDR": "127.0.0.1"})
    assert hidden.status_code == 404


def test_behind_a_proxy_it_is_the_asker_that_counts(sqlite_url: str, tmp_path: Path) -> None:
    web = make_web(Database(sqlite_url), tmp_path, sqlite_url, trusted_proxies=1)
    answer = web.client.get(
        "/metrics",
        environ_base={"REMOTE_ADDR": "127.0.0.1"},
        headers={"X-Forwarded-For": "127.0.0.1, 192.0.2.7"},
    )
    assert answer.status_code == 404
