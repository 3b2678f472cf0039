"""What operators and their machines ask: does it live, can it work, how much is waiting."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as TooLate
from dataclasses import dataclass
from datetime import timedelta
from ipaddress import ip_address
from threading import Lock
from typing import Any, Generic, Protocol, TypeVar, cast, runtime_checkable

from flask import Blueprint, Flask, Response, abort, current_app, g, jsonify, request
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.registry import Collector
from sqlalchemy import delete
from sqlalchemy.exc import SQLAlchemyError

from core.clock import utcnow
from core.db import Database
from core.models import LoginFailure
from core.queries import Backlog, backlog
from core.ringing import Tally
from service.context import service

T = TypeVar("T")
PATIENCE_S = 2.0
_METHODS = frozenset({"GET", "HEAD", "POST", "PATCH", "PUT", "DELETE", "OPTIONS"})
_EXTENSION = "tuzet.ops"

blueprint = Blueprint("ops", __name__)


@runtime_checkable
class _Watched(Protocol):
    """A bell that knows how it is. One in a test need not."""

    def fault(self) -> str | None: ...

    def tally(self) -> Tally: ...


class _Bounded(Generic[T]):
    """Asks something that may hang, and stops waiting for the answer after a while.

    Who asks while the last question still hangs waits for that answer, so hung questions do not
    pile up.
    """

    def __init__(self, ask: Callable[[], T]) -> None:
        self._ask = ask
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="ops")
        self._lock = Lock()
        self._pending: Future[T] | None = None

    def __call__(self) -> T:
        """The answer. Raises TooLate after two seconds, and what the question raises."""
        with self._lock:
            if self._pending is None or self._pending.done():
                self._pending = self._thread.submit(self._ask)
            pending = self._pending
        return pending.result(PATIENCE_S)


@dataclass(frozen=True)
class _Ops:
    """What this module keeps for one application."""

    database: _Bounded[Backlog]
    broker: _Bounded[str | None]
    registry: CollectorRegistry
    requests: Counter
    durations: Histogram


@blueprint.record_once
def _prepare(state: Any) -> None:
    app: Flask = state.app
    parts = app.extensions["tuzet"]
    bell = parts.bell
    registry = CollectorRegistry()
    ops = _Ops(
        database=_Bounded(lambda: _write_and_look(parts.db)),
        broker=_Bounded(bell.fault if isinstance(bell, _Watched) else lambda: None),
        registry=registry,
        requests=Counter(
            "tuzet_http_requests",
            "Requests answered.",
            ["method", "endpoint", "status"],
            registry=registry,
        ),
        durations=Histogram(
            "tuzet_http_request_seconds",
            "How long requests took.",
            ["endpoint"],
            buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10),
            registry=registry,
        ),
    )
    registry.register(_Waiting(ops.database, bell if isinstance(bell, _Watched) else None))
    app.extensions[_EXTENSION] = ops
    app.before_request(_start_watch)
    app.after_request(_count)


@blueprint.get("/healthz")
def healthz() -> Response:
    """The process answers."""
    return jsonify(status="ok")


@blueprint.get("/readyz")
def readyz() -> tuple[Response, int]:
    """Whether reports can be taken: 503 while the database is away.

    A broker that is away is no reason to send readers elsewhere, for the sweep needs none: the
    status is then `degraded`, and 200.
    """
    broker = _broker_word()
    try:
        waiting = _ops().database()
    except (SQLAlchemyError, TooLate):
        answer = {"status": "unavailable", "database": "away", "broker": broker}
        return jsonify(answer), 503
    return (
        jsonify(
            status="ready" if broker == "reachable" else "degraded",
            database="writable",
            broker=broker,
            oldest_unsorted_report_seconds=_seconds(waiting.oldest_unsorted),
            oldest_unsent_delivery_seconds=_seconds(waiting.oldest_unsent),
        ),
        200,
    )


@blueprint.get("/metrics")
def metrics() -> Response:
    """Numbers for Prometheus, for the networks of TUZET_METRICS_NETWORKS only."""
    if not _may_see_metrics(request.remote_addr):
        abort(404)
    return Response(generate_latest(_ops().registry), content_type=CONTENT_TYPE_LATEST)


def _may_see_metrics(address: str | None) -> bool:
    try:
        asking = ip_address((address or "").partition("%")[0])
    except ValueError:
        return False
    asking = getattr(asking, "ipv4_mapped", None) or asking
    return any(asking in network for network in service().settings.metrics_networks)


def _write_and_look(db: Database) -> Backlog:
    """Take the database's write lock, change nothing, and count what waits."""
    with db.write() as session:
        session.execute(delete(LoginFailure).where(LoginFailure.id == -1))
    with db.read() as session:
        return backlog(session, utcnow())


