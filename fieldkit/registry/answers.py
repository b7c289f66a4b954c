"""The forms of what the registry says over HTTP."""

from __future__ import annotations

import gzip
from collections.abc import Iterable
from typing import Any

import msgspec
import zstandard
from fastapi import Request, Response

from fieldkit.sync.protocol import LINES, PROBLEM, Problem


def as_json(value: Any) -> Response:
    """One value."""
    return Response(msgspec.json.encode(value), media_type="application/json")


def as_lines(request: Request, items: Iterable[msgspec.Struct]) -> Response:
    """Lines, packed with what the caller reads best."""
    plain = msgspec.json.Encoder().encode_lines(list(items))
    accepted = request.headers.get("accept-encoding", "")
    headers = {"Vary": "Accept-Encoding"}
    if "zstd" in accepted:
        return Response(
            zstandard.compress(plain), media_type=LINES, headers={**headers, "Content-Encoding": "zstd"}
        )
    if "gzip" in accepted:
        packed = gzip.compress(plain, 6, mtime=0)
        return Response(packed, media_type=LINES, headers={**headers, "Content-Encoding": "gzip"})
    return Response(plain, media_type=LINES, headers=headers)


def as_problem(problem: Problem, headers: dict[str, str] | None = None) -> Response:
    """A problem (RFC 9457)."""
    return Response(msgspec.json.encode(problem), problem.status, headers, PROBLEM)
