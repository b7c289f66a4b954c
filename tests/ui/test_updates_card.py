"""Updates from the window: a fingerprint first, then the catalogue and the directory, and never half of one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import cast

import pytest
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from fieldkit.services import catalogue_update, directory, publications, publishing, sync
from fieldkit.services.profile import catalogue_path, directory_path
from fieldkit.settings import Settings
from fieldkit.ui.main_window import MainWindow
from fieldkit.ui.pages.settings import SettingsPage
from fieldkit.ui.widgets.updates_card import UpdatesCard
from tests.bench import annuaire_file
from tests.services import press
from tests.services.press import Press
from tests.ui.conftest import MakeWindow

Card = Callable[..., UpdatesCard]


@pytest.fixture
def keeper(tmp_path: Path) -> Press:
    """A catalogue and the directory of two departments, on a key."""
    made = Press(tmp_path / "clé USB" / "publications", tmp_path / "keys").begin()
    made.catalogue(press.small())
    file = tmp_path / "PS_LibreAcces_Personne_activite_202611010800.txt"
    annuaire_file.write(file, 1_500)
    publishing.publish_directory(made.at, file, ["75", "13"])
    return made


@pytest.fixture
def card(make_window: MakeWindow, qtbot: QtBot) -> Card:
    """The card on the settings page, once it knows what is in place."""

    def make(*departments: str, unlocked: bool = False) -> UpdatesCard:
        window: MainWindow = make_window(
            unlocked=unlocked, settings=Settings(theme="light", departments=departments)
        )
        window.open_page("settings")
        made = cast(SettingsPage, window.page("settings")).updates
        qtbot.waitUntil(lambda: "Source" in made.state.text())
        return made

    return make


def test_the_first_update_asks_for_the_fingerprint_and_takes_both(
    qtbot: QtBot, card: Card, keeper: Press, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = card("75")
    folder = shown._context.folder
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_any: str(keeper.folder.parent))
    changed: list[str] = []
    shown._context.catalogue_changed.connect(lambda: changed.append("catalogue"))
    shown._context.directory_changed.connect(lambda: changed.append("directory"))
    shown.from_key.click()
    qtbot.waitUntil(shown.accept.isVisible)
    assert shown._fingerprint.text() == publications.grouped(publishing.status(keeper.folder)["fingerprint"])
    assert publications.trusted(folder) is None
    shown.accept.click()
    qtbot.waitUntil(lambda: shown.banner.isVisible() and shown.from_key.isVisible())
    assert shown.banner.message.text().startswith("Catalogue mis à jour")
    assert "Annuaire mis à jour" in shown.banner.message.text()
    assert changed == ["catalogue", "directory"]
    assert directory.status(directory_path(folder))["departments"] == ["75"]
    qtbot.waitUntil(lambda: "édition n° 1" in shown.state.text())
    shown.from_registry.click()
    qtbot.waitUntil(lambda: "déjà à jour" in shown.banner.message.text())
    shown.back.click()
    qtbot.waitUntil(lambda: "précédent" in shown.banner.message.text())
    qtbot.waitUntil(lambda: "celui de l'application" in shown.state.text())
    qtbot.waitUntil(lambda: not shown.back.isVisible())


def test_another_fingerprint_is_refused_and_nothing_is_trusted(
    qtbot: QtBot, card: Card, keeper: Press
) -> None:
    shown = card("75")
    shown.take_from(str(keeper.folder))
    qtbot.waitUntil(shown.refuse.isVisible)
    shown.refuse.click()
    assert "Rien n'a été accepté" in shown.banner.message.text()
    assert not shown.accept.isVisible()
    assert publications.trusted(shown._context.folder) is None


def test_a_doubt_is_told_and_the_catalogue_stays(qtbot: QtBot, card: Card, keeper: Press) -> None:
    shown = card()
    keeper.trusted_by(shown._context.folder)
    shown.look()
    qtbot.waitUntil(lambda: "acceptée le" in shown.state.text())
    press.change(keeper.newest("/catalogue/" + next(keeper.folder.rglob("catalogue/*.whole.zst")).name))
    shown.take_from(str(keeper.folder))
    qtbot.waitUntil(shown.banner.isVisible)
    assert "signé" in shown.banner.message.text()
    assert "celui de l'application" in shown.state.text()


def test_a_department_that_is_not_published_does_not_undo_the_catalogue(
    qtbot: QtBot, card: Card, keeper: Press
) -> None:
    shown = card("2A")
    keeper.trusted_by(shown._context.folder)
    shown.look()
    qtbot.waitUntil(lambda: "acceptée le" in shown.state.text())
    shown.take_from("")
    qtbot.waitUntil(shown.banner.isVisible)
    assert "Catalogue mis à jour" in shown.banner.message.text()
    assert "2A" in shown.banner.message.text()
    assert catalogue_path(shown._context.folder).with_name("catalogue-edition.json").is_file()


def test_without_a_registry_the_way_is_told(qtbot: QtBot, card: Card) -> None:
    shown = card(unlocked=True)
    shown.from_registry.click()
    assert "Aucun registre" in shown.banner.message.text()


def test_the_registry_of_the_profile_is_the_first_source(qtbot: QtBot, card: Card, keeper: Press) -> None:
    shown = card(unlocked=True)
    context = shown._context
    assert context.profile is not None
    with press.served(keeper.folder) as url:
        sync.configure(context.profile.store, url, "a token")
        shown.look()
        qtbot.waitUntil(lambda: shown._registry == url)
        shown.from_registry.click()
        qtbot.waitUntil(shown.accept.isVisible)
        shown.accept.click()
        qtbot.waitUntil(shown.banner.isVisible)
    assert "Catalogue mis à jour" in shown.banner.message.text()
    assert "vos départements" in shown.banner.message.text()


def test_an_update_that_is_stopped_changes_nothing(qtbot: QtBot, card: Card, keeper: Press) -> None:
    shown = card()
    folder = shown._context.folder
    keeper.trusted_by(folder)
    shown.look()
    qtbot.waitUntil(lambda: "acceptée le" in shown.state.text())
    shown.take_from("")
    shown.stop.click()
    qtbot.waitUntil(shown.banner.isVisible)
    assert "arrêtée" in shown.banner.message.text()
    assert catalogue_update.update(folder)["changed"]
