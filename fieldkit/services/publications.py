"""Updates of the catalogue and of the directory, from what the registry publishes: verified, whole, or not at all.

They come from the registry or from a folder, such as a USB key's. Trust starts once, when a person has compared the
fingerprint of the root with the one that the registry's keeper gave; from then on signatures are followed.
On any doubt what is there stays.
"""

from __future__ import annotations

import datetime as dt
import json
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from fieldkit.errors import KnownError
from fieldkit.i18n import _
from fieldkit.paths import ensure_folder, replace_file
from fieldkit.services import catalogue_file
from fieldkit.services.profile import catalogue_path, directory_path
from fieldkit.store import edition as store

if TYPE_CHECKING:
    from fieldkit.sync.editions import Edition
    from fieldkit.sync.published import Published

FOLDER: Final = "publications"
_TRUST: Final = "trust.json"
_ROOT: Final = "root.json"
_KNOWN: Final = "editions.json"
_MEMORY: Final = "metadata"
_MARK: Final = 16

OnShare = Callable[[float], None]


@dataclass(frozen=True, slots=True)
class Root:
    """A root that somebody may decide to trust: where it was found, and the fingerprint to compare."""

    source: str
    content: bytes
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Trust:
    """Whom this profile trusts: where updates come from unless another place is named, and since when."""

    source: str
    fingerprint: str
    since: str


def look_at(source: str) -> Root:
    """The root that a source shows: the address of a registry, or a folder. Nothing is trusted yet.

    Raises KnownError: `registry-address`, a trouble of the network, or a doubt (`sync.doubts`).
    """
    from fieldkit.sync import editions, published

    place = _place(source)
    content = published.root_at(place)
    return Root(place, content, editions.digest(content))


def same(told: str, root: Root) -> bool:
    """Whether the fingerprint that somebody was told is that of `root`; spaces and case do not count."""
    return "".join(told.split()).casefold() == root.fingerprint


def other_fingerprint() -> KnownError:
    """The error of a root that is not the one somebody was told of."""
    return KnownError(
        "fingerprint-differs",
        _("L'empreinte n'est pas celle qui vous a été donnée. Rien n'a été accepté."),
        _(
            "Vérifiez-la chiffre par chiffre ; si elle diffère vraiment, prévenez la personne qui tient le registre."
        ),
    )


def grouped(fingerprint: str) -> str:
    """A fingerprint as it is read aloud: in groups of four."""
    return " ".join(fingerprint[place : place + 4] for place in range(0, len(fingerprint), 4))


def trust(folder: Path, root: Root) -> Trust:
    """Trust `root` from now on, in the place of any other; what was received before stays in use.

    Raises KnownError `disk-full`.
    """
    chosen = Trust(root.source, root.fingerprint, dt.datetime.now(dt.UTC).isoformat(timespec="seconds"))
    place = ensure_folder(folder / FOLDER)
    known = trusted(folder)
    with writable():
        if known is None or known.fingerprint != root.fingerprint:
            # What another root had signed is no measure of age.
            shutil.rmtree(place / _MEMORY, ignore_errors=True)
        replace_file(place / _ROOT, root.content)
        replace_file(place / _TRUST, json.dumps(asdict(chosen)).encode())
    return chosen


def trusted(folder: Path) -> Trust | None:
    """Whom the profile in `folder` trusts; None where nobody was chosen yet."""
    try:
        return Trust(**json.loads((folder / FOLDER / _TRUST).read_bytes()))
    except (OSError, ValueError, TypeError):
        return None


def status(folder: Path) -> dict[str, Any]:
    """What is trusted, held and known: `{trust, catalogue, directory, seen}`; asks no network.

    `trust` is `{source, fingerprint, since}` or None. `catalogue` is `{edition, in_use, before}`: the edition that
    was received, whether the app's own is older, and whether there is an earlier one to go back to.
    `directory` maps each department of which an edition is in use to it. `seen` maps lines to the newest edition
    that was seen. An edition is `{number, as_of, published, sha256, size}`.
    """
    from fieldkit.sync import editions

    catalogue = catalogue_path(folder)
    known = _known(folder)
    marked = {mark(sha256): edition for sha256, edition in known.items()}
    held = known.get(store.digest(store.beside(catalogue)))
    seen = editions.remembered(folder / FOLDER / _MEMORY)
    return {
        "trust": (chosen := trusted(folder)) and asdict(chosen),
        "catalogue": {
            "edition": held,
            "in_use": held is not None and catalogue_file.as_of(catalogue).isoformat() <= held["as_of"],
            "before": store.before(catalogue).is_file(),
        },
        "directory": {code: marked[told] for code, told in in_directory(folder).items() if told in marked},
        "seen": {line: plain(edition) for line, edition in seen.items()},
    }


