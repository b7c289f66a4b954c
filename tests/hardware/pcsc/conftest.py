"""The back ends that card-reader tests run on."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.hardware.pcsc.backends import Backend, Real, Simulated, real


@pytest.fixture
def pcscd(tmp_path: Path) -> Iterator[Real]:
    """A real pcscd; a machine that cannot run one fails the test."""
    with real(tmp_path) as backend:
        yield backend


@pytest.fixture(params=["simulated", pytest.param("real", marks=pytest.mark.pcscd)])
def backend(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Backend]:
    """Either back end: what one does, the other must do too."""
    if request.param == "simulated":
        yield Simulated()
        return
    with real(tmp_path) as backend:
        yield backend
