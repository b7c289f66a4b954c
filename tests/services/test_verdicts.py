"""The verdict service: shipped rules, the visit's day, the shape of `cli.md`."""

from __future__ import annotations

import datetime as dt
import json
import shutil
from pathlib import Path

import pytest

from fieldkit.errors import KnownError
from fieldkit.paths import resource
from fieldkit.services import verdicts

DAY = dt.date(2026, 1, 15)


def test_the_shape_of_the_command_line() -> None:
    answer = verdicts.evaluate([{"id": "w1", "name": "Accueil", "addendum": 7}, {"id": "w2"}], DAY)
    assert json.loads(json.dumps(answer)) == answer  # plain values: what is sent is what comes back
    assert [w["id"] for w in answer["workstations"]] == ["w1", "w2"]
    first = answer["workstations"][0]
    assert first["apcv"] == "not-yet"
    keys = {"criterion", "status", "reason", "remedy", "owner", "source"}
    assert all(keys <= finding.keys() for finding in first["findings"])
    step = first["shortest_path"][0]
    assert step.keys() == {"field", "from", "to", "text", "owner"}
    assert (step["field"], step["from"], step["to"]) == ("addendum", "7", "8")
    assert answer["workstations"][1]["apcv"] == "unknown"


def test_the_vintage_is_always_shown() -> None:
    def titles(year: int) -> list[str]:
        return [r["title"] for r in verdicts.evaluate([], dt.date(year, 6, 1))["rulesets"]]

    assert titles(2021)[0] == "PRO-PS 2021"
    assert titles(2026) == ["PRO-PS 2023", "Appli carte Vitale (addendum 8)"]
    assert titles(2019) == []


def test_a_file_more_is_a_ruleset_more(tmp_path: Path) -> None:
    folder = tmp_path / "rulesets"
    shutil.copytree(resource("rulesets"), folder)
    raw = json.loads((folder / "pro-ps-2023.json").read_text("utf-8"))
    later = raw | {"id": "pro-ps-2027", "valid_from": "2027-01-01"}
    (folder / "pro-ps-2027.json").write_text(json.dumps(later), encoding="utf-8")
    assert "pro-ps-2027" in {r.id for r in verdicts.read_rulesets(folder)}


def test_a_damaged_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "mine.json").write_text("{", encoding="utf-8")
    with pytest.raises(KnownError) as caught:
        verdicts.read_rulesets(tmp_path)
    assert caught.value.code == "ruleset-invalid"
    assert "mine.json" in caught.value.message
