"""A probe's file in a visit: previewed, then taken as far as the delegate agrees."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from fieldkit.hardware.pcsc.bench import Bench, Slot
from fieldkit.hardware.pcsc.readers import Interface
from fieldkit.importers.probe import Probe
from fieldkit.services import probe, readers, visits
from fieldkit.store.fieldwork import FieldStore

FOUND = Probe({"os": "windows", "os_version": "11", "atsam_version": "4.51"}, "", "", (), {})


@pytest.fixture
def visit(store: FieldStore) -> str:
    return visits.new_visit(store, practice="Cabinet du Port")[0]


def test_the_preview_shows_what_would_change_and_writes_nothing(store: FieldStore, visit: str) -> None:
    workstation = visits.set_workstation(store, visit, None, {"os": "windows", "os_version": "10"})
    before = visits.show_visit(store, visit)
    assert probe.preview(store, visit, workstation, FOUND) == [
        {"field": "os_version", "before": "10", "after": "11"},
        {"field": "atsam_version", "before": None, "after": "4.51"},
    ]
    assert len(probe.preview(store, visit, None, FOUND)) == 3
    assert visits.show_visit(store, visit) == before


def test_only_what_is_agreed_to_is_written(store: FieldStore, visit: str) -> None:
    workstation = visits.set_workstation(store, visit, None, {"os_version": "10"})
    changes = probe.take(store, visit, workstation, FOUND, ["os"])
    assert changes.records == {("workstation", workstation)}
    (shown,) = visits.show_visit(store, visit)["workstations"]
    assert (shown["os"], shown["os_version"], "atsam_version" in shown) == ("windows", "10", False)


def test_without_a_workstation_a_new_one_is_described(store: FieldStore, visit: str) -> None:
    probe.take(store, visit, None, FOUND)
    assert [w["atsam_version"] for w in visits.show_visit(store, visit)["workstations"]] == ["4.51"]


def test_what_it_reads_and_leaves_is_told_beforehand() -> None:
    told = probe.what()
    assert any("système" in text for text in told["reads"])
    assert any("patient" in text for text in told["leaves"])


def slot(name: str, interface: Interface, *, virtual: bool = False) -> Slot:
    return Slot(name, 0, interface, virtual, "empty")


def test_readers_of_the_bench_as_facts_and_training_as_none() -> None:
    slots = (
        slot("A", "contact"),
        slot("B", "contactless"),
        slot("V", "contact", virtual=True),
        slot("?", "unknown"),
    )
    assert readers.seen_as_facts(Bench("running", slots)) == {"card_reader": ("A",), "nfc_reader": ("B",)}
    assert readers.seen_as_facts(Bench("running", slots, training=True)) == {}


def test_the_command_line(
    profile: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from fieldkit import cli

    def run(*arguments: str) -> tuple[int, dict[str, object]]:
        where = ("--profile", str(profile[0]), "--passphrase-file", str(profile[1]), "--json")
        code = cli.run([*arguments, *where])
        return code, json.loads(capsys.readouterr().out)

    file = tmp_path / "poste.json"
    found = {"system": {"ok": True, "found": {"os": "macos", "os_version": "14.5"}}}
    file.write_text(json.dumps(found), encoding="utf-8")
    visit = str(run("visit", "new", "--practice", "Cabinet du Port")[1]["visit"])
    code, answer = run("workstation", "import", visit, str(file), "--dry-run")
    assert (code, answer["id"]) == (0, None)
    assert run("visit", "show", visit)[1]["workstations"] == []
    made = run("workstation", "import", visit, str(file))[1]["id"]
    assert run("workstation", "import", visit, str(file), "--workstation", str(made))[1]["facts"] == []
    file.write_text("{", encoding="utf-8")
    assert run("workstation", "import", visit, str(file))[0] == 3
    assert set(run("diagnose", "--what")[1]) == {"reads", "leaves"}
    assert cli.run(["diagnose", "--what"]) == 0
    assert "Ne l'est jamais :" in capsys.readouterr().out
