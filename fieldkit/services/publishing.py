"""What the registry publishes, as its keeper makes it: the catalogue, and the directory by department."""

from __future__ import annotations

import dataclasses
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fieldkit import settings
from fieldkit.errors import KnownError
from fieldkit.i18n import _
from fieldkit.services import catalogue_export, catalogue_file
from fieldkit.services.publications import plain
from fieldkit.store import catalogue as store

if TYPE_CHECKING:
    from fieldkit.registry.publisher import New, Workshop


def workshop(folder: Path, keys: Sequence[Path], passphrase_file: Path | None = None) -> Workshop:
    """Where to publish, and the keys to sign with.

    Raises KnownError `keys-published` where keys would lie among what is published, or `passphrase-file`.
    """
    from fieldkit import secrets
    from fieldkit.registry.publisher import Workshop

    inside = [place for place in keys if place.resolve().is_relative_to(folder.resolve())]
    if inside:
        raise KnownError(
            "keys-published",
            _("Les clés ne se rangent pas dans le dossier publié : tout le monde les lirait."),
            _("Choisissez pour --keys un dossier hors de {folder}.").format(folder=folder),
        )
    passphrase = secrets.passphrase(folder, passphrase_file) if passphrase_file else None
    return Workshop(folder, tuple(keys), passphrase)


def begin(at: Workshop, root_keys: int, threshold: int) -> dict[str, Any]:
    """Make keys and an empty repository: the answer of `status`. Raises as `publisher.begin`."""
    from fieldkit.registry import publisher

    publisher.begin(at, root_keys, threshold)
    return status(at.folder)


def publish_catalogue(at: Workshop, catalogue: Path, file: Path | None = None) -> dict[str, Any]:
    """Publish the catalogue of the profile, or that of an export, as the newest edition: `{edition, left_out}`.

    Contacts stay with whoever imported them: they are left out, and counted. Raises KnownError `edition-faulty`,
    and those of `publisher.publish`.
    """
    from fieldkit.importers import edition
    from fieldkit.registry import publisher
    from fieldkit.sync import editions

    whole = edition.read(file) if file else store.whole(catalogue_file.opened(catalogue))
    public = dataclasses.replace(whole, contacts=())
    with tempfile.TemporaryDirectory(prefix="fieldkit-publish-") as aside:
        out = Path(aside) / "catalogue.json"
        catalogue_export.write(public, out)
        edition.read(out)  # what a laptop could not read is not signed
        made = publisher.publish(at, [publisher.New(editions.CATALOGUE, out.read_bytes(), public.as_of)])
    return {"edition": plain(made[0]), "left_out": len(whole.contacts)}


def publish_directory(
    at: Workshop,
    file: Path,
    departments: Sequence[str] = (),
    on_department: Callable[[str], None] = lambda _department: None,
) -> dict[str, Any]:
    """Publish the extraction of the Annuaire Santé, one edition for each department: `{editions, left_out}`.

    Only `departments` where some are given. `left_out` counts lines without a department. Raises KnownError:
    those of `annuaire_source.opened`, `directory-undated`, `directory-nothing-kept` and of `publisher.publish`.
    """
    from fieldkit.importers import annuaire, annuaire_source
    from fieldkit.registry import publisher

    wanted = settings.parse_departments(" ".join(departments))
    with (
        tempfile.TemporaryDirectory(prefix="fieldkit-publish-") as aside,
        annuaire_source.opened(file) as source,
    ):
        if not source.day:
            raise KnownError(
                "directory-undated",
                _("Le nom de ce fichier ne dit pas le jour de l'extraction."),
                _("Gardez le nom sous lequel il a été téléchargé : il contient la date."),
            )
        left_out, files = _split(annuaire.by_department(source), Path(aside), wanted)
        made = publisher.publish(at, _news(files, source.day, on_department))
    return {
        "editions": {name: plain(edition) for name, edition in zip(sorted(files), made, strict=True)},
        "left_out": left_out,
    }


def refresh(at: Workshop) -> dict[str, Any]:
    """Sign again that the newest is the newest: the answer of `status`. Raises as `publisher.refresh`."""
    from fieldkit.registry import publisher

    publisher.refresh(at)
    return status(at.folder)


def new_root(at: Workshop, replaced: Sequence[str]) -> dict[str, Any]:
    """Sign a new root, with other keys: the answer of `status`. Raises as `publisher.new_root`."""
    from fieldkit.registry import publisher

    publisher.new_root(at, replaced)
    return status(at.folder)


def status(folder: Path) -> dict[str, Any]:
    """What is published, until when, and the fingerprint to tell. Raises KnownError `publications-none`."""
    from fieldkit.registry import publisher

    return publisher.status(folder)


def _split(
    blocks: Iterator[dict[str, list[str]]], aside: Path, wanted: Sequence[str]
) -> tuple[int, dict[str, Path]]:
    """Write the lines of each department to a file of its own; the header comes first, under ""."""
    header = next(blocks)[""][0]
    left_out = 0
    files: dict[str, Path] = {}
    with ExitStack() as stack:
        open_files: dict[str, Any] = {}
        for block in blocks:
            for department, lines in block.items():
                if not settings.is_department(department):
                    left_out += len(lines)
                    continue
                if wanted and department not in wanted:
                    continue
                if department not in open_files:
                    files[department] = aside / f"{department}.txt"
                    stream = files[department].open("w", encoding="utf-8", newline="\n")
                    open_files[department] = stack.enter_context(stream)
                    open_files[department].write(header + "\n")
                open_files[department].write("\n".join(lines) + "\n")
    if not files or set(wanted) - set(files):
        raise KnownError(
            "directory-nothing-kept",
            _("Ce fichier n'a aucune ligne pour les départements demandés."),
            _("Rien n'a été publié. Vérifiez les départements et le fichier."),
        )
    return left_out, files


def _news(files: dict[str, Path], day: str, on_department: Callable[[str], None]) -> Iterator[New]:
    from fieldkit.registry import publisher
    from fieldkit.sync import editions

    for department, file in sorted(files.items()):
        on_department(department)
        yield publisher.New(editions.directory(department), file.read_bytes(), day)
