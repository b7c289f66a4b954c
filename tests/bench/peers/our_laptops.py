"""Two of our laptops and a registry of ours on SQLite: led as the peers are, each in a process of its own.

`python -m tests.bench.peers.our_laptops URL FOLDER TOKEN RECORDS CHANGES ROUNDS`.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Final

from fieldkit.services import sync
from fieldkit.sync.engine import Progress
from tests.bench.peers.peer import CHANGES, RECORDS, ROUNDS, Figures, measure, told
from tests.sync.laptop import Laptop

_PER_CHANGESET: Final = 10


def figures(folder: Path) -> Figures:
    """Measure ours."""
    fieldkit = [sys.executable, "-m", "fieldkit", "registry"]
    place = ["--data", str(folder / "registry"), "--json"]
    grant = [*fieldkit, "token", "create", "--user", "anne", "--scope", "dept:72", *place]
    token = json.loads(subprocess.check_output(grant))["token"]
    sizes = [str(number) for number in (RECORDS, CHANGES, ROUNDS)]
    with told([*fieldkit, "serve", "--port", "0", *place]) as (ready, _server):
        command = [sys.executable, "-m", __name__, "URL", str(folder), token, *sizes]
        return measure(ready["registry"], command)


def main(url: str, folder: Path, token: str, records: int, changes: int, rounds: int) -> None:
    """Prepare and measure each stage."""
    one, other = (Laptop(folder, name, url, token) for name in ("one", "other"))
    made: list[str] = []
    for _changeset in range(records // _PER_CHANGESET):
        with one.store.changeset("Cabinets") as c:
            made += [
                c.create("practice", "dept:72", {"name": "Cabinet", "city": "Laval"})
                for _record in range(_PER_CHANGESET)
            ]

    def timed(laptop: Laptop) -> float:
        began = time.perf_counter()
        laptop.sync()
        return time.perf_counter() - began

    def pushed() -> float:
        """Until the registry has answered for the last changeset; what follows pulls, as the next stage does."""
        began = ended = time.perf_counter()

        def hear(progress: Progress) -> None:
            nonlocal ended
            ended = time.perf_counter() if progress.step == "push" else ended

        sync.run(one.store, progress=hear)
        return ended - began

    def pulled() -> float:
        """Until every record is in its place; what else a laptop then does with them is no part of it."""
        began = time.perf_counter()
        other.exchange()
        return time.perf_counter() - began

    def stage(name: str) -> tuple[int, float]:
        if name == "push":
            return records, pushed()
        if name == "pull":
            return records, pulled()
        if name == "change":
            for number, practice in enumerate(made[:changes]):
                one.write(practice, city=f"Le Mans {number}")
            return changes, timed(one)
        return rounds, min(timed(one) for _round in range(rounds))

    print(json.dumps("ready"), flush=True)
    for line in sys.stdin:
        name, address = line.split()
        for laptop in (one, other):
            laptop.url = address
            sync.configure(laptop.store, address, token)
        count, seconds = stage(name)
        print(json.dumps({"records": count, "seconds": seconds}), flush=True)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), sys.argv[3], *map(int, sys.argv[4:7]))
