"""What an editor offers, or who offers a service: by profession, the answers of one date beside the next."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from itertools import groupby

from fieldkit.domain.professions import CATEGORIES
from fieldkit.i18n import _
from fieldkit.ui.models.entry_parts import Fact, Sources, link
from fieldkit.ui.theme import scaled
from fieldkit.ui.words import answer, french_date

Column = tuple[str, str]
"""A date and a source: two sources of one date stand beside each other."""


def integration_html(cells: Iterable[Fact], sources: Sources, *, by_editor: bool) -> str:
    """A table for each profession: services (or editors) down, dates across, the sources under it."""
    found = sorted(cells, key=_profession)
    return "".join(
        _profession_html(profession, list(group), sources, by_editor=by_editor)
        for (_place, profession), group in groupby(found, key=_profession)
    )


def _profession(cell: Fact) -> tuple[int, str]:
    name = cell["profession"]
    return (CATEGORIES.index(name) if name in CATEGORIES else len(CATEGORIES)), name


def _profession_html(profession: str, cells: Sequence[Fact], sources: Sources, *, by_editor: bool) -> str:
    columns = sorted({_column(cell) for cell in cells})
    rows: dict[str, dict[Column, Fact]] = {}
    for cell in cells:
        rows.setdefault(_name(cell, by_editor=by_editor), {})[_column(cell)] = cell
    name = profession[:1].upper() + profession[1:] or _("Toutes professions")
    width = 62 // len(columns)
    heads = "".join(f'<th width="{width}%">{escape(french_date(date))}</th>' for date, _source in columns)
    lines = [
        f"<tr><td>{told}</td>{''.join(_answer(row.get(column)) for column in columns)}</tr>"
        for told, row in rows.items()
    ]
    first = f'<tr><th class="group" width="38%">{escape(name)}</th>{heads}</tr>'
    return (
        f'<table width="100%" class="profession">{first}{"".join(lines)}</table>'
        f'<p class="source">{_origins(cells, columns, sources)}</p>'
    )


def _column(cell: Fact) -> Column:
    return cell["as_of"], cell["source"]


def _name(cell: Fact, *, by_editor: bool) -> str:
    return link(escape(cell["editor"]), cell["editor_id"]) if by_editor else escape(cell["label"])


def _answer(cell: Fact | None) -> str:
    """A cell; a pair that a source does not speak of is a dash, which is no answer."""
    if cell is None:
        return '<td class="unknown">–</td>'
    look, word = answer(cell)
    size = scaled(15)
    drawing = f'<img src="state:{look}" width="{size}" height="{size}" style="vertical-align: middle">'
    return f"<td>{drawing}&nbsp;{escape(word)}</td>"


def _origins(cells: Sequence[Fact], columns: Sequence[Column], sources: Sources) -> str:
    return "<br>".join(
        escape(f"{french_date(date)} : {source}")
        + sources.cite(cell for cell in cells if _column(cell) == (date, source))
        for date, source in columns
    )
