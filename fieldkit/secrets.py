"""Secrets of a delegate in the system's keyring. The only room that imports `keyring`."""

from __future__ import annotations

import contextlib
import secrets
from pathlib import Path
from typing import Final

from fieldkit.errors import KnownError
from fieldkit.i18n import _

_SERVICE: Final = "fieldkit"
_PIECE: Final = 1_000


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


def keep(name: str, secret: str) -> bool:
    """Keep a secret under a name, in place of an older one. False where no keyring keeps it.

    It is cut into pieces: Windows keeps 1,280 characters in one entry, and providers give longer tokens.
    """
    import keyring
    import keyring.errors

    pieces = [secret[n : n + _PIECE] for n in range(0, len(secret), _PIECE)]
    try:
        for n, piece in enumerate(pieces):
            keyring.set_password(_SERVICE, f"{name}#{n}", f"{len(pieces)}:{piece}")
    except keyring.errors.KeyringError:
        return False
    return find(name) == secret


def find(name: str) -> str | None:
    """The secret kept under a name; None where there is none, whole, or no keyring answers."""
    import keyring
    import keyring.errors

    found, n, total = "", 0, 1
    try:
        while n < total:
            count, _colon, piece = (keyring.get_password(_SERVICE, f"{name}#{n}") or "").partition(":")
            if not count.isdecimal() or (n and int(count) != total):
                return None
            found, n, total = found + piece, n + 1, int(count)
    except keyring.errors.KeyringError:
        return None
    return found


def forget(name: str) -> None:
    """Forget the secret kept under a name, if there is one."""
    import keyring
    import keyring.errors

    with contextlib.suppress(keyring.errors.KeyringError):
        n = 0
        while keyring.get_password(_SERVICE, f"{name}#{n}") is not None:
            keyring.delete_password(_SERVICE, f"{name}#{n}")
            n += 1


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
