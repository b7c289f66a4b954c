"""Our sync beside others', each with its own client, server and files: the figures to beat of `sync.md`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from tests.bench.peers import anki_server, our_laptops, pouch_server
from tests.bench.peers.peer import Figures, Missing
from tests.bench.row import Row, against_floor, beside_peer

PEERS: Final[Mapping[str, Callable[[Path], Figures]]] = {
    "Anki": anki_server.figures,
    "PouchDB": pouch_server.figures,
}


def rows(folder: Path) -> list[Row]:
    """Each figure of ours beside that of each peer; a peer that cannot be had is told as such."""
    found = []
    ours = our_laptops.figures(_made(folder / "ours"))
    for name, figures in PEERS.items():
        try:
            peer = figures(_made(folder / name))
        except Missing as why:
            found += _rows(f"{name}: not here, {why}", ours, None)
        else:
            found += _rows(name, ours, peer)
    return found


def _rows(peer: str, ours: Figures, theirs: Figures | None) -> list[Row]:
    if theirs is None:
        theirs = Figures(0, 0, 0, 0, 0, 0)
    made = [
        against_floor(f"sync: push, records/s ({peer})", ours.push, theirs.push, 8_000),
        against_floor(f"sync: pull and apply, records/s ({peer})", ours.pull, theirs.pull, 30_000),
        beside_peer(
            f"sync: bytes up for a change of one field ({peer})", ours.change_up, theirs.change_up, 40
        ),
        beside_peer(
            f"sync: bytes both ways for a change of one field ({peer})", ours.change, theirs.change, 60
        ),
        beside_peer(f"sync: nothing to do, ms ({peer})", ours.quiet_ms, theirs.quiet_ms, 15),
        beside_peer(f"sync: nothing to do, bytes ({peer})", ours.quiet_bytes, theirs.quiet_bytes, 2_048),
    ]
    for row in made:
        row["peer"] = row["peer"] or None
    return made


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True)
    return folder
