"""The command line of the person who runs a registry: what they type wrong, and what they are asked."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from fieldkit import cli
from fieldkit.services import registry as service


@pytest.mark.parametrize("day", ["demain", "2027-02-30", "30/06/2027"])
def test_a_day_that_is_none_is_told_in_french(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], day: str
) -> None:
    grant = ["registry", "grant", "set", "--user", "anne", "--scope", "dept:72", "--until", day]
    assert cli.run([*grant, "--data", str(tmp_path)]) == 2
    assert f"{day} n'est pas un jour : écrivez AAAA-MM-JJ." in capsys.readouterr().err


@pytest.mark.parametrize("days", ["0", "999999999999999"])
def test_a_token_lasts_days_and_not_for_ages(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], days: str
) -> None:
    token = ["registry", "token", "create", "--user", "anne", "--scope", "dept:72", "--days", days]
    assert cli.run([*token, "--data", str(tmp_path)]) == 2
    assert "n'est pas dans l'intervalle" in capsys.readouterr().err


@pytest.mark.parametrize(("said", "code"), [("oui", 0), ("O", 0), ("yes", 0), ("non", 130), ("", 130)])
def test_erasing_waits_for_a_yes_in_french(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    said: str,
    code: int,
) -> None:
    service.create_token("anne", ["dept:72"], data=tmp_path)
    monkeypatch.setattr("sys.stdin", io.StringIO(said + "\n"))
    assert cli.run(["registry", "erase", "--account", "anne", "--json", "--data", str(tmp_path)]) == code
    out, err = capsys.readouterr()
    assert "Effacer pour toujours" in err
    assert "[o/N]" in err
    assert bool(out) == (code == 0)
    if out:
        assert json.loads(out)["dry_run"] is False
    assert bool(service.show("token", data=tmp_path)["items"]) == (code != 0)
