"""From a passphrase to the key of the field data.

`key.json` beside the database says how (scrypt, its cost, the salt) and lets a wrong passphrase be told from a
damaged file. The salt is also the first 16 bytes of the database, so a lost `key.json` can be made again.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import secrets
from pathlib import Path
from typing import Any, Final

from fieldkit.errors import KnownError
from fieldkit.i18n import _

FIELD_FILE: Final = "field.db"
KEY_FILE: Final = "key.json"
_COST: Final = {"n": 2**15, "r": 8, "p": 1}


def exists(folder: Path) -> bool:
    """Whether `folder` holds the field data of a delegate."""
    return (folder / FIELD_FILE).exists()


def unlock(folder: Path, passphrase: str) -> str:
    """The key of the database in `folder`: 96 hexadecimal digits, 32 bytes of key and 16 of salt.

    Makes a salt where the folder has no database yet. Raises KnownError `passphrase-wrong`.
    """
    sealed = _sealed(folder) if exists(folder) else None
    salt = bytes.fromhex(sealed["salt"]) if sealed else _salt_of(folder)
    cost = {name: int(sealed[name]) if sealed else default for name, default in _COST.items()}
    key = hashlib.scrypt(passphrase.encode(), salt=salt, dklen=32, maxmem=2**27, **cost)
    if sealed and not hmac.compare_digest(sealed["check"], _proof(key)):
        raise KnownError(
            "passphrase-wrong",
            _("La phrase de passe n'ouvre pas ce profil."),
            _(
                "Vérifiez les majuscules et la disposition du clavier, puis recommencez. Rien n'a été modifié."
            ),
        )
    return key.hex() + salt.hex()


def seal(folder: Path, key: str) -> None:
    """Remember how the key that has just opened the database was made."""
    if _sealed(folder) is None:
        secret, salt = bytes.fromhex(key[:64]), key[64:]
        _write(folder / KEY_FILE, {"kdf": "scrypt", **_COST, "salt": salt, "check": _proof(secret)})


def _sealed(folder: Path) -> dict[str, Any] | None:
    try:
        known = json.loads((folder / KEY_FILE).read_text())
    except (OSError, ValueError):
        return None
    whole = isinstance(known, dict) and known.keys() >= {*_COST, "salt", "check"}
    return known if whole else None


def _proof(key: bytes) -> str:
    return hashlib.blake2b(key, digest_size=8, person=b"fieldkit").hexdigest()


def _salt_of(folder: Path) -> bytes:
    database = folder / FIELD_FILE
    if database.exists():
        with database.open("rb") as file:
            return file.read(16).ljust(16, b"\0")
    return secrets.token_bytes(16)


def _write(path: Path, content: dict[str, object]) -> None:
    part = path.with_name(f"{path.name}.{os.getpid()}")
    with part.open("w") as file:
        json.dump(content, file)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)
