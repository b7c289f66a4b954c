"""Opening the folder that holds everything of one delegate."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from fieldkit.errors import KnownError
from fieldkit.i18n import _
from fieldkit.paths import ensure_folder

if TYPE_CHECKING:
    from fieldkit.store.fieldwork import FieldStore

CATALOGUE_FILE: Final = "catalogue.db"
DIRECTORY_FILE: Final = "directory.db"


@dataclass(frozen=True, slots=True)
class Profile:
    """An open profile: its folder and its field data."""

    folder: Path
    store: FieldStore

    def close(self) -> None:
        """Close the field data."""
        self.store.close()


def catalogue_path(folder: Path) -> Path:
    """The catalogue of the profile in `folder`; needs no passphrase."""
    return ensure_folder(folder) / CATALOGUE_FILE


def directory_path(folder: Path) -> Path:
    """The directory of the profile in `folder`; needs no passphrase."""
    return ensure_folder(folder) / DIRECTORY_FILE


def exists(folder: Path) -> bool:
    """Whether `folder` already holds field data."""
    from fieldkit.store import keys

    return keys.exists(folder)


def open_profile(folder: Path, passphrase: str | None = None, passphrase_file: Path | None = None) -> Profile:
    """Open the field data in `folder`, and make them at the first start.

    The passphrase is the one given, else that of the file, else the keyring's, else a new one kept there.
    Raises KnownError `passphrase-new` (first start, and no keyring answers: the user must choose one),
    `passphrase-needed`, `passphrase-wrong`, `database-corrupt`, `profile-unusable`.
    """
    from fieldkit import secrets
    from fieldkit.store import keys
    from fieldkit.store.fieldwork import FieldStore

    ensure_folder(folder)
    known = passphrase or secrets.passphrase(folder, passphrase_file)
    if known is None and not keys.exists(folder):
        known = secrets.make_passphrase(folder)
    if known is None:
        raise _no_passphrase(new=not keys.exists(folder))
    key = keys.unlock(folder, known)
    store = FieldStore.open(folder / keys.FIELD_FILE, key)
    keys.seal(folder, key)
    for name in (keys.FIELD_FILE, keys.KEY_FILE):
        (folder / name).chmod(0o600)
    return Profile(folder, store)


def _no_passphrase(*, new: bool) -> KnownError:
    hint = _("Donnez-la avec --passphrase-file FICHIER, ou la variable FIELDKIT_PASSPHRASE_FILE.")
    if new:
        return KnownError(
            "passphrase-new",
            _(
                "Ce profil est nouveau, et aucun trousseau du système ne répond : il lui faut une phrase de passe."
            ),
            hint,
        )
    return KnownError("passphrase-needed", _("Ce profil s'ouvre avec une phrase de passe."), hint)
