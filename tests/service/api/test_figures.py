"""Numbers and exports for programs."""

import csv
import io

import pytest

from tests.service.conftest import Web


def test_a_program_reads_the_numbers(web: Web) -> None:
    web.case()
    answer = web.client.get("/api/v1/stats", headers=web.token())
    stats = answer.get_json()
    assert (stats["reports"], stats["cases"]) == (1, 1)
    assert stats["backlog"]["under_1_hour"] == 1
    assert stats["look"] == {"counted": 0, "median": None, "p90": None}


def test_the_span_is_asked_for_in_days_or_moments(web: Web) -> None:
    web.case()
    for query, cases in (
        ("from=2020-01-01&to=2020-02-01", 0),
        ("from=2020-01-01T00:00:00Z&to=2020-02-01T00:00:00%2B05:00&site=dala", 0),
    ):
        answer = web.client.get(f"/api/v1/stats?{query}", headers=web.token())
        assert answer.get_json()["cases"] == cases


@pytest.mark.parametrize(
    "query", ["from=x", "from=2020-01-01&to=2019-01-01", "from=2020-01-01&to=2024-01-01"]
)
def test_a_span_that_is_none_is_told(web: Web, query: str) -> None:
    answer = web.client.get(f"/api/v1/stats?{query}", headers=web.token())
    assert answer.status_code == 422


def test_a_program_exports_what_it_may_see(web: Web) -> None:
    case = web.case()
    answer = web.client.get("/api/v1/export.csv?site=dala&status=new", headers=web.token())
    assert answer.content_type == "text/csv; charset=utf-8"
    rows = list(csv.DictReader(io.StringIO(answer.get_data(as_text=True).lstrip("\ufeff"))))
    assert [row["id"] for row in rows] == [str(case.id)]
    foreign = web.token("admin", web.other_site())
    assert web.client.get("/api/v1/export.csv?site=dala", headers=foreign).status_code == 404
    assert web.client.get("/api/v1/stats?site=dala", headers=foreign).status_code == 404
    assert len(web.client.get("/api/v1/export.csv", headers=foreign).text.splitlines()) == 1
    assert web.client.get("/api/v1/export.csv").status_code == 401
