"""Autosave: what is typed in a form is on the disk within a second, in order; what is refused stays in sight.

Each field is written on its own, so that one that is refused holds no other back. The database worker takes
one write after another, which keeps the writes of a field in the order in which they were typed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Final, TypeVar

from PySide6.QtCore import QObject, QTimer, Signal

from fieldkit.errors import KnownError
from fieldkit.i18n import _
from fieldkit.ui.runner import Queue, Runner
from fieldkit.ui.widgets.field_box import FieldBox

WAIT_MS: Final = 250
"""Longest time that a letter waits before it is handed to the database worker."""
QUIET_MS: Final = 900
"""Pause in typing after which a field says that what stands in it is refused."""
_RETRY_MS: Final = 3_000
_PASSING: Final = ("database-busy", "disk-full")
"""Errors that are not the value's fault: the write is tried again."""

T = TypeVar("T")

Write = Callable[[Mapping[str, Any]], object]
"""Writes `{field: value}`; called on the database worker."""


@dataclass(slots=True)
class _Entry:
    box: FieldBox
    edit: int = 0
    answered: int = 0
    waiting: bool = False
    error: KnownError | None = None

    @property
    def clean(self) -> bool:
        return self.edit == self.answered and self.error is None


class Autosave(QObject):
    """The fields of one record on their way to the disk."""

    saved = Signal(object)
    """A write was made; with what it returned."""
    moved = Signal()
    """`unsaved` or `refused` may have changed."""
    trouble = Signal(object)
    """An exception that concerns no field: the disk is full, a bug."""

    def __init__(self, runner: Runner, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._runner = runner
        self._entries: dict[str, _Entry] = {}
        self._write: Write | None = None
        self._record = 0
        self._sent = 0
        """Writes of this record that are not answered yet."""
        self._sent_before = 0
        """The same, of the records shown before: they are on their way, not on the disk."""
        self._soon = QTimer(self, singleShot=True, interval=WAIT_MS)
        self._soon.timeout.connect(self.flush)
        self._quiet = QTimer(self, singleShot=True, interval=QUIET_MS)
        self._quiet.timeout.connect(self._tell)
        self._again = QTimer(self, singleShot=True, interval=_RETRY_MS)
        self._again.timeout.connect(self.flush)

    def watch(self, name: str, box: FieldBox) -> None:
        """Keep what is typed in `box` as the field `name` of the record."""
        self._entries[name] = _Entry(box)
        box.typed.connect(partial(self.touch, name))
        box.left.connect(self._left)

    def show(self, values: Mapping[str, Any], write: Write) -> None:
        """Show another record, after the last letters typed into the one before were handed over."""
        self.flush()
        self._record += 1
        self._sent_before, self._sent = self._sent_before + self._sent, 0
        self._write = write
        for name, entry in self._entries.items():
            entry.answered = entry.edit
            entry.error = None
            entry.box.clear_error()
            entry.box.show_value(values.get(name))
        self.moved.emit()

    def refresh(self, values: Mapping[str, Any]) -> None:
        """The same record as it now stands on the disk: shown, except where a person is at work."""
        for name, entry in self._entries.items():
            if entry.clean and not entry.box.has_keyboard():
                entry.box.show_value(values.get(name))

    def touch(self, name: str) -> None:
        """The field `name` was changed: it will be written soon."""
        entry = self._entries[name]
        entry.edit += 1
        entry.waiting = True
        entry.error = None
        entry.box.clear_error()
        if not self._soon.isActive():
            self._soon.start()
        self._quiet.start()
        self.moved.emit()

    def flush(self) -> None:
        """Hand everything typed to the database worker now."""
        self._soon.stop()
        for name, entry in self._entries.items():
            if entry.waiting:
                self._send(name, entry)

    @property
    def unsaved(self) -> int:
        """How many fields hold something that is not on the disk yet, and is not refused."""
        return self._sent_before + sum(entry.edit != entry.answered for entry in self._entries.values())

    @property
    def refused(self) -> list[str]:
        """The names of the fields whose content is refused, as the delegate reads them."""
        return [entry.box.title for entry in self._entries.values() if entry.error is not None]

    def _send(self, name: str, entry: _Entry) -> None:
        write = self._write
        assert write is not None
        entry.waiting = False
        failed = partial(self._failed, self._record, entry, entry.edit)
        try:
            fields = {name: entry.box.value()}
        except KnownError as error:
            failed(error)
            return
        done = partial(self._wrote, self._record, entry, entry.edit)
        self._sent += 1
        self._runner.run(Queue.DATABASE, lambda: write(fields), self._answered(done), self._answered(failed))

    def _answered(self, tell: Callable[[T], None]) -> Callable[[T], None]:
        """`tell`, after the count of what is on its way is brought up to date."""
        record = self._record

        def answer(result: T) -> None:
            if record == self._record:
                self._sent -= 1
            else:
                self._sent_before -= 1
            tell(result)

        return answer

    def _wrote(self, record: int, entry: _Entry, edit: int, result: object) -> None:
        if record == self._record:
            entry.answered = max(entry.answered, edit)
        self.saved.emit(result)
        self.moved.emit()

    def _failed(self, record: int, entry: _Entry, edit: int, error: Exception) -> None:
        if record != self._record:
            self.trouble.emit(error)
            self.moved.emit()
            return
        if not isinstance(error, KnownError) or error.code in _PASSING:
            self.trouble.emit(error)
        if edit != entry.edit:
            return
        if isinstance(error, KnownError) and error.code in _PASSING:
            entry.waiting = True
            self._again.start()
            return
        entry.answered = edit
        entry.error = error if isinstance(error, KnownError) else _not_kept()
        if not self._quiet.isActive() or not entry.box.has_keyboard():
            entry.box.say_error(entry.error)
        self.moved.emit()

    def _left(self) -> None:
        self.flush()
        self._tell()

    def _tell(self) -> None:
        for entry in self._entries.values():
            if entry.error is not None:
                entry.box.say_error(entry.error)


def _not_kept() -> KnownError:
    return KnownError(
        "not-kept", _("Ce champ n'a pas pu être enregistré."), _("Notez-le ailleurs, puis réessayez.")
    )
