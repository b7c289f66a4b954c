"""What machines tell of a workstation: this computer, the readers plugged in here, a probe's file."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QFileDialog, QVBoxLayout, QWidget

from fieldkit.i18n import _
from fieldkit.ui.models import visit_words as words
from fieldkit.ui.pages.visit.desk import Desk, Shown
from fieldkit.ui.pages.visit.proposed import ProposedCard
from fieldkit.ui.runner import Queue
from fieldkit.ui.theme import GRID
from fieldkit.ui.widgets.card import Banner, Card
from fieldkit.ui.widgets.flow import flowing
from fieldkit.ui.widgets.text import button, label


class FromMachines(QWidget):
    """Buttons that ask a machine, and the card where what it tells is looked at before it is noted."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._workstation: Shown = {}
        self.banner = Banner("machinesBanner")
        self._what = Card(_("La sonde portable"), "probeCard")
        self.bench = button(
            _("Lecteurs &branchés ici"),
            "takeBench",
            self.take_bench,
            icon="readers",
            hint=_("Propose les lecteurs que cet ordinateur voit : s'il est le poste visité."),
        )
        self.probe = button(
            _("&Sonde d'un autre poste…"),
            "openProbe",
            self._toggle,
            icon="document",
            hint=_("Importe ce que Fieldkit a relevé sur le poste du cabinet, depuis une clé USB."),
        )
        self._import = button(
            _("Importer le &fichier de la sonde…"), "importProbe", self._choose, kind="primary"
        )
        self._fill_what()
        self.proposed = ProposedCard(after=self._import)
        self.stops = [self.bench, self.probe, self._import, *self.proposed.stops]
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2 * GRID)
        for part in (self.banner, self._what, self.proposed):
            column.addWidget(part)
        self._what.hide()

    def show_workstation(self, workstation: Shown, *, another: bool) -> None:
        """The workstation that facts are proposed for; `another` one than before forgets what was proposed."""
        self._workstation = workstation
        if another:
            for part in (self.proposed, self.banner, self._what):
                part.hide()

    def take_bench(self) -> None:
        """Propose the readers that are plugged in here, or say why there is none to propose."""
        from fieldkit.services import readers

        bench = self._desk.context.readers.bench
        found = readers.seen_as_facts(bench) if bench is not None else {}
        if not found:
            training = bench is not None and bench.training
            why = _("Les lecteurs d'entraînement n'existent pas.") if training else ""
            self.banner.say("info", _("Aucun lecteur réel n'est vu sur cet ordinateur."), why)
            return
        self.banner.hide()
        rows = [self._row(field, names) for field, names in found.items()]
        origin = _("Vus à l'instant sur cet ordinateur. Notez-les s'il est le poste visité.")
        self._propose(_("Lecteurs branchés ici"), origin, rows)

    def import_file(self, file: Path) -> None:
        """Read a probe's file, and propose what it tells, or say what is wrong with it."""
        from fieldkit.services import probe

        self._desk.context.runner.run(
            Queue.POOL, lambda: probe.read(file), partial(self._read, file.name), self.banner.say_error
        )

    def _read(self, name: str, found: Any) -> None:
        self.banner.hide()
        self._what.hide()
        rows = [self._row(field, (value,)) for field, value in found.facts.items()]
        rows = [row for row in rows if row.get("before") != row.get("after")]
        rows += [self._row(field, names) for field, names in found.choices.items()]
        made = words.moment(found.made_at) if _is_moment(found.made_at) else ""
        origin = _("Fichier {name}. Relevé le {moment}, à l'heure de ce poste.").format(
            name=name, moment=made
        )
        self._propose(
            _("Relevé de la sonde"), origin if made else _("Fichier {name}.").format(name=name), rows
        )

    def _row(self, field: str, values: tuple[Any, ...]) -> dict[str, Any]:
        told = {"field": field, "before": self._workstation.get(field)}
        return told | ({"after": values[0]} if len(values) == 1 else {"choices": values})

    def _propose(self, title: str, origin: str, rows: list[dict[str, Any]]) -> None:
        from fieldkit.services import visit_desk

        store, visit_id, workstation = self._desk.store, self._desk.visit_id, self._workstation["id"]

        def take(facts: Mapping[str, Any]) -> None:
            self._desk.change(lambda _s: visit_desk.write_workstation(store, visit_id, workstation, facts))

        self.proposed.propose(title, origin, rows, take)

    def _toggle(self) -> None:
        self._what.setVisible(self._what.isHidden())
        if self._what.isVisible():
            self._import.setFocus()

    def _choose(self) -> None:
        title, kinds = _("Fichier de la sonde"), _("Relevé de Fieldkit (*.json)")
        chosen, _kind = QFileDialog.getOpenFileName(self, title, "", kinds)
        if chosen:
            self.import_file(Path(chosen))

    def _fill_what(self) -> None:
        from fieldkit.services import probe

        told = probe.what()
        how = _(
            "Sur le poste du cabinet, sans rien installer : branchez la clé, ouvrez un terminal dans son dossier et "
            "tapez « fieldkit diagnose --json > poste.json ». « fieldkit diagnose --what » dit d'abord ceci :"
        )
        self._what.body.addWidget(label(how, wrap=True))
        for heading, texts in ((_("Relevé"), told["reads"]), (_("Jamais"), told["leaves"])):
            self._what.body.addWidget(label(heading, "strong"))
            for text in texts:
                self._what.body.addWidget(label("• " + text, "muted", wrap=True))
        self._what.body.addWidget(flowing(self._import))


def _is_moment(text: str) -> bool:
    import datetime as dt

    try:
        return dt.datetime.fromisoformat(text).tzinfo is not None
    except ValueError:
        return False
