"""Files written beside their place first, so that what was there stays until the new one is whole."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path


def put(out: Path, content: bytes) -> None:
    """Write `content` to `out`, in the place of any other file. Raises OSError; `out` is then untouched."""
    handle, name = tempfile.mkstemp(prefix=f".{out.name}-", suffix=".new", dir=out.parent)
    aside = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        aside.replace(out)
    finally:
        aside.unlink(missing_ok=True)
