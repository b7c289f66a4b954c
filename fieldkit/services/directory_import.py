"""Importing the extraction of the Annuaire Santé: the new directory replaces the old one, or nothing changes.

The old one serves until the new one is whole. From the window it runs in a process of its own (`import_apart`):
reading millions of lines would make the window stutter, and what it took of memory would stay with it.
"""

from __future__ import annotations

import datetime as dt
import gc
import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import fieldkit
from fieldkit import i18n, settings
from fieldkit.errors import KnownError
from fieldkit.i18n import _
from fieldkit.importers import annuaire, annuaire_source
from fieldkit.importers.annuaire import Tally
from fieldkit.paths import ensure_folder
from fieldkit.services.directory_file import let_go
from fieldkit.services.memory import peak_mb
from fieldkit.store import directory as store
from fieldkit.store.directory import NewDirectory

_READING: Final = 0.7
"""The share of the whole that reading takes; the rest makes it searchable. Measured on the national file."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an import is: a share from 0 to 1, the lines read and kept, and whether lines are still read."""

    share: float
    read: int
    kept: int
    reading: bool


OnProgress = Callable[[Progress], None]


def import_files(
    directory: Path,
    files: Sequence[Path],
    departments: Sequence[str] = (),
    on_progress: OnProgress = lambda _progress: None,
) -> dict[str, Any]:
    """Import `files`, together, in the place of what was there; only `departments` where some are given.

    Returns `{read, kept, refused, seconds, peak_mb, encoding}` and beside it `set_aside` (wrong FINESS or SIRET
    numbers of lines that were kept), `problems` (the first ones: `{file, row, column, reason}`),
    `missing_columns`, `unknown_columns`, `reordered`, `departments`, `as_of`. `peak_mb` is that of the whole process.

    `on_progress` is called some times a second; what it raises ends the import.
    Raises KnownError, the old directory untouched: those of `annuaire_source.opened` and `annuaire.lines`,
    `directory-nothing-kept`, `directory-busy`, `directory-unwritable`, `disk-full`, `department-unknown`.
    """
    started = time.perf_counter()
    wanted = settings.parse_departments(" ".join(departments))
    tally = Tally()
    ensure_folder(directory.parent)
    let_go()
    with store.rebuilding(directory) as new, _no_garbage():
        sources = _read(new, files, frozenset(wanted), tally, on_progress)
        if not tally.kept:
            raise _nothing_kept(bool(wanted))
        new.index(
            lambda share: on_progress(
                Progress(_READING + share * (1 - _READING), tally.read, tally.kept, reading=False)
            )
        )
        about = {
            "rows": tally.kept,
            "as_of": max(source["day"] for source in sources),
            "imported": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
            "departments": list(wanted),
            "files": sources,
            "encoding": ", ".join(dict.fromkeys(tally.encodings)),
        }
        new.seal(about)
    return {
        "read": tally.read,
        "kept": tally.kept,
        "refused": tally.refused,
        "seconds": round(time.perf_counter() - started, 2),
        "peak_mb": peak_mb(),
        "encoding": about["encoding"],
        "set_aside": tally.set_aside,
        "problems": [asdict(fault) for fault in tally.faults],
        "missing_columns": tally.missing_columns,
        "unknown_columns": tally.unknown_columns,
        "reordered": tally.reordered,
        "departments": list(wanted),
        "as_of": about["as_of"],
    }


def import_apart(
    folder: Path,
    files: Sequence[Path],
    departments: Sequence[str],
    on_progress: OnProgress = lambda _progress: None,
) -> dict[str, Any]:
    """As `import_files`, into the profile in `folder`, in a process of its own.

    What `on_progress` raises ends that process too: it stops, and cleans up, when nobody listens any more.
    """
    program = [sys.executable] if getattr(sys, "frozen", False) else [sys.executable, "-m", "fieldkit"]
    asked = [part for code in departments for part in ("--department", code)]
    command = [*program, "directory", "import", *(str(file.absolute()) for file in files), *asked]
    command += ["--progress", "--json", "--lang", i18n.language(), "--profile", str(folder.absolute())]
    code = Path(fieldkit.__file__).parents[1]
    with subprocess.Popen(
        command,
        cwd=code,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        encoding="utf-8",
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),  # Windows would open a console
    ) as process:
        assert process.stdout is not None
        answer: dict[str, Any] = {}
        try:
            for line in process.stdout:
                answer = json.loads(line)
                if "progress" in answer:
                    on_progress(Progress(**answer["progress"]))
        finally:
            process.stdout.close()
    if error := answer.get("error"):
        raise KnownError(error["code"], error["message"], error["hint"])
    if "kept" not in answer:
        raise KnownError(
            "directory-import-stopped",
            _("L'import de l'annuaire s'est arrêté avant la fin."),
            _(
                "L'ancien annuaire est intact. Recommencez ; si cela se répète, signalez-le avec un diagnostic."
            ),
        )
    return answer


def _read(
    new: NewDirectory, files: Sequence[Path], wanted: frozenset[str], tally: Tally, on_progress: OnProgress
) -> list[dict[str, Any]]:
    """Read all files into `new`; returns where the lines come from."""
    sources: list[dict[str, Any]] = []
    for done, path in enumerate(files):
        with annuaire_source.opened(path) as source:

            def tell(bytes_read: int, done: int = done, size: int = max(source.size, 1)) -> None:
                share = (done + min(bytes_read / size, 1)) / len(files)
                on_progress(Progress(share * _READING, tally.read, tally.kept, reading=True))

            for batch in annuaire.lines(source, wanted, tally, tell):
                new.add(batch)
            sources.append({"name": source.name, "bytes": source.size, "day": source.day})
    return sources


@contextmanager
def _no_garbage() -> Iterator[None]:
    """Millions of tuples come and go, none of them in a circle: looking for circles would take a third more."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def _nothing_kept(filtered: bool) -> KnownError:
    if filtered:
        return KnownError(
            "directory-nothing-kept",
            _("Ce fichier n'a aucune ligne pour les départements demandés."),
            _("Vérifiez les départements : l'annuaire qui était là est resté."),
        )
    return KnownError(
        "directory-nothing-kept",
        _("Ce fichier n'a aucune ligne utilisable."),
        _("Téléchargez-le de nouveau : l'annuaire qui était là est resté."),
    )
