"""Facts that machines propose: looked at, ticked, and noted only then."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox
from pytestqt.qtbot import QtBot

from fieldkit.hardware.pcsc.bench import Bench, Slot
from fieldkit.services import visits
from fieldkit.store.fieldwork import FieldStore
from fieldkit.ui.pages.visit.from_machines import FromMachines
from fieldkit.ui.pages.visits import VisitsPage
from tests.ui.visits.hands import press, texts


@pytest.fixture
def visit(store: FieldStore) -> str:
    """A draft with one workstation."""
    made = visits.new_visit(store, practice="Cabinet des Tilleuls")[0]
    visits.set_workstation(store, made, None, {"os_version": "10"})
    return made


@pytest.fixture
def machines(opened: VisitsPage) -> FromMachines:
    opened.open.open_step("workstations")
    found = opened.findChild(FromMachines)
    assert found is not None
    return found


def noted(disk: FieldStore, visit: str) -> dict[str, str]:
    (workstation,) = visits.show_visit(disk, visit)["workstations"]
    return {k: v for k, v in workstation.items() if k not in ("id", "practice", "name")}


def probe(folder: Path) -> Path:
    path = folder / "poste.json"
    system = {"os": "windows", "os_version": "11"}
    components = [{"component": "ATSAM", "version": "4.51"}]
    raw = {"system": {"ok": True, "found": system}, "components": {"ok": True, "found": components}}
    path.write_text(json.dumps(raw), encoding="utf-8")
    return path


def test_a_probe_is_previewed_and_only_ticked_facts_are_noted(
    qtbot: QtBot, opened: VisitsPage, machines: FromMachines, disk: FieldStore, visit: str, tmp_path: Path
) -> None:
    press(opened, "openProbe")
    assert "aucune donnée de patient" in texts(opened)
    machines.import_file(probe(tmp_path))
    qtbot.waitUntil(lambda: machines.proposed.isVisible())
    boxes = {box.accessibleName(): box for box in machines.proposed.findChildren(QCheckBox)}
    ticked = {name: box.isChecked() for name, box in boxes.items()}
    assert ticked == {
        "Système : Windows": True,
        "Version du système : 11": False,  # it would replace what is noted
        "Version ATSAM : 4.51": True,
    }
    assert "Noté pour l'instant : 10" in texts(opened)
    assert noted(disk, visit) == {"os_version": "10"}
    QTest.keyClick(boxes["Version ATSAM : 4.51"], Qt.Key.Key_Space)
    press(opened, "takeProposed")
    qtbot.waitUntil(lambda: noted(disk, visit) == {"os": "windows", "os_version": "10"})
    assert not machines.proposed.isVisible()


def test_nothing_is_noted_when_the_delegate_declines(
    qtbot: QtBot, opened: VisitsPage, machines: FromMachines, disk: FieldStore, visit: str, tmp_path: Path
) -> None:
    machines.import_file(probe(tmp_path))
    qtbot.waitUntil(lambda: machines.proposed.isVisible())
    press(opened, "leaveProposed")
    assert noted(disk, visit) == {"os_version": "10"}


def test_a_file_that_is_no_probe_is_told(
    qtbot: QtBot, opened: VisitsPage, machines: FromMachines, tmp_path: Path
) -> None:
    path = tmp_path / "photo.json"
    path.write_text("{", encoding="utf-8")
    machines.import_file(path)
    qtbot.waitUntil(lambda: "n'est pas celui d'une sonde" in texts(opened))
    assert not machines.proposed.isVisible()


def test_readers_of_the_bench_are_proposed(
    qtbot: QtBot, opened: VisitsPage, machines: FromMachines, disk: FieldStore, visit: str
) -> None:
    opened.context.readers.bench = Bench(
        "running", (Slot("Gemalto PC Twin Reader", 0, "contact", False, "empty"),)
    )
    press(opened, "takeBench")
    box = machines.proposed.findChild(QCheckBox)
    assert box is not None
    assert box.isChecked()
    press(opened, "takeProposed")
    qtbot.waitUntil(lambda: noted(disk, visit).get("card_reader") == "Gemalto PC Twin Reader")


def test_two_readers_leave_the_choice(opened: VisitsPage, machines: FromMachines) -> None:
    slots = (Slot("Lecteur A", 0, "contact", False, "empty"), Slot("Lecteur B", 0, "contact", False, "empty"))
    opened.context.readers.bench = Bench("running", slots)
    press(opened, "takeBench")
    assert [box.isChecked() for box in machines.proposed.findChildren(QCheckBox)] == [False, False]


def test_training_readers_are_never_facts(opened: VisitsPage, machines: FromMachines) -> None:
    slots = (Slot("Lecteur A", 0, "contact", False, "empty"),)
    opened.context.readers.bench = Bench("running", slots, training=True)
    press(opened, "takeBench")
    assert "Aucun lecteur réel" in texts(opened)
    assert not machines.proposed.isVisible()
