"""The probe's file: what a computer tells, and nothing that somebody may have slipped in."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldkit.domain.fieldwork import WORKSTATION_FACTS
from fieldkit.errors import KnownError
from fieldkit.importers import probe
from fieldkit.services import diagnose
from tests.examples import examples

NIR = "2 69 05 49 588 157 80"


def slot(name: str, interface: str, **more: Any) -> dict[str, Any]:
    return {"name": name, "interface": interface, "virtual": False, "atr": "3B 8F 80 01", **more}


def told(**sections: Any) -> dict[str, Any]:
    """What `diagnose` tells of a Windows computer with two readers and a scanner; `sections` replace some."""
    found = {
        "system": {"os": "windows", "os_version": "11", "machine": "AMD64"},
        "readers": {
            "service": "running",
            "readers": [
                slot("Lecteur A 0", "contact", maker="Kapelse", model="KAP-GO"),
                slot("Lecteur A 1", "contactless", maker="Kapelse", model="Kapelse KAP-GO NFC"),
                slot("Virtual PCD", "contact", virtual=True),
            ],
        },
        "scanners": {"listed": True, "scanners": [{"maker": "Zebra", "model": "DS9308", "mode": "keyboard"}]},
        "components": [
            {"component": "FSV", "path": "/x", "version": "1.40.14"},
            {"component": "ATSAM", "path": "", "version": "4.51"},
            {"component": "GALSS", "path": "/y", "version": None},
        ],
        "app": {"version": "0.1.0", "made_at": "2026-11-25T09:00:00+00:00"},
        **sections,
    }
    return {name: {"ok": True, "found": value} for name, value in found.items()}


def written(folder: Path, raw: Any) -> Path:
    path = folder / "poste.json"
    path.write_text(raw if isinstance(raw, str) else json.dumps(raw), encoding="utf-8")
    return path


def test_what_a_computer_tells(tmp_path: Path) -> None:
    found = probe.read(written(tmp_path, told()))
    assert found.facts == {
        "os": "windows",
        "os_version": "11",
        "fsv_version": "1.40.14",
        "atsam_version": "4.51",
        "galss_leftovers": "yes",
        "card_reader": "Kapelse KAP-GO",
        "nfc_reader": "Kapelse KAP-GO NFC",
        "qr_reader": "Zebra DS9308",
        "qr_reader_mode": "keyboard",
    }
    assert (found.made_at, found.version, found.silent, found.choices) == (
        "2026-11-25T09:00:00+00:00",
        "0.1.0",
        (),
        {},
    )


def test_several_devices_are_left_to_the_delegate(tmp_path: Path) -> None:
    readers = {"readers": [slot("Lecteur A", "contact"), slot("Lecteur B", "contact")]}
    found = probe.read(written(tmp_path, told(readers=readers)))
    assert "card_reader" not in found.facts
    assert found.choices == {"card_reader": ("Lecteur A", "Lecteur B")}


def test_simulated_readers_are_no_facts(tmp_path: Path) -> None:
    readers = {"training": True, "readers": [slot("Lecteur A", "contact")]}
    assert "card_reader" not in probe.read(written(tmp_path, told(readers=readers))).facts


def test_a_section_that_failed_says_nothing_and_nothing_is_no(tmp_path: Path) -> None:
    raw = told(components=[], scanners={"listed": False, "scanners": []})
    raw["readers"] = {"ok": False, "error": {"code": "x"}}
    found = probe.read(written(tmp_path, raw))
    assert found.facts == {"os": "windows", "os_version": "11"}
    assert found.silent == ("readers",)


def test_what_this_very_app_tells_is_understood(tmp_path: Path) -> None:
    found = probe.read(written(tmp_path, diagnose.diagnose(tmp_path / "profile")))
    assert found.facts["os"] in ("windows", "macos", "linux")
    assert found.made_at


@pytest.mark.parametrize(
    "raw",
    [
        "",
        "{",
        "[]",
        "null",
        "7",
        '"system"',
        "{}",
        json.dumps({"other": 1}),
        "[" * 100_000,
        json.dumps({"system": {"ok": True, "found": {"os": "x" * 5_000}}}),
        json.dumps({"system": list(range(30_000))}),
        " " * 2_000_001,
    ],
    ids=range(12),
)
def test_what_is_no_probe_is_refused(tmp_path: Path, raw: str) -> None:
    with pytest.raises(KnownError) as caught:
        probe.read(written(tmp_path, raw))
    assert caught.value.code == "probe-unreadable"
    assert caught.value.hint


def test_bytes_and_no_file_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "photo.json"
    for make in (lambda: None, lambda: path.write_bytes(b"\xff\xd8\xff")):
        make()
        with pytest.raises(KnownError, match="sonde"):
            probe.read(path)


@pytest.mark.parametrize(
    "raw",
    [
        told(system={"os": "windows", "os_version": NIR}),
        told(components=[{"component": NIR, "version": "1"}]),
        {**told(), NIR: {"ok": True, "found": {}}},
        {**told(), "patients": [{"nir": 269054958815780}]},
    ],
    ids=range(4),
)
def test_a_nir_anywhere_in_the_file_refuses_it_all(tmp_path: Path, raw: Any) -> None:
    with pytest.raises(KnownError) as caught:
        probe.read(written(tmp_path, raw))
    assert caught.value.code == "nir-refused"
    assert "588" not in caught.value.message + caught.value.hint


def test_values_no_workstation_has_are_left_out(tmp_path: Path) -> None:
    raw = told(
        system={"os": "amiga", "os_version": ["11"]}, components=[{"component": "FSV", "version": 7}, 3]
    )
    assert not {"os", "os_version", "fsv_version"} & probe.read(written(tmp_path, raw)).facts.keys()


jsons = st.recursive(
    st.none() | st.booleans() | st.integers(-99, 99) | st.text(max_size=6),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["ok", "found", "os", "readers", "scanners", "name"]), inner)
    ),
    max_leaves=12,
)


@examples(50, 1_000)
@given(
    raw=st.dictionaries(
        st.sampled_from(probe.SECTIONS), jsons | jsons.map(lambda x: {"ok": True, "found": x})
    )
)
def test_any_shape_gives_facts_or_a_reason(tmp_path_factory: pytest.TempPathFactory, raw: Any) -> None:
    path = written(tmp_path_factory.mktemp("probe"), raw)
    if not raw:
        with pytest.raises(KnownError):
            probe.read(path)
        return
    assert probe.read(path).facts.keys() <= WORKSTATION_FACTS.keys()
