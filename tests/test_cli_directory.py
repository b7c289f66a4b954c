"""`fieldkit directory`: the shapes of `cli.md`, and its exit codes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from fieldkit import cli
from tests.bench import annuaire_file


def run(folder: Path, capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, Any]:
    """The exit code of a command, and the object it answers with."""
    code = cli.run(["directory", *arguments, "--json", "--profile", str(folder)])
    return code, json.loads(capsys.readouterr().out.splitlines()[-1])


def test_import_search_and_show(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = str(annuaire_file.write(tmp_path / "f.txt", 2_000).path)
    code, answer = run(tmp_path / "p", capsys, "import", file)
    assert code == (1 if answer["refused"] else 0) == 1
    assert {"read", "kept", "refused", "seconds", "peak_mb", "encoding", "problems"} <= answer.keys()
    code, found = run(tmp_path / "p", capsys, "search", "a", "--limit", "3")
    assert (code, len(found["results"])) == (0, 3)
    assert {"query", "took_ms", "total", "results"} <= found.keys()
    assert all({"kind", "id", "name", "detail", "source", "as_of"} == row.keys() for row in found["results"])
    code, card = run(tmp_path / "p", capsys, "show", found["results"][0]["id"])
    assert (code, card["name"]) == (0, found["results"][0]["name"])
    assert run(tmp_path / "p", capsys, "status")[1]["rows"] == answer["kept"]


def test_import_of_some_departments(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    written = annuaire_file.write(tmp_path / "f.txt", 1_000, faults=False)
    wanted = ("--department", "72", "--department", "75")
    code, answer = run(tmp_path / "p", capsys, "import", str(written.path), *wanted)
    assert (code, answer["kept"]) == (0, written.by_department["72"] + written.by_department["75"])


def test_progress_is_a_line_of_json_each(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = str(annuaire_file.write(tmp_path / "f.txt", 1_000, faults=False).path)
    cli.run(["directory", "import", file, "--progress", "--json", "--profile", str(tmp_path / "p")])
    *steps, answer = map(json.loads, capsys.readouterr().out.splitlines())
    assert steps
    assert all(step["progress"].keys() == {"share", "read", "kept", "reading"} for step in steps)
    assert answer["kept"] == 1_000


def test_answers_for_people(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    columns = [name for name in annuaire_file.COLUMNS if name != "Libellé rôle"] + ["Nouveauté"]
    file = str(annuaire_file.write(tmp_path / "f.txt", 3_000, columns=columns).path)
    folder = ["--profile", str(tmp_path / "p")]
    assert cli.run(["directory", "import", file, *folder]) == 1
    told = capsys.readouterr().out
    assert "sur 3000 lues" in told
    assert "Colonnes absentes : Libellé rôle" in told
    assert "Colonnes inconnues : Nouveauté" in told
    assert "3001 :  " in told
    cli.run(["directory", "search", "martin", *folder])
    assert "MARTIN" in capsys.readouterr().out
    cli.run(["directory", "search", "zzzzzz", *folder])
    assert "Rien ne correspond" in capsys.readouterr().out


def test_nothing_imported_yet(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, answer = run(tmp_path / "p", capsys, "search", "martin")
    assert (code, answer["error"]["code"]) == (3, "directory-missing")
    assert run(tmp_path / "p", capsys, "status") == (0, {"present": False})
    code, answer = run(tmp_path / "p", capsys, "import", str(tmp_path / "absent.txt"))
    assert (code, answer["error"]["code"]) == (3, "directory-file-unreadable")
