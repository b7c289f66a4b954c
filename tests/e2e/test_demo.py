"""The demo is a promise of the README: it runs here as a newcomer runs it."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from tests.e2e.demo import OUT
from tests.e2e.service import ROOT


@pytest.mark.window
@pytest.mark.pcscd
@pytest.mark.timeout(300)
def test_a_whole_visit_happens_on_real_parts() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.e2e.demo"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    summary = json.loads((OUT / "summary.json").read_text(encoding="utf-8"))
    assert done.returncode == 0, done.stdout + done.stderr
    assert summary["ok"]
    assert [step["name"] for step in summary["steps"]] == [
        *("catalogue", "visit", "readers", "scanner", "verdict", "report", "sync", "kill")
    ]
    assert done.stdout.count("✔") == len(summary["steps"])
    pictures = sorted(path.name for path in OUT.glob("*.png"))
    assert len(pictures) >= 14
    assert "failure.png" not in pictures
    assert (OUT / "report.pdf").stat().st_size > 10_000
