"""Groups of companies as their dated links tell them: who owns whom, as a tree."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from fieldkit.domain.catalogue.companies import EditorLink

_UPWARDS: Final = ("acquired_by", "acquisition_announced_by", "merged_into", "part_of")
"""The links whose other end is the owner."""

_DOWNWARDS: Final = ("groups",)


@dataclass(frozen=True, slots=True)
class Branch:
    """A company above or below another, by the `link` between them, and those beyond it.

    `editor` is empty for an owner that has no entry of its own. `owner` says whether it is the one above.
    """

    editor: str
    owner: bool
    link: EditorLink
    beyond: tuple[Branch, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """The companies above one, and those below it, each by the order of the sources."""

    owners: tuple[Branch, ...]
    owned: tuple[Branch, ...]


def group(links: Iterable[EditorLink], editor: str) -> Group:
    """The group of `editor`. Links that go round in a circle are followed once."""
    above: defaultdict[str, list[tuple[str, EditorLink]]] = defaultdict(list)
    below: defaultdict[str, list[tuple[str, EditorLink]]] = defaultdict(list)
    for link in links:
        if link.relation in _UPWARDS:
            above[link.from_editor].append((link.to_editor, link))
            below[link.to_editor].append((link.from_editor, link))
        elif link.relation in _DOWNWARDS:
            below[link.from_editor].append((link.to_editor, link))
            above[link.to_editor].append((link.from_editor, link))

    def climb(
        start: str, steps: defaultdict[str, list[tuple[str, EditorLink]]], owner: bool, seen: frozenset[str]
    ) -> tuple[Branch, ...]:
        return tuple(
            Branch(other, owner, link, climb(other, steps, owner, seen | {other}) if other else ())
            for other, link in steps.get(start, ())
            if other not in seen
        )

    seen = frozenset((editor,))
    return Group(climb(editor, above, True, seen), climb(editor, below, False, seen))
