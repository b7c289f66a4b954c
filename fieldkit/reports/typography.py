"""Text as it is set: French spacing, dates in words, and only characters that our fonts can show.

Spaces and apostrophes change, words never do.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Any, Final

from fieldkit.domain.privacy import find_nir, mask
from fieldkit.i18n import N_, _, language
from fieldkit.reports.fonts import coverage

NARROW: Final = "\u202f"
NO_BREAK: Final = "\u00a0"
MISSING: Final = "\u25a1"
"""Stands for a character that none of our fonts has: the reader sees that something was there."""

_MONTHS: Final = (
    N_("janvier"), N_("février"), N_("mars"), N_("avril"), N_("mai"), N_("juin"),
    N_("juillet"), N_("août"), N_("septembre"), N_("octobre"), N_("novembre"), N_("décembre"),
)  # fmt: skip

_FRENCH: Final = (
    (re.compile(r"(?<=[^\W\d_])'(?=[^\W\d_])"), "\u2019"),
    (re.compile(r"(?<=\S) (?=[;!?])"), NARROW),
    (re.compile(r"(?<=\S) (?=[:»])|(?<=«) |(?<=[^\W\d_]) (?=\d{1,2}\b)"), NO_BREAK),
)
_UNBROKEN: Final = re.compile(r"[^\s/._?&=\-\u200b]{24,}")
_PIECE: Final = 12
_DROPPED: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
"""Controls, invisible formatting, halves and code points without a meaning: nothing to show, and PDF/A
refuses some. Among them are the marks that turn the direction of text, which a report must not obey."""


def typeset(value: Any) -> Any:
    """`value` (texts in lists and maps) with every text made fit to print, and any NIR in it masked."""
    if isinstance(value, str):
        return breakable(spaced(_masked(settable(value))))
    if isinstance(value, dict):
        return {key: typeset(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [typeset(item) for item in value]
    return value


def day(iso: str | None) -> str:
    """A date in words, as exact as it is given: `2026-11-22`, `2023-12`, `2021`; what is no date, as it is."""
    found = re.fullmatch(r"(\d{4})(?:-(0[1-9]|1[0-2])(?:-(\d\d))?)?(?:T.*)?", iso or "")
    if found is None:
        return iso or _("date inconnue")
    year, month, number = found.groups()
    if month is None:
        return year
    name = _(_MONTHS[int(month) - 1])
    if number is None:
        return f"{name} {year}"
    first = number == "01" and language() == "fr"
    return f"{'1er' if first else int(number)}{NO_BREAK}{name}{NO_BREAK}{year}"


def spaced(text: str) -> str:
    """`text` with the spaces and apostrophes of French print; only where a space already was."""
    if language() == "fr":
        for pattern, replacement in _FRENCH:
            text = pattern.sub(replacement, text)
    return text


def breakable(text: str) -> str:
    """`text` where a word too long for a column may break; addresses break at their own signs."""
    return _UNBROKEN.sub(lambda found: "\u200b".join(_pieces(found[0])), text)


def settable(text: str) -> str:
    """`text` in characters that one of our fonts can show; each other one becomes `MISSING`."""
    return "\n".join(_settable_line(line) for line in text.expandtabs(4).splitlines()).strip("\n")


def _settable_line(line: str) -> str:
    visible = "".join(character for character in line if unicodedata.category(character) not in _DROPPED)
    return "".join(_shown(cluster) for cluster in _clusters(unicodedata.normalize("NFC", visible)))


def _shown(cluster: str) -> str:
    """A character with its marks, if one font has them all; else the character alone."""
    if any(font.issuperset(map(ord, cluster)) for font in coverage()):
        return cluster
    if any(ord(cluster[0]) in font for font in coverage()):
        return cluster[0]
    return " " if cluster[0].isspace() else MISSING


def _clusters(line: str) -> Iterator[str]:
    """The characters of `line`, each with the marks that follow it."""
    start = 0
    for end in range(1, len(line)):
        if not _is_mark(line[end]):
            yield line[start:end]
            start = end
    if line:
        yield line[start:]


def _is_mark(character: str) -> bool:
    return unicodedata.category(character).startswith("M")


def _pieces(word: str) -> Iterator[str]:
    start = 0
    for end in range(_PIECE, len(word) - 2):
        if end - start >= _PIECE and not _is_mark(word[end]):
            yield word[start:end]
            start = end
    yield word[start:]


def _masked(text: str) -> str:
    """Writing refuses a NIR; this is for text that came in another way."""
    for start, end in reversed(find_nir(text)):
        text = text[:start] + mask(text[start:end]) + text[end:]
    return text
