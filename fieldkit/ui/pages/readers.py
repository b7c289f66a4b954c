"""Lecteurs: every slot live, what happened, and all of it as text to paste."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QAbstractItemView, QListWidget

from fieldkit.i18n import _
from fieldkit.services import diagnosis_text, training
from fieldkit.services.readers import (
    Bench,
    Event,
    bench_json,
    event_text,
    service_text,
    test_run_fields,
)
from fieldkit.ui.live_diagnosis import LiveDiagnosis
from fieldkit.ui.pages.base import Context, Page
from fieldkit.ui.pages.guided.corner import GuidedCorner
from fieldkit.ui.theme import scaled
from fieldkit.ui.widgets.attach_button import AttachButton
from fieldkit.ui.widgets.card import Banner, Card, EmptyState
from fieldkit.ui.widgets.reader_findings import ReaderFindings
from fieldkit.ui.widgets.slot_card import SlotCard
from fieldkit.ui.widgets.text import button
from fieldkit.ui.widgets.wrap_grid import WrapGrid

_SLOT_WIDTH: Final = 330
_MOST_LINES: Final = 500


class ReadersPage(Page):
    """The live bench. Cards are known by their answer to reset alone; none is ever opened."""

    def __init__(self, context: Context) -> None:
        about = _("Insérez une carte : elle est reconnue à sa réponse, sans être lue.")
        super().__init__(context, _("Lecteurs de cartes"), about)
        copy = button(_("&Copier le diagnostic"), "copyReaders", self._copy, icon="copy")
        self.attach = AttachButton(context, "attachReaders", self._result)
        self.tools.addWidget(self.attach)
        self.tools.addWidget(copy)
        self.banner = Banner("readersBanner", closable=False)
        self._nothing = Card(name="noReaderCard")
        self._nothing.body.addWidget(
            EmptyState(
                "readers",
                _("Aucun lecteur n'est visible"),
                _("Branchez un lecteur : il apparaît ici de lui-même, sans redémarrer."),
            )
        )
        self._grid = WrapGrid(_SLOT_WIDTH)
        self._cards: dict[tuple[str, int], SlotCard] = {}
        self.diagnosis = LiveDiagnosis(context)
        self.findings = ReaderFindings(self.diagnosis)
        journal = Card(_("Journal"), "readersJournal")
        self.log = QListWidget()
        self.log.setObjectName("readersLog")
        self.log.setAccessibleName(_("Journal des lecteurs, le plus récent en premier"))
        self.log.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.log.setWordWrap(True)
        self.log.setMinimumHeight(scaled(140))
        journal.body.addWidget(self.log)
        self.guided = GuidedCorner(context)
        self.guided.panel.opened.connect(self._bring_up)
        for part in (self.guided, self.banner, self._nothing, self._grid):
            self.body.addWidget(part)
        self.body.addWidget(self.findings)
        self.body.addWidget(journal, 1)
        self.diagnosis.changed.connect(self._identify)
        context.readers.changed.connect(self._show)
        context.readers.happened.connect(self._note)
        context.readers.switched.connect(self._forget)
        for event in context.readers.events:
            self._note(event)
        if context.readers.bench is not None:
            self._show(context.readers.bench)

    def entered(self) -> None:
        self.context.readers.start()

    def _show(self, bench: Bench) -> None:
        fault = bench.fault
        if fault is not None:
            self.banner.say("error", fault.message, fault.hint)
        else:
            self.banner.hide()
        shown = {}
        for slot in bench.readers:
            key = (slot.name, slot.slot)
            shown[key] = self._cards.get(key) or SlotCard(slot)
            shown[key].show_slot(slot)
        self._cards = shown
        self._grid.show_cells(list(shown.values()))
        self._grid.setVisible(bool(shown))
        self._nothing.setVisible(not shown and fault is None)
        self.attach.refresh()

    def _identify(self) -> None:
        bench = self.context.readers.bench
        if bench is None:
            return
        for slot, who in self.diagnosis.identities(bench).items():
            if card := self._cards.get((slot.name, slot.slot)):
                card.show_identity(who)

    def _result(self) -> dict[str, object] | None:
        bench = self.context.readers.bench
        return None if bench is None or bench.training else test_run_fields(bench)

    def _bring_up(self) -> None:
        """Scroll to the guided test, once it is laid out."""
        QTimer.singleShot(0, self, lambda: self.area.verticalScrollBar().setValue(self.guided.y()))

    def _forget(self) -> None:
        """Other readers are watched from now on: nothing that was seen still holds."""
        self.log.clear()
        self.banner.hide()
        self._cards = {}
        self._grid.show_cells([])
        self.guided.fold()
        self.attach.refresh()

    def _note(self, event: Event) -> None:
        at = event.at.astimezone().strftime("%H:%M:%S") if event.at else ""
        self.log.insertItem(0, f"{at}   {event_text(event)}".lstrip())
        self.log.takeItem(_MOST_LINES)

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self._as_text())
        self.context.show_message("success", _("Le diagnostic des lecteurs est dans le presse-papiers."))

    def _as_text(self) -> str:
        """The bench, what is to be said of it, and the log."""
        bench, diagnosis = self.context.readers.bench, self.diagnosis.diagnosis
        lines = [training.mark()] if self.context.readers.training is not None else []
        lines.append(diagnosis_text.heading(_("Fieldkit {version}, lecteurs de cartes, {now}")))
        if bench is not None:
            lines.append(service_text(bench.service))
            lines += diagnosis_text.bench_lines(bench_json(bench, self.diagnosis.identities(bench)))
        if diagnosis is not None:
            lines += ["", _("Diagnostic"), *diagnosis_text.finding_lines(diagnosis.as_dict())]
        lines += ["", _("Journal, le plus récent en premier :")]
        lines += [self.log.item(row).text() for row in range(self.log.count())]
        return "\n".join(lines)
