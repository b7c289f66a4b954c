"""Anki's own sync server and client, installed by name into a folder that goes with the run."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.bench.peers.peer import CHANGES, RECORDS, ROUNDS, Figures, Missing, install, measure

_LAPTOPS = Path(__file__).with_name("anki_laptops.py")
_PATIENCE = 30


def figures(folder: Path) -> Figures:
    """Measure it. Raises `Missing` where it cannot be installed."""
    install([sys.executable, "-m", "venv", "anki"], folder)
    python = folder / "anki" / ("Scripts" if os.name == "nt" else "bin") / "python"
    install([str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "anki"], folder)
    work = folder / "collections"
    work.mkdir()
    sizes = [str(number) for number in (RECORDS, CHANGES, ROUNDS)]
    with _server(python, folder) as url:
        return measure(url, [str(python), str(_LAPTOPS), "URL/", str(work), *sizes])


@contextmanager
def _server(python: Path, folder: Path) -> Iterator[str]:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    env = os.environ | {
        "SYNC_USER1": "anne:secret",
        "SYNC_BASE": str(folder / "server"),
        "SYNC_HOST": "127.0.0.1",
        "SYNC_PORT": str(port),
    }
    quiet = subprocess.DEVNULL
    command = [str(python), "-m", "anki.syncserver"]
    with subprocess.Popen(command, env=env, stdout=quiet, stderr=quiet) as process:
        try:
            until = time.monotonic() + _PATIENCE
            while True:
                try:
                    socket.create_connection(("127.0.0.1", port), timeout=1).close()
                    break
                except OSError as error:
                    if process.poll() is not None or time.monotonic() > until:
                        raise Missing("its server does not start") from error
                    time.sleep(0.05)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
