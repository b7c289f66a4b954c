"""The benchmark itself: a plot shows every point, a peer that is not here is told as such, laptops are all served."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from tests.bench import laptops_rows, plot, sync_rows
from tests.bench.peers import our_laptops
from tests.bench.peers.peer import Figures, Missing, install

SVG = "{http://www.w3.org/2000/svg}"
OURS = Figures(10_000, 40_000, 45, 25, 5, 900)


def test_a_plot_shows_every_point_with_its_value(tmp_path: Path) -> None:
    out = tmp_path / "build" / "laptops.svg"
    plot.write(out, "Coût <par> poste", "postes", "ms", {"jour": {1: 20.0, 10: 21.5, 1_000: 250.0}})
    drawn = ET.parse(out).getroot()
    assert len(drawn.findall(f"{SVG}circle")) == 3
    words = [text.text for text in drawn.findall(f"{SVG}text")]
    assert {"Coût <par> poste", "20", "21.5", "250", "jour"} <= set(words)
    for point in drawn.findall(f"{SVG}circle"):
        assert 0 < float(point.attrib["cx"]) < 640
        assert 0 < float(point.attrib["cy"]) < 360


def test_a_peer_that_cannot_be_had_is_no_figure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(_folder: Path) -> Figures:
        raise Missing("no Node.js")

    monkeypatch.setattr(our_laptops, "figures", lambda _folder: OURS)
    monkeypatch.setattr(sync_rows, "PEERS", {"PouchDB": missing, "Anki": lambda _folder: OURS})
    rows = sync_rows.rows(tmp_path)
    without, beside = rows[: len(rows) // 2], rows[len(rows) // 2 :]
    assert {row["peer"] for row in without} == {None}
    assert all("not here, no Node.js" in row["name"] for row in without)
    assert all(row["ratio"] == 1 and row["ok"] for row in beside)


def test_what_cannot_be_installed_is_missing(tmp_path: Path) -> None:
    with pytest.raises(Missing):
        install(["no-such-installer"], tmp_path)


def test_every_simulated_laptop_is_served(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(laptops_rows, "_DAYS", 3)
    rows = laptops_rows.rows(tmp_path, tmp_path / "plot.svg", (1, 4))
    assert [row["name"] for row in rows] == ["registry: a laptop's day among 4, ms (peer: alone)"]
    assert rows[0]["ours"] > 0
    assert (tmp_path / "plot.svg").is_file()
