"""Attaching a test's result to the visit that is open in the window."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QHBoxLayout, QWidget

from fieldkit.i18n import _
from fieldkit.ui.current_visit import CurrentVisit
from fieldkit.ui.runner import Queue
from fieldkit.ui.widgets.text import button, label

if TYPE_CHECKING:
    from fieldkit.store.changes import Changes
    from fieldkit.ui.pages.base import Context

Result = dict[str, Any]
"""`{kind, verdict, summary, details}` of a test run."""


class AttachButton(QWidget):
    """Shown while a draft is open; `result` gives what to attach when it is pressed, None where there is nothing."""

    def __init__(
        self,
        context: Context,
        name: str,
        result: Callable[[], Result | None],
        text: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._context, self._result = context, result
        self._visit = CurrentVisit.of(context)
        self._to = label("", "muted")
        words = text or _("&Attacher à la visite")
        self.press = button(words, name, self._attach, kind="primary", icon="visits")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._to)
        row.addWidget(self.press)
        self._visit.changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Look again at which visit is open, and whether there is a result."""
        self.setVisible(self._visit.visit_id is not None)
        self._to.setText(self._visit.practice)
        self.press.setEnabled(self._result() is not None)

    def _attach(self) -> None:
        from fieldkit.services import visit_desk

        result, visit_id, profile = self._result(), self._visit.visit_id, self._context.profile
        if result is None or visit_id is None or profile is None:
            return
        store, practice = profile.store, self._visit.practice
        self._context.runner.run(
            Queue.DATABASE,
            lambda: visit_desk.attach_test(store, visit_id, **result),
            lambda changes: self._attached(changes, practice),
        )

    def _attached(self, changes: Changes, practice: str) -> None:
        self._context.field_data_changed.emit(changes)
        said = _("Le résultat est attaché à la visite de {practice}.").format(practice=practice)
        self._context.show_message("success", said)
