"""From one visit to the next: what is to be confirmed, and what changed since the last one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout

from fieldkit.domain import fieldwork
from fieldkit.domain.carried import Carried
from fieldkit.i18n import _, ngettext
from fieldkit.reports import wording
from fieldkit.ui.models import visit_words as words
from fieldkit.ui.pages.visit.desk import Desk, Shown
from fieldkit.ui.theme import GRID
from fieldkit.ui.widgets.card import Card
from fieldkit.ui.widgets.flow import empty, flowing
from fieldkit.ui.widgets.text import IconLabel, button, label, restyle

_IN_SIGHT: Final = 12
"""Changes that are listed before the others are only counted."""


def doubt(day: str) -> str:
    """What is said under a fact of an earlier visit."""
    if not day:
        return _("À confirmer")
    return _("À confirmer · relevé le {date}").format(date=words.short_day(day))


class CarriedBanner(QFrame):
    """How many facts come from an earlier visit, and the button that confirms them all; hidden for none."""

    def __init__(self, confirm: Callable[[], None]) -> None:
        super().__init__()
        self.setObjectName("carriedBanner")
        self.setProperty("kind", "banner")
        row = QHBoxLayout(self)
        row.setContentsMargins(2 * GRID, GRID + GRID // 2, GRID, GRID + GRID // 2)
        row.setSpacing(GRID + GRID // 2)
        row.addWidget(IconLabel("clock", "warning", 22), 0, Qt.AlignmentFlag.AlignTop)
        self.words = label("", "strong", wrap=True)
        why = _("Regardez-les sur place. « Tout confirmer » vaut pour tous les postes, et pour cette visite.")
        self._why = label(why, wrap=True)
        self.confirm = button(_("&Tout confirmer"), "confirmAll", confirm, icon="success")
        column = QVBoxLayout()
        column.setSpacing(GRID // 2)
        column.addWidget(self.words)
        column.addWidget(self._why)
        column.addWidget(flowing(self.confirm))
        row.addLayout(column, 1)
        restyle(self, "state", "warning")
        self.hide()

    def show_pending(self, carried: Carried, *, editable: bool) -> None:
        """Show how many facts are still to be confirmed."""
        n = sum(len(facts) for facts in carried.values())
        said = ngettext(
            "{n} fait vient d'une visite précédente et reste à confirmer.",
            "{n} faits viennent d'une visite précédente et restent à confirmer.",
            n,
        ).format(n=n)
        self.words.setText(said)
        self.setAccessibleName(said)
        self._why.setVisible(editable)
        self.confirm.setVisible(editable)
        self.setVisible(n > 0)


class SinceCard(Card):
    """What changed since the last finalised visit; hidden where there is none."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(_("Ce qui a changé"), "sinceCard")
        self._desk = desk
        self._shown: object = None
        self._list = QVBoxLayout()
        self._list.setSpacing(GRID // 2)
        self.body.addLayout(self._list)
        self.hide()

    def show_visit(self, shown: Shown) -> None:
        """Show the changes of `between_visits.since_last`."""
        since = shown["since"]
        if since == self._shown:
            return
        self._shown = since
        self.setVisible(since is not None)
        empty(self._list)
        if since is None:
            return
        title = _("Ce qui a changé depuis la visite du {date}").format(date=words.short_day(since["date"]))
        self.title.setText(title)
        self.title.setWordWrap(True)
        self.setAccessibleName(title)
        lines = [_told(change) for change in since["changes"]]
        if not lines:
            self._list.addWidget(label(_("Rien de ce qui est noté n'a changé."), "muted", wrap=True))
        for said in lines[:_IN_SIGHT]:
            self._list.addWidget(label("• " + said, wrap=True))
        rest = len(lines) - _IN_SIGHT
        if rest > 0:
            more = ngettext("… et {n} autre changement.", "… et {n} autres changements.", rest)
            self._list.addWidget(label(more.format(n=rest), "muted", wrap=True))


def _told(change: Mapping[str, Any]) -> str:
    kind, poste = change["kind"], change["workstation"] or _("Poste sans nom")
    if kind == "workstation-added":
        return _("{poste} : nouveau poste").format(poste=poste)
    if kind == "workstation-removed":
        return _("{poste} : poste retiré").format(poste=poste)
    if kind == "readiness":
        before, after = (words.readiness(change[side]).words for side in ("before", "after"))
        return _("{poste}, appli carte Vitale : {before} → {after}").format(
            poste=poste, before=before, after=after
        )
    record = "practice" if kind == "practice" else "workstation"
    said = _("{fact} : {before} → {after}").format(
        fact=_(fieldwork.TYPES[record][change["field"]].label),
        before=wording.fact(change["field"], change["before"]),
        after=wording.fact(change["field"], change["after"]),
    )
    return said if kind == "practice" else f"{poste}, {said[:1].lower()}{said[1:]}"
