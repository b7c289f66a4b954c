"""What all tests share: a profile of their own, French, and no keyring of the machine."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from pytestqt.qtbot import QtBot

# How long things take belongs in the benchmark; the first example on a busy machine may take seconds.
settings.register_profile("fieldkit", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("fieldkit")

os.environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.null.Keyring"
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
for name in ("FIELDKIT_PROFILE", "FIELDKIT_PASSPHRASE_FILE", "FIELDKIT_LANG"):
    os.environ.pop(name, None)

from fieldkit import i18n  # noqa: E402  (after the environment is set)
from fieldkit.store.fieldwork import FieldStore  # noqa: E402
from fieldkit.ui.garbage import sweep  # noqa: E402

KEY = "5e" * 32 + "a1" * 16
PATIENCE_MS = 60_000
"""How long a test waits for what must come: a limit for a machine with much else to do, and no promise of speed."""

PCSCD_TIMEOUT_S = 400


class PatientBot(QtBot):
    """pytest-qt's, which would lose patience after five seconds."""

    def waitUntil(self, callback: Any, *, timeout: int = PATIENCE_MS) -> None:
        super().waitUntil(callback, timeout=timeout)

    def waitSignal(self, signal: Any, *, timeout: int = PATIENCE_MS, **how: Any) -> Any:
        return super().waitSignal(signal, timeout=timeout, **how)

    def waitActive(self, widget: Any, *, timeout: int = PATIENCE_MS) -> Any:
        return super().waitActive(widget, timeout=timeout)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whoever needs pcscd may have to wait for another: there is one on a machine."""
    for item in items:
        if item.get_closest_marker("pcscd") and not item.get_closest_marker("timeout"):
            item.add_marker(pytest.mark.timeout(PCSCD_TIMEOUT_S))


@pytest.fixture
def qtbot(qapp: object, request: pytest.FixtureRequest) -> QtBot:
    """Hands at a window, with patience."""
    return PatientBot(request)


@pytest.fixture(autouse=True)
def _swept() -> Iterator[None]:
    """Garbage is collected between tests, on this thread, as the window has it: a worker that collects crashes.

    What belongs to Qt is no business of other threads (`fieldkit.ui.garbage`).
    """
    gc.disable()
    yield
    gc.disable()  # a test of the window's own may have let it go
    sweep()


@pytest.fixture(autouse=True)
def _french(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("LANGUAGE", "fr")  # the command line sets it, for the words of libraries
    i18n.use("fr")
    yield
    i18n.use("fr")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[FieldStore]:
    """Field data of one test, in a file of its own."""
    opened = FieldStore.open(tmp_path / "field.db", KEY)
    yield opened
    opened.close()


@pytest.fixture
def profile(tmp_path: Path) -> tuple[Path, Path]:
    """A folder for a profile, and a file with its passphrase."""
    passphrase = tmp_path / "passphrase"
    passphrase.write_text("bruyère et genêt\n", encoding="utf-8")
    return tmp_path / "profile", passphrase
