"""Step 2, Postes: the computers of the practice, one at a time, every fact saved as it is found out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from itertools import pairwise
from typing import Any

from PySide6.QtWidgets import QButtonGroup, QVBoxLayout, QWidget

from fieldkit.i18n import _
from fieldkit.ui.pages.visit import between_visits
from fieldkit.ui.pages.visit.between_visits import CarriedBanner
from fieldkit.ui.pages.visit.catalogue_words import CatalogueWords
from fieldkit.ui.pages.visit.desk import Desk, Shown
from fieldkit.ui.pages.visit.forms import Form, field_card
from fieldkit.ui.pages.visit.from_machines import FromMachines
from fieldkit.ui.pages.visit.step import Step
from fieldkit.ui.pages.visit.workstation_fields import GROUPS, workstation_boxes
from fieldkit.ui.runner import Queue
from fieldkit.ui.widgets.card import Banner, Card, EmptyState
from fieldkit.ui.widgets.flow import empty, flowing
from fieldkit.ui.widgets.pick_button import PickButton
from fieldkit.ui.widgets.text import button
from fieldkit.ui.widgets.wrap_grid import WrapGrid

_GROUP_WIDTH = 440


class WorkstationsStep(Step):
    """A button per workstation, and the form of the one chosen."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._chosen = ""
        self._wanted = ""
        self._shown: Shown = {"workstations": []}
        self.form = Form(desk, workstation_boxes(desk.context))
        self._group = QButtonGroup(self)
        self._add = button(_("A&jouter un poste"), "addWorkstation", self.add, icon="plus")
        self._add_first = button(
            _("A&jouter un poste"), "addFirstWorkstation", self.add, kind="primary", icon="plus"
        )
        self._inventory = button(
            _("Relevé &automatique"),
            "inventory",
            self._take_inventory,
            hint=_("Remplit ce que cet ordinateur peut dire de lui-même : s'il est le poste visité."),
        )
        self._remove = button(
            _("&Retirer ce poste"), "removeWorkstation", self._put_away, kind="quiet", icon="trash"
        )
        self.machines = FromMachines(desk)
        asked = (self._inventory, self.machines.bench, self.machines.probe)
        self._actions = flowing(self._add, *asked, self._remove)
        self._tabs = QVBoxLayout()
        self._empty = Card(name="noWorkstationCard")
        self._empty.body.addWidget(
            EmptyState(
                "keyboard",
                _("Aucun poste n'est décrit"),
                _(
                    "Ajoutez l'ordinateur sur lequel le cabinet facture. Notez ce que vous voyez : "
                    "un fait non renseigné reste inconnu, jamais « non »."
                ),
                self._add_first,
                "workstationsEmpty",
            )
        )
        self.catalogue = CatalogueWords(desk.context, lambda n: self._note({"addendum_offered": n}))
        self._facts = WrapGrid(_GROUP_WIDTH)
        self._facts.show_cells([self._card(group) for group in GROUPS])
        self._carried = CarriedBanner(self._confirm)
        for field, box in self.form.boxes.items():
            box.confirmed.connect(partial(self._confirm, field))
        self._fixed = Banner("workstationsFixed", closable=False)
        self.column.addWidget(self._fixed)
        self.column.addWidget(self._carried)
        self.column.addLayout(self._tabs)
        self.column.addWidget(self._actions)
        self.column.addWidget(self.machines)
        self.column.addWidget(self._empty)
        self.column.addWidget(self._facts)
        self.column.addStretch(1)

    def show_visit(self, shown: Shown, *, fresh: bool) -> None:
        names_changed = fresh or self._names(shown) != self._names(self._shown)
        self._shown = shown
        known = [w["id"] for w in shown["workstations"]]
        chosen = self._wanted if self._wanted in known else self._chosen
        if chosen not in known:
            chosen = known[0] if known else ""
        another = fresh or chosen != self._chosen
        self._chosen, self._wanted = chosen, ""
        if names_changed or another:
            self._show_tabs()
        self._show_chosen(fresh=another)

    def take_focus(self, field: str) -> None:
        """Put the keyboard on `field` (`workstation:field` names the workstation too), or on the first one."""
        workstation, _sep, name = field.rpartition(":")
        if workstation:
            self.choose(workstation)
        if self._chosen:
            self.form.take_focus(name)
        else:
            self._add_first.setFocus()

    def choose(self, workstation: str) -> None:
        """Take another workstation in hand."""
        if workstation in [w["id"] for w in self._shown["workstations"]] and workstation != self._chosen:
            self._chosen = workstation
            self._show_tabs()
            self._show_chosen(fresh=True)

    def add(self) -> None:
        """Describe one more workstation."""
        from fieldkit.services import visit_desk

        visit_id = self.desk.visit_id
        self.desk.change(lambda store: visit_desk.write_workstation(store, visit_id, None, {}), self._added)

    def _added(self, changes: Any) -> None:
        ((_type, self._wanted),) = changes.records
        self.desk.go.emit("workstations", "name")

    def _put_away(self) -> None:
        name = self._values().get("name") or _("Poste sans nom")
        self.desk.remove(
            "workstation", self._chosen, _("« {name} » est retiré de la visite.").format(name=name)
        )

    def _take_inventory(self) -> None:
        from fieldkit.services import this_computer

        self.desk.context.runner.run(Queue.HARDWARE, this_computer.workstation_facts, self._fill)

    def _fill(self, facts: dict[str, str]) -> None:
        self._note(facts, _("Le relevé de cet ordinateur est noté."))

    def _note(self, facts: Mapping[str, Any], said: str = "") -> None:
        """Put facts in their fields as if they had been typed; where something is `said`, with the way back."""
        if not self._chosen or not self.desk.workstations_editable:
            return
        before = self.form.fill(facts)
        if said:
            self.desk.removed.emit(said, partial(self.form.fill, before))

    def _show_tabs(self) -> None:
        empty(self._tabs)
        tabs = [self._tab(w) for w in self._shown["workstations"]]
        if tabs:
            self._tabs.addWidget(flowing(*tabs))
        self._order(tabs)

    def _order(self, tabs: Sequence[QWidget]) -> None:
        software = GROUPS["software"][1][-1]
        fields = [
            stop
            for field, box in self.form.boxes.items()
            for stop in (*box.stops, *(self.catalogue.stops if field == software else ()))
        ]
        bench, probe, *machines = self.machines.stops
        row = (self._add, self._inventory, bench, probe, self._remove)
        stops = [self._carried.confirm, *tabs, *row, *machines, *fields]
        for before, after in pairwise(stops):
            self.setTabOrder(before, after)

    def _tab(self, workstation: Shown) -> PickButton:
        identity = workstation["id"]
        made = PickButton(
            workstation.get("name") or _("Poste sans nom"), f"workstation-{identity}", "segment"
        )
        made.clicked.connect(lambda _checked=False: self.choose(identity))
        made.setChecked(identity == self._chosen)
        self._group.addButton(made)
        return made

    def _show_chosen(self, *, fresh: bool) -> None:
        from fieldkit.services import visit_desk

        fixed = self.desk.editable and not self.desk.workstations_editable
        there, editable = bool(self._chosen), self.desk.workstations_editable
        self._fixed.setVisible(fixed)
        if fixed:
            self._fixed.say(
                "info",
                _("Les postes restent ici comme au jour de la visite."),
                _("Ils ont été revus depuis : notez ce qui change dans la visite la plus récente."),
            )
        self._empty.setVisible(not there)
        self._facts.setVisible(there)
        self._actions.setVisible(there and editable)
        self._add_first.setVisible(editable)
        if there:
            store, visit_id, chosen = self.desk.store, self.desk.visit_id, self._chosen
            self.form.show(
                self._values(),
                lambda fields: visit_desk.write_workstation(store, visit_id, chosen, fields),
                fresh=fresh,
                fixed=not editable,
            )
        values = self._values()
        self.machines.show_workstation(values, another=fresh)
        profession = (self._shown.get("practice") or {}).get("profession") or ""
        software, offered = values.get("software") or "", values.get("addendum_offered")
        self.catalogue.look(software, profession, offered, editable=editable)
        self._show_carried()

    def _show_carried(self) -> None:
        editable = self.desk.editable
        pending = self._shown.get("carried", {})
        here = pending.get(self._chosen, {})
        stops = sum(len(box.stops) for box in self.form.boxes.values())
        for field, box in self.form.boxes.items():
            words_ = between_visits.doubt(here[field]) if field in here else ""
            box.ask_confirmation(words_, offer=editable)
        self._carried.show_pending(pending, editable=editable)
        if sum(len(box.stops) for box in self.form.boxes.values()) != stops:
            self._order([tab for tab in self._group.buttons() if tab.isVisibleTo(self)])

    def _confirm(self, field: str = "") -> None:
        """Confirm one fact of the workstation in hand, or every fact of every workstation."""
        from fieldkit.services import between_visits as service

        pending = self._shown.get("carried", {})
        facts = {self._chosen: [field]} if field else {w: list(found) for w, found in pending.items()}
        visit_id = self.desk.visit_id
        self.desk.change(lambda store: service.confirm(store, visit_id, facts))
        if field:
            self.form.take_focus(field)  # its button is about to go

    def _values(self) -> Shown:
        found: Shown = next((w for w in self._shown["workstations"] if w["id"] == self._chosen), {})
        return found

    def _card(self, group: str) -> Card:
        title, fields = GROUPS[group]
        boxes = [self.form.boxes[field] for field in fields]
        card = field_card(_(title), f"workstationGroup-{group}", boxes, 180)
        if group == "software":
            card.body.insertWidget(card.body.count() - 1, self.catalogue)
        return card

    @staticmethod
    def _names(shown: Shown) -> list[tuple[str, str | None]]:
        return [(w["id"], w.get("name")) for w in shown["workstations"]]
