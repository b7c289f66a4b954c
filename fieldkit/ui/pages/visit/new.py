"""A new visit: the practice by name, known or not, with its numbers checked where they are typed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QComboBox, QLineEdit

from fieldkit.domain import fieldwork
from fieldkit.domain.directory import Listed
from fieldkit.domain.folding import fold
from fieldkit.errors import KnownError
from fieldkit.i18n import _
from fieldkit.ui import lookup
from fieldkit.ui.models.hits import Hit
from fieldkit.ui.pages.base import Context, Page
from fieldkit.ui.pages.visit.forms import field_card
from fieldkit.ui.pages.visit.practice import practice_boxes
from fieldkit.ui.pages.visit.reminder import template_box
from fieldkit.ui.runner import Queue
from fieldkit.ui.theme import GRID
from fieldkit.ui.widgets.autosave import QUIET_MS, WAIT_MS
from fieldkit.ui.widgets.card import Banner
from fieldkit.ui.widgets.day import DayControl
from fieldkit.ui.widgets.field_box import FieldBox
from fieldkit.ui.widgets.flow import flowing
from fieldkit.ui.widgets.suggestions import ROWS, Suggestions
from fieldkit.ui.widgets.text import button
from fieldkit.ui.widgets.undo_banner import UndoBanner

if TYPE_CHECKING:
    from fieldkit.store.fieldwork import FieldStore

T = TypeVar("T")
Practice = dict[str, Any]

_DIRECTORY_FROM = 3
"""How many letters of a name have to be typed before the directory is looked into."""

_KNOWN = "known"
"""Under which the kept form remembers that the practice is a known one."""
_TEMPLATE = "template"
"""Under which it remembers a reminder that was chosen by hand."""
_NO_TEMPLATE = "-"


class NewVisit(Page):
    """What is typed here is kept too, until a visit is begun or everything is erased."""

    made = Signal(str)
    """A visit was begun: its identity."""
    closed = Signal()
    """The delegate wants none now."""

    def __init__(self, context: Context) -> None:
        about = _("Le nom suffit pour commencer ; le reste peut attendre d'être sur place.")
        super().__init__(context, _("Nouvelle visite"), about)
        self.setObjectName("newVisitForm")
        self._known: list[Practice] = []
        self._practice: Practice | None = None
        self._proposed: Practice = {}
        self._lines: dict[str, Listed] = {}
        self._touched = False
        self._template_chosen = False
        self.banner = Banner("newVisitBanner")
        self.undo = UndoBanner("undoErase")
        self.boxes = practice_boxes("newVisit")
        self.boxes["date"] = FieldBox(_("Date de la visite"), DayControl(), "newVisitDate")
        self.template = template_box("newVisitTemplate")
        self.template.show_hint(_("Proposé d'après la profession ; il ne remplit rien."))
        self.template.typed.connect(self._choose_template)
        self._suggestions = Suggestions(self._name, _("Cabinets connus"), "practiceSuggestions")
        self._suggestions.taken.connect(self._take)
        self.begin = button(
            _("&Commencer la visite"), "newVisitBegin", self._begin, kind="primary", icon="visits"
        )
        later = button(_("&Plus tard"), "newVisitLater", self.closed.emit)
        later.setAccessibleDescription(_("Touche Échap ; ce qui est tapé reste là."))
        erase = button(_("&Tout effacer"), "newVisitErase", self._erase, kind="quiet", icon="trash")
        card = field_card(_("Le cabinet et le jour"), "newVisitCard", [*self.boxes.values(), self.template])
        card.body.addSpacing(GRID)
        card.body.addWidget(flowing(self.begin, later, erase))
        self.body.addWidget(self.banner)
        self.body.addWidget(self.undo)
        self.body.addWidget(card)
        self.body.addStretch(1)
        self._soon = QTimer(self, singleShot=True, interval=WAIT_MS)
        self._soon.timeout.connect(self._keep)
        self._quiet = QTimer(self, singleShot=True, interval=QUIET_MS)
        self._quiet.timeout.connect(self._check)
        for field, box in self.boxes.items():
            box.typed.connect(partial(self._typed, field))
            box.left.connect(partial(self._check, field))

    def entered(self) -> None:
        from fieldkit.services import visit_desk, visits

        self._touched = False
        self._proposed = {}
        self.undo.hide()
        self._show({})
        self._ask(visits.list_practices, self._know)
        self._ask(visit_desk.kept_form, self._restore)
        self._name.setFocus()

    def propose(self, known: Mapping[str, str]) -> None:
        """Fill the form with what is `known` of a practice; what was typed another time can be had back."""
        from fieldkit.services import visit_desk

        self._touched = True
        self._fill({**dict.fromkeys(self.boxes), **known})
        self._ask(visit_desk.kept_form, self._offer_back)
        self._soon.start()

    def left(self) -> None:
        self.flush()

    def flush(self) -> None:
        """Hand what is typed to the database worker now."""
        if self._soon.isActive():
            self._soon.stop()
            self._keep()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._begin()
        else:
            super().keyPressEvent(event)

    @property
    def _name(self) -> QLineEdit:
        return _line(self.boxes["name"])

    def _typed(self, field: str) -> None:
        self._touched = True
        self.boxes[field].clear_error()
        if not self._soon.isActive():
            self._soon.start()
        self._quiet.start()
        self._proposed = {}
        if field == "name":
            self._recognise(None)
            self._suggest()
        if field == "profession":
            self._propose_template()

    def _choose_template(self) -> None:
        self._template_chosen = True
        self._soon.start()

    def _propose_template(self) -> None:
        """Follow the profession, until a reminder was chosen by hand."""
        from fieldkit.services import guidance

        if not self._template_chosen:
            found = guidance.suggested(self.boxes["profession"].value())
            self.template.show_value(found.id if found else None)

    def _check(self, *fields: str) -> bool:
        """Say under each of `fields` (all: those in which nobody is typing) what is wrong with it."""
        right = True
        for field in fields or self.boxes:
            box = self.boxes[field]
            try:
                self._checked(field)
            except KnownError as error:
                box.say_error(error)
                right = False
        return right

    def _checked(self, field: str) -> Any:
        value = self.boxes[field].value()
        return value if field == "date" else fieldwork.checked("practice", {field: value})[field]

    def _begin(self) -> None:
        from fieldkit.services import visit_desk

        if not self._name.text().strip():
            wrong = _("Donnez au moins le nom du cabinet.")
            self.boxes["name"].say_error(KnownError("practice-unnamed", wrong))
        if not self._check() or self.boxes["name"].error():
            next(box for box in self.boxes.values() if box.error()).control.setFocus()
            return
        about = {field: self._checked(field) for field in self.boxes}
        day = about.pop("date")
        practice, delegate, template = self._practice, self.context.settings.name, self.template.value()
        self._soon.stop()
        self._ask(
            lambda store: visit_desk.begin(
                store,
                about,
                practice_id=practice["id"] if practice else None,
                date=dt.date.fromisoformat(day) if day else None,
                delegate=delegate,
                template=template,
            ),
            self._begun,
            self.banner.say_error,
        )

    def _begun(self, visit_id: str) -> None:
        self._show({})
        self.made.emit(visit_id)

    def _erase(self) -> None:
        typed = self._typed_texts()
        self._put({})
        self._name.setFocus()
        self.undo.offer(_("La saisie est effacée."), lambda: self._put(typed))

    def _restore(self, typed: dict[str, str]) -> None:
        """Show what was typed another time, unless someone is quicker."""
        if typed and not self._touched:
            self._show(typed)

    def _put(self, typed: dict[str, str]) -> None:
        self._show(typed)
        self.banner.hide()
        self._soon.start()

    def _show(self, typed: dict[str, str]) -> None:
        self.banner.hide()
        departments = self.context.settings.departments
        first = {"date": dt.date.today().isoformat(), "department": departments[0] if departments else None}  # noqa: DTZ011
        for field, box in self.boxes.items():
            box.clear_error()
            box.show_value(first.get(field))
        for field, text in typed.items():
            if field in self.boxes:
                _line(self.boxes[field]).setText(text)
        self._recognise(typed.get(_KNOWN))
        self._template_chosen = _TEMPLATE in typed
        self.template.show_value(typed.get(_TEMPLATE, "").strip(_NO_TEMPLATE) or None)
        self._propose_template()
        if typed:
            self.banner.say("info", _("Votre saisie précédente est là ; « Tout effacer » recommence à vide."))

    def _keep(self) -> None:
        from fieldkit.services import visit_desk

        typed = self._typed_texts()
        self._ask(lambda store: visit_desk.keep_form(store, typed), on_error=self._not_kept)

    def _not_kept(self, error: Exception) -> None:
        """A social security number is told under its field; anything else concerns the whole form."""
        if not (isinstance(error, KnownError) and error.code == "nir-refused"):
            self.banner.say_error(error)

    def _typed_texts(self) -> dict[str, str]:
        typed = {field: _line(box).text() for field, box in self.boxes.items()}
        if self._practice:
            typed[_KNOWN] = self._practice["id"]
        if self._template_chosen:
            typed[_TEMPLATE] = self.template.value() or _NO_TEMPLATE
        return typed

    def _offer_back(self, typed: dict[str, str]) -> None:
        if typed and typed != self._typed_texts():
            self.undo.offer(_("Votre saisie précédente est remplacée."), lambda: self._put(typed))

    def _know(self, practices: list[Practice]) -> None:
        self._known = practices
        if self._proposed:
            self._fill(self._proposed)

    def _suggest(self) -> None:
        text = self._name.text()
        wanted = fold(text)
        found = [p for p in self._known if wanted and wanted in fold(p.get("name") or "")]
        known = [_hit(practice) for practice in found[:ROWS]]
        self._suggestions.offer(known)
        if len(wanted) >= _DIRECTORY_FROM and len(known) < ROWS:
            find = partial(lookup.lines_to_visit, text=text, limit=ROWS - len(known))
            self.context.ask_directory(find, partial(self._suggest_lines, text, known), _say_nothing)

    def _suggest_lines(self, text: str, known: list[Hit], lines: list[Listed]) -> None:
        """Offer lines of the directory below what is known, unless another name is typed by now."""
        if lines and text == self._name.text():
            self._lines = {str(line.line): line for line in lines}
            hits = [replace(lookup.listed(line), target=key) for key, line in self._lines.items()]
            self._suggestions.offer([*known, *hits])

    def _take(self, hit: Hit) -> None:
        if hit.page == "directory":
            from fieldkit.services.directory import visit_fields

            self._fill({**dict.fromkeys(self.boxes), **visit_fields(self._lines[hit.target])})
        else:
            practice = self._recognise(hit.target)
            self._fill({field: practice.get(field) for field in self.boxes} | {"id": practice["id"]})
        self._soon.start()

    def _fill(self, about: Practice) -> None:
        """Show `about`, as the practice that is known already where it is one."""
        known = next((p for p in self._known if _same(p, about)), None)
        self._proposed = about
        told = {**about, **{field: value for field, value in (known or {}).items() if value}}
        for field, box in self.boxes.items():
            if field != "date":
                box.clear_error()
                box.show_value(told.get(field))
        self._recognise(known["id"] if known else None)
        self._propose_template()

    def _recognise(self, practice_id: str | None) -> Practice:
        """The visit is to this known practice, or to none that is known."""
        self._practice = next((p for p in self._known if p["id"] == practice_id), None)
        known = _("Cabinet connu : ses postes et ses visites sont repris.")
        self.boxes["name"].show_hint(known if self._practice else "")
        return self._practice or {}

    def _ask(
        self,
        work: Callable[[FieldStore], T],
        on_done: Callable[[T], None] | None = None,
        on_error: Callable[[Exception], None] | None = None,
    ) -> None:
        profile = self.context.profile
        if profile is not None:
            store = profile.store
            self.context.runner.run(Queue.DATABASE, lambda: work(store), on_done, on_error)


def _line(box: FieldBox) -> QLineEdit:
    control = box.control
    found = control.lineEdit() if isinstance(control, QComboBox) else control
    assert isinstance(found, QLineEdit)
    return found


def _same(practice: Practice, about: Practice) -> bool:
    """Whether both are one place: by identity, else by FINESS number, else by RPPS where one has no FINESS."""
    if about.get("id"):
        return bool(practice["id"] == about["id"])
    here, there = practice.get("finess"), about.get("finess")
    if here and there:
        return bool(here == there)
    return bool(about.get("rpps") and practice.get("rpps") == about["rpps"])


def _say_nothing(_error: Exception) -> None:
    """Suggestions are a help: where the directory cannot be read, its own page says why."""


def _hit(practice: Practice) -> Hit:
    place = f"{practice.get('city') or ''} {practice.get('department') or ''}".strip()
    detail = " · ".join(part for part in (practice.get("profession") or "", place) if part)
    return Hit("visits", _("Cabinet connu"), practice.get("name") or "", detail, "visits", practice["id"])
