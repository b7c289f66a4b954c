"""`fieldkit readers --training`: simulated readers, marked as such in every line."""

from __future__ import annotations

import json

import pytest

from fieldkit import cli


def test_simulated_readers_say_so_in_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["readers", "--training", "two-slots", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["training"] is True
    assert [slot["name"] for slot in told["readers"]] == ["KAPELSE KAP-GO"] * 2


def test_every_event_of_simulated_readers_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["readers", "--training", "swapped", "--watch", "0.05", "--json"]) == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert lines
    assert all(line["training"] is True for line in lines)
    assert cli.run(["readers", "--training", "swapped", "--watch", "0.05"]) == 0
    plain = capsys.readouterr().out.splitlines()
    assert all(line.startswith("[Entraînement : lecteurs simulés] ") for line in plain)


def test_a_scenario_that_is_not_there_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["readers", "--training", "perfect", "--json"]) == 3
    error = json.loads(capsys.readouterr().out)["error"]
    assert error["code"] == "training-unknown"
    assert "two-slots" in error["hint"]


def test_the_readers_are_told_in_words_with_the_mark_first(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["readers", "--training", "two-slots"]) == 0
    first, service, *slots = capsys.readouterr().out.splitlines()
    assert first == "Entraînement : lecteurs simulés"
    assert service == "Le service de cartes à puce fonctionne."
    assert slots[0] == "- KAPELSE KAP-GO, fente 1 (à contact) : Vide : insérez une carte."
