"""PouchDB with express-pouchdb, installed by name into a folder that goes with the run."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from tests.bench.peers.peer import CHANGES, RECORDS, ROUNDS, Figures, Missing, install, measure, told

_LAPTOPS = Path(__file__).with_name("pouch_laptops.js")
_PACKAGES = ("pouchdb", "express-pouchdb", "express@4")


def figures(folder: Path) -> Figures:
    """Measure it. Raises `Missing` where there is no Node or it cannot be installed."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        raise Missing("no Node.js")
    (folder / "package.json").write_text("{}")
    install([npm, "install", "--no-audit", "--no-fund", "--loglevel=error", *_PACKAGES], folder)
    for name in ("server", "laptops"):
        (folder / name).mkdir()
    env = os.environ | {"NODE_PATH": str(folder / "node_modules"), "NODE_NO_WARNINGS": "1"}
    sizes = [str(number) for number in (RECORDS, CHANGES, ROUNDS)]
    with told([node, str(_LAPTOPS), "serve", str(folder / "server")], env=env) as (port, _server):
        command = [node, str(_LAPTOPS), "URL", str(folder / "laptops"), *sizes]
        return measure(f"http://127.0.0.1:{port}", command, env)
