"""The four lists of what has not gone: refused, waiting, photos, set aside; and what a click in them does."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtGui import QGuiApplication

from fieldkit.i18n import _, ngettext
from fieldkit.ui.live_sync import LiveSync, Status
from fieldkit.ui.pages.base import Context
from fieldkit.ui.pages.synchro.queue import Action, Item, QueueCard
from fieldkit.ui.runner import Queue
from fieldkit.ui.widgets.card import Banner


class Queues:
    """The cards, and the way from their buttons to `services.queue`."""

    def __init__(self, context: Context, live: LiveSync, banner: Banner) -> None:
        self._context = context
        self._live = live
        self._banner = banner
        self.refused = QueueCard(
            _("Refusés par le registre"),
            "refused",
            "",
            about=_(
                "Ils restent ici et n'empêchent rien de partir. Corrigez ce que dit la raison, puis réessayez."
            ),
            actions=[
                Action(_("Réess&ayer"), "refusedAgain", self._send_again),
                Action(_("Copier le contenu"), "refusedCopy", self._copy),
                Action(_("C&lasser"), "refusedFile", self._file_away),
            ],
        )
        self.waiting = QueueCard(
            _("À envoyer"),
            "waiting",
            _("Tout est envoyé."),
            actions=[
                Action(_("Réessa&yer"), "waitingAgain", lambda _item: live.start()),
                Action(_("Mettre de cô&té"), "waitingAside", self._set_aside),
                Action(_("Copier le contenu"), "waitingCopy", self._copy),
            ],
        )
        self.photos = QueueCard(
            _("Photos en attente"), "photos", "", columns=("label", "made_at", "bytes", "tries", "reason")
        )
        self.aside = QueueCard(
            _("Mis de côté"),
            "aside",
            "",
            about=_(
                "Gardés et montrés ici comme avant ; ils ne partent pas tant que vous ne les reprenez pas."
            ),
            columns=("label", "made_at", "bytes"),
            actions=[
                Action(_("Re&prendre"), "asideBack", self._take_back),
                Action(_("Copier le contenu"), "asideCopy", self._copy),
            ],
        )
        self.cards = (self.refused, self.waiting, self.photos, self.aside)

    def show_status(self, status: Status) -> None:
        """Show what has not gone."""
        shown = {"refused": self.refused, "waiting": self.waiting, "photos": self.photos, "aside": self.aside}
        for name, card in shown.items():
            card.show_items(status[name])
            card.setVisible(name == "waiting" or bool(status[name]))

    def _set_aside(self, item: Item) -> None:
        from fieldkit.services import queue

        def done(n: int) -> None:
            with_it = ngettext(
                "Un changement qui en dépend est mis de côté avec lui.",
                "{n} changements qui en dépendent sont mis de côté avec lui.",
                n - 1,
            )
            self._banner.say("success", _("C'est mis de côté."), with_it.format(n=n - 1) if n > 1 else "")

        self._ask(lambda store: queue.set_aside(store, item["id"]), done)

    def _take_back(self, item: Item) -> None:
        from fieldkit.services import queue

        def done(n: int) -> None:
            several = ngettext("{n} changement partira.", "{n} changements partiront.", n)
            self._banner.say("success", several.format(n=n))

        self._ask(lambda store: queue.take_back(store, item["id"]), done)

    def _send_again(self, item: Item) -> None:
        from fieldkit.services import queue

        said = _("Il partira à la prochaine synchronisation.")
        self._ask(
            lambda store: queue.send_again(store, item["id"]), lambda _done: self._banner.say("success", said)
        )

    def _file_away(self, item: Item) -> None:
        from fieldkit.services import queue

        said = _("C'est classé ; le registre le garde aussi.")
        self._ask(
            lambda store: queue.file_away(store, item["id"]), lambda _done: self._banner.say("success", said)
        )

    def _copy(self, item: Item) -> None:
        from fieldkit.services import queue

        def copied(text: str) -> None:
            QGuiApplication.clipboard().setText(text)
            self._banner.say("success", _("Le contenu est copié : collez-le où il doit être saisi."))

        self._ask(lambda store: queue.text_of(store, item["id"]), copied, changes=False)

    def _ask(self, work: Callable[[Any], Any], done: Callable[[Any], None], *, changes: bool = True) -> None:
        """Do something on the database worker, say so, and look again."""
        from fieldkit.store.changes import Changes

        store = self._live.store
        if store is None:
            return

        def said(answer: Any) -> None:
            done(answer)
            if changes:
                self._context.field_data_changed.emit(Changes())
                self._live.look()

        self._context.runner.run(Queue.DATABASE, lambda: work(store), said, self._banner.say_error)
