"""The app with a peep-hole: run as a program it opens the real window, and tells on a local socket what is
on it, in the words a screen reader would get. It only looks; every action comes through the keyboard.

    python -m tests.e2e.probe SOCKET PROFILE PASSPHRASE_FILE
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from PySide6.QtCore import QModelIndex, QObject, Qt
from PySide6.QtGui import QAccessible, QGuiApplication
from PySide6.QtNetwork import QLocalServer, QLocalSocket
from PySide6.QtWidgets import QAbstractItemView, QApplication, QListView, QPlainTextEdit, QTextEdit, QWidget

from fieldkit.ui import app


def look(widget: QWidget) -> dict[str, Any]:
    """One widget as a person meets it: its kind, name, text, place, and whether it has the keyboard."""
    interface = QAccessible.queryAccessibleInterface(widget)
    name = interface.text(QAccessible.Text.Name) if interface else ""
    value = interface.text(QAccessible.Text.Value) if interface else ""
    place = widget.mapToGlobal(widget.rect().topLeft())
    return {
        "object": widget.objectName(),
        "kind": type(widget).__name__,
        "name": name,
        "value": value,
        "inside": inside(widget),
        "enabled": widget.isEnabled(),
        "focus": widget.hasFocus(),
        "rect": [place.x(), place.y(), widget.width(), widget.height()],
    }


def inside(widget: QWidget) -> list[str]:
    """The texts of the items of a list or table, or the text of a document."""
    if isinstance(widget, QAbstractItemView) and (model := widget.model()) is not None:
        cells = [
            model.index(row, column).data(role)
            for row in range(min(model.rowCount(QModelIndex()), 200))
            for column in range(1 if isinstance(widget, QListView) else model.columnCount(QModelIndex()))
            for role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole)
        ]
        return [str(cell) for cell in cells if cell]
    if isinstance(widget, (QTextEdit, QPlainTextEdit)):
        return [widget.toPlainText()]
    return []


def visible_widgets() -> list[dict[str, Any]]:
    """Every widget that is on the screen now."""
    return [
        look(widget)
        for window in QApplication.topLevelWidgets()
        if window.isVisible()
        for widget in (window, *window.findChildren(QWidget))
        if widget.isVisible()
    ]


def answer(question: dict[str, str]) -> Any:
    """`{"ask": "widgets"}`, `{"ask": "window"}` (its X id) or `{"ask": "picture", "file": PATH}`.

    Whatever was pressed before has its effect first: the question comes by another way than the keys.
    """
    QGuiApplication.sync()
    if question["ask"] == "widgets":
        return visible_widgets()
    if question["ask"] == "window":
        shown = QApplication.activeModalWidget() or next(
            (w for w in QApplication.topLevelWidgets() if w.isVisible() and w.isWindow()), None
        )
        return int(shown.winId()) if shown else 0
    screen = QGuiApplication.primaryScreen()
    return screen.grabWindow(0).save(question["file"])


class Peephole(QObject):
    """Answers one question a line, on the GUI thread."""

    def __init__(self, path: str) -> None:
        super().__init__()
        self._server = QLocalServer(self)
        self._server.newConnection.connect(self._accept)
        if not self._server.listen(path):
            raise RuntimeError(self._server.errorString())

    def _accept(self) -> None:
        socket = self._server.nextPendingConnection()
        socket.readyRead.connect(lambda: self._reply(socket))

    def _reply(self, socket: QLocalSocket) -> None:
        while socket.canReadLine():
            question = json.loads(bytes(socket.readLine().data()))
            socket.write(json.dumps(answer(question)).encode() + b"\n")
            socket.flush()


def main() -> int:
    """Open the window with a peep-hole in it."""
    path, profile, passphrase = sys.argv[1:4]
    holes: list[Peephole] = []
    return app.main(Path(profile), Path(passphrase), on_painted=lambda _window: holes.append(Peephole(path)))


if __name__ == "__main__":
    sys.exit(main())
