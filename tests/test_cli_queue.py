"""What has not gone, from the command line: set aside, carried off, compared; and duplicates."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.registry.live import LiveRegistry, live_registry, sqlite_url
from tests.test_cli import Fieldkit, fieldkit  # noqa: F401  the fixture

RPPS = "10101514767"


@pytest.fixture
def registry(tmp_path: Path) -> Iterator[LiveRegistry]:
    with live_registry(sqlite_url(tmp_path)) as running:
        yield running


@pytest.fixture
def secret(tmp_path: Path) -> str:
    (tmp_path / "secret").write_text("une phrase assez longue\n", encoding="utf-8")
    return str(tmp_path / "secret")


def begin(fieldkit: Fieldkit, name: str) -> str:  # noqa: F811
    """A visit to a new practice; returns its identity."""
    return str(
        fieldkit("visit", "new", "--practice", name, "--rpps", RPPS, "--department", "72").json["visit"]
    )


def test_a_change_is_set_aside_taken_back_and_carried_off(
    fieldkit: Fieldkit,  # noqa: F811
    registry: LiveRegistry,
    tmp_path: Path,
    secret: str,
) -> None:
    begin(fieldkit, "Tilleuls")
    assert fieldkit("sync", "aside", "1").json == {"aside": 1}
    (one,) = fieldkit("sync", "status").json["aside"]
    assert fieldkit("sync", "take-back", one["id"]).json == {"back": 1}
    file = tmp_path / "unsent.fieldkit"
    written = fieldkit("sync", "export-unsent", str(file), "--secret-file", secret)
    assert written.json == {"file": str(file), "changes": 1, "photos": 0}
    taken = fieldkit("sync", "import-unsent", str(file), "--secret-file", secret)
    assert (taken.json["changes"], taken.json["photos"]) == (0, 0)
    (tmp_path / "token").write_text(registry.token("anne", "dept:72"))
    fieldkit("sync", "set", registry.url, "--token-file", str(tmp_path / "token"))
    done = fieldkit("sync", "--check").json
    assert (done["pushed"], done["mended"]) == (2, 0)
    assert done["attachments"] == {"sent": 0, "left": 0, "received": 0, "missing": 0}
    missing = fieldkit("sync", "retry", "1")
    assert missing.code != 0
    assert missing.json["error"]["code"] == "not-refused"
    nowhere = fieldkit("sync", "export-unsent", str(file), "--secret-file", str(tmp_path / "none"))
    assert nowhere.json["error"]["code"] == "secret-file"


def test_duplicates_are_told_merged_and_separated(fieldkit: Fieldkit) -> None:  # noqa: F811
    begin(fieldkit, "Tilleuls")
    begin(fieldkit, "Les Tilleuls")
    (pair,) = [p for p in fieldkit("conflict", "list").json["duplicates"] if p["type"] == "practice"]
    keep, drop = (record["id"] for record in pair["records"])
    fieldkit("conflict", "merge", keep, drop)
    assert fieldkit("conflict", "list").json["duplicates"] == []
    fieldkit("conflict", "separate", drop)
    fieldkit("conflict", "apart", keep, drop)
    assert fieldkit("conflict", "list").json["duplicates"] == []
