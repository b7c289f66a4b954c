"""Notes, obstacles, follow-ups: a list of what is written, and the form of the one in hand.

The first letters typed in an empty form make the record; those that follow write on in it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtWidgets import QHBoxLayout, QListView

from fieldkit.i18n import _
from fieldkit.ui.models.hits import Hit, HitDelegate, HitModel
from fieldkit.ui.pages.visit.desk import Desk, Shown
from fieldkit.ui.pages.visit.forms import Form
from fieldkit.ui.theme import scaled
from fieldkit.ui.widgets.card import Card
from fieldkit.ui.widgets.field_box import FieldBox
from fieldkit.ui.widgets.flow import flowing
from fieldkit.ui.widgets.text import button, label
from fieldkit.ui.widgets.wrap_grid import WrapGrid

if TYPE_CHECKING:
    from fieldkit.store.changes import Changes
    from fieldkit.store.fieldwork import FieldStore

_ROWS_IN_SIGHT = 4


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of part: its record type, what its names begin with, and its words."""

    part: str
    name: str
    title: str
    add: str
    nothing: str
    removed: str
    line: Callable[[Shown], tuple[str, str, str]]
    """Drawing, first and second line of a record in the list."""


class Writer:
    """Writes one part; lives on the database worker, where the record it makes gets its identity."""

    def __init__(self, store: FieldStore, visit_id: str, part: str, part_id: str | None) -> None:
        self._store, self._visit_id, self._part = store, visit_id, part
        self.part_id = part_id

    def __call__(self, fields: Mapping[str, Any]) -> Changes:
        from fieldkit.services import visit_desk

        changes = visit_desk.write_part(self._store, self._visit_id, self._part, self.part_id, fields)
        if self.part_id is None:
            ((_type, self.part_id),) = changes.records
        return changes


class PartEditor(Card):
    """The records of one kind in a visit."""

    def __init__(
        self,
        desk: Desk,
        kind: Kind,
        boxes: Mapping[str, FieldBox],
        wide: Sequence[str],
        *,
        afterwards: Sequence[str] = (),
    ) -> None:
        """`wide` are the fields that take a line of their own; `afterwards` those that stay open for good."""
        super().__init__(kind.title, f"{kind.name}Card")
        self._desk, self._kind = desk, kind
        self._records: list[Shown] = []
        self._writer: Writer | None = None
        self.form = Form(desk, boxes, afterwards)
        self.form.autosave.saved.connect(lambda _changes: self._mark())
        self._new = button(kind.add, f"{kind.name}New", self.begin, icon="plus")
        self._remove = button(_("Retirer"), f"{kind.name}Remove", self._put_away, kind="quiet", icon="trash")
        self._nothing = label(kind.nothing, "muted", wrap=True)
        self.model = HitModel(self)
        self.list = QListView()
        self.list.setObjectName(f"{kind.name}List")
        self.list.setAccessibleName(kind.title)
        self.list.setModel(self.model)
        self.list.setItemDelegate(HitDelegate(self.list))
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.selectionModel().currentChanged.connect(self._picked)
        self._fields = WrapGrid(170)
        self._fields.show_cells([box for field, box in boxes.items() if field not in wide])
        self.body.addWidget(self._nothing)
        self.body.addWidget(self.list)
        self.body.addWidget(self._fields)
        for field in wide:
            self.body.addWidget(boxes[field], 1)
        row = QHBoxLayout()
        row.addWidget(flowing(self._new, self._remove), 1)
        self.body.addLayout(row)

    def show_visit(self, shown: Shown, *, fresh: bool) -> None:
        """Show the records of the visit, and go on with the one in hand."""
        current = self._writer.part_id if self._writer and not fresh else None
        was_there = bool(self._record(current))
        self._records = list(shown[f"{self._kind.part}s"])
        known = [record["id"] for record in self._records]
        if fresh or self._writer is None or (was_there and current not in known):
            self._take(None if self._desk.editable or not known else known[-1], fresh=True)
        elif current is None or current in known:  # else it was made after this was looked up
            self.form.show(self._record(current), self._writer, fresh=False)
        self._show_list()
        self._new.setVisible(self._desk.editable)
        self._nothing.setVisible(not self._records)
        useful = self._desk.editable or bool(self._records)
        self._fields.setVisible(useful and len(self.form.boxes) > 1)
        for box in self.form.boxes.values():
            box.setVisible(useful)

    def choose(self, part_id: str) -> None:
        """Take a record in hand, if it is there."""
        if self._record(part_id):
            self._take(part_id, fresh=True)
            self._mark()

    def begin(self) -> None:
        """An empty form for one more."""
        self._take(None, fresh=True)
        self.list.setCurrentIndex(QModelIndex())
        self._mark()
        self.form.take_focus()

    def _take(self, part_id: str | None, *, fresh: bool) -> None:
        self._writer = Writer(self._desk.store, self._desk.visit_id, self._kind.part, part_id)
        self.form.show(self._record(part_id), self._writer, fresh=fresh)

    def _record(self, part_id: str | None) -> Shown:
        found: Shown = next((r for r in self._records if r["id"] == part_id), {})
        return found

    def _show_list(self) -> None:
        self.model.show([self._hit(record) for record in reversed(self._records)])
        rows = min(len(self._records), _ROWS_IN_SIGHT)
        self.list.setVisible(rows > 0)
        self.list.setFixedHeight(rows * self.list.sizeHintForRow(0) + scaled(6) if rows else 0)
        self._mark()

    def _mark(self) -> None:
        """Show in the list which record is in hand."""
        current = self._writer.part_id if self._writer else None
        row = self.model.row_of(current) if current else -1
        self.list.selectionModel().blockSignals(True)
        self.list.setCurrentIndex(self.model.index(row) if row >= 0 else QModelIndex())
        self.list.selectionModel().blockSignals(False)
        self.list.viewport().update()
        self._remove.setVisible(self._desk.editable and row >= 0)

    def _picked(self, index: QModelIndex) -> None:
        hit = self.model.hit(index)
        if hit is not None and self._writer is not None and hit.target != self._writer.part_id:
            self._take(hit.target, fresh=True)
            self._mark()

    def _put_away(self) -> None:
        if self._writer is not None and self._writer.part_id:
            part_id = self._writer.part_id
            self._take(None, fresh=True)
            self._desk.remove(self._kind.part, part_id, self._kind.removed)

    def _hit(self, record: Shown) -> Hit:
        icon, first, second = self._kind.line(record)
        return Hit(icon, second, first or _("(sans texte)"), "", "visits", record["id"])
