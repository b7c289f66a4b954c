"""The list of results that "Rechercher partout" drops over the page; the keyboard stays in its field."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from PySide6.QtCore import QModelIndex, QPoint, Qt
from PySide6.QtWidgets import QFrame, QLineEdit, QVBoxLayout, QWidget

from fieldkit.i18n import _, ngettext
from fieldkit.ui.models.hits import Hit, HitModel
from fieldkit.ui.theme import GRID, scaled
from fieldkit.ui.widgets.result_list import ResultList
from fieldkit.ui.widgets.text import label

_ROWS_SHOWN: Final = 8


class SearchPopup(QFrame):
    """Belongs to the window of `field`, under which it appears; `opened` is called with the chosen hit."""

    def __init__(self, field: QLineEdit, opened: Callable[[Hit], None]) -> None:
        super().__init__(field.window())
        self._field, self._opened = field, opened
        self.setObjectName("searchPopup")
        self.setProperty("kind", "popup")
        self.model = HitModel(self)
        self.results = ResultList(self.model, "searchResults", _("Résultats de la recherche"))
        self.results.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.results.clicked.connect(self._open)
        self._foot = label("", "caption", wrap=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(GRID, GRID, GRID, GRID)
        column.addWidget(self.results)
        column.addWidget(self._foot)
        self.hide()

    def drop(self, hits: Sequence[Hit]) -> None:
        """Appear with these results, the first one chosen."""
        self.model.show(hits)
        self.results.setVisible(bool(hits))
        if hits:
            self.results.setCurrentIndex(self.model.index(0))
            words = ngettext(
                "{n} résultat · ↑ ↓ pour choisir, Entrée pour ouvrir",
                "{n} résultats · ↑ ↓ pour choisir, Entrée pour ouvrir",
                len(hits),
            )
            self._foot.setText(words.format(n=len(hits)))
        else:
            self._foot.setText(_("Rien ne porte ce nom. Essayez un mot plus court, ou une partie du nom."))
        self._place()
        self.show()
        self.raise_()

    def steer(self, key: Qt.Key) -> bool:
        """Take a key typed in the field: arrows choose, Enter opens, Escape closes; False for any other."""
        if self.results.steer(key):
            return True
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._open(self.results.currentIndex())
            return True
        if key == Qt.Key.Key_Escape:
            self.hide()
            return True
        return False

    def _open(self, index: QModelIndex) -> None:
        hit = self.model.hit(index)
        self.hide()
        if hit is not None:
            self._opened(hit)

    def _place(self) -> None:
        window: QWidget = self._field.window()
        corner = self._field.mapTo(window, QPoint(0, self._field.height() + GRID // 2))
        rows = min(self.model.rowCount(), _ROWS_SHOWN)
        height = rows * self.results.sizeHintForRow(0) + GRID if rows else 0
        room = window.height() - corner.y() - 2 * GRID
        self.results.setFixedHeight(min(height, room - scaled(48)))
        self.setFixedWidth(self._field.width())
        self.adjustSize()
        self.move(corner)
