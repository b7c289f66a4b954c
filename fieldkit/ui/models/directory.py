"""Millions of lines as a model that holds a few pages of them: the rest is fetched when it comes into view."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from typing import Any, Final

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, Qt, QTimer

from fieldkit.domain.directory import Listed
from fieldkit.i18n import _
from fieldkit.ui.models.hits import Hit, Index

PAGE: Final = 100
_PAGES_KEPT: Final = 40

Answer = Callable[[list[Listed]], None]
Fetch = Callable[[int, int, Answer], None]
"""`fetch(start, count, answer)`: call `answer` on the GUI thread, later, with these lines of the list."""

_COMING: Final = Hit("directory", "", "…", "", "", "")


class DirectoryModel(QAbstractListModel):
    """The lines of the directory, or some of them. Of the pages that are wanted at once, the latest comes first."""

    def __init__(self, describe: Callable[[Listed], Hit], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._describe = describe
        self._count = 0
        self._fetch: Fetch | None = None
        self._pages: OrderedDict[int, list[tuple[Listed, Hit]]] = OrderedDict()
        self._wanted: list[int] = []
        self._list = 0
        self._flying = False
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self._ask)

    def show_all(self, count: int, fetch: Fetch) -> None:
        """Show a list of `count` lines, which `fetch` gets."""
        self._show(count, fetch, {})

    def show(self, found: Sequence[Listed]) -> None:
        """Show these lines instead."""
        pages = {
            start // PAGE: [(listed, self._describe(listed)) for listed in found[start : start + PAGE]]
            for start in range(0, len(found), PAGE)
        }
        self._show(len(found), None, pages)

    def listed(self, index: Index) -> Listed | None:
        """The line at `index`; None where there is none, or not yet."""
        page = self._pages.get(index.row() // PAGE) if index.isValid() else None
        place = index.row() % PAGE
        return page[place][0] if page and place < len(page) else None

    @property
    def complete(self) -> bool:
        """Whether nothing that was looked at is still to come."""
        return not (self._wanted or self._flying)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  Qt's own signature
        return 0 if parent.isValid() else self._count

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role not in (
            Qt.ItemDataRole.UserRole,
            Qt.ItemDataRole.DisplayRole,
            Qt.ItemDataRole.AccessibleTextRole,
        ):
            return None
        hit = self._hit(index.row())
        if role == Qt.ItemDataRole.UserRole:
            return hit
        if role == Qt.ItemDataRole.DisplayRole:
            return hit.name
        return _("Ligne en cours de lecture") if hit is _COMING else f"{hit.name}, {hit.kind}, {hit.detail}"

    def _show(self, count: int, fetch: Fetch | None, pages: dict[int, list[tuple[Listed, Hit]]]) -> None:
        self.beginResetModel()
        self._list += 1
        self._count, self._fetch = count, fetch
        self._pages = OrderedDict(pages)
        self._wanted.clear()
        self._flying = False
        self.endResetModel()

    def _hit(self, row: int) -> Hit:
        number = row // PAGE
        page = self._pages.get(number)
        if page is not None:
            self._pages.move_to_end(number)
            return page[row % PAGE][1] if row % PAGE < len(page) else _COMING
        if self._fetch is not None and number not in self._wanted:
            self._wanted = [*self._wanted[-2:], number]
            self._soon.start()
        return _COMING

    def _ask(self) -> None:
        if self._flying or not self._wanted or self._fetch is None:
            return
        number, asked = self._wanted[-1], self._list
        self._flying = True

        def answer(found: list[Listed]) -> None:
            if asked == self._list:
                self._put(number, found)

        self._fetch(number * PAGE, PAGE, answer)

    def _put(self, number: int, found: list[Listed]) -> None:
        self._flying = False
        self._wanted = [wanted for wanted in self._wanted if wanted != number]
        self._pages[number] = [(listed, self._describe(listed)) for listed in found]
        if len(self._pages) > _PAGES_KEPT:
            self._pages.popitem(last=False)
        first = self.index(number * PAGE)
        last = self.index(min((number + 1) * PAGE, self._count) - 1)
        self.dataChanged.emit(first, last)
        self._ask()
