"""The newest edition of the catalogue, from what is published: in the place of the one in use, or not at all."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fieldkit.domain.catalogue import Catalogue, flat
from fieldkit.errors import KnownError
from fieldkit.i18n import _
from fieldkit.services import catalogue_file, publications
from fieldkit.services.profile import catalogue_path
from fieldkit.services.publications import OnShare
from fieldkit.store import edition as store

if TYPE_CHECKING:
    from fieldkit.sync.editions import Edition


@dataclass(frozen=True, slots=True)
class Fetched:
    """What an update found: the newest edition, and its content and facts where it is not the one held."""

    edition: Edition
    received: int = 0
    content: bytes = b""
    facts: Catalogue | None = None


def fetch(
    folder: Path,
    source: str | None = None,
    on_share: OnShare = lambda _share: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> Fetched:
    """Look for the newest edition and receive it; nothing in use is touched.

    Raises KnownError: `trust-missing`, `edition-missing`, a trouble, a doubt, `disk-full`; or
    `sync.editions.StoppedError`.
    """
    from fieldkit.sync import editions

    with publications.believed(folder, source, on_share, cancelled) as published:
        newest = publications.newest(published.refresh(), editions.CATALOGUE)
        held = publications.bytes_of(store.beside(catalogue_path(folder)))
        if held is not None and editions.digest(held) == newest.sha256:
            return Fetched(newest)
        content = published.take(editions.CATALOGUE, newest, held)
        return Fetched(newest, published.received, content, _read(content, on_key=published.on_key))


def apply(folder: Path, fetched: Fetched) -> dict[str, Any]:
    """Put what was fetched in the place of the catalogue in use; what was imported here stays over it.

    `{edition, changed, bytes, added, removed}`: `bytes` came over the wire or from the key, `added` and `removed`
    are facts. Raises KnownError `disk-full` or `catalogue-unwritable`; nothing is changed then.
    """
    told: dict[str, Any] = {"edition": publications.plain(fetched.edition)}
    if fetched.facts is None:
        return told | {"changed": False, "bytes": 0, "added": 0, "removed": 0}
    catalogue = catalogue_path(folder)
    new, old = _facts(fetched.facts), _facts(catalogue_file.base(catalogue))
    publications.remember(folder, fetched.edition)
    with publications.writable():
        store.install(catalogue, fetched.content)
    try:
        catalogue_file.opened(catalogue)
    except KnownError:
        store.back(catalogue)
        raise
    counted = {"added": len(new - old), "removed": len(old - new)}
    return told | {"changed": True, "bytes": fetched.received} | counted


def update(
    folder: Path,
    source: str | None = None,
    on_share: OnShare = lambda _share: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> dict[str, Any]:
    """`fetch`, then `apply`."""
    return apply(folder, fetch(folder, source, on_share, cancelled))


def undo(folder: Path) -> dict[str, Any]:
    """Go back to the edition before the one that was received last, or to the app's own: `{edition}` now in use.

    Raises KnownError `update-none`, or those of `catalogue_file.load`.
    """
    catalogue = catalogue_path(folder)
    if not store.back(catalogue):
        raise KnownError(
            "update-none",
            _("Le catalogue n'a reçu aucune mise à jour."),
            _("Il est celui de l'application, avec vos imports ; ceux-ci s'annulent un par un."),
        )
    catalogue_file.opened(catalogue)
    return {"edition": publications.status(folder)["catalogue"]["edition"]}


def _facts(catalogue: Catalogue) -> set[tuple[str, Any]]:
    return {(kind, fact) for kind in flat.kinds() for fact in getattr(catalogue, kind)}


def _read(content: bytes, *, on_key: bool) -> Catalogue:
    """The facts of an edition, which must all be there before it is let in."""
    from fieldkit.importers import edition
    from fieldkit.sync import doubts

    with tempfile.TemporaryDirectory(prefix="fieldkit-edition-") as aside, publications.writable():
        file = Path(aside) / "edition.json"
        file.write_bytes(content)
        try:
            return edition.read(file)
        except KnownError as error:
            raise doubts.doubt("edition-unreadable", folder=on_key) from error
