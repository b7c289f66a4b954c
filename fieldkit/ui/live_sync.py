"""The synchronisation of the window: one at a time, away from it, and how things stand on the status line."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable
from concurrent.futures import Future
from functools import partial
from typing import TYPE_CHECKING, Any, Final, Self, TypeVar

from PySide6.QtCore import QObject, QTimer, Signal

from fieldkit.errors import KnownError
from fieldkit.i18n import _, ngettext
from fieldkit.ui.runner import Queue, Runner, Task
from fieldkit.ui.sync_by_itself import ByItself

if TYPE_CHECKING:
    from fieldkit.store.fieldwork import FieldStore
    from fieldkit.sync.engine import OnDatabase
    from fieldkit.ui.pages.base import Context

T = TypeVar("T")
Status = dict[str, Any]

_OFFLINE: Final = ("registry-unreachable", "registry-timeout", "captive-portal", "provider-unreachable")
_LOOK_AGAIN_MS: Final = 400
_HEARTBEAT_S: Final = 0.2


class LiveSync(QObject):
    """One for the whole window, found from its context."""

    changed = Signal(object)
    """Emitted with `services.sync.status`, whenever it was looked at."""
    progressed = Signal(object)
    """Emitted with a `Progress` while it runs."""
    ended = Signal(object)
    """Emitted with what a run answered, or with the exception that ended it."""

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._context = context
        self._stop = threading.Event()
        self.running = False
        self.by_itself = False
        """Whether nobody asked for the synchronisation that runs, or ran last."""
        self.status: Status | None = None
        self._soon = QTimer(self, singleShot=True, interval=_LOOK_AGAIN_MS)
        self._soon.timeout.connect(self.look)
        context.profile_opened.connect(self.look)
        context.field_data_changed.connect(lambda _changes: self._soon.start())
        self.clock = ByItself(self, wanted=context.settings.sync_by_itself)
        context.settings_changed.connect(lambda: self.clock.want(context.settings.sync_by_itself))
        self.look()

    @classmethod
    def of(cls, context: Context) -> Self:
        """That of this window."""
        return context.findChild(cls) or cls(context)

    def look(self) -> None:
        """Look at how things stand."""
        store = self.store
        if store is not None:
            self._context.runner.run(Queue.DATABASE, partial(_status, store), self._take)

    def start(self, *, by_itself: bool = False, check: bool = False) -> None:
        """Synchronise now, with `check` comparing every record; nothing happens where that is under way."""
        from fieldkit.services import sync

        store, runner = self.store, self._context.runner
        if self.running or store is None:
            return
        self.running, self.by_itself = True, by_itself
        self._stop.clear()

        def work(task: Task[Any]) -> dict[str, Any]:
            return sync.run(
                store,
                progress=task.report,
                cancelled=lambda: self._stop.is_set() or task.cancelled,
                on_database=hop(runner, task),
                check=check,
            )

        self._say()
        runner.run_reporting(Queue.POOL, work, self.progressed.emit, self._end, self._end)

    def fetch(self, visit_id: str, came: Callable[[], None]) -> None:
        """Have the photos of a visit that other laptops made; `came` is called if any did. No network is no trouble."""
        from fieldkit.services import sync

        store, runner = self.store, self._context.runner
        if store is None:
            return

        def work(task: Task[Any]) -> int:
            return sync.fetch_photos(
                store, visit_id, cancelled=lambda: task.cancelled, on_database=hop(runner, task)
            )

        runner.run_reporting(Queue.POOL, work, None, lambda n: came() if n else None, self._not_fetched)

    def stop(self) -> None:
        """Want no more of it: it ends after the answer it waits for, and loses nothing."""
        self._stop.set()

    @property
    def stopping(self) -> bool:
        """Whether a stop was asked for."""
        return self.running and self._stop.is_set()

    @property
    def store(self) -> FieldStore | None:
        """The field data, once they are open."""
        profile = self._context.profile
        return None if profile is None else profile.store

    def _end(self, answer: dict[str, Any] | Exception) -> None:
        from fieldkit.store.changes import Changes

        self.running = False
        self.ended.emit(answer)
        if not self.by_itself or isinstance(answer, Exception) or _brought(answer):
            self._context.field_data_changed.emit(Changes())
        self.look()

    def _not_fetched(self, error: Exception) -> None:
        if not isinstance(error, KnownError):
            self._context.show_error(error)

    def _take(self, status: Status) -> None:
        self.status = status
        self._say()
        self.changed.emit(status)

    def _say(self) -> None:
        if self.status is not None:
            self._context.show_status("sync", summary(self.status, running=self.running))


def _status(store: FieldStore) -> Status:
    from fieldkit.services import sync

    return sync.status(store)


def hop(runner: Runner, task: Task[Any]) -> OnDatabase:
    """Short pieces of work on the database worker, for the thread that does `task`."""
    return _Hop(runner, task)


class _Hop:
    """Runs a short piece of work on the database worker for the thread that calls, and waits for it."""

    def __init__(self, runner: Runner, task: Task[Any]) -> None:
        self._runner, self._task = runner, task

    def __call__(self, work: Callable[[], T]) -> T:
        answer: Future[T] = Future()

        def job() -> None:
            try:
                answer.set_result(work())
            except Exception as error:  # noqa: BLE001  thread edge: raised again by the thread that waits
                answer.set_exception(error)

        self._runner.run(Queue.DATABASE, job)
        while True:
            try:
                return answer.result(_HEARTBEAT_S)
            except TimeoutError:
                # A window that is closed takes no more work: the answer would never come.
                if self._task.cancelled and not answer.done():
                    raise _closed() from None


def _brought(answer: dict[str, Any]) -> bool:
    """Whether a run changed anything that pages show."""
    photos = answer["attachments"]
    counts = ("pushed", "refused", "pulled", "mended")
    return any(answer[name] for name in counts) or bool(photos["sent"] or photos["received"])


def summary(status: Status, *, running: bool) -> str:
    """How sync stands, in a line: `Hors ligne · 3 à envoyer · 1 conflit`."""
    parts = [_("Synchronisation…") if running else _whether_online(status)]
    waiting, refused, conflicts = len(status["waiting"]), len(status["refused"]), status["conflicts"]
    if waiting:
        parts.append(_("{n} à envoyer").format(n=waiting))
    if status["photos"]:
        n = len(status["photos"])
        parts.append(ngettext("{n} photo en attente", "{n} photos en attente", n).format(n=n))
    if status["aside"]:
        parts.append(_("{n} de côté").format(n=len(status["aside"])))
    if refused:
        parts.append(ngettext("{n} refusé", "{n} refusés", refused).format(n=refused))
    if status["duplicates"]:
        n = status["duplicates"]
        parts.append(ngettext("{n} doublon possible", "{n} doublons possibles", n).format(n=n))
    if conflicts:
        parts.append(ngettext("{n} conflit", "{n} conflits", conflicts).format(n=conflicts))
    return " · ".join(parts)


def _whether_online(status: Status) -> str:
    trouble, success = status["last_trouble"], status["last_success"]
    if not status["registry"]:
        return _("Aucun registre")
    if status["sign_in"]["expired"]:
        return _("À reconnecter")
    if trouble and trouble["code"] in _OFFLINE:
        return _("Hors ligne")
    if trouble:
        return _("Synchro interrompue")
    if not success:
        return _("Jamais synchronisé")
    moment = dt.datetime.fromisoformat(success).astimezone()
    return _("Synchronisé le {day} à {time}").format(
        day=moment.strftime("%d/%m/%Y"), time=moment.strftime("%H:%M")
    )


def _closed() -> KnownError:
    return KnownError("window-closed", _("La synchronisation s'arrête avec la fenêtre."))
