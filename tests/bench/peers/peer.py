"""What is measured of a way to synchronise, and how a peer that runs in a process of its own is led through it."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from tests.registry.cut_link import Link, cut_link

RECORDS: Final = 20_000
CHANGES: Final = 1_000
ROUNDS: Final = 20


@dataclass(frozen=True, slots=True)
class Figures:
    """Two laptops and a server on loopback, with their own clients; bytes are all that went over the wire."""

    push: float
    """Records a second, from one laptop's file to the server's."""
    pull: float
    """Records a second, from the server's file to the other laptop's."""
    change: float
    """Bytes for one changed field, of `CHANGES` in one go; both ways."""
    change_up: float
    """Those of them that the laptop sent."""
    quiet_ms: float
    quiet_bytes: float


class Missing(Exception):  # noqa: N818  it is no fault that a peer is not here
    """The peer cannot be had on this machine; why."""


def install(command: Sequence[str], folder: Path) -> None:
    """Run an installer. Raises `Missing`."""
    try:
        subprocess.run(command, cwd=folder, check=True, capture_output=True, timeout=600)
    except (OSError, subprocess.SubprocessError) as error:
        raise Missing(type(error).__name__) from error


@contextmanager
def told(command: Sequence[str], **named: Any) -> Iterator[tuple[Any, subprocess.Popen[str]]]:
    """A process and the first line it tells, in JSON; ended with the block. Raises `Missing` where it tells none."""
    with subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        **named,
    ) as process:
        try:
            yield _answer(process), process
        finally:
            process.terminate()


def measure(url: str, command: Sequence[str], env: Mapping[str, str] | None = None) -> Figures:
    """Lead the laptops that `command` starts through every stage; `URL` in it is the address to call first.

    What is timed calls the server itself; bytes are counted on a link to it, which takes time of its own.
    """
    with cut_link(url) as link:
        words = [word.replace("URL", url) for word in command]
        with told(words, env=env) as (_ready, process):
            push = _stage(process, link, "push", url)
            pull = _stage(process, link, "pull", url)
            change = _stage(process, link, "change", link.url)
            fast = _stage(process, link, "quiet", url)
            quiet = _stage(process, link, "quiet", link.url)
    return Figures(
        push=push["records"] / push["seconds"],
        pull=pull["records"] / pull["seconds"],
        change=change["bytes"] / change["records"],
        change_up=change["up"] / change["records"],
        quiet_ms=fast["seconds"] * 1_000,
        quiet_bytes=quiet["bytes"] / quiet["records"],
    )


def _stage(process: subprocess.Popen[str], link: Link, name: str, address: str) -> dict[str, Any]:
    up, down = link.up, link.down
    assert process.stdin is not None
    print(name, address, file=process.stdin, flush=True)
    return {**_answer(process), "bytes": link.up + link.down - up - down, "up": link.up - up}


def _answer(process: subprocess.Popen[str]) -> Any:
    assert process.stdout is not None
    line = process.stdout.readline()
    if not line:
        raise Missing("it ended")
    return json.loads(line)
