"""What the catalogue says under the software of a workstation; the delegate alone notes it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from fieldkit.services import visits
from fieldkit.services.profile import catalogue_path
from fieldkit.store.fieldwork import FieldStore
from fieldkit.ui.pages.visit.catalogue_words import CatalogueWords
from fieldkit.ui.pages.visits import VisitsPage
from tests.ui.visits.hands import find, press, retype, texts


@pytest.fixture
def visit(store: FieldStore, loaded_catalogue: Path, tmp_path: Path) -> str:
    """A draft whose workstation runs a product of the catalogue."""
    shutil.copy(loaded_catalogue, catalogue_path(tmp_path))
    made = visits.new_visit(store, practice="Audition Sarthe", about={"profession": "LPP"})[0]
    visits.set_workstation(store, made, None, {"software": "Cosium Center", "addendum": 7})
    return made


def test_its_facts_are_told_with_source_and_date_and_noted_on_demand_only(
    qtbot: QtBot, opened: VisitsPage, disk: FieldStore, visit: str
) -> None:
    opened.open.open_step("workstations")
    qtbot.waitUntil(lambda: "Ce que dit le catalogue de « Cosium Center »" in texts(opened))
    assert "cahier des charges Add. 8 (GIE SESAM-Vitale, étude de marché 2023, " in texts(opened)
    (before,) = visits.show_visit(disk, visit)["workstations"]
    assert (before["addendum"], before.get("addendum_offered")) == (7, None)
    press(opened, "noteOffered")
    qtbot.waitUntil(lambda: visits.show_visit(disk, visit)["workstations"][0].get("addendum_offered") == 8)
    assert visits.show_visit(disk, visit)["workstations"][0]["addendum"] == 7
    words = find(opened, "catalogueWords", CatalogueWords)
    qtbot.waitUntil(lambda: not words.take.isVisible())


def test_another_software_has_other_words_or_none(qtbot: QtBot, opened: VisitsPage) -> None:
    opened.open.open_step("workstations")
    words = opened.findChild(CatalogueWords)
    assert words is not None
    qtbot.waitUntil(words.isVisible)
    retype(opened, "workstationSoftware", "Un logiciel maison")
    qtbot.waitUntil(lambda: not words.isVisible())
