"""Synchro: what waits to be sent and why, what was refused, conflicts, and the registry's address."""

from __future__ import annotations

from typing import Any, Final

from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QProgressBar, QVBoxLayout

from fieldkit.i18n import N_, _, ngettext
from fieldkit.ui.live_sync import LiveSync, Status, summary
from fieldkit.ui.models import visit_words as words
from fieldkit.ui.pages.base import Context, Page
from fieldkit.ui.pages.synchro.carry_off import CarryOff
from fieldkit.ui.pages.synchro.conflicts import Conflict, ConflictCard, Typed
from fieldkit.ui.pages.synchro.duplicates import Duplicates
from fieldkit.ui.pages.synchro.queues import Queues
from fieldkit.ui.pages.synchro.sign_in import SignIn
from fieldkit.ui.runner import Queue
from fieldkit.ui.theme import GRID
from fieldkit.ui.widgets.card import Banner, Card
from fieldkit.ui.widgets.field_box import ErrorLine
from fieldkit.ui.widgets.flow import discard, flowing
from fieldkit.ui.widgets.tab_order import tab_as_laid_out
from fieldkit.ui.widgets.text import button, label

_DOING: Final = {
    "push": N_("Envoi : {done} sur {total}"),
    "pull": N_("Réception : {done} sur {total}"),
    "photos": N_("Envoi des photos : {done} sur {total}"),
    "fetch": N_("Réception des photos : {done} sur {total}"),
}
_MOST_SETTLED: Final = 20
"""How many settled conflicts are still shown."""


