"""A bare HTTP caller of a registry, to say what a well-behaved laptop never would."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import Any, Self

import httpx
import msgspec
import zstandard

from fieldkit.domain.clock import Stamp, new_id
from fieldkit.sync.protocol import BASE, DEVICE, SCHEMA

Line = Mapping[str, Any]
LOOPBACK: Mapping[str, Any] = {"verify": False, "timeout": 60}
"""Plain HTTP spares reading the certificates, and a busy machine may take longer than httpx waits by itself."""


class Caller:
    """One device with one token. Use as a context manager."""

    def __init__(self, url: str, token: str, device: str = "a" * 16) -> None:
        self.device = device
        self.http = httpx.Client(
            base_url=url,
            headers={"Authorization": f"Bearer {token}", DEVICE: device, SCHEMA: "1"},
            **LOOPBACK,
        )
        self._ms = 1_790_000_000_000

    def __enter__(self) -> Self:
        self.post("/devices", [{"device_id": self.device, "name": "", "app": "test", "schema": 1}])
        return self

    def __exit__(
        self, _kind: type | None, _fault: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self.http.close()

    def post(self, path: str, lines: Sequence[Line], **headers: str) -> httpx.Response:
        """POST lines, packed."""
        body = zstandard.compress(b"".join(msgspec.json.encode(line) + b"\n" for line in lines))
        return self.http.post(BASE + path, content=body, headers={"Content-Encoding": "zstd", **headers})

    def push(self, *changesets: tuple[int, list[dict[str, Any]]]) -> list[dict[str, Any]]:
        """Outcomes of changesets given as (seq, ops)."""
        answer = self.post("/push", [{"seq": seq, "v": 1, "ops": ops} for seq, ops in changesets])
        assert answer.status_code == 200, answer.text
        return lines_of(answer)

    def pull(self, cursors: Mapping[str, int], limit: int = 5000) -> tuple[list[Any], dict[str, Any]]:
        """Records, and trailers by scope."""
        answer = self.post("/pull", [{"cursors": cursors, "limit": limit}])
        assert answer.status_code == 200, answer.text
        lines = lines_of(answer)
        trailers = {line["scope"]: line for line in lines if line["k"] == "s"}
        return [line for line in lines if line["k"] == "r"], trailers

    def stamp(self) -> str:
        """The next stamp of this device."""
        self._ms += 1
        return str(Stamp(self._ms, 0, self.device))

    def create(self, kind: str = "practice", scope: str = "dept:72", **fields: Any) -> dict[str, Any]:
        """An op that makes a record."""
        return {"t": kind, "i": new_id(), "s": scope, "op": "create", "st": self.stamp(), "d": fields}

    def set(self, record: Mapping[str, Any], **cells: tuple[Any, Any, str | None]) -> dict[str, Any]:
        """An op that writes cells `(old, new, seen)` of the record that op `record` made."""
        about = {name: record[name] for name in ("t", "i", "s")}
        return {**about, "op": "set", "st": self.stamp(), "c": cells}


def lines_of(answer: httpx.Response) -> list[Any]:
    """The lines of an answer."""
    return [json.loads(line) for line in answer.text.splitlines()]


def problem_of(answer: httpx.Response) -> str:
    """The short name of the problem in an answer, whose form is checked."""
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert problem["status"] == answer.status_code
    assert answer.headers["Fieldkit-Epoch"]
    return str(problem["type"]).removeprefix("urn:fieldkit:problem:")
