"""One visit, open: who and when, what it comes to so far, and its steps in any order."""

from __future__ import annotations

from collections import Counter
from typing import Final

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from fieldkit.i18n import N_, _, ngettext
from fieldkit.ui.current_visit import CurrentVisit
from fieldkit.ui.models import visit_words as words
from fieldkit.ui.pages.base import Context
from fieldkit.ui.pages.visit.desk import Desk, Shown
from fieldkit.ui.pages.visit.follow_ups import FollowUpsStep
from fieldkit.ui.pages.visit.notes import NotesStep
from fieldkit.ui.pages.visit.practice import PracticeStep
from fieldkit.ui.pages.visit.report import ReportStep
from fieldkit.ui.pages.visit.results import ResultsStep
from fieldkit.ui.pages.visit.step import Step
from fieldkit.ui.pages.visit.turns import Turns
from fieldkit.ui.pages.visit.verdict import VerdictStep
from fieldkit.ui.pages.visit.workstations import WorkstationsStep
from fieldkit.ui.theme import GRID, scaled
from fieldkit.ui.widgets.flow import flowing
from fieldkit.ui.widgets.keyboard import someone_types
from fieldkit.ui.widgets.step_bar import StepBar
from fieldkit.ui.widgets.tag import Look, Tag
from fieldkit.ui.widgets.text import button, label
from fieldkit.ui.widgets.undo_banner import UndoBanner

STEPS: Final = {
    "practice": (N_("Cabinet"), PracticeStep),
    "workstations": (N_("Postes"), WorkstationsStep),
    "tests": (N_("Tests"), ResultsStep),
    "verdict": (N_("Verdict"), VerdictStep),
    "notes": (N_("Irritants et notes"), NotesStep),
    "follow_ups": (N_("Suites"), FollowUpsStep),
    "report": (N_("Compte rendu"), ReportStep),
}
_LOOK_AGAIN_MS: Final = 120
_NARROW: Final = 840
"""Width, at 100 % text, under which margins shrink."""
_PARTS: Final = 4
_MOST_HEADER: Final = 0.42
"""Share of the height that the header may keep for itself."""


