"""Does the frozen build run? `smoke_test.py FOLDER`: version, self-test, and a window that opens and closes."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PATIENCE_S = 60


def main() -> int:
    """Run the checks; returns 0 when all pass."""
    program = str(Path(sys.argv[1]).resolve() / "fieldkit")
    with tempfile.TemporaryDirectory(prefix="fieldkit-smoke-") as place:
        environment = _away_from_python(Path(place))
        _version(program, environment)
        _selftest(program, environment)
        _window(program, environment, Path(place))
    print("smoke test: version, self-test and window are good")
    return 0


def _version(program: str, environment: dict[str, str]) -> None:
    said = _run(program, environment, "--version")
    assert said.startswith("fieldkit "), said


def _selftest(program: str, environment: dict[str, str]) -> None:
    result = json.loads(_run(program, environment, "selftest", "--json"))
    assert result["ok"], [check for check in result["checks"] if not check["ok"]]


def _window(program: str, environment: dict[str, str], place: Path) -> None:
    with _screen() as display:
        there = {**environment, "DISPLAY": display, "QT_QPA_PLATFORM": "xcb"}
        with subprocess.Popen([program], env=there, stderr=subprocess.PIPE, text=True) as app:
            window = _window_of(app, there)
            subprocess.run(
                ["xdotool", "windowfocus", "--sync", window, "key", "ctrl+q"], env=there, check=True
            )
            said = app.communicate(timeout=PATIENCE_S)[1]
    assert app.returncode == 0, app.returncode
    assert said == "", said
    assert (place / "profile" / "field.db").exists()


def _window_of(app: subprocess.Popen[str], environment: dict[str, str]) -> str:
    search = ["xdotool", "search", "--onlyvisible", "--name", "Fieldkit"]
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline and app.poll() is None:
        found = subprocess.run(
            search, env=environment, capture_output=True, text=True, check=False
        ).stdout.split()
        if found and (Path(environment["FIELDKIT_PROFILE"]) / "field.db").exists():
            return found[0]
        time.sleep(0.1)  # between two looks
    raise AssertionError(
        f"no window: {app.communicate(timeout=5)[1] if app.poll() is not None else 'still starting'}"
    )


def _run(program: str, environment: dict[str, str], *arguments: str) -> str:
    done = subprocess.run(
        [program, *arguments],
        env=environment,
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=False,
    )
    assert done.returncode == 0, (done.returncode, done.stdout, done.stderr)
    assert done.stderr == "", done.stderr
    return done.stdout


def _away_from_python(place: Path) -> dict[str, str]:
    """An environment where only the build itself can be found."""
    passphrase = place / "passphrase"
    passphrase.write_text("essai")
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "VIRTUAL_ENV", "FIELDKIT"))}
    own = {"FIELDKIT_PROFILE": str(place / "profile"), "FIELDKIT_PASSPHRASE_FILE": str(passphrase)}
    return {**kept, **own, "QT_QPA_PLATFORM": "offscreen"}


@contextmanager
def _screen() -> Iterator[str]:
    assert shutil.which("Xvfb"), "Xvfb is needed: run packaging/bootstrap.sh"
    read, write = os.pipe()
    command = [
        "Xvfb",
        "-displayfd",
        str(write),
        "-noreset",
        "-nolisten",
        "tcp",
        "-screen",
        "0",
        "1280x720x24",
    ]
    server = subprocess.Popen(command, pass_fds=[write], stderr=subprocess.DEVNULL)
    os.close(write)
    try:
        with os.fdopen(read) as pipe:
            yield f":{pipe.readline().strip()}"
    finally:
        server.terminate()
        server.wait(10)


if __name__ == "__main__":
    sys.exit(main())
