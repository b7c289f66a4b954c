"""The file of the catalogue: kept while it is good, made anew where it is not, shared by those who start together."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from fieldkit.domain.catalogue import Catalogue
from fieldkit.errors import KnownError
from fieldkit.paths import resource
from fieldkit.services import catalogue
from fieldkit.services.catalogue_file import load, opened
from fieldkit.store import catalogue as store


def test_the_open_file_is_kept_and_a_new_one_is_noticed(tmp_path: Path) -> None:
    place = tmp_path / "profile" / "catalogue.db"
    opened(place)
    assert opened(place) is opened(place)
    before = opened(place)
    place.unlink()
    assert catalogue.search(place, "vega")["total"] > 0
    assert opened(place) is not before


def test_new_tables_are_loaded_again_and_the_same_are_not(tmp_path: Path) -> None:
    tables = shutil.copytree(resource("catalogue"), tmp_path / "tables")
    place = tmp_path / "catalogue.db"
    load(place, tables).close()
    first = place.stat()
    load(place, tables).close()
    assert place.stat().st_mtime_ns == first.st_mtime_ns
    products = tables / "products.csv"
    products.chmod(0o644)
    products.write_text(
        products.read_text(encoding="utf-8").replace("HelloDoc", "HelloNew"), encoding="utf-8"
    )
    newer = load(place, tables)
    assert list(newer.query("SELECT name FROM entry WHERE id = 'product:hellonew'")) == [{"name": "HelloNew"}]
    newer.close()


@pytest.mark.parametrize("damage", [b"", b"not a database", b"SQLite format 3\x00" + b"\x07" * 5000])
def test_a_damaged_file_is_replaced(tmp_path: Path, damage: bytes) -> None:
    place = tmp_path / "catalogue.db"
    place.write_bytes(damage)
    assert catalogue.search(place, "vega")["results"][0]["id"] == "product:vega"


def test_pages_damaged_in_the_middle_are_noticed(tmp_path: Path) -> None:
    place = tmp_path / "catalogue.db"
    load(place, resource("catalogue")).close()
    whole = place.read_bytes()
    middle = len(whole) // 8192 * 4096
    place.write_bytes(whole[:middle] + b"\xff" * 40960 + whole[middle + 40960 :])
    assert catalogue.search(place, "vega")["results"][0]["id"] == "product:vega"


def test_damaged_tables_leave_a_known_error_and_no_file(tmp_path: Path) -> None:
    with pytest.raises(KnownError) as refused:
        load(tmp_path / "catalogue.db", tmp_path)
    assert refused.value.code == "catalogue-damaged"
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_another_process_was_first_to_write_is_as_good(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    build = store.build

    def too_late(path: Path, fingerprint: str, facts: Catalogue) -> None:
        build(path, fingerprint, facts)
        raise KnownError("catalogue-unwritable", "held open by another process")

    monkeypatch.setattr(store, "build", too_late)
    assert catalogue.search(tmp_path / "catalogue.db", "vega")["results"][0]["id"] == "product:vega"


def test_processes_that_start_together_share_one_sound_file(tmp_path: Path) -> None:
    place = tmp_path / "profile" / "catalogue.db"
    program = (
        "import sys, pathlib\n"
        "from fieldkit.services import catalogue\n"
        "print('ready', flush=True); sys.stdin.readline()\n"
        "print(catalogue.search(pathlib.Path(sys.argv[1]), 'sante')['total'], flush=True)\n"
    )
    started = [
        subprocess.Popen(
            [sys.executable, "-c", program, str(place)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=resource().parent,
        )
        for _process in range(3)
    ]
    for process in started:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in started:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    totals = [process.communicate(timeout=60)[0] for process in started]
    assert totals == [f"{catalogue.search(place, 'sante')['total']}\n"] * 3
    assert [item.name for item in place.parent.iterdir()] == ["catalogue.db"]
