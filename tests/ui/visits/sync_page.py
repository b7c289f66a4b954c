"""The sync page in a window that has the keyboard."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from fieldkit.ui.pages.base import Context
from fieldkit.ui.pages.sync import SyncPage


@contextmanager
def shown_sync_page(qtbot: QtBot, context: Context) -> Iterator[SyncPage]:
    """Show it, and have looked at how things stand, until the block ends."""
    made = SyncPage(context)
    made.setMinimumSize(640, 480)
    made.resize(1040, 660)
    with qtbot.waitActive(made):
        made.show()
        made.activateWindow()
    made.entered()
    qtbot.waitUntil(lambda: made.live.status is not None)
    yield made
    context.runner.shutdown()
    made.close()
    made.deleteLater()
    QApplication.sendPostedEvents(made, QEvent.Type.DeferredDelete.value)
