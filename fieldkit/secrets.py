"""Secrets of a delegate in the system's keyring. The only room that imports `keyring`."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import Final

from fieldkit.errors import KnownError
from fieldkit.i18n import _

_SERVICE: Final = "fieldkit"


def passphrase(folder: Path, file: Path | None = None) -> str | None:
    """The passphrase of the profile in `folder`: from `file` if given, else from the keyring, else None.

    Raises KnownError `passphrase-file` where the file cannot be read or is empty.
    """
    return _from_file(file) if file else _from_keyring(folder)


def make_passphrase(folder: Path) -> str | None:
    """A new random passphrase kept in the keyring; None where no keyring answers."""
    import keyring
    import keyring.errors

    chosen = secrets.token_urlsafe(32)
    try:
        keyring.set_password(_SERVICE, str(folder.resolve()), chosen)
    except keyring.errors.KeyringError:
        return None
    return chosen if _from_keyring(folder) == chosen else None


def _from_keyring(folder: Path) -> str | None:
    import keyring
    import keyring.errors

    try:
        return keyring.get_password(_SERVICE, str(folder.resolve()))
    except keyring.errors.KeyringError:
        return None


def _from_file(file: Path) -> str:
    try:
        text = file.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise _unreadable(file) from error
    if not text:
        raise _unreadable(file)
    return text


def _unreadable(file: Path) -> KnownError:
    return KnownError(
        "passphrase-file",
        _("Le fichier de phrase de passe ne peut pas être lu : {file}").format(file=file),
        _("Vérifiez son chemin et qu'il contient la phrase sur sa première ligne."),
    )
