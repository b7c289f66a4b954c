"""Figures of the running registry, in the text form that Prometheus reads. None tells what a record holds."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import Final

from sqlalchemy import Connection, func, select

from fieldkit.registry.tables import blob, device, quarantine, scope, token, upload

TEXT: Final = "text/plain; version=0.0.4; charset=utf-8"
BOUNDS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
"""Upper bounds of the durations that are counted apart, in seconds."""

_GAUGES: Final = {
    "devices": ("Laptops that made themselves known.", select(func.count()).select_from(device)),
    "records": ("Records held.", select(func.coalesce(func.sum(scope.c.n), 0))),
    "quarantine": ("Changesets refused and kept.", select(func.count()).select_from(quarantine)),
    "attachment_bytes": ("Bytes of attachments.", select(func.coalesce(func.sum(blob.c.size), 0))),
    "uploads_open": (
        "Uploads that are not finished.",
        select(func.count()).select_from(upload).where(upload.c.stored.is_(False)),
    ),
    "tokens": ("Tokens made and not revoked.", select(func.count()).where(token.c.revoked_at.is_(None))),
}


class Metrics:
    """What has been served since the start, by call and status."""

    def __init__(self) -> None:
        self._served: Counter[tuple[str, str, int]] = Counter()
        self._within: Counter[tuple[str, float]] = Counter()
        self._seconds: defaultdict[str, float] = defaultdict(float)

    def note(self, method: str, path: str, status: int, seconds: float) -> None:
        """Count one request; `path` is the form of its call, without identities."""
        self._served[method, path, status] += 1
        self._seconds[path] += seconds
        for bound in (*BOUNDS, float("inf")):
            if seconds <= bound:
                self._within[path, bound] += 1

    def text(self, db: Connection) -> str:
        """Everything, with the state of the database."""
        return "\n".join([*self._requests(), *_gauges(db), ""])

    def _requests(self) -> Iterable[str]:
        yield "# HELP fieldkit_requests_total Requests served."
        yield "# TYPE fieldkit_requests_total counter"
        for (method, path, status), n in sorted(self._served.items()):
            yield f'fieldkit_requests_total{{method="{method}",path="{path}",status="{status}"}} {n}'
        yield "# HELP fieldkit_request_seconds How long requests took."
        yield "# TYPE fieldkit_request_seconds histogram"
        for path in sorted(self._seconds):
            for bound in BOUNDS:
                yield f'fieldkit_request_seconds_bucket{{path="{path}",le="{bound}"}} {self._within[path, bound]}'
            count = self._within[path, float("inf")]
            yield f'fieldkit_request_seconds_bucket{{path="{path}",le="+Inf"}} {count}'
            yield f'fieldkit_request_seconds_sum{{path="{path}"}} {self._seconds[path]:.6f}'
            yield f'fieldkit_request_seconds_count{{path="{path}"}} {count}'


def _gauges(db: Connection) -> Iterable[str]:
    for name, (meaning, query) in _GAUGES.items():
        yield f"# HELP fieldkit_{name} {meaning}"
        yield f"# TYPE fieldkit_{name} gauge"
        yield f"fieldkit_{name} {db.scalar(query)}"
