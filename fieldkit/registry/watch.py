"""What surrounds every call: epoch and time on its answer, a line in the log, and the figures."""

from __future__ import annotations

import logging
import time
import traceback
from typing import Any

from fastapi import FastAPI
from fastapi.concurrency import run_in_threadpool
from sqlalchemy.exc import DBAPIError
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from fieldkit.domain.clock import now_ms
from fieldkit.registry import database
from fieldkit.registry.answers import as_problem
from fieldkit.registry.metrics import Metrics
from fieldkit.sync.protocol import DEVICE, EPOCH, TIME, Problem

_log = logging.getLogger(__name__)


class Watch:
    """ASGI middleware. What nobody foresaw is answered and logged here, without what it says."""

    def __init__(self, inner: ASGIApp, app: FastAPI, metrics: Metrics) -> None:
        self._inner = inner
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        state: dict[str, Any] = scope.setdefault("state", {})
        began, status = time.perf_counter(), 0

        async def stamped(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(raw=message["headers"])
                headers[EPOCH] = str(state.get("epoch") or await run_in_threadpool(self._epoch))
                headers[TIME] = str(now_ms())
                message["headers"] = headers.raw
            await send(message)

        try:
            await self._inner(scope, receive, stamped)
        except Exception as error:
            where = traceback.extract_tb(error.__traceback__)[-1]
            _log.error("%s at %s:%s", type(error).__name__, where.filename, where.lineno)
            if status:
                raise
            await as_problem(Problem.of("fault", status=500))(scope, receive, stamped)
        finally:
            self._note(scope, state, status, time.perf_counter() - began)

    def _epoch(self) -> str:
        try:
            with database.reading(self._app.state.engine) as db:
                return database.epoch(db)
        except DBAPIError:
            return ""

    def _note(self, scope: Scope, state: dict[str, Any], status: int, seconds: float) -> None:
        path = getattr(scope.get("route"), "path", "other")
        method = scope["method"] if path != "other" else "other"
        self._metrics.note(method, path, status, seconds)
        device = dict(scope["headers"]).get(DEVICE.lower().encode(), b"").decode("latin-1")
        about = {"user": state.get("user"), "device": device if state.get("user") else None}
        facts = {"call": f"{method} {path}", "status": status, "ms": round(seconds * 1000, 1), **about}
        _log.info("request", extra={"facts": facts})