class SyncPage(Page):
    """Works without a network: it shows what will leave when there is one."""

    needs_profile = True

    def __init__(self, context: Context) -> None:
        about = _("Vos visites partent au registre dès qu'il y a un réseau ; rien ne se perd d'ici là.")
        super().__init__(context, _("Synchro"), about)
        self.live = LiveSync.of(context)
        self.go = button(_("&Synchroniser"), "syncNow", self.start, kind="primary", icon="sync")
        self.go.setAccessibleDescription(_("Touche Ctrl+S"))
        self.go.setToolTip(_("Touche Ctrl+S"))
        self.cancel = button(_("&Arrêter"), "syncCancel", self.stop)
        self.tools.addWidget(flowing(self.cancel, self.go))
        self.banner = Banner("syncBanner")
        self.sign_in = SignIn(context)
        self.sign_in.configured.connect(self._configured)
        self.queues = Queues(context, self.live, self.banner)
        self.carry_off = CarryOff(context)
        self.carry_off.changed.connect(self.live.look)
        self._conflicts = QVBoxLayout()
        self._conflicts.setSpacing(2 * GRID)
        self._conflict_cards: dict[str, ConflictCard] = {}
        for part in (self.banner, self._state_card(), self.sign_in):
            self.body.addWidget(part)
        self.duplicates = Duplicates(context, self.live, self.banner)
        self.duplicates.shown.connect(lambda: tab_as_laid_out(self.body))
        self.body.addWidget(self.duplicates)
        self.body.addLayout(self._conflicts)
        for card in self.queues.cards:
            self.body.addWidget(card)
        self.body.addWidget(self.carry_off)
        self.body.addStretch(1)
        self.live.changed.connect(self._show)
        self.live.progressed.connect(self._progress)
        self.live.ended.connect(self._ended)
        QShortcut(QKeySequence("Ctrl+S"), self, self.start)
        self._show_running()

    def entered(self) -> None:
        self.live.look()
        self._look_at_conflicts()

    def start(self) -> None:
        """Synchronise now."""
        self.banner.hide()
        self._doing.setText(_("Le registre est contacté…"))
        self._bar.setRange(0, 0)
        self.live.start()
        self._show_running()

    def stop(self) -> None:
        """Ask for an end."""
        self.live.stop()
        self._show_running()

    def _show(self, status: Status) -> None:
        self.sign_in.show_status(status)
        self._state.setText(summary(status, running=self.live.running))
        self._success.setText(_last(status))
        trouble = status["last_trouble"]
        told = f"{trouble['message']} {trouble['hint']}" if trouble else status["clock"] or ""
        if told and (self._trouble.isHidden() or told != self._trouble.text()):
            self._trouble.say(told)
        self._trouble.setVisible(bool(told))
        self.queues.show_status(status)
        self._show_running()
        self._look_at_conflicts()

    def _progress(self, progress: Any) -> None:
        self._doing.setText(_(_DOING[progress.step]).format(done=progress.done, total=progress.total))
        self._bar.setRange(0, progress.total)
        self._bar.setValue(progress.done)

    def _ended(self, answer: dict[str, Any] | Exception) -> None:
        self._show_running()
        if self.live.by_itself:
            return  # how things stand is told above; nobody asked for more
        if isinstance(answer, Exception):
            self.banner.say_error(answer)
            return
        sent = ngettext("{n} changement envoyé", "{n} changements envoyés", answer["pushed"])
        got = ngettext("{n} fiche reçue", "{n} fiches reçues", answer["pulled"])
        said = (
            ", ".join([sent.format(n=answer["pushed"]), got.format(n=answer["pulled"]), *_photos(answer)])
            + "."
        )
        if answer["refused"]:
            self.banner.say("warning", said, _("Le registre en a refusé : la raison est plus bas."))
        elif answer["conflicts"]:
            waiting = answer["conflicts"]
            several = ngettext(
                "{n} conflit attend votre choix.", "{n} conflits attendent votre choix.", waiting
            )
            self.banner.say("warning", said, several.format(n=waiting))
        else:
            self.banner.say("success", said)

    def _show_running(self) -> None:
        running = self.live.running
        configured = bool(self.live.status and self.live.status["registry"])
        self.go.setEnabled(configured and not running)
        self.cancel.setVisible(running)
        self.cancel.setEnabled(not self.live.stopping)
        self._bar.setVisible(running)
        self._doing.setVisible(running)
        if self.live.stopping:
            self._doing.setText(_("Arrêt après la réponse en cours…"))

    def _look_at_conflicts(self) -> None:
        from fieldkit.services import sync

        store = self.live.store
        if store is not None and self.isVisible():
            self.context.runner.run(Queue.DATABASE, lambda: sync.conflicts(store), self._show_conflicts)
            self.duplicates.look()

    def _show_conflicts(self, conflicts: list[Conflict]) -> None:
        shown = [c for c in conflicts if not c["settled"]]
        shown += [c for c in conflicts if c["settled"]][:_MOST_SETTLED]
        before = self._conflict_cards
        here = self.focusWidget()
        left = next((name for name, card in before.items() if here and card.isAncestorOf(here)), None)
        self._conflict_cards = {conflict["id"]: self._conflict_card(conflict) for conflict in shown}
        for name, card in before.items():
            if self._conflict_cards.get(name) is not card:
                discard(card)
        for place, card in enumerate(self._conflict_cards.values()):
            if self._conflicts.indexOf(card) != place:
                self._conflicts.insertWidget(place, card)  # moves one that is there
        tab_as_laid_out(self.body)
        if left and (fresh := self._conflict_cards.get(left)) not in (None, before[left]):
            fresh.take_focus()

    def _conflict_card(self, conflict: Conflict) -> ConflictCard:
        """The card that is there, with what is being typed into it, unless the conflict is another one by now."""
        there = self._conflict_cards.get(conflict["id"])
        if there is not None and there.conflict == conflict:
            return there
        card = ConflictCard(conflict)
        card.chosen.connect(self._settle)
        return card

    def _settle(self, conflict: str, choice: str | Typed) -> None:
        from fieldkit.services import sync

        typed = isinstance(choice, Typed)
        value = choice.value if isinstance(choice, Typed) else choice
        store = self.live.store
        if store is not None:
            self.context.runner.run(
                Queue.DATABASE,
                lambda: sync.settle(store, conflict, value, typed=typed),
                self.context.field_data_changed.emit,
                self.banner.say_error,
            )

    def _configured(self) -> None:
        self.banner.say("success", _("Le registre est noté."), _("Synchronisez maintenant, ou plus tard."))
        self.live.clock.resume()
        self.live.look()

    def _state_card(self) -> Card:
        card = Card(_("Où on en est"), "syncStateCard")
        self._state = label("", "strong", wrap=True)
        self._state.setObjectName("syncState")
        self._success = label("", "muted", wrap=True)
        self._success.setObjectName("syncLastSuccess")
        self._trouble = ErrorLine("syncTrouble")
        self._doing = label("", "muted", wrap=True)
        self._doing.setObjectName("syncDoing")
        self._bar = QProgressBar()
        self._bar.setObjectName("syncProgress")
        self._bar.setAccessibleName(_("Avancement"))
        self._bar.setTextVisible(False)
        for part in (self._state, self._success, self._trouble, self._doing, self._bar):
            card.body.addWidget(part)
        return card


def _photos(answer: dict[str, Any]) -> list[str]:
    """What became of photos, where anything did."""
    photos = answer["attachments"]
    said = []
    if photos["sent"]:
        several = ngettext("{n} photo envoyée", "{n} photos envoyées", photos["sent"])
        said.append(several.format(n=photos["sent"]))
    if photos["received"]:
        several = ngettext("{n} photo reçue", "{n} photos reçues", photos["received"])
        said.append(several.format(n=photos["received"]))
    return said


def _last(status: Status) -> str:
    if not status["last_success"]:
        return _("Aucune synchronisation n'a encore réussi.")
    return _("Dernière synchronisation réussie le {moment}.").format(
        moment=words.moment(status["last_success"])
    )
