"""The diagnosis of the readers as they are right now: looked up in the background, judged again at each change."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from fieldkit.ui.runner import Queue

if TYPE_CHECKING:
    from fieldkit.services.reader_diagnosis import Diagnosis, Surroundings
    from fieldkit.services.reader_identity import Identity
    from fieldkit.services.readers import Bench, Slot
    from fieldkit.ui.pages.base import Context


class LiveDiagnosis(QObject):
    """`diagnosis` is None until the computer has been looked at once.

    The computer is looked at again when readers come or go or the service changes; a card that moves
    only has the rules applied again, at once.
    """

    changed = Signal()

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._around: Surroundings | None = None
        self._looked_at: object = None
        self._looking = False
        self.diagnosis: Diagnosis | None = None
        context.readers.changed.connect(self._follow)
        context.readers.switched.connect(self._forget)
        if context.readers.bench is not None:
            self._follow(context.readers.bench)

    @property
    def looking(self) -> bool:
        """Whether a look at the computer is under way."""
        return self._looking

    def look_again(self) -> None:
        """Look at the computer anew, whatever is known."""
        self._looked_at = None
        if self._context.readers.bench is not None:
            self._follow(self._context.readers.bench)

    def identities(self, bench: Bench) -> dict[Slot, Identity]:
        """Who the readers are, as far as is known now."""
        return {} if self._around is None else self._around.identities.of(bench)

    def _follow(self, bench: Bench) -> None:
        pending = self._around is not None and self._around.identities.pending(bench)
        if _key(bench) != self._looked_at or pending:
            self._look(bench)
        self._judge()

    def _look(self, bench: Bench) -> None:
        if self._looking:
            return  # `_looked` notices what changed meanwhile
        self._looking, self._looked_at = True, _key(bench)
        known = self._around.identities if self._around else None

        def look() -> Surroundings:
            from fieldkit.services import reader_diagnosis

            return reader_diagnosis.surroundings(bench, known)

        runner = self._context.runner
        runner.run(Queue.HARDWARE, look, partial(self._looked, self._looked_at), self._failed)
        self.changed.emit()

    def _looked(self, key: object, around: Surroundings) -> None:
        self._looking = False
        bench = self._context.readers.bench
        if bench is None:
            return
        if _key(bench) != key:  # it was looked at for other readers
            self._look(bench)
            return
        self._around = around
        self._judge()

    def _forget(self) -> None:
        """Training begins or ends: what was found holds for the other readers."""
        self._around = self.diagnosis = self._looked_at = None
        self.changed.emit()

    def _failed(self, error: Exception) -> None:
        self._looking = False
        self._context.show_error(error)
        self.changed.emit()

    def _judge(self) -> None:
        bench = self._context.readers.bench
        if self._around is None or bench is None:
            return
        from fieldkit.services import reader_diagnosis

        self.diagnosis = reader_diagnosis.diagnose(bench, self._around, self._context.readers.events)
        self.changed.emit()


def _key(bench: Bench) -> object:
    return bench.training, bench.service, bench.code, tuple(slot.raw for slot in bench.readers)
