"""Reports as files: what the screens and the command line call to print or to keep a visit."""

from __future__ import annotations

import datetime as dt
import os
import tempfile
from pathlib import Path

from fieldkit.errors import KnownError
from fieldkit.i18n import _
from fieldkit.reports import visit
from fieldkit.services import visits
from fieldkit.store.fieldwork import FieldStore


def visit_report(
    store: FieldStore, visit_id: str, out: Path, *, catalogue_as_of: dt.date | None = None
) -> Path:
    """Write the report on a visit to `out`, in the place of any other file, and return `out`.

    `catalogue_as_of` is the date of the product catalogue in use (`services.catalogue.as_of`), which the
    report states. Raises KnownError `record-missing` or `report-unwritable`; what was at `out` is then untouched.
    """
    made_at = dt.datetime.now().astimezone()
    write_file(
        out, visit.pdf(visits.show_visit(store, visit_id), made_at=made_at, catalogue_as_of=catalogue_as_of)
    )
    return out


def write_file(out: Path, content: bytes) -> None:
    """Write `content` to `out`, whole or not at all. Raises KnownError `report-unwritable`."""
    try:
        handle, name = tempfile.mkstemp(prefix=f".{out.name}-", suffix=".new", dir=out.parent)
    except OSError as error:
        raise _unwritable() from error
    aside = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        aside.replace(out)
    except OSError as error:
        raise _unwritable() from error
    finally:
        aside.unlink(missing_ok=True)


def _unwritable() -> KnownError:
    return KnownError(
        "report-unwritable",
        _("Le fichier ne peut pas être enregistré à cet endroit."),
        _(
            "Fermez-le s'il est ouvert, vérifiez la place libre et vos droits, ou choisissez un autre dossier."
        ),
    )
