"""Rulesets, facts of earlier visits and what changed, from the command line."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from fieldkit import cli
from fieldkit.paths import resource

Run = Callable[..., tuple[int, Any]]


@pytest.fixture
def run(profile: tuple[Path, Path], capsys: pytest.CaptureFixture[str]) -> Run:
    """The exit code of a command, and the object it answers with."""
    folder, passphrase = profile

    def fieldkit(*arguments: str) -> tuple[int, Any]:
        where = ("--profile", str(folder), "--passphrase-file", str(passphrase), "--json")
        code = cli.run([*arguments, *where])
        return code, json.loads(capsys.readouterr().out)

    return fieldkit


def test_a_ruleset_is_checked_added_and_listed(
    run: Run, tmp_path: Path, profile: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    raw = json.loads(resource("rulesets", "pro-ps-2023.json").read_text("utf-8"))
    file = tmp_path / "next.json"
    file.write_text(json.dumps(raw | {"id": "pro-ps-2027", "valid_from": "2027-01-01"}), encoding="utf-8")
    assert run("ruleset", "check", str(file))[1]["id"] == "pro-ps-2027"
    assert all(r["id"] != "pro-ps-2027" for r in run("ruleset", "list")[1]["rulesets"])
    assert run("ruleset", "add", str(file))[0] == 0
    assert run("ruleset", "list")[1]["rulesets"][0]["file"] == "pro-ps-2027.json"
    assert cli.run(["ruleset", "list", "--profile", str(profile[0])]) == 0
    assert "pro-ps-2027.json" in capsys.readouterr().out
    file.write_text("{", encoding="utf-8")
    code, refused = run("ruleset", "check", str(file))
    assert code == 3
    assert "next.json" in refused["error"]["message"]


def test_facts_of_the_last_visit_are_confirmed_and_changes_told(run: Run) -> None:
    made = run("visit", "new", "--practice", "Cabinet du Port")[1]
    visit = made["visit"]
    workstation = run("workstation", "set", visit, "os=windows", "addendum=7")[1]["id"]
    assert run("visit", "changes", visit)[1]["changes"] == []
    run("visit", "finalise", visit)
    again = run("visit", "new", "--practice-id", made["practice"])[1]["visit"]
    assert set(run("visit", "show", again)[1]["carried"][workstation]) == {"os", "addendum"}
    assert run("workstation", "confirm", again, workstation, "os")[1]["confirmed"] == 1
    assert run("workstation", "confirm", again)[1] == {"confirmed": 1, "left": {}}
    run("workstation", "set", again, workstation, "addendum=8")
    assert run("visit", "changes", again)[1]["changes"][0]["after"] == 8
