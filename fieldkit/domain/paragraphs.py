"""Three-way merge of a text by paragraph: two people wrote on from the same text, and both are kept."""

from __future__ import annotations

from difflib import SequenceMatcher
from itertools import pairwise

Edit = tuple[int, int, tuple[str, ...]]


def three_way(base: str, one: str, other: str) -> str | None:
    """The text with the edits of both, or None where they touch the same paragraph or the same place.

    It does not matter which of the two texts comes first.
    """
    before = base.split("\n")
    edits = sorted({*_edits(before, one), *_edits(before, other)})
    if any(_overlap(a, b) for a, b in pairwise(edits)):
        return None
    merged: list[str] = []
    done = 0
    for start, end, lines in edits:
        merged += [*before[done:start], *lines]
        done = end
    return "\n".join(merged + before[done:])


def _edits(before: list[str], text: str) -> list[Edit]:
    after = text.split("\n")
    opcodes = SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    return [(i1, i2, tuple(after[j1:j2])) for tag, i1, i2, j1, j2 in opcodes if tag != "equal"]


def _overlap(a: Edit, b: Edit) -> bool:
    """Whether `b`, which does not begin before `a`, touches paragraphs of `a` or is put at the same place."""
    return b[0] < a[1] or a[:2] == b[:2]
