"""What looks like one thing made twice: both side by side; one click keeps one of it, or says that it is two."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from fieldkit.i18n import _, ngettext
from fieldkit.ui.live_sync import LiveSync
from fieldkit.ui.models import visit_words as words
from fieldkit.ui.pages.base import Context
from fieldkit.ui.runner import Queue
from fieldkit.ui.theme import GRID
from fieldkit.ui.widgets.card import Banner, Card
from fieldkit.ui.widgets.flow import empty, flowing
from fieldkit.ui.widgets.text import button, label
from fieldkit.ui.widgets.wrap_grid import WrapGrid
from fieldkit.ui.words import french_date

Pair = dict[str, Any]

_COLUMN: Final = 220
_MOST: Final = 20


class Duplicates(QWidget):
    """A card for each pair of `services.duplicates`, and one for practices that were merged."""

    shown = Signal()
    """Other cards are there than before."""

    def __init__(self, context: Context, live: LiveSync, banner: Banner) -> None:
        super().__init__()
        self._context = context
        self._live = live
        self._banner = banner
        self._shown: Any = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(2 * GRID)
        self.hide()

    def look(self) -> None:
        """Look for pairs."""
        store = self._live.store
        if store is None:
            return

        def work() -> tuple[list[Pair], list[dict[str, Any]]]:
            from fieldkit.services import duplicates

            return duplicates.note(store)[:_MOST], duplicates.merged(store)[-_MOST:]

        self._context.runner.run(Queue.DATABASE, work, self._show)

    def _show(self, found: tuple[list[Pair], list[dict[str, Any]]]) -> None:
        if found == self._shown:
            return
        self._shown = found
        pairs, merged = found
        empty(self._column)
        for pair in pairs:
            self._column.addWidget(self._card(pair))
        if merged:
            self._column.addWidget(self._merged_card(merged))
        self.setVisible(bool(pairs or merged))
        self.shown.emit()

    def _card(self, pair: Pair) -> Card:
        one, other = pair["records"]
        practice = pair["type"] == "practice"
        title = (
            _("Peut-être deux fois le même cabinet") if practice else _("Peut-être deux fois la même visite")
        )
        card = Card(title, f"duplicate-{one['id']}-{other['id']}")
        card.title.setWordWrap(True)
        what = (
            _("Les visites, postes et matériels des deux seront montrés ensemble. L'autre fiche est gardée.")
            if practice
            else _(
                "Les notes, irritants, actions, tests et photos de l'autre sont repris dans celle que vous gardez."
            )
        )
        grid = WrapGrid(_COLUMN)
        grid.show_cells([self._side(one, other), self._side(other, one)])
        two = _("Ce sont deux cabinets différents") if practice else _("Ce sont deux visites différentes")
        apart = button(two, f"apart-{one['id']}", partial(self._tell_apart, one["id"], other["id"]))
        apart.setAccessibleDescription(str(one["name"]))
        for part in (label(f"{pair['reason']} {what}", "muted", wrap=True), grid, flowing(apart)):
            card.body.addWidget(part)
        return card

    def _side(self, record: Pair, other: Pair) -> QWidget:
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID // 2)
        column.addWidget(label(str(record["name"] or ""), "strong", wrap=True))
        for line in _lines(record):
            column.addWidget(label(line, wrap=True, selectable=True))
        made = _("Fiche faite le {moment}").format(moment=words.moment(record["made_at"]))
        column.addWidget(label(made, "caption", wrap=True))
        keep = button(
            _("Garder celle-ci"), f"keep-{record['id']}", partial(self._merge, record["id"], other["id"])
        )
        keep.setAccessibleName(f"{_('Garder celle-ci')} : {record['name']}, {made}")
        column.addWidget(flowing(keep))
        column.addStretch(1)
        return holder

    def _merged_card(self, merged: list[dict[str, Any]]) -> Card:
        card = Card(_("Cabinets réunis"), "mergedCard")
        for one in merged:
            said = _("« {name} » est montré avec « {into} ».").format(name=one["name"], into=one["into"])
            apart = button(
                _("Séparer"), f"separate-{one['id']}", partial(self._separate, one["id"]), kind="quiet"
            )
            apart.setAccessibleName(f"{_('Séparer')} : {one['name']}")
            card.body.addWidget(label(said, wrap=True))
            card.body.addWidget(flowing(apart))
        return card

    def _merge(self, keep: str, drop: str) -> None:
        from fieldkit.services import duplicates

        said = _("C'est réuni ; rien n'est effacé.")
        self._change(lambda store: duplicates.merge(store, keep, drop), said)

    def _tell_apart(self, one: str, other: str) -> None:
        from fieldkit.services import duplicates

        said = _("C'est noté : la question ne reviendra pas.")
        self._change(lambda store: duplicates.tell_apart(store, one, other), said)

    def _separate(self, identity: str) -> None:
        from fieldkit.services import duplicates

        said = _("Les deux cabinets sont de nouveau séparés.")
        self._change(lambda store: duplicates.separate(store, identity), said)

    def _change(self, work: Callable[[Any], Any], said: str) -> None:
        store = self._live.store
        if store is None:
            return

        def done(changes: Any) -> None:
            self._banner.say("success", said)
            self._context.field_data_changed.emit(changes)
            self.look()

        self._context.runner.run(Queue.DATABASE, lambda: work(store), done, self._banner.say_error)


def _lines(record: Pair) -> list[str]:
    """What tells one from the other, a fact a line."""
    told = [
        french_date(record["date"]) if record.get("date") else None,
        record["city"],
        _("RPPS {number}").format(number=record["rpps"]) if record["rpps"] else None,
        _("FINESS {number}").format(number=record["finess"]) if record["finess"] else None,
    ]
    if "date" not in record:
        told.append(ngettext("{n} visite", "{n} visites", record["visits"]).format(n=record["visits"]))
    told.append(", ".join(record["delegates"]) or None)
    return [line for line in told if line]
