"""A table for the clipboard: as text for any field, and as HTML for a message or a document."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from PySide6.QtCore import QMimeData, QStringListModel

from fieldkit.domain.cells import guarded


def clipping(rows: Sequence[Sequence[str]]) -> QMimeData:
    """`rows`, the first of which names the columns; a spreadsheet that takes them in finds no formula."""
    told = [[guarded(" ".join(cell.split())) for cell in row] for row in rows]
    clip = _made_by_qt()
    clip.setText("\n".join("\t".join(row) for row in told))
    head, *body = told
    lines = [_line(head, "th"), *(_line(row, "td") for row in body)]
    clip.setHtml(f"<table>{''.join(lines)}</table>")
    return clip


def _made_by_qt() -> QMimeData:
    """Empty data that the clipboard may keep: it outlives Python, and what Python made would then crash it."""
    model = QStringListModel([""])
    clip = model.mimeData([model.index(0)])
    clip.clear()
    return clip


def _line(cells: Sequence[str], tag: str) -> str:
    return "<tr>" + "".join(f"<{tag}>{escape(cell)}</{tag}>" for cell in cells) + "</tr>"
