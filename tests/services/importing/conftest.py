"""A catalogue of each test, and a way to preview a list."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from fieldkit.services import catalogue_imports
from fieldkit.services.catalogue_file import opened
from fieldkit.services.catalogue_imports import Choices, Preview


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The catalogue without imports, loaded once."""
    path = tmp_path_factory.mktemp("base") / "catalogue.db"
    opened(path)
    return path


@pytest.fixture
def path(tmp_path: Path, base: Path) -> Path:
    """A catalogue of this test."""
    shutil.copy(base, tmp_path / "catalogue.db")
    return tmp_path / "catalogue.db"


@pytest.fixture
def look(path: Path, tmp_path: Path) -> Callable[..., Preview]:
    """Preview a CSV file of this text."""

    def preview(text: str, choices: Choices | None = None, name: str = "liste.csv") -> Preview:
        file = tmp_path / name
        file.write_text(text, encoding="utf-8")
        return catalogue_imports.preview(path, catalogue_imports.look_at(path, file, choices))

    return preview
