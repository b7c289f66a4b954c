"""Tables are taken away whole: on the clipboard, and as files; never as a live formula."""

from __future__ import annotations

import csv
import subprocess
import sys
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot
from python_calamine import CalamineWorkbook

from fieldkit.ui.main_window import MainWindow
from fieldkit.ui.models.clipping import clipping
from fieldkit.ui.models.comparison import ComparisonModel
from fieldkit.ui.widgets.fact_table import FactTable
from fieldkit.ui.widgets.take_away import TakeAway
from tests.ui.conftest import until


def cell(value: str | None, **more: object) -> dict[str, object]:
    """An answer of a source."""
    status = {"oui": "yes", "non": "no", None: "unknown"}.get(value, "text")
    told = {"status": status, "value": value, "as_of": "2023-12", "source": "Étude", "locator": "Tableau 4"}
    return told | {"prose_value": None, "prose_basis": None, **more}


COMPARED = {
    "profession": "médecins",
    "as_of": "2023-12",
    "editors": ["=cmd|'/C calc'!A0", "Doctolib"],
    "rows": [
        {"label": "INSi", "differs": False, "cells": [cell("oui"), cell(None)]},
        {"label": "ADRi", "differs": True, "cells": [cell("oui"), cell("non")]},
        {"label": "DMP", "differs": True, "cells": [cell("+V2"), cell("V1")]},
    ],
}


def shown(qtbot: QtBot) -> FactTable:
    """The comparison as a table."""
    model = ComparisonModel()
    table = FactTable(model, "t", "Comparaison", down="Service")
    model.setParent(table)
    qtbot.addWidget(table)
    model.show(COMPARED)
    return table


def test_a_copy_has_every_row_with_its_source_and_no_formula(qtbot: QtBot) -> None:
    table = shown(qtbot)
    QTest.keyClick(table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    clip = QGuiApplication.clipboard().mimeData()
    rows = [line.split("\t") for line in clip.text().splitlines()]
    origin = "Étude, 12/2023 (Tableau 4)"
    assert rows == [
        ["Service", "'=cmd|'/C calc'!A0", "Doctolib", "Source"],
        ["INSi", "oui", "inconnu", origin],
        ["ADRi", "oui", "non", origin],
        ["DMP", "'+V2", "V1", origin],
    ]
    assert "<td>&#x27;+V2</td>" in clip.html()


@given(st.lists(st.text(), min_size=1))
def test_whatever_is_copied_keeps_its_columns_and_is_no_formula(cells: list[str]) -> None:
    rows = [line.split("\t") for line in clipping([cells, cells]).text().split("\n")]
    assert [len(row) for row in rows] == [len(cells)] * 2
    assert not [told for row in rows for told in row if told.startswith(("=", "+", "@"))]


COPY_AND_LEAVE = """
from PySide6.QtGui import QGuiApplication
from fieldkit.ui.models.clipping import clipping

app = QGuiApplication([])
app.clipboard().setMimeData(clipping([["a", "b"], ["c", "d"]]))
"""


def test_what_was_copied_outlives_the_window() -> None:
    done = subprocess.run([sys.executable, "-c", COPY_AND_LEAVE], capture_output=True, check=False)
    assert done.returncode == 0, done.stderr


def test_only_what_editors_answer_otherwise() -> None:
    model = ComparisonModel()
    model.show(COMPARED, only_differences=True)
    assert [model.headerData(row, Qt.Orientation.Vertical) for row in range(model.rowCount())] == [
        "ADRi",
        "DMP",
    ]


def test_two_dates_are_a_table_of_changes() -> None:
    change = {
        "label": "INSi",
        "editor": "Weda",
        "before": cell("non", as_of="2021-06", source="Étude 2021"),
        "after": cell(None, prose_value="yes", prose_basis="explicit"),
    }
    model = ComparisonModel()
    model.show(COMPARED | {"and": "2021-06", "changed": [change], "not_comparable": 3})
    assert [model.headerData(n, Qt.Orientation.Horizontal) for n in range(4)] == [
        "Service", "Éditeur", "Au 06/2021", "Au 12/2023"
    ]  # fmt: skip
    assert [model.index(0, n).data() for n in range(4)] == [
        "INSi",
        "Weda",
        "non",
        "inconnu (texte\u00a0: oui)",
    ]
    assert model.first_answer == 2
    told = model.describe(model.index(0, 2))
    assert told == "INSi, Weda, Au 06/2021 : non. Source : Étude 2021, 06/2021 (Tableau 4)."


def test_files_are_written_away_from_the_window(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    table = shown(qtbot)
    actions = TakeAway(window.context, table, "t")
    qtbot.addWidget(actions)
    for name in ("t.csv", "t.xlsx"):
        actions.write(tmp_path / name)
    until(lambda: not window.context.runner.busy)
    with (tmp_path / "t.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file, delimiter=";"))
    assert rows[0] == ["Service", "'=cmd|'/C calc'!A0", "Doctolib", "Source"]
    assert rows[1] == ["INSi", "oui", "inconnu", "Étude, 12/2023 (Tableau 4)"]
    sheet = CalamineWorkbook.from_path(str(tmp_path / "t.xlsx")).get_sheet_by_index(0).to_python()
    assert sheet[3][1] == "+V2"
    assert "t.xlsx" in window.banner.message.text()
