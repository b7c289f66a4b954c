"""The settings page: each choice is kept as it is made, and what is refused stays in sight."""

from __future__ import annotations

import json
from pathlib import Path
from typing import cast

import pytest
from PySide6.QtWidgets import QComboBox, QLabel, QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from fieldkit import settings
from fieldkit.paths import resource
from fieldkit.services import sync
from fieldkit.ui.main_window import MainWindow
from fieldkit.ui.pages.settings import SettingsPage
from fieldkit.ui.runner import Queue
from fieldkit.ui.widgets.licences import installed_licences
from fieldkit.ui.widgets.tag import Tag
from tests.ui.conftest import MakeWindow


@pytest.fixture
def page(make_window: MakeWindow) -> SettingsPage:
    """The page, in view."""
    window: MainWindow = make_window(unlocked=False)
    window.open_page("settings")
    return cast(SettingsPage, window.page("settings"))


def line(page: SettingsPage, name: str) -> QLineEdit:
    """A field of the page."""
    found = page.findChild(QLineEdit, name)
    assert found is not None
    return found


def type_in(field: QLineEdit, text: str) -> None:
    """Type, and leave the field."""
    field.setText(text)
    field.editingFinished.emit()


def test_identity_and_departments_are_kept(qtbot: QtBot, page: SettingsPage) -> None:
    type_in(line(page, "delegateName"), " Camille Martin ")
    type_in(line(page, "departments"), "72 2a")
    folder = page.context.folder
    qtbot.waitUntil(lambda: settings.load(folder).departments == ("72", "2A"))
    assert settings.load(folder).name == "Camille Martin"


def test_a_wrong_department_is_told_and_nothing_is_kept(page: SettingsPage) -> None:
    type_in(line(page, "departments"), "72 Sarthe")
    assert page.banner.isVisible()
    assert page.context.settings.departments == ()
    type_in(line(page, "departments"), "72")
    assert not page.banner.isVisible()


def test_a_nir_is_refused(page: SettingsPage) -> None:
    type_in(line(page, "delegateName"), "2 69 05 49 588 157 80")
    assert page.banner.isVisible()
    assert "588" not in page.banner.accessibleName()
    assert page.context.settings.name == ""


@pytest.mark.parametrize(
    ("name", "row", "kept"), [("theme", 2, "dark"), ("language", 1, "en"), ("textSize", 1, 125)]
)
def test_choices_are_kept(qtbot: QtBot, page: SettingsPage, name: str, row: int, kept: object) -> None:
    box = page.findChild(QComboBox, name)
    assert box is not None
    box.setCurrentIndex(row)
    box.activated.emit(row)
    field = {"textSize": "text_size"}.get(name, name)
    qtbot.waitUntil(lambda: getattr(settings.load(page.context.folder), field) == kept)


def test_the_registry_is_shown_once_the_visits_are_open(qtbot: QtBot, make_window: MakeWindow) -> None:
    window = make_window()
    store = window.context.profile.store if window.context.profile else None
    assert store is not None
    set_up: list[object] = []
    address = "https://registre.example"
    window.context.runner.run(
        Queue.DATABASE, lambda: sync.configure(store, address, "jeton"), set_up.append, set_up.append
    )
    qtbot.waitUntil(lambda: bool(set_up))
    window.open_page("settings")
    shown = window.page("settings").findChild(QLabel, "registryAddress")
    assert shown is not None
    qtbot.waitUntil(lambda: shown.text() == address)


def test_every_library_is_named_with_its_licence(qtbot: QtBot, page: SettingsPage) -> None:
    qtbot.waitUntil(lambda: page.licences.rowCount() > 5)
    found = {name: (version, licence) for name, version, licence in installed_licences()}
    assert {"click", "keyring", "sqlite-utils", "typst"} <= set(found)
    assert all(version and licence for version, licence in found.values())
    assert "fieldkit" not in found
    assert "pytest" not in found


def test_a_ruleset_is_added_from_a_file_told_and_taken_away(
    qtbot: QtBot, page: SettingsPage, tmp_path: Path
) -> None:
    raw = json.loads(resource("rulesets", "pro-ps-2023.json").read_text("utf-8"))
    raw |= {"id": "pro-ps-2999", "valid_from": "2999-01-01", "title": {"fr": "PRO-PS 2999"}}
    file = tmp_path / "nouveau.json"
    file.write_text(json.dumps(raw), encoding="utf-8")

    def looks() -> dict[str, str]:
        found = (tag for tag in page.findChildren(Tag) if tag.objectName().startswith("ruleset-"))
        return {tag.objectName().removeprefix("ruleset-"): tag.text() for tag in found}

    qtbot.waitUntil(lambda: looks().get("pro-ps-2023") == "En vigueur aujourd'hui")
    assert looks()["pro-ps-2021"] == "Pour les visites plus anciennes"
    page.rulesets.add(file)
    qtbot.waitUntil(lambda: looks().get("pro-ps-2999") == "Pas encore")
    file.write_text("{", encoding="utf-8")
    page.rulesets.add(file)
    qtbot.waitUntil(lambda: "nouveau.json" in page.rulesets.banner.accessibleName())
    remove = page.findChild(QPushButton, "removeRuleset-pro-ps-2999.json")
    assert remove is not None
    remove.click()
    qtbot.waitUntil(lambda: "pro-ps-2999" not in looks())
