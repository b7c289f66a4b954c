"""The columns of a list that is not known: what it is a list of, and which column says what."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QFrame, QGridLayout, QScrollArea, QVBoxLayout, QWidget

from fieldkit.i18n import _
from fieldkit.services.catalogue_imports import LISTS, Choices, Opened, title_lines, titles_at
from fieldkit.ui.theme import GRID, scaled
from fieldkit.ui.widgets.choice import choice
from fieldkit.ui.widgets.text import button, label


class Columns(QScrollArea):
    """Fills `choices` of a file; the choice is remembered for files of the same titles once it is imported."""

    chosen = Signal()
    """Emitted when the columns are to be read as chosen."""

    def __init__(self) -> None:
        super().__init__()
        self._found: Opened | None = None
        self._boxes: dict[str, QComboBox] = {}
        about = _(
            "Dites ce que contient ce fichier, et dans quelle colonne. Ce choix sera retenu pour les fichiers qui "
            "ont les mêmes titres."
        )
        kinds = {name: shape.title for name, shape in LISTS.items()}
        self.shape = choice("importShape", _("Contenu du fichier"), kinds)
        self.shape.currentIndexChanged.connect(lambda _row: self._offer())
        self.line = choice("importHeaderLine", _("Ligne des titres"), {})
        self.line.currentIndexChanged.connect(lambda _row: self._offer())
        self.use = button(_("&Lire ainsi"), "importReadSo", self.chosen.emit, kind="primary")
        self._grid = QGridLayout()
        self._grid.setSpacing(GRID)
        self._grid.setColumnStretch(1, 1)
        head = QGridLayout()
        head.setSpacing(GRID)
        head.setColumnStretch(1, 1)
        for row, (title, control) in enumerate(
            ((_("Contenu du fichier"), self.shape), (_("Ligne des titres"), self.line))
        ):
            head.addWidget(label(title, "strong"), row, 0)
            head.addWidget(control, row, 1)
        inside = QWidget()
        inside.setProperty("kind", "page")
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, GRID, GRID, 0)
        column.setSpacing(GRID)
        column.addWidget(label(about, "muted", wrap=True))
        column.addLayout(head)
        column.addLayout(self._grid)
        column.addWidget(self.use, 0, Qt.AlignmentFlag.AlignLeft)
        column.addStretch(1)
        self.setObjectName("importColumns")
        self.setAccessibleName(_("Colonnes du fichier"))
        self.setWidget(inside)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setMinimumHeight(scaled(180))

    def show_file(self, found: Opened) -> None:
        """Offer the columns of a file."""
        self._found = None
        self.line.clear()
        for line, titles in title_lines(found).items():
            self.line.addItem(_("{line} : {titles}").format(line=line, titles=titles), line)
        self.line.setCurrentIndex(max(self.line.findData(found.tables[0].header.start), 0))
        if found.shape in LISTS:
            self.shape.setCurrentIndex(self.shape.findData(found.shape))
        self._found = found
        self._offer()

    def choices(self) -> Choices:
        """What is chosen."""
        assert self._found is not None
        columns = {name: box.currentData() for name, box in self._boxes.items() if box.currentData()}
        return replace(
            self._found.choices,
            shape=self.shape.currentData(),
            header=self.line.currentData(),
            columns=columns,
        )

    def _offer(self) -> None:
        if self._found is None:
            return
        while (item := self._grid.takeAt(0)) is not None:
            if (gone := item.widget()) is not None:
                gone.hide()
                gone.deleteLater()
        titles = titles_at(self._found, self.line.currentData())
        known = self._found.tables[0] if self._found.shape == self.shape.currentData() else None
        self._boxes = {}
        for row, field in enumerate(LISTS[self.shape.currentData()].fields):
            title = _(field.title) + (" *" if field.required else "")
            told = {name: name.replace("\n", " ") for name in titles if name}
            box = choice(f"importColumn{row}", _(field.title), told, every=_("Aucune"))
            if known is not None and field.name in known.columns:
                box.setCurrentIndex(max(box.findData(known.header.titles[known.columns[field.name]]), 0))
            self._boxes[field.name] = box
            self._grid.addWidget(label(title), row, 0)
            self._grid.addWidget(box, row, 1)
