"""The sync page on a registry that really listens: sign-in, a run, trouble, conflicts."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QTableWidget, QWidget
from pytestqt.qtbot import QtBot

from fieldkit.errors import KnownError
from fieldkit.services import sync, visits
from fieldkit.store.fieldwork import FieldStore
from fieldkit.ui.live_sync import LiveSync, Status, _Hop, summary
from fieldkit.ui.pages.base import Context
from fieldkit.ui.pages.sync import SyncPage
from fieldkit.ui.runner import Queue, Runner, Task
from fieldkit.ui.widgets.field_box import ErrorLine
from tests.registry.live import LiveRegistry, live_registry, sqlite_url
from tests.ui.visits.hands import find, press, retype, texts, type_in
from tests.ui.visits.sync_page import shown_sync_page

NOTHING: Status = {
    "registry": None, "user": None, "last_success": None, "last_trouble": None, "clock": None,
    "sign_in": {"how": None, "name": None, "kept": True, "expired": False},
    "waiting": [], "aside": [], "photos": [], "duplicates": 0, "refused": [], "conflicts": 0,
}  # fmt: skip


@pytest.fixture
def registry(tmp_path: Path) -> Iterator[LiveRegistry]:
    with live_registry(sqlite_url(tmp_path)) as running:
        yield running


@pytest.fixture
def page(qtbot: QtBot, context: Context) -> Iterator[SyncPage]:
    with shown_sync_page(qtbot, context) as made:
        yield made


def sign_in(qtbot: QtBot, page: SyncPage, url: str, token: str) -> None:
    retype(page, "registryUrl", url)
    field = type_in(page, "registryToken", token)
    QTest.keyClick(field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: bool(page.live.status and page.live.status["registry"]))
    assert QApplication.focusWidget() is find(page, "registryChange", QPushButton)


def test_a_wrong_address_is_told_under_its_field(qtbot: QtBot, page: SyncPage) -> None:
    retype(page, "registryUrl", "nulle part")
    type_in(page, "registryToken", "jeton")
    press(page, "registrySave")
    qtbot.waitUntil(lambda: page.sign_in.address.error() != "")
    retype(page, "registryUrl", "http://127.0.0.1:9")
    retype(page, "registryToken", "")
    press(page, "registrySave")
    qtbot.waitUntil(lambda: "vide" in page.sign_in.token.error())
    assert not find(page, "syncNow", QPushButton).isEnabled()


def test_a_token_is_read_from_a_file(page: SyncPage, tmp_path: Path) -> None:
    (tmp_path / "token").write_text("  fk-1234\n")
    page.sign_in.read_token(tmp_path / "token")
    assert page.sign_in.token.value() == "fk-1234"
    (tmp_path / "picture").write_bytes(b"\xff\xd8\xff")
    page.sign_in.read_token(tmp_path / "picture")
    assert "ne peut pas être lu" in page.sign_in.token.error()


def test_a_visit_leaves_for_the_registry(
    qtbot: QtBot, visit: str, page: SyncPage, registry: LiveRegistry, disk: FieldStore
) -> None:
    said: list[str] = []
    page.context.show_status = lambda _part, text: said.append(text)
    qtbot.waitUntil(lambda: find(page, "waitingTable", QTableWidget).rowCount() == 1)
    sign_in(qtbot, page, registry.url, registry.token("camille", "dept:72"))
    QTest.keyClick(page, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: "1 changement envoyé, 2 fiches reçues." in texts(page))
    qtbot.waitUntil(lambda: "Tout est envoyé." in texts(page))
    assert "Dernière synchronisation réussie" in texts(page)
    qtbot.waitUntil(lambda: "en tant que camille" in texts(page))
    assert visits.list_visits(disk)[0]["state"] == "draft"
    assert sync.status(disk)["waiting"] == []
    qtbot.waitUntil(lambda: said[-1].startswith("Synchronisé le "))
    assert "Synchronisation… · 1 à envoyer" in said


def test_without_a_network_everything_waits_and_says_so(
    qtbot: QtBot, visit: str, page: SyncPage, context: Context
) -> None:
    said: list[str] = []
    context.show_status = lambda _part, text: said.append(text)
    with socket.socket() as deaf:
        deaf.bind(("127.0.0.1", 0))  # and never listens: the port is kept from others meanwhile
        url = f"http://127.0.0.1:{deaf.getsockname()[1]}"
        sign_in(qtbot, page, url, "jeton")
        press(page, "syncNow")
        qtbot.waitUntil(lambda: page.banner.isVisible() and not page.live.running)
    assert "Le registre ne répond pas." in texts(page)
    qtbot.waitUntil(lambda: said[-1] == "Hors ligne · 1 à envoyer")
    qtbot.waitUntil(lambda: "Le registre ne répond pas." in find(page, "syncTrouble", ErrorLine).text())
    assert find(page, "syncNow", QPushButton).isEnabled()


def test_a_run_can_be_stopped(qtbot: QtBot, page: SyncPage, monkeypatch: pytest.MonkeyPatch) -> None:
    photos = {"sent": 0, "left": 0, "received": 0, "missing": 0}
    answer = {"pushed": 0, "refused": 0, "pulled": 0, "conflicts": 0, "mended": 0, "attachments": photos}
    answered = Event()

    def run(_store: FieldStore, **how: Any) -> dict[str, object]:
        assert answered.wait(60)
        assert how["cancelled"]()
        return answer

    monkeypatch.setattr(sync, "run", run)
    page.start()
    press(page, "syncCancel")
    assert "Arrêt après la réponse en cours" in texts(page)
    answered.set()
    qtbot.waitUntil(lambda: not page.live.running)
    qtbot.waitUntil(lambda: "0 changement envoyé" in texts(page))


def test_a_conflict_is_shown_field_by_field_and_settled(
    qtbot: QtBot, visit: str, page: SyncPage, disk: FieldStore
) -> None:
    workstation = visits.set_workstation(disk, visit, None, {"name": "Accueil", "os": "windows"})
    mine, other = f"1700000000000-0000-{disk.device}", "1700000000001-0000-" + "b" * 16
    with disk.changeset("test") as c:
        conflict = c.create(
            "conflict",
            "dept:72",
            {
                "target_type": "workstation", "target_id": workstation, "field": "os", "kind": "soft",
                "base": None, "ours": "windows", "theirs": "macos",
                "who": {"ours": "camille", "theirs": "alix"}, "when": {"ours": mine, "theirs": other},
                "settled": False,
            },
        )  # fmt: skip
    page.context.field_data_changed.emit(c.changes)
    qtbot.waitUntil(lambda: page.findChild(QWidget, f"conflict-{conflict}") is not None)
    there = ("Poste « Accueil » · Système", "Windows", "macOS", "inconnu", "camille", "alix", "À régler")
    qtbot.waitUntil(lambda: all(words in texts(page) for words in there))
    press(page, f"keep-theirs-{conflict}")
    qtbot.waitUntil(lambda: disk.get("workstation", workstation)["os"] == "macos")
    qtbot.waitUntil(lambda: sync.conflicts(disk)[0]["settled"])
    qtbot.waitUntil(lambda: "Réglé" in texts(page))


def a_conflict(disk: FieldStore, workstation: str, field: str, ours: str, theirs: str) -> tuple[str, Any]:
    with disk.changeset("test") as c:
        made = c.create(
            "conflict",
            "dept:72",
            {
                "target_type": "workstation", "target_id": workstation, "field": field, "kind": "soft",
                "base": None, "ours": ours, "theirs": theirs,
                "who": {"ours": "camille", "theirs": "alix"},
                "when": {
                    "ours": f"1700000000000-0000-{disk.device}",
                    "theirs": "1700000000001-0000-" + "b" * 16,
                },
                "settled": False,
            },
        )  # fmt: skip
    return made, c.changes


def test_what_is_being_typed_outlives_a_conflict_that_arrives(
    qtbot: QtBot, visit: str, page: SyncPage, disk: FieldStore
) -> None:
    workstation = visits.set_workstation(disk, visit, None, {"name": "Accueil", "place": "gauche"})
    first, changes = a_conflict(disk, workstation, "place", "gauche", "droite")
    page.context.field_data_changed.emit(changes)
    qtbot.waitUntil(lambda: page.findChild(QWidget, f"another-{first}") is not None)
    field = retype(page, f"another-{first}", "au fond du couloir")
    second, changes = a_conflict(disk, workstation, "os_version", "10", "11")
    page.context.field_data_changed.emit(changes)
    qtbot.waitUntil(lambda: page.findChild(QWidget, f"another-{second}") is not None)
    assert find(page, f"another-{first}", QWidget) is field
    assert QApplication.focusWidget() is field
    press(page, f"write-{first}")
    qtbot.waitUntil(lambda: disk.get("workstation", workstation)["place"] == "au fond du couloir")
    qtbot.waitUntil(lambda: "Réglé" in texts(page))
    here = QApplication.focusWidget()
    assert here is not None
    assert find(page, f"conflict-{first}", QWidget).isAncestorOf(here)


def test_tab_goes_from_top_to_bottom_also_through_what_came_later(
    qtbot: QtBot, visit: str, page: SyncPage, disk: FieldStore
) -> None:
    workstation = visits.set_workstation(disk, visit, None, {"name": "Accueil", "place": "gauche"})
    with disk.changeset("twins") as c:
        one, _other = (c.create("practice", "dept:72", {"name": n, "rpps": "10101514767"}) for n in "ab")
    conflict, changes = a_conflict(disk, workstation, "place", "gauche", "droite")
    page.context.field_data_changed.emit(changes)
    names = ["registryUrl", f"keep-{one}", f"keep-ours-{conflict}", "waitingTable", "carryExport"]
    qtbot.waitUntil(lambda: all(page.findChild(QWidget, name) for name in names))
    order: list[str] = []
    widget = page.nextInFocusChain()
    while widget is not None and widget is not page:
        order.append(widget.objectName())
        widget = widget.nextInFocusChain()
    assert [name for name in order if name in names] == names


def test_the_status_line_counts_in_words() -> None:
    assert summary(NOTHING, running=False) == "Aucun registre"
    busy = {**NOTHING, "registry": "x", "waiting": [1, 2, 3], "conflicts": 1, "refused": [1]}
    assert summary(busy, running=False) == "Jamais synchronisé · 3 à envoyer · 1 refusé · 1 conflit"
    assert summary(busy, running=True).startswith("Synchronisation… · ")
    offline = {**busy, "last_trouble": {"code": "registry-unreachable"}}
    assert summary(offline, running=False).startswith("Hors ligne · ")
    stopped = {**busy, "last_trouble": {"code": "token-expired"}}
    assert summary(stopped, running=False).startswith("Synchro interrompue · ")


def test_one_synchronisation_serves_the_whole_window(context: Context) -> None:
    assert LiveSync.of(context) is LiveSync.of(context)


def test_work_on_the_database_comes_back_to_the_thread_that_asked(qapp: QApplication, runner: Runner) -> None:
    hop = _Hop(runner, Task(Queue.POOL))
    assert hop(lambda: 7) == 7
    with pytest.raises(ZeroDivisionError):
        hop(lambda: 1 // 0)


def test_a_closed_window_keeps_nobody_waiting(qapp: QApplication, runner: Runner) -> None:
    task: Task[object] = Task(Queue.POOL)
    runner.shutdown()
    task.cancel()
    with pytest.raises(KnownError) as caught:
        _Hop(runner, task)(lambda: 7)
    assert caught.value.code == "window-closed"
