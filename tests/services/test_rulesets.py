"""Rulesets beside the field data: a file is enough, a faulty one takes nothing away."""

from __future__ import annotations

import copy
import datetime as dt
import json
import os
from pathlib import Path
from typing import Any

import pytest

from fieldkit.errors import KnownError
from fieldkit.paths import resource
from fieldkit.services import rulesets, verdicts

TODAY = dt.date(2026, 11, 25)
LATER = dt.date(2027, 3, 1)

SHIPPED: dict[str, Any] = json.loads(resource("rulesets", "pro-ps-2023.json").read_text("utf-8"))
NEXT = SHIPPED | {"id": "pro-ps-2027", "valid_from": "2027-01-01", "title": {"fr": "PRO-PS 2027"}}


def put(profile: Path, name: str, raw: object) -> Path:
    folder = profile / rulesets.FOLDER
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_text(raw if isinstance(raw, str) else json.dumps(raw), encoding="utf-8")
    return path


def titles(profile: Path, on: dt.date) -> list[str]:
    return [ruleset["title"] for ruleset in verdicts.evaluate([], on, profile)["rulesets"]]


def test_a_file_more_is_a_ruleset_more(tmp_path: Path) -> None:
    assert titles(tmp_path, LATER)[0] == "PRO-PS 2023"
    put(tmp_path, "next.json", NEXT)
    assert titles(tmp_path, LATER)[0] == "PRO-PS 2027"
    assert titles(tmp_path, TODAY)[0] == "PRO-PS 2023"


def test_a_file_that_changes_is_read_anew(tmp_path: Path) -> None:
    path = put(tmp_path, "next.json", NEXT)
    assert titles(tmp_path, LATER)[0] == "PRO-PS 2027"
    put(tmp_path, "next.json", NEXT | {"title": {"fr": "PRO-PS 2027 bis"}})
    os.utime(path, ns=(1, 1))
    assert titles(tmp_path, LATER)[0] == "PRO-PS 2027 bis"
    path.unlink()
    assert titles(tmp_path, LATER)[0] == "PRO-PS 2023"


def test_a_faulty_file_takes_no_verdict_away(tmp_path: Path) -> None:
    put(tmp_path, "mine.json", "{")
    assert titles(tmp_path, TODAY) == titles(tmp_path / "elsewhere", TODAY)
    found = rulesets.in_use(tmp_path)
    assert list(found.refused) == ["mine.json"]
    assert "mine.json" in found.refused["mine.json"]


def test_the_same_identity_takes_the_place_of_ours_and_twice_is_once_too_often(tmp_path: Path) -> None:
    put(tmp_path, "a.json", SHIPPED | {"title": {"fr": "PRO-PS 2023 corrigé"}})
    put(tmp_path, "b.json", SHIPPED)
    found = rulesets.in_use(tmp_path)
    assert titles(tmp_path, TODAY)[0] == "PRO-PS 2023 corrigé"
    assert found.own == {"pro-ps-2023": "a.json"}
    assert "a.json" in found.refused["b.json"]


def _with(path: tuple[Any, ...], value: object) -> dict[str, Any]:
    raw = copy.deepcopy(NEXT)
    inside: Any = raw
    for key in path[:-1]:
        inside = inside[key]
    inside[path[-1]] = value
    return raw


CASE = ("criteria", 0, "cases", 0)


@pytest.mark.parametrize(
    ("raw", "named"),
    [
        (_with((*CASE, "when"), {"adendum": ["8"]}), "« adendum »"),
        (_with((*CASE, "when"), {"os": ["windwos"]}), "« windwos »"),
        (_with((*CASE, "when"), {"internet": {"not": ["oui"]}}), "« oui »"),
        (_with((*CASE, "when"), {}), "sans regarder aucun fait"),
        (
            _with(
                ("changes",),
                [
                    {
                        "field": "internet",
                        "to": "oui",
                        "cost": 1,
                        "owner": "PS",
                        "text": {"fr": "x"},
                        "check": {"fr": "x"},
                    }
                ],
            ),
            "« oui »",
        ),
        ("\ufeff[]", "illisible"),
        ("x" * 1_000_001, "trop grand"),
    ],
)
def test_what_a_ruleset_cannot_say_is_refused_with_its_name(tmp_path: Path, raw: object, named: str) -> None:
    with pytest.raises(KnownError) as caught:
        rulesets.read(put(tmp_path, "mine.json", raw))
    assert caught.value.code == "ruleset-invalid"
    assert "mine.json" in caught.value.message
    assert named in caught.value.message
    assert caught.value.hint


def test_bytes_that_are_no_text_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "photo.json"
    path.write_bytes(b"\xff\xd8\xff\xe0")
    with pytest.raises(KnownError, match=r"photo\.json"):
        rulesets.read(path)


def test_adding_puts_a_checked_copy_in_the_profile(tmp_path: Path) -> None:
    profile = tmp_path / "profile"
    profile.mkdir()
    file = tmp_path / "téléchargé (1).json"
    file.write_text(json.dumps(NEXT), encoding="utf-8")
    assert rulesets.add(profile, file).id == "pro-ps-2027"
    assert rulesets.in_use(profile).own == {"pro-ps-2027": "pro-ps-2027.json"}
    file.write_text(json.dumps(NEXT | {"title": {"fr": "Autre"}}), encoding="utf-8")
    rulesets.add(profile, file)
    assert titles(profile, LATER)[0] == "Autre"
    file.write_text("{", encoding="utf-8")
    with pytest.raises(KnownError):
        rulesets.add(profile, file)
    assert titles(profile, LATER)[0] == "Autre"
    rulesets.remove(profile, "pro-ps-2027.json")
    assert titles(profile, LATER)[0] == "PRO-PS 2023"


def test_the_list_says_which_apply_and_where_they_come_from(tmp_path: Path) -> None:
    put(tmp_path, "next.json", NEXT)
    put(tmp_path, "broken.json", "{")
    shown = rulesets.told(tmp_path, TODAY)
    assert shown[0].keys() == {"file", "problem"}
    by_id = {item["id"]: item for item in shown[1:]}
    assert [by_id[i]["in_force"] for i in ("pro-ps-2021", "pro-ps-2023", "pro-ps-2027", "apcv-2020")] == [
        False,
        True,
        False,
        True,
    ]
    assert (by_id["pro-ps-2027"]["file"], by_id["pro-ps-2023"]["file"]) == ("next.json", "")
    assert all(item["sources"] for item in shown[1:])
