"""The registry as a process of its own on a free loopback port, and commands as a user types them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]


def fieldkit(*arguments: str, **environment: str) -> Any:
    """Run one command with `--json`; its answer. Raises AssertionError with its words when it fails."""
    done = subprocess.run(
        [sys.executable, "-m", "fieldkit", *arguments, "--json"],
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, (
        f"fieldkit {' '.join(arguments)}: {done.returncode}\n{done.stdout}{done.stderr}"
    )
    return json.loads(done.stdout)


@contextmanager
def registry(data: Path, log: Path) -> Iterator[str]:
    """A registry that keeps its data in folder `data`; gives its address."""
    command = [
        sys.executable,
        "-m",
        "fieldkit",
        "registry",
        "serve",
        "--port",
        "0",
        "--data",
        str(data),
        "--json",
    ]
    with log.open("ab") as errors:
        process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=errors, text=True)
    assert process.stdout is not None
    try:
        line = process.stdout.readline()  # comes once it accepts connections, or ends when it dies
        assert line, f"the registry did not start: {log.read_text(errors='replace')[-800:]}"
        yield str(json.loads(line)["registry"])
    finally:
        process.terminate()
        process.wait(60)
        process.stdout.close()
