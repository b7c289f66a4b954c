"""A PostgreSQL server of our own for the tests, on a socket in a temporary folder; absent where it is not installed."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

_BINARIES = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))


def is_installed() -> bool:
    """Whether this machine has a PostgreSQL server, and a user to run it as."""
    return bool(_BINARIES) and (os.getuid() != 0 or shutil.which("runuser") is not None)


@contextmanager
def postgres() -> Iterator[str]:
    """Run a server until the block ends; gives the address of an empty database."""
    with TemporaryDirectory(prefix="fieldkit-pg-") as folder:
        if os.getuid() == 0:
            shutil.chown(folder, "postgres")
        data, bin_folder = Path(folder) / "data", _BINARIES[-1].parent
        _run(bin_folder / "initdb", "-D", data, "-U", "fieldkit", "-A", "trust", "-E", "UTF8", "--no-sync")
        options = f"-k {folder} -c listen_addresses='' -c fsync=off"
        control = (bin_folder / "pg_ctl", "-D", data, "-w")
        _run(*control, "-o", options, "-l", Path(folder) / "log", "start")
        try:
            yield f"postgresql+psycopg://fieldkit@/postgres?host={folder}"
        finally:
            _run(*control, "-m", "immediate", "stop")


def _run(*command: str | Path) -> None:
    as_user = ["runuser", "-u", "postgres", "--"] if os.getuid() == 0 else []
    subprocess.run([*as_user, *map(str, command)], check=True, stdout=subprocess.DEVNULL, cwd="/", timeout=60)
