"""Which rulesets the verdicts rest on: those of the app, and those a delegate adds as a file."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from fieldkit.i18n import _
from fieldkit.ui.pages.base import Context
from fieldkit.ui.runner import Queue
from fieldkit.ui.theme import GRID
from fieldkit.ui.widgets.card import Banner, Card
from fieldkit.ui.widgets.flow import empty, flowing
from fieldkit.ui.widgets.tag import Look, Tag
from fieldkit.ui.widgets.text import button, label, line
from fieldkit.ui.words import french_date

Told = Mapping[str, Any]
"""A ruleset as `services.rulesets.told` gives it."""


class RulesetsCard(Card):
    """The rulesets in use, newest first; a file more applies at once to drafts."""

    def __init__(self, context: Context) -> None:
        super().__init__(_("Règles des verdicts"), "rulesetsCard")
        self._context = context
        self.banner = Banner("rulesetsBanner")
        about = _(
            "Chaque visite est jugée avec les règles valables le jour de la visite. Un nouveau millésime "
            "s'ajoute par un fichier ; une visite finalisée garde son verdict."
        )
        self._list = QVBoxLayout()
        self._list.setSpacing(GRID)
        self._add = button(_("A&jouter un jeu de règles…"), "addRuleset", self._choose, icon="plus")
        self.body.addWidget(label(about, "muted", wrap=True))
        self.body.addWidget(self.banner)
        self.body.addLayout(self._list)
        self.body.addWidget(flowing(self._add))

    def look(self) -> None:
        """Read them anew."""
        folder = self._context.folder

        def read() -> list[Told]:
            from fieldkit.services import rulesets

            return list(rulesets.told(folder, dt.date.today()))  # noqa: DTZ011  the delegate's own day

        self._context.runner.run(Queue.POOL, read, self._show)

    def add(self, file: Path) -> None:
        """Add the ruleset of a file, or say what is wrong with it."""
        folder = self._context.folder

        def work() -> str:
            from fieldkit.services import rulesets

            return str(rulesets.add(folder, file).title)

        self._context.runner.run(Queue.POOL, work, self._added, self.banner.say_error)

    def _choose(self) -> None:
        title, kinds = _("Ajouter un jeu de règles"), _("Jeu de règles (*.json)")
        chosen, _kind = QFileDialog.getOpenFileName(self, title, "", kinds)
        if chosen:
            self.add(Path(chosen))

    def _added(self, title: str) -> None:
        said = _("« {title} » est ajouté aux règles.").format(title=title)
        self.banner.say("success", said)
        self._changed()

    def _remove(self, file: str) -> None:
        folder = self._context.folder

        def work() -> None:
            from fieldkit.services import rulesets

            rulesets.remove(folder, file)

        def removed(_nothing: None) -> None:
            said = _("{file} n'est plus utilisé ; il reste dans le dossier du profil, sous un autre nom.")
            self.banner.say("info", said.format(file=file))
            self._changed()

        self._context.runner.run(Queue.POOL, work, removed, self.banner.say_error)

    def _changed(self) -> None:
        from fieldkit.store.changes import Changes

        self.look()
        self._context.field_data_changed.emit(Changes())  # verdicts are to be computed anew

    def _show(self, found: Sequence[Told]) -> None:
        empty(self._list)
        for number, ruleset in enumerate(found):
            if number:
                self._list.addWidget(line())
            self._list.addWidget(self._row(ruleset))

    def _row(self, ruleset: Told) -> QWidget:
        holder = QWidget()
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2 * GRID)
        words = QVBoxLayout()
        words.setSpacing(GRID // 4)
        tag = Tag(f"ruleset-{ruleset.get('id') or ruleset['file']}")
        tag.show_look(_look(ruleset))
        head = flowing(label(ruleset.get("title") or ruleset["file"], "strong"), tag)
        words.addWidget(head)
        for text in _details(ruleset):
            words.addWidget(label(text, "caption", wrap=True, state="error" if ruleset["problem"] else ""))
        row.addLayout(words, 1)
        if ruleset["file"]:
            title = ruleset.get("title") or ruleset["file"]
            remove = button(
                _("Ne plus utiliser"),
                f"removeRuleset-{ruleset['file']}",
                partial(self._remove, ruleset["file"]),
                kind="quiet",
                icon="trash",
            )
            remove.setAccessibleName(_("Ne plus utiliser : {title}").format(title=title))
            row.addWidget(remove, 0, Qt.AlignmentFlag.AlignTop)
        return holder


def _look(ruleset: Told) -> Look:
    if ruleset["problem"]:
        return Look("error", "error", _("Inutilisable"))
    if ruleset["in_force"]:
        return Look("success", "success", _("En vigueur aujourd'hui"))
    if ruleset["valid_from"] > dt.date.today().isoformat():  # noqa: DTZ011  the delegate's own day
        return Look("clock", "info", _("Pas encore"))
    return Look("clock", "unknown", _("Pour les visites plus anciennes"))


def _details(ruleset: Told) -> list[str]:
    if ruleset["problem"]:
        return [ruleset["problem"]]
    since = _("Valables depuis le {date}.").format(date=french_date(ruleset["valid_from"]))
    where = _("Ajouté par vous : {file}.").format(file=ruleset["file"]) if ruleset["file"] else ""
    return [
        " ".join(part for part in (since, where, ruleset["notice"]) if part),
        _("Sources : {sources}.").format(sources=" ; ".join(ruleset["sources"])),
    ]
