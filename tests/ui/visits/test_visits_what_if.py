"""« Et si… ? » in the Verdict step: ticks show what would be, and nothing is written."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox
from pytestqt.qtbot import QtBot

from fieldkit.services import visits
from fieldkit.store.fieldwork import FieldStore
from fieldkit.ui.pages.visit.what_if import WhatIfCard
from fieldkit.ui.pages.visits import VisitsPage
from fieldkit.ui.widgets.tag import Tag
from tests.ui.visits.hands import find, press, texts

NEARLY = {
    "addendum": 7,
    "apcv_setting": "off",
    "qr_reader": "Zebra",
    "internet": "yes",
    "pro_card": "cps3",
    "card_reader_kind": "standard-pcsc",
}


@pytest.fixture
def workstation(store: FieldStore, visit: str) -> str:
    return visits.set_workstation(store, visit, None, NEARLY)


@pytest.fixture
def wondering(qtbot: QtBot, workstation: str, opened: VisitsPage) -> VisitsPage:
    opened.open.open_step("verdict")
    qtbot.waitUntil(lambda: opened.findChild(QCheckBox, f"whatIf-{workstation}-0") is not None)
    return opened


def outcome(page: VisitsPage, workstation: str) -> str:
    return find(page, f"whatIfOutcome-{workstation}", Tag).text()


def tick(page: VisitsPage, workstation: str, fact: str) -> QCheckBox:
    box = next(
        box
        for box in page.findChildren(QCheckBox)
        if box.objectName().startswith(f"whatIf-{workstation}") and box.accessibleName().startswith(fact)
    )
    box.setFocus()
    QTest.keyClick(box, Qt.Key.Key_Space)
    return box


def test_ticking_what_is_missing_leads_to_ready_and_writes_nothing(
    qtbot: QtBot, wondering: VisitsPage, workstation: str, disk: FieldStore, visit: str
) -> None:
    before = visits.show_visit(disk, visit)
    assert outcome(wondering, workstation) == "Pas encore prêt"
    tick(wondering, workstation, "Addendum")
    qtbot.waitUntil(lambda: "Il resterait 1 étape" in texts(wondering))
    assert "Logiciel compatible (addendum 8) : action requise → à jour" in texts(wondering)
    tick(wondering, workstation, "Appli carte Vitale dans le logiciel")
    qtbot.waitUntil(lambda: outcome(wondering, workstation) == "Prêt")
    assert visits.show_visit(disk, visit) == before
    assert before["verdict"]["workstations"][0]["apcv"] == "not-yet"


def test_ticks_are_taken_away_again(qtbot: QtBot, wondering: VisitsPage, workstation: str) -> None:
    box = tick(wondering, workstation, "Addendum")
    qtbot.waitUntil(lambda: "Il resterait 1 étape" in texts(wondering))
    tick(wondering, workstation, "Addendum")
    qtbot.waitUntil(lambda: "Sans rien changer." in texts(wondering))
    assert not box.isChecked()
    tick(wondering, workstation, "Addendum")
    qtbot.waitUntil(lambda: "Avec ce changement." in texts(wondering))
    press(wondering, f"whatIfClear-{workstation}")
    qtbot.waitUntil(lambda: "Sans rien changer." in texts(wondering))


def test_a_fact_noted_meanwhile_keeps_the_ticks_that_still_make_sense(
    qtbot: QtBot, wondering: VisitsPage, workstation: str, store: FieldStore, visit: str
) -> None:
    tick(wondering, workstation, "Addendum")
    qtbot.waitUntil(lambda: "Avec ce changement." in texts(wondering))
    visits.set_workstation(store, visit, workstation, {"apcv_setting": "on"})
    wondering.context.field_data_changed.emit(None)
    qtbot.waitUntil(lambda: outcome(wondering, workstation) == "Prêt")


def test_a_finalised_visit_wonders_no_more(
    qtbot: QtBot, wondering: VisitsPage, workstation: str, store: FieldStore, visit: str
) -> None:
    visits.finalise(store, visit)
    wondering.context.field_data_changed.emit(None)
    qtbot.waitUntil(lambda: wondering.findChild(WhatIfCard) is None)


def test_a_finding_cites_the_facts_it_rests_on(wondering: VisitsPage) -> None:
    assert "D'après : Addendum SESAM-Vitale : 7." in texts(wondering)
    assert "Carte du professionnel : CPS3 ; Type de lecteur : lecteur standard PC/SC" in texts(wondering)