class OpenVisit(QWidget):
    """The header and the steps; `left` when the delegate goes back to the list."""

    left = Signal()

    def __init__(self, context: Context) -> None:
        super().__init__()
        self.setProperty("kind", "page")
        self.desk = Desk(context, self)
        self._context = context
        self._shown: Shown | None = None
        self._step = "practice"
        self._steps: dict[str, Step] = {}
        self.bar = StepBar({step: _(title) for step, (title, _made) in STEPS.items()}, "visitSteps")
        self.bar.chosen.connect(self.open_step)
        self.undo = UndoBanner()
        self.turns = Turns(self.desk)
        self.turns.turned.connect(self.undo.hide)  # what it says may be so no more
        self._header = self._make_header()
        self._content = QVBoxLayout()
        self._content.setSpacing(2 * GRID)
        self._area = self._scrolling()
        self._outer = QVBoxLayout(self)
        self._outer.setContentsMargins(0, 0, 0, 0)
        self._outer.setSpacing(0)
        self._outer.addWidget(self._header)
        self._outer.addWidget(self._area, 1)
        self._again = QTimer(self, singleShot=True, interval=_LOOK_AGAIN_MS)
        self._again.timeout.connect(self._look)
        self._settled = QTimer(self, singleShot=True, interval=0)
        self._settled.timeout.connect(lambda: self._header.setUpdatesEnabled(True))
        self._seen = QTimer(self, singleShot=True, interval=0)
        self._seen.timeout.connect(self._reveal)
        self.desk.go.connect(self.open_step)
        self.desk.another.connect(self.open)
        self.desk.saved.connect(self._again.start)
        self.desk.moved.connect(self._tell_saved)
        self.desk.removed.connect(self.undo.offer)
        context.field_data_changed.connect(lambda _changes: self._again.start())

    def open(self, visit_id: str) -> None:
        """Show the visit of this identity, at its first step when it is another one than before."""
        if visit_id != self.desk.visit_id:
            self.desk.flush()
            self.desk.visit_id = visit_id
            self.undo.hide()
            self.open_step("practice")
            self._area.setEnabled(False)  # until it is shown, what is typed would go to the one before
        self._look()

    def open_step(self, step: str, field: str = "") -> None:
        """Bring a step into view, with the keyboard on `field` of it."""
        self.desk.flush()
        self.bar.show_current(step)
        self._step = step
        wanted = self._in_view()
        for made in self._steps.values():
            made.setVisible(made is wanted)
        self._area.verticalScrollBar().setValue(0)
        wanted.take_focus(field)
        self._seen.start()  # once what was hidden has its place

    def flush(self) -> None:
        """Hand over everything typed."""
        self.desk.flush()

    def _in_view(self) -> Step:
        """The step in view, made when it is first wanted."""
        step = self._step
        if step not in self._steps:
            _title, kind = STEPS[step]
            self._steps[step] = kind(self.desk)
            self._content.addWidget(self._steps[step])
            if self._shown is not None and self._shown["id"] == self.desk.visit_id:
                self._steps[step].show_visit(self._shown, fresh=True)
        return self._steps[step]

    def _reveal(self) -> None:
        """Scroll to what has the keyboard, and its name above it."""
        focused = QApplication.focusWidget()
        if focused is not None and self._in_view().isAncestorOf(focused):
            self._content.activate()
            self._area.ensureWidgetVisible(focused, 0, scaled(5 * GRID))

    def _look(self) -> None:
        from fieldkit.services import visit_desk

        visit_id = self.desk.visit_id
        if visit_id and self._context.profile is not None:
            self.desk.ask(lambda store: visit_desk.open_visit(store, visit_id), self._show)

    def _show(self, shown: Shown) -> None:
        if shown["id"] != self.desk.visit_id:
            return
        editable = shown["state"] == "draft"
        another = self._shown is None or shown["id"] != self._shown["id"]
        fresh = another or editable != self.desk.editable
        self._shown, self.desk.editable = shown, editable
        self.desk.workstations_editable = editable and not shown["workstations_fixed"]
        name = shown["practice"].get("name") or _("Cabinet sans nom")
        self._title.setText(name)
        for part, said in zip(self._about, _about(shown), strict=True):
            part.setText(said)
            part.setVisible(bool(said))
        self._state.show_look(words.state(shown["state"]))
        self._readiness.show_look(_readiness(shown["apcv"]))
        self._readiness.setAccessibleName(words.headline(shown["apcv"]))
        self.bar.show_gaps(Counter(gap["step"] for gap in shown["gaps"]) if editable else {})
        self.turns.show_next(shown["undo"], shown["redo"])
        for step in self._steps.values():
            step.show_visit(shown, fresh=fresh)
        self._header.setUpdatesEnabled(False)  # not drawn before its words have found their room
        self._settled.start()
        CurrentVisit.of(self._context).set(shown["id"] if editable else None, name)
        self._tell_saved()
        if another:
            self._area.setEnabled(True)
            if not someone_types():
                self._in_view().take_focus("")

    def _tell_saved(self) -> None:
        refused, unsaved = self.desk.refused, self.desk.unsaved
        if not self.desk.editable:
            self._saved.show_look(Look("lock", "unknown", _("Lecture seule")))
        elif refused:
            several = ngettext("{n} champ non enregistré", "{n} champs non enregistrés", len(refused))
            self._saved.show_look(Look("error", "error", several.format(n=len(refused))))
        elif unsaved:
            self._saved.show_look(Look("pen", "unknown", _("Enregistrement…")))
        else:
            self._saved.show_look(Look("success", "success", _("Tout est enregistré")))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_header()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._place_header()

    def _place_header(self) -> None:
        """Above the steps, or, where it would leave them too little, scrolling with them."""
        margin = (4 if self.width() > scaled(_NARROW) else 3) * GRID
        self._content.setContentsMargins(margin, GRID // 2, margin, 3 * GRID)
        needed = self._header.heightForWidth(self.width() - 2 * margin) + 3 * GRID
        above = needed < _MOST_HEADER * self.height()
        if above:
            self._header.setContentsMargins(margin, 2 * GRID, margin, GRID)
            self._outer.insertWidget(0, self._header)
        else:
            self._header.setContentsMargins(0, GRID, 0, 0)
            self._content.insertWidget(0, self._header)

    def _scrolling(self) -> QScrollArea:
        inside = QWidget()
        inside.setProperty("kind", "page")
        inside.setLayout(self._content)
        area = QScrollArea()
        area.setObjectName("visitScroll")
        area.setAccessibleName(_("Visite"))
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(inside)
        return area

    def _make_header(self) -> QWidget:
        back = button("", "backToVisits", self.left.emit, kind="quiet", icon="back")
        back.setToolTip(_("Retour à la liste (Alt+Gauche)"))
        back.setAccessibleName(_("Retour à la liste des visites"))
        back.setShortcut("Alt+Left")
        self._title = label("", "title", wrap=True)
        self._title.setObjectName("visitPractice")
        self._about = [label("", "muted") for _part in range(_PARTS)]
        for part in self._about:
            part.setMinimumWidth(1)
        self._state = Tag("visitState")
        self._readiness = Tag("visitReadiness")
        self._saved = Tag("visitSaved")
        top = QHBoxLayout()
        top.setSpacing(GRID)
        top.addWidget(back, 0, Qt.AlignmentFlag.AlignTop)
        top.addWidget(self._title, 1)
        top.addWidget(self.turns, 0, Qt.AlignmentFlag.AlignTop)
        header = QWidget()
        column = QVBoxLayout(header)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID)
        column.addLayout(top)
        column.addWidget(flowing(*self._about, self._state, self._readiness, self._saved))
        column.addWidget(self.bar)
        column.addWidget(self.undo)
        return header


def _readiness(apcv: str) -> Look:
    look = words.readiness(apcv)
    said = _("ApCV : {verdict}").format(verdict=look.words[:1].lower() + look.words[1:])
    return Look(look.icon, look.state, said)


def _about(shown: Shown) -> list[str]:
    """The day, and what is known of place, profession and edition: `_PARTS` texts, "" for what is not."""
    practice = shown["practice"]
    city, department = practice.get("city"), practice.get("department")
    place = f"{city} ({department})" if city and department else city or ""
    if department and not city:
        place = _("département {code}").format(code=department)
    edition = _("édition {n}").format(n=shown["edition"]) if shown["edition"] > 1 else ""
    others = (place, practice.get("profession") or "", edition)
    return [words.long_day(shown["date"]), *(other and f"· {other}" for other in others)]
