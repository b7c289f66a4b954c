"""Conflicts: two people wrote the same field; both values, whose and when, and one click either way."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from fieldkit.domain.fieldwork import LINKS, TYPES
from fieldkit.i18n import N_, _
from fieldkit.reports import wording
from fieldkit.ui.models import visit_words as words
from fieldkit.ui.theme import GRID
from fieldkit.ui.widgets.card import Card
from fieldkit.ui.widgets.controls import ChoiceControl, Control, LineControl, TextControl
from fieldkit.ui.widgets.field_box import FieldBox
from fieldkit.ui.widgets.flow import flowing
from fieldkit.ui.widgets.tag import Look, Tag
from fieldkit.ui.widgets.text import button, label
from fieldkit.ui.widgets.wrap_grid import WrapGrid

Conflict = dict[str, Any]

_COLUMN: Final = 190
_LONGEST: Final = 600
_THINGS: Final = {
    "practice": N_("Cabinet"),
    "visit": N_("Visite"),
    "workstation": N_("Poste"),
    "equipment": N_("Matériel"),
    "note": N_("Note"),
    "obstacle": N_("Irritant"),
    "follow_up": N_("Action"),
    "photo": N_("Photo"),
}
_SIDES: Final = {"ours": N_("Le nôtre"), "theirs": N_("Le leur")}
_KEEP: Final = {"ours": N_("Garder le nôtre"), "theirs": N_("Prendre le leur")}


@dataclass(frozen=True, slots=True)
class Typed:
    """A value of a person's own for a field in conflict; None for unknown."""

    value: str | None


class ConflictCard(Card):
    """One conflict, field by field."""

    chosen = Signal(str, object)
    """The conflict and the side to keep, `ours` or `theirs`; or a `Typed` value."""

    def __init__(self, conflict: Conflict) -> None:
        target = conflict["target"]
        thing = _(_THINGS.get(target["type"], target["type"]))
        name = f"{thing} « {target['name']} »" if target["name"] else thing
        super().__init__(f"{name} · {conflict['label']}", f"conflict-{conflict['id']}")
        self.conflict = conflict
        self._keep: list[QPushButton] = []
        tag = Tag()
        tag.show_look(_look(conflict))
        self.header.addWidget(tag, 0, Qt.AlignmentFlag.AlignTop)
        self.title.setWordWrap(True)
        grid = WrapGrid(_COLUMN)
        grid.show_cells(
            [_value(_("Avant"), conflict, "base"), *(self._side(conflict, side) for side in _SIDES)]
        )
        self.body.addWidget(grid)
        if _can_be_typed(conflict):
            self.body.addWidget(self._another(conflict))

    def take_focus(self) -> None:
        """Let the keyboard be on what can be done with it."""
        for keep in self._keep:
            if keep.isEnabled():
                keep.setFocus()
                return

    def _another(self, conflict: Conflict) -> QWidget:
        """A field for a value that is neither."""
        field = TYPES[conflict["target"]["type"]][conflict["field"]]
        control: Control
        if field.choices:
            kind = conflict["target"]["type"]
            control = ChoiceControl(
                {value: _in_words(kind, conflict["field"], value) for value in field.choices}
            )
        elif field.conflict == "text":
            control = TextControl(lines=3)
        else:
            control = LineControl()
        control.show_value(conflict[conflict["stands"]])
        box = FieldBox(_("Ou une autre valeur"), control, f"another-{conflict['id']}")
        write = button(
            _("Écrire cette valeur"),
            f"write-{conflict['id']}",
            lambda: self.chosen.emit(conflict["id"], Typed(control.value())),
        )
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, GRID, 0, 0)
        column.addWidget(box)
        column.addWidget(flowing(write))
        return holder

    def _side(self, conflict: Conflict, side: str) -> QWidget:
        holder = _value(_(_SIDES[side]), conflict, side)
        keep = button(
            _(_KEEP[side]), f"keep-{side}-{conflict['id']}", lambda: self.chosen.emit(conflict["id"], side)
        )
        keep.setAccessibleName(f"{_(_KEEP[side])} : {said(conflict, side)}")
        settled_so = conflict["settled"] and conflict["stands"] == side
        keep.setEnabled(not settled_so)
        self._keep.append(keep)
        column = holder.layout()
        assert column is not None
        column.addWidget(flowing(keep))
        return holder


def said(conflict: Conflict, side: str) -> str:
    """A value of a conflict (`base`, `ours`, `theirs`) in words."""
    value = conflict[side]
    if isinstance(value, bool):
        return _("retirée") if value else _("présente")
    text = _in_words(conflict["target"]["type"], conflict["field"], value)
    return text if len(text) <= _LONGEST else text[:_LONGEST] + "…"


def _in_words(kind: str, field: str, value: Any) -> str:
    return wording.fact(field, value) if kind == "workstation" else wording.word({}, value)


def _can_be_typed(conflict: Conflict) -> bool:
    """Whether a person could write the value: a text or a number, of a field that this app knows."""
    known = TYPES.get(conflict["target"]["type"], {}).get(conflict["field"])
    sides = (conflict["ours"], conflict["theirs"])
    linked = conflict["field"] in LINKS or conflict["field"] == "sha256"
    return known is not None and not linked and all(isinstance(side, str | int | None) for side in sides)


def _value(title: str, conflict: Conflict, side: str) -> QWidget:
    holder = QWidget()
    column = QVBoxLayout(holder)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(GRID // 2)
    stands = " · " + _("en vigueur") if conflict["stands"] == side else ""
    column.addWidget(label(title + stands, "strong"))
    column.addWidget(label(said(conflict, side), wrap=True, selectable=True))
    if side in _SIDES:
        who, when = conflict["who"][side], words.moment(conflict["when"][side])
        column.addWidget(label(" · ".join(part for part in (who, when) if part), "caption", wrap=True))
    column.addStretch(1)
    return holder


def _look(conflict: Conflict) -> Look:
    if conflict["settled"]:
        return Look("success", "success", _("Réglé"))
    return Look("warning", "warning", _("À régler"))
