"""The reminder of a visit, in its first step: what to look at, to try, to ask, and actions to take over."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from fieldkit.i18n import _
from fieldkit.reports import wording
from fieldkit.ui.models import visit_words as words
from fieldkit.ui.pages.visit.desk import Desk, Shown
from fieldkit.ui.theme import GRID
from fieldkit.ui.widgets.card import Card
from fieldkit.ui.widgets.controls import ChoiceControl
from fieldkit.ui.widgets.field_box import FieldBox
from fieldkit.ui.widgets.text import IconLabel, button, label

ASK = "ask:"
"""Before a question, in a place to go to: the note that will hold its answer."""

_Line = tuple[bool, str, str, Callable[[], None]]
"""Whether that is done, what it is, what the button says, and what it does."""


class ReminderCard(Card):
    """One of the reminders, or none; every line leads to where it is done."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(_("Pense-bête"), "reminderCard")
        self._desk = desk
        self._seen: object = None
        self.choice = template_box("visitTemplate")
        self._about = label("", "muted", wrap=True)
        self._lines = QWidget()
        self._rows = QVBoxLayout()
        self._rows.addWidget(self._lines)
        self.body.addWidget(self.choice)
        self.body.addWidget(self._about)
        self.body.addLayout(self._rows)

    def show_visit(self, shown: Shown, *, fresh: bool) -> None:
        """Show where the visit stands with it."""
        reminder, editable = shown["reminder"], self._desk.editable
        self.setVisible(editable or reminder is not None)
        seen = (reminder, shown["suggested"], editable)
        if seen == self._seen and not fresh:
            return
        self._seen = seen
        titles = {template: title for template, title in _titles().items() if template == shown["suggested"]}
        proposed = "".join(titles.values())
        self._about.setText(
            _("Il ne remplit rien : il rappelle quoi regarder, essayer et demander.")
            if reminder or not proposed
            else _("Pour cette profession : {title}.").format(title=proposed)
        )
        self._lines.hide()
        self._lines.deleteLater()
        self._lines = self._list(self._told(reminder) if reminder else [])
        self._rows.addWidget(self._lines)

    def _told(self, reminder: Shown) -> list[_Line]:
        go, missing = self._desk.go.emit, reminder["missing"]
        known = reminder["facts"] - len(missing)
        facts = _("À relever : {known} éléments sur {total}.").format(known=known, total=reminder["facts"])
        if missing:
            rest = [name[:1].lower() + name[1:] if name[1:2].islower() else name for name in missing]
            facts = _("{facts} Reste : {rest}.").format(facts=facts, rest=", ".join(rest))
        lines: list[_Line] = [
            (not missing, facts, _("Compléter"), partial(go, "workstations", reminder["first"]))
        ]
        for test in reminder["tests"]:
            name = wording.word(wording.TEST_KINDS, test["kind"])
            said = _("Test : {kind}").format(kind=name[:1].lower() + name[1:])
            lines.append((test["done"], said, _("Aller au test"), partial(go, "tests", "")))
        for question in reminder["questions"]:
            text = question["text"]
            lines.append((question["noted"], text, _("Répondre"), partial(go, "notes", ASK + text)))
        for action in reminder["follow_ups"]:
            who = words.sentence(wording.word(wording.OWNERS, action["who"]))
            said = _("Action proposée : {text} {who}, pour le {day}.").format(
                text=action["text"], who=who, day=words.short_day(action["by"])
            )
            lines.append((action["added"], said, _("Ajouter aux suites"), partial(self._add, action)))
        return lines

    def _list(self, lines: Sequence[_Line]) -> QWidget:
        holder = QWidget()
        holder.setObjectName("reminderLines")
        grid = QGridLayout(holder)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(GRID)
        grid.setVerticalSpacing(GRID // 4)
        grid.setColumnStretch(1, 1)
        for row, (done, text, verb, act) in enumerate(lines):
            state = "success" if done else "unknown"
            drawing = IconLabel(state, state, 18)
            drawing.setAccessibleName(_("fait") if done else _("à faire"))
            grid.addWidget(drawing, row, 0)
            grid.addWidget(label(text, "muted" if done else "", wrap=True), row, 1)
            if not done and self._desk.editable:
                go = button(verb, f"reminder-{row}", act, kind="quiet")
                go.setAccessibleName(f"{verb} : {text}")
                grid.addWidget(go, row, 2, Qt.AlignmentFlag.AlignRight)
            elif done:
                grid.addWidget(label(_("fait"), "caption"), row, 2, Qt.AlignmentFlag.AlignRight)
        return holder

    def _add(self, action: Shown) -> None:
        from fieldkit.services import visit_desk

        visit_id = self._desk.visit_id
        fields = {name: action[name] for name in ("who", "by", "text")}
        self._desk.change(lambda store: visit_desk.write_part(store, visit_id, "follow_up", None, fields))


def template_box(name: str) -> FieldBox:
    """The choice of a reminder, found as `name`."""
    return FieldBox(_("Modèle de pense-bête"), ChoiceControl(_titles(), _("Aucun")), name)


def _titles() -> dict[str, str]:
    from fieldkit.services import guidance

    return {template.id: str(template.title) for template in guidance.templates()}