def _broker_word() -> str:
    try:
        return "reachable" if _ops().broker() is None else "degraded"
    except TooLate:
        return "degraded"


def _seconds(age: timedelta | None) -> float | None:
    return None if age is None else round(age.total_seconds(), 3)


def _ops() -> _Ops:
    return cast(_Ops, current_app.extensions[_EXTENSION])


def _start_watch() -> None:
    g.ops_began = time.perf_counter()


def _count(response: Response) -> Response:
    ops = _ops()
    endpoint = request.endpoint or "none"
    method = request.method if request.method in _METHODS else "other"
    ops.requests.labels(method, endpoint, response.status_code).inc()
    if "ops_began" in g:
        ops.durations.labels(endpoint).observe(time.perf_counter() - g.ops_began)
    return response


class _Waiting(Collector):
    """What waits in the database and what the bell has done, read when somebody asks."""

    def __init__(self, database: _Bounded[Backlog], bell: _Watched | None) -> None:
        self._database = database
        self._bell = bell

    def describe(self) -> list[Metric]:
        """Nothing to ask before the first scrape."""
        return []

    def collect(self) -> Iterator[Metric]:
        """The present numbers; those of a database that is away are missing, `up` says so."""
        try:
            waiting = self._database()
        except (SQLAlchemyError, TooLate):
            yield GaugeMetricFamily("tuzet_database_up", "1 if it can be written.", value=0)
        else:
            yield GaugeMetricFamily("tuzet_database_up", "1 if it can be written.", value=1)
            yield from _gauges(waiting)
        if self._bell is not None:
            yield from _bell_counts(self._bell.tally())


def _gauges(waiting: Backlog) -> Iterator[Metric]:
    oldest_unsorted = waiting.oldest_unsorted or timedelta(0)
    oldest_unsent = waiting.oldest_unsent or timedelta(0)
    for name, meaning, value in (
        ("tuzet_reports_unsorted", "Reports that wait for sorting.", waiting.unsorted),
        ("tuzet_deliveries_unsent", "Messages that are due.", waiting.unsent),
        ("tuzet_deliveries_dead", "Messages given up.", waiting.dead),
        (
            "tuzet_oldest_unsorted_report_seconds",
            "Age of the oldest report that waits.",
            oldest_unsorted.total_seconds(),
        ),
        (
            "tuzet_oldest_unsent_delivery_seconds",
            "How long the oldest message has been due.",
            oldest_unsent.total_seconds(),
        ),
    ):
        yield GaugeMetricFamily(name, meaning, value=value)


def _bell_counts(tally: Tally) -> Iterator[Metric]:
    yield CounterMetricFamily("tuzet_bell_rung", "Signals asked for.", value=tally.rung)
    yield CounterMetricFamily("tuzet_bell_published", "Signals sent.", value=tally.published)
    yield CounterMetricFamily("tuzet_bell_failed", "Signals that failed.", value=tally.failed)
    yield GaugeMetricFamily("tuzet_broker_up", "1 if the last signal went out.", not tally.away)
