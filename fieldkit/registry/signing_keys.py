"""The private keys that sign publications: one file each, for their owner only.

Root keys say which other keys count. They are used when the repository is made and when keys change, and are kept
apart, away from any computer that is on a network. The others sign every publication.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from securesystemslib.signer import CryptoSigner

from fieldkit.errors import KnownError
from fieldkit.i18n import _

ROLES: Final = ("targets", "snapshot", "timestamp")
_ENDING: Final = ".pem"


def root_names(count: int) -> tuple[str, ...]:
    """The names of `count` root keys."""
    return tuple(f"root-{number}" for number in range(1, count + 1))


def make(folder: Path, name: str, passphrase: str | None) -> CryptoSigner:
    """A new key in a file of its own; encrypted where there is a passphrase.

    Raises KnownError `key-exists` rather than write over one, or `key-unwritable`.
    """
    made = Ed25519PrivateKey.generate()
    locked = BestAvailableEncryption(passphrase.encode()) if passphrase else NoEncryption()
    path = folder / (name + _ENDING)
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(made.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, locked))
    except FileExistsError as error:
        raise KnownError(
            "key-exists",
            _("Il y a déjà une clé {name} dans {folder}.").format(name=name, folder=folder),
            _("Une clé perdue ne se refait pas : rangez celle-ci ailleurs, ou choisissez un autre dossier."),
        ) from error
    except OSError as error:
        raise KnownError(
            "key-unwritable",
            _("La clé {name} ne peut pas être écrite dans {folder}.").format(name=name, folder=folder),
            _("Vérifiez vos droits et la place libre."),
        ) from error
    return CryptoSigner(made)


def load(folders: Sequence[Path], name: str, passphrase: str | None) -> CryptoSigner | None:
    """The key of that name in the first of `folders` that has one; None where none does.

    Raises KnownError `key-locked` where it is not opened with that passphrase, or is no key.
    """
    for folder in folders:
        path = folder / (name + _ENDING)
        try:
            raw = path.read_bytes()
        except OSError:
            continue
        try:
            return CryptoSigner(load_pem_private_key(raw, passphrase.encode() if passphrase else None))
        except (ValueError, TypeError) as error:
            raise KnownError(
                "key-locked",
                _("La clé {file} ne s'ouvre pas.").format(file=path.name),
                _(
                    "Donnez sa phrase de passe avec --keys-passphrase FICHIER, ou vérifiez que c'est bien une clé."
                ),
            ) from error
    return None


def needed(folders: Sequence[Path], name: str, passphrase: str | None) -> CryptoSigner:
    """As `load`. Raises KnownError `key-missing` too."""
    found = load(folders, name, passphrase)
    if found is not None:
        return found
    raise KnownError(
        "key-missing",
        _("Il manque la clé {name} pour signer.").format(name=name),
        _("Indiquez le dossier qui la contient avec --keys ; pour une clé racine, branchez son support."),
    )


def set_aside(folder: Path, name: str) -> None:
    """Give a key's file another name, under which it signs nothing any more."""
    path = folder / (name + _ENDING)
    number = 1
    while (old := folder / f"{name}.old-{number}{_ENDING}").exists():
        number += 1
    path.replace(old)
