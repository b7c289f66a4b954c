"""The forms of what the registry says over HTTP."""

from __future__ import annotations

from typing import Any

import msgspec
from fastapi import Response

from fieldkit.sync.protocol import LINES, PROBLEM, Problem


def as_json(value: Any) -> Response:
    """One value."""
    return Response(msgspec.json.encode(value), media_type="application/json")


def as_lines(packed: bytes) -> Response:
    """Lines, packed by `protocol.pack`."""
    return Response(packed, media_type=LINES, headers={"Content-Encoding": "zstd"})


def as_problem(problem: Problem, headers: dict[str, str] | None = None) -> Response:
    """A problem (RFC 9457)."""
    return Response(msgspec.json.encode(problem), problem.status, headers, PROBLEM)
