"""What the steps of an open visit share: which visit it is, the way to its records, and what was saved."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from PySide6.QtCore import QObject, Signal

from fieldkit.ui.pages.base import Context
from fieldkit.ui.runner import Queue
from fieldkit.ui.widgets.autosave import Autosave

if TYPE_CHECKING:
    from fieldkit.store.changes import Changes
    from fieldkit.store.fieldwork import FieldStore

T = TypeVar("T")
Shown = Mapping[str, Any]
"""A visit as `services.visits.show_visit` gives it, with `gaps` and `earlier` visits beside."""


class Desk(QObject):
    """The visit that is open, for its steps."""

    go = Signal(str, str)
    """Asks for a step, and for a field of it (`""` for none)."""
    another = Signal(str)
    """Asks for another visit, by its identity."""
    saved = Signal()
    """Something reached the disk: what is derived from it must be looked at again."""
    moved = Signal()
    """What is unsaved or refused may have changed."""
    removed = Signal(str, object)
    """Something was put away: what was done in words, and the function that takes it back."""

    def __init__(self, context: Context, parent: QObject) -> None:
        super().__init__(parent)
        self.context = context
        self.visit_id = ""
        self.editable = False
        self.workstations_editable = False
        """Not where they are those of a visit that others followed."""
        self._autosaves: list[Autosave] = []

    def autosave(self) -> Autosave:
        """A new form's way to the disk; its news are the desk's."""
        made = Autosave(self.context.runner, self)
        made.saved.connect(self._announce)
        made.moved.connect(self.moved)
        made.trouble.connect(self.context.show_error)
        self._autosaves.append(made)
        return made

    def flush(self) -> None:
        """Hand over everything typed in any step."""
        for autosave in self._autosaves:
            autosave.flush()

    @property
    def unsaved(self) -> int:
        """How many fields are on their way to the disk."""
        return sum(autosave.unsaved for autosave in self._autosaves)

    @property
    def refused(self) -> list[str]:
        """The names of fields whose content is refused."""
        return [name for autosave in self._autosaves for name in autosave.refused]

    def ask(
        self,
        work: Callable[[FieldStore], T],
        on_done: Callable[[T], None],
        on_error: Callable[[Exception], None] | None = None,
    ) -> None:
        """Look something up in the field data."""
        store = self.store
        self.context.runner.run(Queue.DATABASE, lambda: work(store), on_done, on_error)

    def change(
        self,
        work: Callable[[FieldStore], Changes],
        on_done: Callable[[Changes], None] = lambda _changes: None,
        on_error: Callable[[Exception], None] | None = None,
    ) -> None:
        """Write something that is no field of a form, after what was typed; pages are told when it is done."""

        def done(changes: Changes) -> None:
            self._announce(changes)
            on_done(changes)

        self.flush()
        store = self.store
        self.context.runner.run(Queue.DATABASE, lambda: work(store), done, on_error)

    def remove(self, record_type: str, record_id: str, words: str) -> None:
        """Put a record away, and offer the way back under `words`."""
        from fieldkit.services import visit_desk, visits

        visit_id = self.visit_id

        def undo() -> None:
            self.change(lambda store: visit_desk.take_back(store, visit_id, record_type, record_id))

        self.change(
            lambda store: visits.archive(store, record_type, record_id),
            lambda _changes: self.removed.emit(words, undo),
        )

    @property
    def store(self) -> FieldStore:
        """The open field data."""
        profile = self.context.profile
        assert profile is not None
        return profile.store

    def _announce(self, changes: object) -> None:
        self.saved.emit()
        self.context.field_data_changed.emit(changes)
