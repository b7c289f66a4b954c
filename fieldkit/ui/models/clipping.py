"""A table for the clipboard: as text for any field, and as HTML for a message or a document."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Final

from PySide6.QtCore import QMimeData

_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


def clipping(rows: Sequence[Sequence[str]], foot: str) -> QMimeData:
    """`rows`, the first of which names the columns, and under them `foot`: where they come from.

    A spreadsheet that takes them in finds no formula in them.
    """
    told = [[_harmless(cell) for cell in row] for row in rows]
    clip = QMimeData()
    clip.setText("\n".join(["\t".join(" ".join(cell.split()) for cell in row) for row in told] + ["", foot]))
    head, *body = told
    lines = [_line(head, "th"), *(_line(row, "td") for row in body)]
    clip.setHtml(f"<table>{''.join(lines)}</table><p>{escape(foot)}</p>")
    return clip


def _line(cells: Sequence[str], tag: str) -> str:
    return "<tr>" + "".join(f"<{tag}>{escape(cell)}</{tag}>" for cell in cells) + "</tr>"


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA) else cell
