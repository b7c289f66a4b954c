"""What every section of a card is made of: rows of facts, each with its source and date, as rich text."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from itertools import groupby
from typing import Any

from fieldkit.i18n import _
from fieldkit.ui.words import source_and_date

Fact = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Row:
    """One fact: what it is called, its value as rich text, and a drawing of it where one is of use."""

    name: str
    value: str
    fact: Fact
    drawing: str = ""


ALL = "#all"
"""Where a link leads that wants every row."""


class Sources:
    """The places that a card cites, numbered as they come; each is told in full at the end of the card.

    A table of more than `most` rows keeps the rest behind a link: thousands would hold the window up.
    """

    def __init__(self, most: int) -> None:
        self.most = most
        self._numbers: dict[tuple[str, str], int] = {}

    def cite(self, facts: Iterable[Fact]) -> str:
        """Links to the places of `facts`, each once."""
        places = dict.fromkeys((fact["source"], fact["locator"]) for fact in facts if fact.get("locator"))
        numbers = sorted(self._numbers.setdefault(place, len(self._numbers) + 1) for place in places)
        return "".join(f'&nbsp;<a class="cite" href="#source{n}">[{n}]</a>' for n in numbers)

    def html(self) -> str:
        """The section that tells them."""
        place_of = _("{source} : {place}")
        rows = [
            f'<tr><td width="6%" class="name"><a name="source{number}"></a>[{number}]</td>'
            f"<td>{escape(place_of.format(source=source, place=place))}</td></tr>"
            for (source, place), number in self._numbers.items()
        ]
        return f'<table width="100%" class="source">{"".join(rows)}</table>' if rows else ""


def told(fact: Fact) -> str:
    """The value of a fact, a link where it is an entry of its own; "inconnu" where nobody says."""
    text = escape(str(fact["value"])) if fact["value"] not in (None, "") else unknown()
    return link(text, fact["id"]) if fact.get("id") else text


def quiet(text: str) -> str:
    """Words that stand back beside others."""
    return f'<span class="quiet">{escape(text)}</span>'


def unknown() -> str:
    """What stands where a source says nothing."""
    return f'<span class="unknown">{escape(_("inconnu"))}</span>'


def link(html: str, entry: str) -> str:
    """`html` as a link to an entry."""
    return f'<a href="entry:{escape(entry)}">{html}</a>'


def table(rows: Sequence[Row], sources: Sources, *, names: int = 23) -> str:
    """Rows under each other; a source and date that several in turn share is said once, beside them all.

    `names` is the part of the width, in percent, that what the facts are called has if they are called anything.
    """
    names = names if any(row.name for row in rows) else 0
    drawn = any(row.drawing for row in rows)
    lines = []
    for origin, group in groupby(rows[: sources.most], key=lambda row: source_and_date(row.fact)):
        members = list(group)
        said = f"{escape(origin)}{sources.cite(row.fact for row in members)}"
        for number, row in enumerate(members):
            name = f'<td class="name" width="{names}%">{escape(row.name)}</td>' if names else ""
            beside = f'<td class="source" width="33%" rowspan="{len(members)}">{said}</td>'
            value = f'<td width="{67 - names}%" colspan="{2 if drawn else 1}">{row.value}</td>'
            if row.drawing:
                half = (67 - names) // 2
                value = f'<td width="{half}%">{row.value}</td><td width="{half}%">{row.drawing}</td>'
            lines.append(f"<tr>{name}{value}{'' if number else beside}</tr>")
    return f'<table width="100%">{"".join(lines)}</table>{more(len(rows), sources)}' if lines else ""


def more(rows: int, sources: Sources) -> str:
    """The link under a table that does not have all of its `rows`."""
    if rows <= sources.most:
        return ""
    told = _("Afficher les {n} lignes").format(n=rows)
    return f'<p><a href="{ALL}">{escape(told)}</a></p>'
