"""How a value stands in a cell of a table, so that what is written is read back the same.

A spreadsheet takes a cell of a CSV file that begins with `=`, `+`, `-`, `@`, a tab or a line end for a
formula, and runs it (OWASP, "CSV Injection"). Such a cell is guarded by an apostrophe, which reading takes
off again.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

_FORMULA: Final = re.compile(r"'*(?!-\d+(?:[.,]\d+)?$)[=+\-@\t\r\n＝＋－＠]")
"""A plain negative number is no formula."""
_BETWEEN: Final = " | "
_SPECIAL: Final = re.compile(r"[\\|]")
_PARTS: Final = re.compile(r"(?:[^\\|]|\\.)*", re.DOTALL)
_ESCAPED: Final = re.compile(r"\\(.)", re.DOTALL)


def guarded(text: str) -> str:
    """`text` for a CSV cell: never a formula."""
    return f"'{text}" if _FORMULA.match(text) else text


def unguarded(text: str) -> str:
    """What was guarded as the CSV cell `text`."""
    return text[1:] if text.startswith("'") and _FORMULA.match(text) else text


def joined(values: Iterable[str]) -> str:
    """Several texts in one cell: `CGM | Compu Group`. A bar or backslash inside one has a backslash before it."""
    return _BETWEEN.join(_SPECIAL.sub(r"\\\g<0>", value) for value in values)


def several(cell: str) -> tuple[str, ...]:
    """The texts that were joined in `cell`; blanks around the bars do not count."""
    parts, start = [], 0
    while start <= len(cell):
        found = _PARTS.match(cell, start)
        assert found is not None
        parts.append(_ESCAPED.sub(r"\1", found[0].strip(" ")))
        start = found.end() + 1
    return tuple(part for part in parts if part)
