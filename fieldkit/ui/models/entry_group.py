"""The group of a company as a tree, its other links, and the makers of a product."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from html import escape
from typing import Any

from fieldkit.i18n import _
from fieldkit.ui.models.entry_parts import Fact, Row, link, quiet, told
from fieldkit.ui.words import french_date


def group_rows(card: Mapping[str, Any]) -> list[Row]:
    """Who owns it, what it owns, each with what is beyond, then the links that are not of the tree."""
    tree = card.get("group_tree") or {"owners": (), "owned": ()}
    rows = [*_branches(tree["owners"], "↑"), *_branches(tree["owned"], "↓")]
    drawn = {(row.fact["id"], row.fact["text"]) for row in rows}
    others = [fact for fact in card["group"] if (fact["id"], fact["text"]) not in drawn]
    return [*rows, *(Row("", _link(fact), fact) for fact in others)]


def _branches(branches: Sequence[Fact], arrow: str, depth: int = 0) -> Iterator[Row]:
    indent = "&nbsp;" * 6 * depth
    for branch in branches:
        yield Row("", f"{indent}{arrow}&nbsp;{_dated(branch)}", branch)
        yield from _branches(branch["beyond"], arrow, depth + 1)


def _link(fact: Fact) -> str:
    words = {"editor": _("édité par"), "previous_editor": _("auparavant")}
    if fact["relation"] in words:
        return f"{escape(words[fact['relation']])} {told(fact)}"
    ours = _("(notre lecture des sources)")
    return f"{_dated(fact)} {escape(ours)}" if fact["inferred"] else _dated(fact)


def _dated(fact: Fact) -> str:
    text = link(escape(fact["text"]), fact["id"]) if fact["id"] else escape(fact["text"])
    return f"{text} {quiet(french_date(fact['date']))}" if fact["date"] else text
