"""The visit that is open in the window, for the pages whose results can be attached to it."""

from __future__ import annotations

from typing import Self

from PySide6.QtCore import QObject, Signal


class CurrentVisit(QObject):
    """Which draft is open, if any; one for the whole window, found from its context."""

    changed = Signal()

    def __init__(self, context: QObject) -> None:
        super().__init__(context)
        self.visit_id: str | None = None
        self.practice = ""

    @classmethod
    def of(cls, context: QObject) -> Self:
        """That of this window."""
        return context.findChild(cls) or cls(context)

    def set(self, visit_id: str | None, practice: str = "") -> None:
        """Say that a draft to `practice` (its name) is open, or that none is."""
        if (visit_id, practice) != (self.visit_id, self.practice):
            self.visit_id, self.practice = visit_id, practice
            self.changed.emit()
