"""The edition of the catalogue that was received, beside the catalogue, and the one before it to go back to.

Each is one file, as `catalogue export` writes it, put in its place in one rename: it is there whole or not at all.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Final

from fieldkit.paths import replace_file

FILE: Final = "catalogue-edition.json"
BEFORE: Final = "catalogue-edition-before.json"


def beside(catalogue: Path) -> Path:
    """The file of the edition of the catalogue at a path."""
    return catalogue.with_name(FILE)


def before(catalogue: Path) -> Path:
    """The file of the edition that it took the place of."""
    return catalogue.with_name(BEFORE)


def digest(file: Path) -> str:
    """What tells an edition from every other; empty where there is none."""
    try:
        return hashlib.sha256(file.read_bytes()).hexdigest()
    except FileNotFoundError:
        return ""


def install(catalogue: Path, content: bytes) -> None:
    """Put an edition in the place of the one there, which is kept as the one before.

    Raises OSError; the edition there is then untouched.
    """
    held = beside(catalogue)
    if held.exists():
        replace_file(before(catalogue), held.read_bytes())
    replace_file(held, content)


def back(catalogue: Path) -> bool:
    """Go back to the edition before, or to none; False where none was received."""
    held = beside(catalogue)
    if not held.exists():
        return False
    if digest(before(catalogue)) in ("", digest(held)):
        held.unlink()
        before(catalogue).unlink(missing_ok=True)
    else:
        before(catalogue).replace(held)
    return True
