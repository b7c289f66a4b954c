"""The sync page on what has not gone: set aside, taken back, sent again, carried off; and pairs that look alike."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QPushButton, QTableWidget, QWidget
from pytestqt.qtbot import QtBot

from fieldkit.errors import KnownError
from fieldkit.services import queue, sync, visits
from fieldkit.store.changes import Changes
from fieldkit.store.fieldwork import FieldStore
from fieldkit.store.replica import Replica
from fieldkit.ui.pages.base import Context
from fieldkit.ui.pages.sync import SyncPage
from tests.registry.live import LiveRegistry
from tests.ui.visits.hands import find, press, retype, texts
from tests.ui.visits.test_sync_page import page, registry, sign_in

__all__ = ["page", "registry"]


def table_of(page: SyncPage, name: str) -> QTableWidget:
    """A table, in sight or not."""
    table = page.findChild(QTableWidget, f"{name}Table")
    assert table is not None
    return table


def rows(page: SyncPage, name: str) -> int:
    return table_of(page, name).rowCount()


def choose(qtbot: QtBot, page: SyncPage, name: str, row: int = 0) -> None:
    """Choose a line of a table with the keyboard."""
    table = table_of(page, name)
    qtbot.waitUntil(lambda: table.rowCount() > row and table.isVisible())
    table.setFocus()
    table.setCurrentCell(row, 0)
    table.selectRow(row)


def looked(context: Context) -> None:
    context.field_data_changed.emit(Changes())


def test_what_waits_is_set_aside_and_taken_back(
    qtbot: QtBot, visit: str, page: SyncPage, disk: FieldStore
) -> None:
    choose(qtbot, page, "waiting")
    assert not page.queues.aside.isVisible()
    press(page, "waitingAside")
    qtbot.waitUntil(lambda: page.queues.aside.isVisible())
    qtbot.waitUntil(lambda: rows(page, "waiting") == 0)
    assert "C'est mis de côté." in texts(page)
    assert visits.list_visits(disk)[0]["id"] == visit, "it is shown as before"
    choose(qtbot, page, "aside")
    press(page, "asideBack")
    qtbot.waitUntil(lambda: rows(page, "waiting") == 1)
    assert sync.status(disk)["aside"] == []


def test_the_content_of_a_change_is_copied_in_words(
    qtbot: QtBot, visit: str, page: SyncPage, disk: FieldStore
) -> None:
    from PySide6.QtGui import QGuiApplication

    choose(qtbot, page, "waiting")
    press(page, "waitingCopy")
    qtbot.waitUntil(lambda: "Le contenu est copié" in texts(page))
    assert "Nom du cabinet : " in QGuiApplication.clipboard().text()


def test_a_refused_change_is_sent_again_or_says_why_not(
    qtbot: QtBot, visit: str, page: SyncPage, store: FieldStore, disk: FieldStore
) -> None:
    replica = Replica(store.database)
    (entry,) = replica.take(10, 1 << 20)
    problem = '{"status": "refused", "problem": {"title": "Pas le droit.", "detail": "Demandez-le."}}'
    replica.answer([(entry.seq, entry.digest, True, problem, {})])
    looked(page.context)
    choose(qtbot, page, "refused")
    reason = table_of(page, "refused").item(0, 4)
    assert reason is not None
    assert reason.text() == "Pas le droit. Demandez-le."
    press(page, "refusedFile")
    qtbot.waitUntil(lambda: "n'existe que sur ce poste" in texts(page))
    choose(qtbot, page, "refused")
    press(page, "refusedAgain")
    qtbot.waitUntil(lambda: rows(page, "waiting") == 1)
    assert sync.status(disk)["refused"] == []


def test_what_has_not_gone_is_carried_off_and_taken_over(
    qtbot: QtBot, visit: str, page: SyncPage, tmp_path: Path, store: FieldStore
) -> None:
    file = tmp_path / "unsent.fieldkit"
    retype(page, "carrySecret", "une phrase")
    retype(page, "carryAgain", "une autre")
    page.carry_off.write(file)
    qtbot.waitUntil(lambda: "ne sont pas les mêmes" in page.carry_off.again.error())
    for name in ("carrySecret", "carryAgain"):
        retype(page, name, "court")
    page.carry_off.write(file)
    qtbot.waitUntil(lambda: "trop courte" in page.carry_off.secret.error())
    for name in ("carrySecret", "carryAgain"):
        retype(page, name, "une phrase assez longue")
    page.carry_off.write(file)
    qtbot.waitUntil(lambda: "1 changement, 0 photo" in texts(page))
    assert find(page, "carrySecret", QLineEdit).text() == ""
    queue.set_aside(store, 1)
    store.database.execute("DELETE FROM aside")
    retype(page, "carrySecret", "pas la bonne")
    page.carry_off.read(file)
    qtbot.waitUntil(lambda: "ne s'ouvre pas" in texts(page))
    retype(page, "carrySecret", "une phrase assez longue")
    page.carry_off.read(file)
    qtbot.waitUntil(lambda: "Repris ici : 1 changement, 0 photo." in texts(page))
    qtbot.waitUntil(lambda: rows(page, "waiting") == 1)
    retype(page, "carrySecret", "une phrase assez longue")
    page.carry_off.read(file)
    qtbot.waitUntil(lambda: "est déjà ici" in texts(page))


def test_two_of_one_practice_become_one_and_two_again(
    qtbot: QtBot, page: SyncPage, store: FieldStore, disk: FieldStore
) -> None:
    with store.changeset("x") as c:
        made = [
            c.create("practice", "dept:72", {"name": name, "rpps": "10101514767"}) for name in ("Un", "Deux")
        ]
    looked(page.context)
    qtbot.waitUntil(lambda: page.findChild(QWidget, f"keep-{made[0]}") is not None)
    qtbot.waitUntil(lambda: "Même numéro RPPS" in texts(page))
    press(page, f"keep-{made[0]}")
    qtbot.waitUntil(lambda: "« Deux » est montré avec « Un »." in texts(page))
    assert [p["name"] for p in visits.list_practices(disk)] == ["Un"]
    press(page, f"separate-{made[1]}")
    qtbot.waitUntil(lambda: page.findChild(QWidget, f"apart-{made[0]}") is not None)
    press(page, f"apart-{made[0]}")
    qtbot.waitUntil(lambda: not page.duplicates.isVisible())
    assert len(visits.list_practices(disk)) == 2


def conflict(
    store: FieldStore, visit: str, field: str, kind: str, ours: object, theirs: object
) -> tuple[str, str]:
    """A conflict about a workstation, which this laptop wrote first; and the workstation."""
    workstation = visits.set_workstation(store, visit, None, {"name": "Accueil", field: ours})
    mine, other = f"1700000000000-0000-{store.device}", "1700000000001-0000-" + "b" * 16
    with store.changeset("test") as c:
        about = {"target_type": "workstation", "target_id": workstation, "field": field, "kind": kind}
        sides = {"base": None, "ours": ours, "theirs": theirs, "settled": False}
        who = {"who": {"ours": "camille", "theirs": "alix"}, "when": {"ours": mine, "theirs": other}}
        return c.create("conflict", "dept:72", {**about, **sides, **who}), workstation


def test_a_conflict_is_settled_by_a_value_of_ones_own(
    qtbot: QtBot, visit: str, page: SyncPage, store: FieldStore, disk: FieldStore
) -> None:
    made, workstation = conflict(store, visit, "place", "soft", "Accueil", "Bureau")
    looked(page.context)
    qtbot.waitUntil(lambda: page.findChild(QWidget, f"write-{made}") is not None)
    retype(page, f"another-{made}", "ours")
    press(page, f"write-{made}")
    qtbot.waitUntil(lambda: disk.get("workstation", workstation)["place"] == "ours")


def test_a_value_that_cannot_be_is_told_and_nothing_is_settled(
    qtbot: QtBot, visit: str, page: SyncPage, store: FieldStore, disk: FieldStore
) -> None:
    made, _workstation = conflict(store, visit, "addendum", "soft", 7, 8)
    looked(page.context)
    qtbot.waitUntil(lambda: page.findChild(QWidget, f"write-{made}") is not None)
    retype(page, f"another-{made}", "huit")
    press(page, f"write-{made}")
    qtbot.waitUntil(lambda: "Un nombre entier est attendu" in texts(page))
    assert not sync.conflicts(disk)[0]["settled"]


def test_at_the_width_of_a_phone_nothing_is_cut(
    qtbot: QtBot, visit: str, page: SyncPage, store: FieldStore
) -> None:
    made, _workstation = conflict(store, visit, "place", "review", "Accueil", "Bureau du fond, à gauche")
    looked(page.context)
    page.setMinimumSize(0, 0)
    page.resize(360, 640)
    qtbot.waitUntil(lambda: page.findChild(QWidget, f"write-{made}") is not None)
    inside = page.area.widget()
    assert inside is not None
    qtbot.waitUntil(lambda: page.width() == 360 and inside.width() <= page.area.viewport().width())
    for side in ("ours", "theirs"):
        keep = find(page, f"keep-{side}-{made}", QPushButton)
        assert keep.mapTo(inside, keep.rect().topRight()).x() <= inside.width()


def test_it_synchronises_by_itself_once_it_is_due(
    qtbot: QtBot, visit: str, page: SyncPage, registry: LiveRegistry, disk: FieldStore
) -> None:
    assert not page.live.clock.timer.isActive(), "there is no registry to speak to"
    sign_in(qtbot, page, registry.url, registry.token("camille", "dept:72"))
    qtbot.waitUntil(page.live.clock.timer.isActive)
    assert page.live.clock.timer.remainingTime() <= 40_000
    page.live.clock.network_is_back()
    assert page.live.clock.timer.remainingTime() <= 4_000
    page.live.clock.timer.start(0)
    qtbot.waitUntil(lambda: sync.status(disk)["waiting"] == [])
    qtbot.waitUntil(lambda: not page.live.running)
    assert "envoyé," not in texts(page), "nobody asked: nobody is told"
    qtbot.waitUntil(lambda: page.live.clock.timer.remainingTime() > 60_000)
    page.live.ended.emit(KnownError("token-revoked", "x", "y"))
    page.live.look()
    qtbot.waitUntil(lambda: not page.context.runner.busy)
    assert not page.live.clock.timer.isActive(), "a person must act first"
    page.live.clock.resume()
    assert page.live.clock.timer.isActive()
    page.live.clock.want(False)
    assert not page.live.clock.timer.isActive()
    QTest.keyClick(page, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: "0 changement envoyé" in texts(page))
    assert not page.live.clock.timer.isActive()
