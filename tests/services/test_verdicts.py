"""The verdict service: shipped rules, the visit's day, the shape of `cli.md`."""

from __future__ import annotations

import datetime as dt
import json

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


WORKSTATION = {"id": "w1", "addendum": 7, "apcv_setting": "off", "qr_reader": "none", "nfc_reader": "none"}


def test_without_a_tick_nothing_is_different() -> None:
    answer = verdicts.what_if(WORKSTATION, (), DAY)
    assert json.loads(json.dumps(answer)) == answer
    assert (answer["before"], answer["after"]) == ("not-yet", "not-yet")
    assert answer["turned"] == []
    assert not any(option["taken"] for option in answer["options"])
    assert [option["key"] for option in answer["options"]][:2] == ["addendum=8", "apcv_setting=on"]


def test_a_ticked_change_shows_what_it_turns_and_what_is_left() -> None:
    before = dict(WORKSTATION)
    answer = verdicts.what_if(WORKSTATION, {"addendum=8", "apcv_setting=on"}, DAY)
    assert before == WORKSTATION
    assert {(t["before"], t["after"]) for t in answer["turned"]} == {("action", "up-to-date")}
    assert answer["shortest_path"][0]["field"] == "qr_reader"
    assert sum(option["taken"] for option in answer["options"]) == 2


def test_all_steps_of_the_path_lead_to_ready() -> None:
    path = verdicts.evaluate([WORKSTATION], DAY)["workstations"][0]["shortest_path"]
    taken = {f"{step['field']}={step['to']}" for step in path}
    assert verdicts.what_if(WORKSTATION, taken, DAY)["after"] == "ready"


def test_what_cannot_be_changed_is_not_offered() -> None:
    stuck = {**WORKSTATION, "addendum_offered": 7}
    assert "addendum=8" not in {o["key"] for o in verdicts.what_if(stuck, (), DAY)["options"]}


def test_a_key_of_no_change_changes_nothing() -> None:
    answer = verdicts.what_if(WORKSTATION, {"addendum=99", "sorcery=on"}, DAY)
    assert answer["after"] == answer["before"]
    assert answer["turned"] == []
