"""What an editor offers, or who offers a service: by profession, the answers of one date beside the next."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import Any

from fieldkit.i18n import _
from fieldkit.ui.models.entry_parts import Fact, Sources, link, more
from fieldkit.ui.theme import scaled
from fieldkit.ui.words import answer, french_date


def timeline_html(timeline: Iterable[Mapping[str, Any]], sources: Sources) -> str:
    """A table for each profession: rows of `services.catalogue_timeline`, dates across, sources under it."""
    return "".join(_profession(of_one, sources) for of_one in timeline)


def _profession(of_one: Mapping[str, Any], sources: Sources) -> str:
    dates: Sequence[str] = of_one["dates"]
    name = of_one["profession"]
    title = name[:1].upper() + name[1:] or _("Toutes professions")
    width = 62 // len(dates)
    heads = "".join(f'<th width="{width}%">{escape(french_date(date))}</th>' for date in dates)
    lines = [
        f"<tr><td>{link(escape(row['name']), row['id'])}</td>{''.join(map(_answers, row['cells']))}</tr>"
        for row in of_one["rows"][: sources.most]
    ]
    first = f'<tr><th class="group" width="38%">{escape(title)}</th>{heads}</tr>'
    return (
        f'<table width="100%" class="profession">{first}{"".join(lines)}</table>'
        f'{more(len(of_one["rows"]), sources)}<p class="source">{_origins(of_one, sources)}</p>'
    )


def _answers(cells: Sequence[Fact]) -> str:
    """What sources say at one date, each on its line; a dash where none speaks, which is no answer."""
    if not cells:
        return '<td class="unknown">–</td>'
    size = scaled(15)
    told = []
    for cell in cells:
        look, word = answer(cell)
        drawing = f'<img src="state:{look}" width="{size}" height="{size}" style="vertical-align: middle">'
        told.append(f"{drawing}&nbsp;{escape(word)}")
    return f"<td>{'<br>'.join(told)}</td>"


def _origins(of_one: Mapping[str, Any], sources: Sources) -> str:
    """For each date its sources; where two speak of one cell, they come in the order of its answers."""
    told = []
    for number, date in enumerate(of_one["dates"]):
        cells = [cell for row in of_one["rows"] for cell in row["cells"][number]]
        for source in dict.fromkeys(cell["source"] for cell in cells):
            cited = sources.cite(cell for cell in cells if cell["source"] == source)
            told.append(escape(f"{french_date(date)} : {source}") + cited)
    return "<br>".join(told)
