"""How fluid a large visit is in the window, and how soon a report is there."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from fieldkit.services import catalogue
from fieldkit.services.profile import catalogue_path, open_profile
from tests.bench.row import Row, against_limit

ROOT = Path(__file__).resolve().parents[2]
PASSPHRASE = "bruyère et genêt"


def rows(folder: Path) -> list[Row]:
    """A visit of 200 notes, 100 photos and 20 workstations, measured in a process with a window of its own."""
    profile = folder / "visits"
    open_profile(profile, PASSPHRASE).close()
    catalogue.as_of(catalogue_path(profile))
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.visit_ours", str(profile)],
        cwd=ROOT,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    took = json.loads(done.stdout)
    large = "of 200 notes, 100 photos, 20 workstations"
    return [
        against_limit(f"visit {large}: open (ms)", took["open"], 300),
        against_limit(f"visit {large}: repaint while scrolling p95 (ms)", took["repaint"], 16),
        against_limit("report: PDF of a common visit with 4 photos (ms)", took["report"], 1000),
        against_limit(f"report: PDF of a visit {large} (ms)", took["large report"], 1000),
    ]
