"""The peer: the least a PySide6 program with a table can do, timed as ours is."""

from __future__ import annotations

import sys
import time

from PySide6.QtCore import QTimer
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QApplication, QTableWidget, QTableWidgetItem


class Table(QTableWidget):
    """A table that tells when it has been painted and events flow."""

    told = False

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self.told:
            self.told = True
            QTimer.singleShot(0, self._tell)

    def _tell(self) -> None:
        print(time.monotonic(), flush=True)
        if "--close" in sys.argv:
            QApplication.quit()


app = QApplication(sys.argv[:1])
table = Table(30, 5)
for row in range(30):
    for column in range(5):
        table.setItem(row, column, QTableWidgetItem(f"{row} {column}"))
table.resize(1280, 720)
table.show()
sys.exit(app.exec())
