"""Merging and splitting for programs."""

from core.models import Case
from tests.service.conftest import Web

AT = "/api/v1/cases"
ELSEWHERE = {
    "exact": "тұр",
    "prefix": "қырық мың том ",
    "suffix": ", оның үштен",
    "suggestion": None,
}


def _two(web: Web) -> tuple[Case, Case]:
    return web.case(), web.case(**ELSEWHERE)


def test_a_merge_answers_the_case_that_stays(web: Web) -> None:
    one, other = _two(web)
    body = {"version": other.version, "into": one.id}
    answer = web.client.post(f"{AT}/{other.id}/merge", json=body, headers=web.token())
    kept = answer.get_json()
    assert (answer.status_code, kept["id"], kept["readers"]) == (200, one.id, 2)
    assert len(kept["reports"]) == 2
    gone = web.client.get(f"{AT}/{other.id}", headers=web.token()).get_json()
    assert (gone["status"], gone["resolution"], gone["reports"]) == ("dismissed", "duplicate", [])


def test_a_split_answers_the_new_case(web: Web) -> None:
    one = web.case()
    web.case()
    editor = web.token()
    reports = web.client.get(f"{AT}/{one.id}", headers=editor).get_json()["reports"]
    body = {"version": 1, "reports": reports[1:]}
    answer = web.client.post(f"{AT}/{one.id}/split", json=body, headers=editor)
    new = answer.get_json()
    assert (answer.status_code, new["reports"]) == (200, reports[1:])
    assert new["id"] != one.id
    undone = web.client.post(f"{AT}/{one.id}/undo", json={"version": 2}, headers=editor)
    assert undone.get_json()["reports"] == reports


def test_what_cannot_be_regrouped_is_told(web: Web) -> None:
    one, other = _two(web)
    editor = web.token()
    stale = {"version": 9, "into": one.id}
    assert web.client.post(f"{AT}/{other.id}/merge", json=stale, headers=editor).status_code == 409
    itself = {"version": 1, "into": other.id}
    answer = web.client.post(f"{AT}/{other.id}/merge", json=itself, headers=editor)
    assert (answer.status_code, answer.get_json()["errors"][0]["field"]) == (422, "into")
    for reports in ([], ["x"], ["00000000-0000-4000-8000-000000000000"]):
        body = {"version": 1, "reports": reports}
        wrong = web.client.post(f"{AT}/{one.id}/split", json=body, headers=editor)
        assert wrong.status_code == 422


def test_nobody_regroups_what_is_not_theirs(web: Web) -> None:
    one, other = _two(web)
    body = {"version": 1, "into": one.id}
    stranger = web.token("editor", web.other_site())
    for headers, status in ((web.token("viewer"), 403), (stranger, 404), ({}, 401)):
        answer = web.client.post(f"{AT}/{other.id}/merge", json=body, headers=headers)
        assert answer.status_code == status


def test_a_report_says_in_words_why_it_stands_where_it_stands(web: Web) -> None:
    one = web.case()
    web.case()
    editor = web.token()
    first, second = web.client.get(f"{AT}/{one.id}", headers=editor).get_json()["reports"]
    for report_id, word in ((first, "First report"), (second, "Joined")):
        match = web.client.get(f"/api/v1/reports/{report_id}", headers=editor).get_json()["match"]
        assert match["explanation"].startswith(word)


def test_a_case_that_was_merged_away_is_changed_by_nobody(web: Web) -> None:
    one, other = _two(web)
    editor = web.token()
    body = {"into": one.id, "version": other.version}
    assert web.client.post(f"{AT}/{other.id}/merge", json=body, headers=editor).status_code == 200
    shown = web.client.get(f"{AT}/{other.id}", headers=editor).get_json()
    for version in (shown["version"], 1):
        change = {"version": version, "status": "accepted"}
        answer = web.client.patch(f"{AT}/{other.id}", json=change, headers=editor)
        assert answer.status_code == 409
        assert f"merged into case {one.id}" in answer.get_json()["detail"]
    again = web.client.get(f"{AT}/{other.id}", headers=editor).get_json()
    assert (again["status"], again["version"]) == ("dismissed", shown["version"])


def test_a_merge_is_not_undone_over_a_later_decision(web: Web) -> None:
    one, other = _two(web)
    editor = web.token()
    merged = {"version": other.version, "into": one.id}
    stays = web.client.post(f"{AT}/{other.id}/merge", json=merged, headers=editor).get_json()
    fixed = {"version": stays["version"], "status": "fixed"}
    assert web.client.patch(f"{AT}/{one.id}", json=fixed, headers=editor).status_code == 200
    before = [web.client.get(f"{AT}/{c.id}", headers=editor).get_json() for c in (one, other)]
    body = {"version": before[1]["version"]}
    refused = web.client.post(f"{AT}/{other.id}/undo", json=body, headers=editor)
    assert (refused.status_code, refused.mimetype) == (409, "application/problem+json")
    assert f"Case {one.id} was changed after this merge" in refused.get_json()["detail"]
    after = [web.client.get(f"{AT}/{c.id}", headers=editor).get_json() for c in (one, other)]
    assert after == before
