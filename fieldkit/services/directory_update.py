"""The newest directory of some departments, from what is published: in the place of the one in use, or not at all."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fieldkit import settings
from fieldkit.errors import KnownError
from fieldkit.i18n import _
from fieldkit.paths import ensure_folder, replace_file
from fieldkit.services import directory, publications
from fieldkit.services.profile import directory_path
from fieldkit.services.publications import FOLDER, OnShare, mark

if TYPE_CHECKING:
    from fieldkit.sync.editions import Edition

Import = Callable[[Path, Sequence[Path], Sequence[str]], dict[str, Any]]
"""Imports files of the directory into the profile in a folder, for some departments."""


def update(
    folder: Path,
    departments: Sequence[str],
    source: str | None = None,
    on_share: OnShare = lambda _share: None,
    cancelled: Callable[[], bool] = lambda: False,
    importing: Import | None = None,
    narrower: bool = False,
) -> dict[str, Any]:
    """Take the newest directory of `departments`, together, in the place of the one that is there.

    `{editions, changed, bytes, import}`: `import` is what `directory_import` answers, None where all were there
    already. One that covers more is only replaced where `narrower` says so.
    Raises KnownError: `departments-missing`, `directory-narrower`, and those of `catalogue_update.update` and
    `directory_import`.
    """
    from fieldkit.sync import editions

    wanted = settings.parse_departments(" ".join(departments))
    if not wanted:
        raise KnownError(
            "departments-missing",
            _("Dites pour quels départements mettre l'annuaire à jour."),
            _("Notez les vôtres dans Réglages, ou ajoutez --department NN."),
        )
    if not narrower:
        _no_narrower(folder, wanted)
    shelf = ensure_folder(folder / FOLDER / "directory")
    done = 0

    def tell(share: float) -> None:
        on_share((done + share) / len(wanted))

    with (
        tempfile.TemporaryDirectory(prefix="fieldkit-editions-") as aside,
        publications.believed(folder, source, tell, cancelled) as published,
    ):
        lines = published.refresh()
        newest = {code: publications.newest(lines, editions.directory(code)) for code in wanted}
        told: dict[str, Any] = {
            "editions": {code: publications.plain(edition) for code, edition in newest.items()}
        }
        if publications.in_directory(folder) == {
            code: mark(edition.sha256) for code, edition in newest.items()
        }:
            return told | {"changed": False, "bytes": 0, "import": None}
        files = []
        for code, edition in newest.items():
            content = _kept(shelf, code)
            if content is None or editions.digest(content) != edition.sha256:
                content = published.take(editions.directory(code), edition, content)
                with publications.writable():
                    replace_file(shelf / f"{code}.zst", editions.shelved(content))
            files.append(_write(Path(aside), code, edition, content))
            done += 1
        publications.remember(folder, *newest.values())
        answer = (importing or _import_here)(folder, files, wanted)
        return told | {"changed": True, "bytes": published.received, "import": answer}


def _no_narrower(folder: Path, wanted: Sequence[str]) -> None:
    """Refuse to take departments away that somebody imported."""
    found = directory.status(directory_path(folder))
    covered = found.get("departments", ())
    if not found["present"] or publications.in_directory(folder) or (covered and set(covered) <= set(wanted)):
        return
    raise KnownError(
        "directory-narrower",
        _("L'annuaire en place couvre davantage que ces départements : il n'a pas été remplacé."),
        _("Ajoutez les départements manquants dans Réglages, ou importez de nouveau l'extraction (F4)."),
    )


def _import_here(folder: Path, files: Sequence[Path], departments: Sequence[str]) -> dict[str, Any]:
    from fieldkit.services import directory_import

    return directory_import.import_files(directory_path(folder), files, departments)


def _write(aside: Path, department: str, edition: Edition, content: bytes) -> Path:
    """An extraction for the importer, whose name tells its day, and here its edition too."""
    file = aside / f"PS_LibreAcces_{department}_{edition.as_of.replace('-', '')}_{mark(edition.sha256)}.txt"
    with publications.writable():
        file.write_bytes(content)
    return file


def _kept(shelf: Path, department: str) -> bytes | None:
    from fieldkit.sync import editions

    packed = publications.bytes_of(shelf / f"{department}.zst")
    return None if packed is None else editions.unshelved(packed)
