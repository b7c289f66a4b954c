"""`make bench`: every row measured beside its peer in the same run, printed, and written to build/bench.json."""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path

from tests.bench import (
    catalogue_rows,
    decoder_rows,
    directory_rows,
    laptops_rows,
    package_rows,
    photo_rows,
    reader_rows,
    registry_rows,
    scanner_rows,
    sync_rows,
    visit_rows,
    window_rows,
)
from tests.bench.row import Row, as_line

ROOT = Path(__file__).resolve().parents[2]


def main() -> int:
    """Run all rows; returns 1 where a target is missed."""
    with tempfile.TemporaryDirectory(prefix="fieldkit-bench-") as folder:
        rows: list[Row] = [
            *window_rows.rows(Path(folder)),
            *catalogue_rows.rows(Path(folder)),
            *visit_rows.rows(Path(folder)),
            *decoder_rows.rows(Path(folder), ROOT.parent / "shared" / "data" / "qr-photos"),
            *reader_rows.rows(Path(folder)),
            *scanner_rows.rows(Path(folder)),
            *directory_rows.rows(Path(folder)),
            *registry_rows.rows(Path(folder)),
            *sync_rows.rows(Path(folder)),
            *laptops_rows.rows(Path(folder), ROOT / "build" / "bench" / "laptops.svg"),
            *photo_rows.rows(Path(folder)),
            *package_rows.rows(ROOT / "build"),
        ]
    for row in rows:
        print(as_line(row))
    out = ROOT / "build" / "bench.json"
    out.parent.mkdir(exist_ok=True)
    out.write_text(json.dumps(rows, indent=2) + "\n", encoding="utf-8")
    return 0 if all(row["ok"] for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
