"""The bench of the scanner page, on a computer that tells what the test wants."""

from __future__ import annotations

from typing import cast

import pytest

from fieldkit.services import scanner_devices
from fieldkit.services.scanner_devices import Seen
from fieldkit.ui.pages.scanner import ScannerPage
from fieldkit.ui.widgets.scanner_bench import ScannerBench
from tests.ui.conftest import MakeWindow, until


@pytest.fixture(autouse=True)
def seen(monkeypatch: pytest.MonkeyPatch) -> list[Seen]:
    """What the computer of the test tells of its scanners: the last of the list."""
    told = [Seen((), ())]
    monkeypatch.setattr(scanner_devices, "look", lambda: told[-1])
    return told


@pytest.fixture
def bench(make_window: MakeWindow) -> ScannerBench:
    """The bench of the scanner page, in an open profile."""
    window = make_window()
    window.open_page("scanner")
    bench = cast(ScannerPage, window.page("scanner")).bench
    until(lambda: not window.context.runner.busy)
    return bench
