"""The whole catalogue as a file that can be imported again, which then changes nothing."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

from fieldkit.domain.catalogue import Catalogue, flat
from fieldkit.reports import tables
from fieldkit.services.catalogue_file import opened
from fieldkit.store import catalogue as store


def export(catalogue: Path, out: Path) -> dict[str, Any]:
    """Write every fact with its source, date and place to `out`: `{file, rows, personal}`.

    `personal` is how many of the rows are personal data: contacts that name a person. Raises KnownError as
    `exports.write`.
    """
    return write(store.whole(opened(catalogue)), out)


def write(whole: Catalogue, out: Path) -> dict[str, Any]:
    """As `export`, of a catalogue that is at hand."""
    lists = [
        tables.Table(kind, flat.columns(kind), map(partial(flat.to_row, kind), getattr(whole, kind)))
        for kind in flat.kinds()
        if getattr(whole, kind)
    ]
    personal = sum(1 for contact in whole.contacts if contact.personal)
    return {"file": str(out), "rows": tables.write(out, lists), "personal": personal}
