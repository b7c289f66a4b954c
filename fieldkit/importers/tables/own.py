"""JSON as our own exports write it: a list of rows, or several lists by name."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from fieldkit.domain.cells import joined
from fieldkit.importers.tables import faults
from fieldkit.importers.tables.sheet import Row, Sheet, as_text
from fieldkit.importers.tables.text import decoded


def parse(path: Path, raw: bytes) -> list[Sheet]:
    """The lists in `raw`. Raises KnownError `table-incomplete` or `table-wrong-kind`."""
    try:
        found = json.loads(decoded(path, raw))
    except RecursionError as error:
        raise faults.bomb(path) from error
    except ValueError as error:
        raise faults.incomplete(path) from error
    named = found if isinstance(found, dict) else {path.stem: found}
    if not all(isinstance(rows, list) for rows in named.values()):
        raise faults.not_a_table(path)
    return [_sheet(path, name, rows) for name, rows in named.items() if rows]


def _sheet(path: Path, name: str, objects: list[Any]) -> Sheet:
    if not all(isinstance(item, dict) for item in objects):
        raise faults.not_a_table(path)
    columns = list(dict.fromkeys(key for item in objects for key in item))
    rows: list[Row] = [tuple(columns)]
    rows.extend(tuple(_cell(item.get(column)) for column in columns) for item in objects)
    return Sheet(name, rows)


def _cell(value: Any) -> str:
    if isinstance(value, list):
        return joined(map(str, value))
    return str(value) if isinstance(value, float) else as_text(value)
