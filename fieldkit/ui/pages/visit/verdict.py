"""Step 4, Verdict: where each workstation stands, why, what to do, who does it, and who says so."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from fieldkit.domain.carried import Carried, rested_on
from fieldkit.domain.fieldwork import WORKSTATION_FACTS
from fieldkit.i18n import _, ngettext
from fieldkit.reports import wording
from fieldkit.ui.models import visit_words as words
from fieldkit.ui.pages.visit.desk import Desk, Shown
from fieldkit.ui.pages.visit.step import Step
from fieldkit.ui.pages.visit.what_if import WhatIfCard
from fieldkit.ui.theme import GRID, scaled
from fieldkit.ui.widgets.card import Card, EmptyState
from fieldkit.ui.widgets.flow import empty, flowing
from fieldkit.ui.widgets.tag import Tag
from fieldkit.ui.widgets.text import IconLabel, button, label, line
from fieldkit.ui.words import french_date


class VerdictStep(Step):
    """A card for the appli carte Vitale and one per ruleset, for each workstation."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._shown_verdict: object = None
        self._what_if: dict[str, WhatIfCard] = {}
        self._carried: Carried = {}

    def show_visit(self, shown: Shown, *, fresh: bool) -> None:
        content = (shown["verdict"], shown["workstations"], shown["carried"])
        if content == self._shown_verdict and not fresh:
            return
        self._shown_verdict = content
        self._carried = shown["carried"]
        taken = {} if fresh else {key: card.taken for key, card in self._what_if.items()}
        self._what_if = {}
        empty(self.column)
        by_id = {w["id"]: w.get("name") or _("Poste sans nom") for w in shown["workstations"]}
        for verdict in shown["verdict"]["workstations"]:
            self.column.addWidget(self._workstation(by_id[verdict["id"]], verdict, shown["verdict"]))
        if not by_id:
            self.column.addWidget(self._nothing())
        self.column.addStretch(1)
        if self.desk.editable:
            self._wonder(taken)

    def _wonder(self, taken: Mapping[str, frozenset[str]]) -> None:
        """Ask what the verdicts would be with the changes `taken`, by workstation."""
        from fieldkit.services import what_if

        visit_id = self.desk.visit_id

        def show(answers: Mapping[str, Any]) -> None:
            for workstation, card in self._what_if.items():
                if visit_id == self.desk.visit_id and workstation in answers:
                    card.show_answer(answers[workstation])

        self.desk.ask(lambda store: what_if.of_visit(store, visit_id, taken), show)

    def _workstation(self, name: str, verdict: Mapping[str, Any], whole: Mapping[str, Any]) -> QWidget:
        holder = QWidget()
        holder.setObjectName(f"verdict-{verdict['id']}")
        holder.setAccessibleName(f"{name} : {words.headline(verdict['apcv'])}")
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2 * GRID)
        column.addWidget(self._apcv(name, verdict))
        if self.desk.editable:
            card = self._what_if[verdict["id"]] = WhatIfCard(verdict["id"], name)
            card.changed.connect(lambda: self._wonder({k: c.taken for k, c in self._what_if.items()}))
            column.addWidget(card)
        for ruleset in whole["rulesets"]:
            found = [item for item in verdict["findings"] if item["ruleset"] == ruleset["id"]]
            column.addWidget(
                self._findings(verdict["id"], f"{ruleset['title']} · {name}", _validity(ruleset), found)
            )
        return holder

    def _apcv(self, name: str, verdict: Mapping[str, Any]) -> Card:
        look = words.readiness(verdict["apcv"])
        card = Card(name=f"apcv-{verdict['id']}")
        card.setAccessibleName(f"{name} : {words.headline(verdict['apcv'])}")
        head = QHBoxLayout()
        head.setSpacing(2 * GRID)
        head.addWidget(IconLabel(look.icon, look.state, 44), 0, Qt.AlignmentFlag.AlignTop)
        said = QVBoxLayout()
        said.setSpacing(GRID // 4)
        said.addWidget(label(name, "muted", wrap=True))
        said.addWidget(label(words.headline(verdict["apcv"]), "title", wrap=True))
        head.addLayout(said, 1)
        card.body.addLayout(head)
        old = rested_on(verdict, self._carried.get(verdict["id"], {}))
        if old:
            card.body.addWidget(self._doubt(verdict["id"], old))
        path = verdict["shortest_path"]
        if path:
            card.body.addWidget(line())
            several = ngettext(
                "Le plus court chemin : {n} étape", "Le plus court chemin : {n} étapes", len(path)
            )
            card.body.addWidget(label(several.format(n=len(path)), "section"))
            card.body.addLayout(self._path(verdict["id"], path))
        return card

    def _doubt(self, workstation: str, old: Mapping[str, str]) -> QWidget:
        words_ = label(wording.doubt(len(old)), state="warning", wrap=True)
        if not self.desk.editable:
            return words_
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(words_)
        go = button(
            _("Les revoir"),
            f"review-{workstation}",
            lambda: self.desk.go.emit("workstations", f"{workstation}:{next(iter(old))}"),
            kind="quiet",
            icon="pen",
        )
        column.addWidget(flowing(go))
        return holder

    def _path(self, workstation: str, path: list[Mapping[str, Any]]) -> QGridLayout:
        grid = _grid()
        for number, step in enumerate(path, start=1):
            said = QVBoxLayout()
            said.setSpacing(0)
            said.addWidget(label(step["text"], wrap=True))
            said.addWidget(
                label(words.sentence(wording.word(wording.OWNERS, step["owner"])), "caption", wrap=True)
            )
            if step["from"] is None and self.desk.workstations_editable:
                said.addWidget(flowing(self._fill_in(workstation, step["field"], step["text"])))
            grid.addWidget(label(f"{number}.", "strong"), number, 0, Qt.AlignmentFlag.AlignTop)
            grid.addLayout(said, number, 1)
        return grid

    def _findings(self, workstation: str, title: str, notice: str, findings: list[Mapping[str, Any]]) -> Card:
        card = Card(title)
        card.title.setWordWrap(True)
        card.body.addWidget(label(notice, "caption", wrap=True))
        card.body.addSpacing(GRID // 2)
        grid = _grid()
        for row, finding in enumerate(findings):
            if row:
                grid.addWidget(line(), 2 * row - 1, 0, 1, 2)
            tag = Tag(f"finding-{finding['criterion']}")
            tag.show_look(words.finding(finding["status"]))
            tag.setAccessibleName(f"{finding['title']} : {tag.text()}. {finding['reason']}")
            grid.addWidget(tag, 2 * row, 0, Qt.AlignmentFlag.AlignTop)
            explained = _explained(finding, self._carried.get(workstation, {}))
            if finding["missing"] and self.desk.workstations_editable:
                fill = self._fill_in(workstation, finding["missing"][0], finding["title"])
                explained.addWidget(flowing(fill))
            grid.addLayout(explained, 2 * row, 1)
        card.body.addLayout(grid)
        return card

    def _fill_in(self, workstation: str, field: str, what: str) -> QWidget:
        made = button(
            _("Renseigner"),
            f"fill-{field}",
            lambda: self.desk.go.emit("workstations", f"{workstation}:{field}"),
            kind="quiet",
            icon="pen",
        )
        made.setAccessibleName(_("Renseigner : {what}").format(what=what))
        return made

    def _nothing(self) -> Card:
        card = Card(name="noVerdictCard")
        go = button(
            _("Décrire un &poste"), "verdictToWorkstations", lambda: self.desk.go.emit("workstations", "")
        )
        card.body.addWidget(
            EmptyState(
                "unknown",
                _("On ne peut encore rien dire"),
                _(
                    "Le verdict se lit sur les postes : décrivez-en un, et il paraît ici, critère par critère."
                ),
                go if self.desk.workstations_editable else None,
                "verdictEmpty",
            )
        )
        return card


def _grid() -> QGridLayout:
    grid = QGridLayout()
    grid.setHorizontalSpacing(2 * GRID)
    grid.setVerticalSpacing(GRID + GRID // 2)
    grid.setColumnStretch(1, 1)
    return grid


def _explained(finding: Mapping[str, Any], old: Mapping[str, str]) -> QVBoxLayout:
    column = QVBoxLayout()
    column.setSpacing(GRID // 4)
    column.addWidget(label(finding["title"], "strong", wrap=True))
    column.addWidget(label(finding["reason"], wrap=True))
    if finding["remedy"]:
        remedy = finding["remedy"]
        if finding["owner"]:
            owner = wording.word(wording.OWNERS, finding["owner"])
            remedy = _("{remedy} ({owner})").format(remedy=remedy.rstrip("."), owner=owner)
        column.addWidget(label("→ " + remedy, wrap=True))
    if finding["facts"]:
        column.addWidget(label(_cited(finding["facts"], old), "caption", wrap=True))
    source = f"{finding['source']}, {french_date(finding['as_of'])}"
    origin = label(source, "caption", wrap=True)
    origin.setMinimumWidth(scaled(120))
    column.addWidget(origin)
    return column


def _validity(ruleset: Mapping[str, Any]) -> str:
    since = ruleset.get("valid_from")  # visits finalised by an older version of the app do not say
    if not since:
        return str(ruleset["notice"])
    return (
        _("{notice} Règles valables depuis le {date}.")
        .format(notice=ruleset["notice"], date=french_date(since))
        .strip()
    )


def _cited(facts: Mapping[str, str], old: Mapping[str, str]) -> str:
    """The facts a finding rests on, as they were noted; those in `old` are of an earlier visit."""
    named = (
        _("{fact} : {value}").format(
            fact=_(WORKSTATION_FACTS[field].label) if field in WORKSTATION_FACTS else field,
            value=wording.dated_fact(field, value, old.get(field)),
        )
        for field, value in facts.items()
    )
    return _("D'après : {facts}.").format(facts=" ; ".join(named))
