"""The command line of a visit's life: reminders, answers, editions, what came after, the week, lists."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.test_cli import Fieldkit, fieldkit  # noqa: F401  a fixture

NEW = ("visit", "new", "--practice", "Cabinet", "--department", "72", "--profession", "médecins")


@pytest.fixture
def visit(fieldkit: Fieldkit) -> str:  # noqa: F811  the fixture
    return str(fieldkit(*NEW, "--template", "doctors").json["visit"])


def test_a_visit_with_a_reminder(fieldkit: Fieldkit, visit: str) -> None:  # noqa: F811
    templates = {row["id"]: row for row in fieldkit("visit", "templates").json["templates"]}
    assert templates["doctors"]["professions"] == ["médecins"]
    assert fieldkit("visit", "show", visit).json["template"] == "doctors"
    assert fieldkit(*NEW, "--template", "inconnu").code == 2


def test_known_answers_come_with_their_source(fieldkit: Fieldkit) -> None:  # noqa: F811
    found = fieldkit("obstacle", "answers", "--theme", "apcv", "nfc").json["answers"]
    assert found[0]["id"] == "apcv-nfc"
    assert found[0]["source"]
    assert all("apcv" in answer["themes"] for answer in found)


def test_a_correction_and_what_came_after(fieldkit: Fieldkit, visit: str) -> None:  # noqa: F811
    obstacle = ("obstacle", "add", visit, "--theme", "apcv", "--gravity", "low", "--product", "Vega", "Lent")
    assert fieldkit(*obstacle).code == 0
    action = fieldkit("action", "add", visit, "--who", "ps", "--by", "2026-12-31", "Activer").json["id"]
    fieldkit("visit", "finalise", visit)
    assert fieldkit("action", "done", action).json == {"id": action}
    assert fieldkit("visit", "show", visit).json["follow_ups"][0]["done"] is True
    fieldkit("action", "done", action, "--not")
    second = fieldkit("visit", "correct", visit).json["id"]
    shown = fieldkit("visit", "show", second).json
    assert (shown["edition"], shown["supersedes"]) == (2, visit)
    assert shown["obstacles"][0]["product"] == "Vega"
    assert fieldkit("visit", "correct", visit).json["error"]["code"] == "already-corrected"
    listed = [row["id"] for row in fieldkit("visit", "list", "--state", "finalised").json["visits"]]
    assert listed == [visit]


def test_a_practice_is_noted_outside_of_visits(fieldkit: Fieldkit, visit: str) -> None:  # noqa: F811
    practice = fieldkit("practice", "list").json["practices"][0]["id"]
    assert fieldkit("practice", "set", practice, "apcv_first_claim=2026-11-20").json == {"id": practice}
    assert fieldkit("practice", "show", practice).json["apcv_first_claim"] == "2026-11-20"
    assert fieldkit("practice", "set", practice, "name=").json["error"]["code"] == "practice-unnamed"


def test_the_week_the_calendar_and_the_lists(fieldkit: Fieldkit, visit: str, tmp_path: Path) -> None:  # noqa: F811
    days = fieldkit("visit", "week").json["days"]
    assert len(days) == 7
    assert [row["id"] for day in days for row in day["visits"]] == [visit]
    assert not any(day["visits"] for day in fieldkit("visit", "week", "--from", "2020-01-01").json["days"])
    calendar = tmp_path / "visites.ics"
    assert fieldkit("visit", "calendar", str(calendar)).json["visits"] == 1
    assert b"BEGIN:VEVENT" in calendar.read_bytes()
    assert fieldkit("visit", "calendar", str(calendar), "--to", "2020-01-01").json["visits"] == 0
    table = tmp_path / "cabinets.json"
    arguments = ("visit", "export", "practices", str(table), "--department", "72", "--profession", "médecin")
    assert fieldkit(*arguments).json == {"lines": 1, "file": str(table)}
    assert '"Cabinet": "Cabinet"' in table.read_text("utf-8")
    assert (
        fieldkit("visit", "export", "visits", str(tmp_path / "a.doc")).json["error"]["code"]
        == "export-format"
    )
