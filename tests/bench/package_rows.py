"""What the frozen build weighs, once `make package` has made it."""

from __future__ import annotations

import tarfile
import tempfile
from pathlib import Path

from tests.bench.row import Row, against_limit

LIMIT_MB = 150


def rows(build: Path) -> list[Row]:
    """The size of the frozen build, compressed as it would be handed out; no row where there is no build."""
    folder = build / "dist" / "fieldkit"
    if not folder.is_dir():
        return []
    with tempfile.TemporaryDirectory() as place:
        archive = Path(place) / "fieldkit.tar.xz"
        with tarfile.open(archive, "w:xz", preset=6) as tar:
            tar.add(folder, "fieldkit")
        return [against_limit("package: compressed (MB)", archive.stat().st_size / 1e6, LIMIT_MB)]
