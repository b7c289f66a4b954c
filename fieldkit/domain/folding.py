"""What a reader takes for the same text: accents, case, ligatures and punctuation do not count.

Names are cut into the words a person may type, inner words included (`AxiSanté` is also `santé`).
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_LIGATURES: Final = str.maketrans(
    {"œ": "oe", "Œ": "Oe", "æ": "ae", "Æ": "Ae", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L"}
)
_SEAM: Final = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Za-z])(?=[0-9])|(?<=[0-9])(?=[A-Za-z])")
_ASCII_BLANKS: Final = {code: " " for code in range(128) if not chr(code).isalnum()}
_SHORTEST_INNER: Final = 3


def fold(text: str) -> str:
    """Letters and digits of `text` in lower case without accents, words apart by one space."""
    return " ".join(_unmarked(text).casefold().split())


def words(name: str) -> list[str]:
    """Every word under which `name` may be looked up: as written, cut at its seams, and run together."""
    unmarked = _unmarked(name)
    whole = unmarked.casefold().split()
    cut = _SEAM.sub(" ", unmarked).casefold().split()
    return list(dict.fromkeys([*whole, *cut, "".join(whole)]))


def inner(word: str) -> list[str]:
    """The ends of `word`, three letters at least: what a prefix search needs to find text inside a word."""
    return [word[start:] for start in range(1, len(word) - _SHORTEST_INNER + 1)]


def slug(text: str) -> str:
    """`text` as a stable part of an identifier: folded, words joined by hyphens."""
    return fold(text).replace(" ", "-")


def _unmarked(text: str) -> str:
    if text.isascii():  # the directory has hundreds of thousands of such names
        return text.translate(_ASCII_BLANKS)
    decomposed = unicodedata.normalize("NFKD", text).translate(_LIGATURES)
    return "".join(
        character if character.isalnum() else "" if unicodedata.combining(character) else " "
        for character in decomposed
    )
