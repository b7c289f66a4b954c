"""The file of the Annuaire Santé extraction, as text or in its archive: opened with care, read block by block.

It comes from elsewhere: it may be half downloaded, still being written, another file altogether, or made to
fill a disk. Each is told as such, and nothing of the file is kept in memory but the block at hand.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

from fieldkit.errors import KnownError
from fieldkit.i18n import _

BLOCK: Final = 1 << 20
"""Bytes read at once, and the longest line that can be one of the extraction."""

_MEMBER: Final = re.compile(r"PS[-_]LibreAcces[-_]Personne[-_]activite.*\.txt", re.IGNORECASE)
_DAY: Final = re.compile(r"(?<!\d)(20\d\d)(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(?=\d{4}(?!\d)|(?!\d))")
_ARCHIVE: Final = b"PK\x03\x04"
_EMPTY_ARCHIVE: Final = b"PK\x05\x06"
_MOST_BYTES: Final = 8 << 30
"""Ten times the real file of 2026."""
_MOST_RATIO: Final = 100
"""Text such as this packs about ten to one; DEFLATE can do a thousand to one for what is only made to burst."""
_RATIO_FROM: Final = 50 << 20


@dataclass(frozen=True, slots=True)
class Source:
    """An extraction that is open: its text `stream`, `size` in bytes, and what its `name` says of its `day`."""

    stream: IO[bytes]
    size: int
    name: str
    day: str
    """The day of the extraction in ISO form; empty where the name does not tell."""


@contextmanager
def opened(path: Path) -> Iterator[Source]:
    """The extraction at `path`; what is read of it is good once the block ends without an error.

    Raises KnownError `directory-file-unreadable`, `directory-archive-damaged`, `directory-archive-empty`,
    `directory-archive-locked`, `directory-archive-too-large` or, where the file changes meanwhile,
    `directory-file-changing`.
    """
    with ExitStack() as open_files:
        with _explained(path.name):
            before = _mark(path)
            source = _source(path, before[0], open_files)
        yield source
        with _explained(path.name):
            after = _mark(path)
    if after != before:
        raise KnownError(
            "directory-file-changing",
            _("Le fichier {name} change pendant qu'il est lu.").format(name=path.name),
            _("Attendez la fin de son téléchargement ou de sa copie, puis recommencez."),
        )


def blocks(source: Source) -> Iterator[bytes]:
    """Whole lines of `source`, about `BLOCK` bytes at a time; the last may lack its line end.

    Raises KnownError `directory-not-annuaire` where a line has no end, and as `opened` where reading fails.
    """
    rest = b""
    while True:
        with _explained(source.name):
            block = source.stream.read(BLOCK)
        if not block:
            break
        end = block.rfind(b"\n") + 1
        if end:
            yield rest + block[:end]
            rest = block[end:]
        else:
            rest += block
            if len(rest) > BLOCK:
                raise not_the_extraction()
    if rest:
        yield rest


def not_the_extraction() -> KnownError:
    """The error of a file that is something else."""
    return KnownError(
        "directory-not-annuaire",
        _("Ce fichier n'est pas l'extraction de l'Annuaire Santé."),
        _(
            "Choisissez le fichier PS_LibreAcces_Personne_activite (.txt), ou l'archive .zip qui le contient, "
            "sans l'ouvrir ni l'enregistrer dans un tableur."
        ),
    )


@contextmanager
def _explained(name: str) -> Iterator[None]:
    """Tell what keeps a file from being read in the words of `opened`."""
    try:
        yield
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
        raise KnownError(
            "directory-archive-damaged",
            _("L'archive {name} est incomplète ou endommagée.").format(name=name),
            _("Attendez la fin de son téléchargement, ou téléchargez-la de nouveau."),
        ) from error
    except OSError as error:
        raise KnownError(
            "directory-file-unreadable",
            _("Le fichier {name} ne peut pas être lu.").format(name=name),
            _(
                "Vérifiez qu'il existe encore, qu'il est sur cet ordinateur et que vous avez le droit de le lire."
            ),
        ) from error


def _source(path: Path, size: int, open_files: ExitStack) -> Source:
    file = open_files.enter_context(path.open("rb"))
    start = file.read(len(_ARCHIVE))
    file.seek(0)
    if start not in (_ARCHIVE, _EMPTY_ARCHIVE):
        return Source(file, size, path.name, _day(path.name))
    archive = open_files.enter_context(zipfile.ZipFile(file))
    member = _member(archive)
    name = Path(member.filename).name
    stream = open_files.enter_context(archive.open(member))
    return Source(stream, member.file_size, name, _day(name) or _day(path.name))


def _member(archive: zipfile.ZipFile) -> zipfile.ZipInfo:
    found = [item for item in archive.infolist() if _MEMBER.fullmatch(Path(item.filename).name)]
    if not found:
        raise KnownError(
            "directory-archive-empty",
            _("L'archive ne contient pas le fichier PS_LibreAcces_Personne_activite."),
            _("Choisissez l'archive PS_LibreAcces de l'Annuaire Santé, telle que téléchargée."),
        )
    member = max(found, key=lambda item: item.filename)  # the latest, by the date in its name
    if member.flag_bits & 0x1:
        raise KnownError(
            "directory-archive-locked",
            _("L'archive est protégée par un mot de passe."),
            _("L'extraction en libre accès ne l'est pas : téléchargez-la de nouveau."),
        )
    packed = max(member.compress_size, 1)
    bursting = member.file_size > _RATIO_FROM and member.file_size / packed > _MOST_RATIO
    if bursting or member.file_size > _MOST_BYTES:
        raise KnownError(
            "directory-archive-too-large",
            _("L'archive est refusée : une fois ouverte, elle serait démesurée."),
            _("Ce n'est pas l'extraction de l'Annuaire Santé ; téléchargez-la depuis son site officiel."),
        )
    return member


def _mark(path: Path) -> tuple[int, int]:
    found = path.stat()
    return found.st_size, found.st_mtime_ns


def _day(name: str) -> str:
    found = _DAY.search(name)
    return "-".join(found.groups()) if found else ""