def mark(sha256: str) -> str:
    """What the name of a file tells of its edition: enough to know it again."""
    return sha256[:_MARK]


def in_directory(folder: Path) -> dict[str, str]:
    """The marks of the editions in the directory in use, by department; none where it is of other files."""
    from fieldkit.services import directory_file
    from fieldkit.store import directory

    path = directory_path(folder)
    if not directory_file.present(path):
        return {}
    with directory_file.reading(path) as database:
        names = [Path(source["name"]).stem.split("_") for source in directory.stamp(database)["files"]]
    return {parts[2]: parts[4] for parts in names if len(parts) == 5 and len(parts[4]) == _MARK}


def bytes_of(file: Path) -> bytes | None:
    """What is in a file of the profile; None where it is missing."""
    try:
        return file.read_bytes()
    except FileNotFoundError:
        return None


def newest(lines: Mapping[str, Edition], line: str) -> Edition:
    """The newest edition of a line. Raises KnownError `edition-missing` where none is published."""
    if line in lines:
        return lines[line]
    name = line.rpartition("/")[2]
    others = ", ".join(sorted(other.rpartition("/")[2] for other in lines if "/" in other))
    if line == name:
        raise KnownError(
            "edition-missing",
            _("Le catalogue n'est pas publié ici."),
            _("Demandez-le à la personne qui tient le registre ; le vôtre reste en place."),
        )
    raise KnownError(
        "edition-missing",
        _("L'annuaire du département {department} n'est pas publié ici.").format(department=name),
        _("Départements publiés : {others}. Le vôtre reste en place.").format(others=others or "–"),
    )


@contextmanager
def believed(
    folder: Path, source: str | None, on_share: OnShare, cancelled: Callable[[], bool]
) -> Iterator[Published]:
    """The publications at `source`, or where they come from otherwise, believed as this profile does.

    Raises KnownError `trust-missing`, and those of `sync.published.Published`.
    """
    chosen = trusted(folder)
    root = bytes_of(folder / FOLDER / _ROOT)
    if chosen is None or root is None:
        raise KnownError(
            "trust-missing",
            _("Ce profil ne sait pas encore à qui faire confiance pour les mises à jour."),
            _("Comparez d'abord l'empreinte : Réglages, ou « fieldkit publications trust »."),
        )
    from fieldkit.sync.published import Published

    place = chosen.source if source is None else _place(source)
    with Published(place, folder / FOLDER / _MEMORY, root, on_share, cancelled) as found:
        yield found


def _place(source: str) -> str:
    """Where publications are: below the address of a registry, or in a folder, or in one that lies in it."""
    from fieldkit.sync import client, published
    from fieldkit.sync.editions import METADATA, PLACE, ROOT

    if not published.is_folder(source):
        address = client.checked_url(source)
        return address if address.endswith(PLACE) else published.at_registry(address)
    folder = Path(source).expanduser().absolute()
    with suppress(OSError):
        inside = [
            place for place in (folder, *sorted(folder.iterdir())) if (place / METADATA / ROOT).is_file()
        ]
        if inside:
            return str(inside[0])
    return str(folder)


def _known(folder: Path) -> dict[str, Any]:
    """What was said of the editions that were received, by digest."""
    told = bytes_of(folder / FOLDER / _KNOWN)
    try:
        return dict(json.loads(told or b"{}"))
    except ValueError:
        return {}


def remember(folder: Path, *received: Edition) -> None:
    """Keep what is said of editions that are about to be used. Raises KnownError `disk-full`."""
    known = _known(folder) | {edition.sha256: plain(edition) for edition in received}
    with writable():
        replace_file(folder / FOLDER / _KNOWN, json.dumps(known).encode())


def plain(edition: Edition) -> dict[str, Any]:
    """An edition as plain values."""
    import msgspec

    return dict(msgspec.to_builtins(edition))


@contextmanager
def writable() -> Iterator[None]:
    """Tell a disk that refuses as `disk-full`."""
    try:
        yield
    except OSError as error:
        from fieldkit.sync import doubts

        raise doubts.disk_full() from error
