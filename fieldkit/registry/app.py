"""The registry over HTTP: the calls of `sync.md`, each authenticated, answered with the epoch and the time."""

from __future__ import annotations

import logging
import re
import traceback
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated, Any, Final, TypeVar

import msgspec
from fastapi import APIRouter, Depends, FastAPI, Request, Response
from fastapi.concurrency import run_in_threadpool
from sqlalchemy import Connection, Engine, insert, select
from sqlalchemy.exc import DBAPIError
from starlette.exceptions import HTTPException

from fieldkit import __version__
from fieldkit.domain.clock import now_ms
from fieldkit.registry import audit, database, tokens
from fieldkit.registry import pull as pulling
from fieldkit.registry import push as pushing
from fieldkit.registry.problems import ProtocolError
from fieldkit.registry.tables import device
from fieldkit.sync.protocol import (
    BASE,
    DEVICE,
    EPOCH,
    LINES,
    MAX_BODY,
    MAX_CHANGESETS,
    MAX_PACKED,
    PAGE_RECORDS,
    PROBLEM,
    SCHEMA,
    SCHEMAS,
    TIME,
    WELL_KNOWN,
    Changeset,
    DeviceCard,
    Problem,
    PullRequest,
    SessionRequest,
    Welcome,
    pack,
    unpack,
)

T = TypeVar("T", bound=msgspec.Struct)

_log = logging.getLogger(__name__)
_DEVICE: Final = re.compile(r"[0-9a-f]{16}")

routes = APIRouter()


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls, from which device."""

    who: tokens.Holder
    device: str
    engine: Engine


@dataclass(frozen=True, slots=True)
class Body:
    """What came with the request, still packed."""

    data: bytes
    encoding: str | None

    def lines(self, kind: type[T]) -> list[T]:
        """Its lines, each of one kind. Raises ProtocolError `too-large` or `malformed`."""
        try:
            return msgspec.json.Decoder(kind).decode_lines(unpack(self.data, self.encoding))
        except OverflowError:
            raise ProtocolError("too-large", 413) from None
        except (ValueError, RecursionError):
            raise ProtocolError("malformed", 400) from None

    def one(self, kind: type[T]) -> T:
        """Its only line."""
        lines = self.lines(kind)
        if len(lines) != 1:
            raise ProtocolError("malformed", 400)
        return lines[0]


def create_app(engine: Engine, schemas: tuple[int, int] = SCHEMAS) -> FastAPI:
    """The web application on an open database; `schemas` are those that it still serves."""
    app = FastAPI(title="fieldkit registry", version=__version__, docs_url=None, redoc_url=None)
    app.state.engine = engine
    app.state.schemas = schemas
    app.include_router(routes)
    app.middleware("http")(_stamped)
    app.add_exception_handler(ProtocolError, _tell_protocol)
    app.add_exception_handler(DBAPIError, _tell_database)
    app.add_exception_handler(HTTPException, _tell_http)
    return app


async def body(request: Request) -> Body:
    """The body, read no further than its limit."""
    data = bytearray()
    async for chunk in request.stream():
        data += chunk
        if len(data) > MAX_PACKED:
            raise ProtocolError("too-large", 413)
    return Body(bytes(data), request.headers.get("content-encoding"))


def caller(request: Request) -> Caller:
    """Authenticate a request. Raises ProtocolError 401, 400 without a device, 409 for another epoch."""
    engine: Engine = request.app.state.engine
    scheme, _space, secret = request.headers.get("authorization", "").partition(" ")
    with database.reading(engine) as db:
        who = tokens.holder(db, secret.strip() if scheme.lower() == "bearer" else "")
        if request.headers.get(EPOCH, current := database.epoch(db)) != current:
            raise ProtocolError("epoch-changed", 409)
    device_id = request.headers.get(DEVICE, "")
    if not _DEVICE.fullmatch(device_id):
        raise ProtocolError("malformed", 400)
    return Caller(who, device_id, engine)


def known_caller(by: Annotated[Caller, Depends(caller)]) -> Caller:
    """A caller whose device is registered, to this very user. Raises ProtocolError."""
    with database.reading(by.engine) as db:
        owner = db.scalar(select(device.c.sub).where(device.c.id == by.device))
    if owner is None:
        raise ProtocolError("device-unknown", 409)
    if owner != by.who.user:
        raise ProtocolError("device-foreign", 403)
    return by


By = Annotated[Caller, Depends(known_caller)]
Given = Annotated[Body, Depends(body)]


@routes.get(WELL_KNOWN)
def welcome(request: Request) -> Response:
    """What this registry speaks."""
    limits = {"changesets": MAX_CHANGESETS, "packed": MAX_PACKED, "body": MAX_BODY, "page": PAGE_RECORDS}
    return _json(Welcome(__version__, BASE, request.app.state.schemas, limits, ["token"]))


@routes.get("/health")
def health(request: Request) -> Response:
    """Whether the database answers."""
    with database.reading(request.app.state.engine) as db:
        return _json({"ok": True, "epoch": database.epoch(db)})


@routes.post(BASE + "/devices")
def register(by: Annotated[Caller, Depends(caller)], given: Given) -> Response:
    """Make a device known; said again, the answer is the same."""
    card = given.one(DeviceCard)

    def add(db: Connection) -> None:
        owner = db.scalar(select(device.c.sub).where(device.c.id == by.device).with_for_update())
        if owner is None:
            about = {"name": card.name, "app": card.app, "last_seq": 0, "seen_at": now_ms()}
            db.execute(insert(device).values(id=by.device, sub=by.who.user, **about))
            audit.note(db, by.who.user, "device-registered", device=by.device)
        elif owner != by.who.user:
            raise ProtocolError("device-foreign", 403)

    if card.device_id != by.device:
        raise ProtocolError("malformed", 400)
    database.write(by.engine, add)
    return _json({"device_id": by.device})


@routes.post(BASE + "/session")
def session(by: By, given: Given) -> Response:
    """Where both stand."""
    request = given.one(SessionRequest)
    with database.reading(by.engine) as db:
        return _json(pulling.session(db, by.who, by.device, request.cursors))


@routes.post(BASE + "/push")
def push(by: By, given: Given) -> Response:
    """Take changesets, one transaction each. Where one cannot be served, those before it are answered."""
    changesets = given.lines(Changeset)
    if len(changesets) > MAX_CHANGESETS:
        raise ProtocolError("too-large", 413)
    outcomes = []
    for changeset in changesets:
        try:
            outcomes.append(_take(by, changeset))
        except (ProtocolError, DBAPIError):
            if not outcomes:
                raise
            break
    return _lines(pack(outcomes))


@routes.post(BASE + "/pull")
def pull(request: Request, by: By, given: Given) -> Response:
    """Give records out. Refused to an app that could not read them."""
    oldest = request.app.state.schemas[0]
    schema = request.headers.get(SCHEMA, "")
    if not schema.isdecimal() or int(schema) < oldest:
        raise ProtocolError("schema-too-old", 426)
    wanted = given.one(PullRequest)
    with database.reading(by.engine) as db:
        return _lines(pack(pulling.pull(db, by.who, wanted)))


def _take(by: Caller, changeset: Changeset) -> msgspec.Struct:
    return database.write(by.engine, lambda db: pushing.take(db, by.who, by.device, changeset))


async def _stamped(request: Request, call_next: Callable[[Request], Awaitable[Response]]) -> Response:
    """Put the epoch and the time on every answer; what nobody foresaw is told without what it says."""
    try:
        response = await call_next(request)
    except Exception as error:  # noqa: BLE001  HTTP edge
        frames = traceback.extract_tb(error.__traceback__)
        _log.error("%s at %s:%s", type(error).__name__, frames[-1].filename, frames[-1].lineno)
        response = _problem(Problem.of("fault", status=500))
    try:
        epoch = await run_in_threadpool(_epoch, request.app.state.engine)
    except DBAPIError:
        epoch = ""
    response.headers[EPOCH] = epoch
    response.headers[TIME] = str(now_ms())
    return response


def _epoch(engine: Engine) -> str:
    with database.reading(engine) as db:
        return database.epoch(db)


def _json(value: Any) -> Response:
    return Response(msgspec.json.encode(value), media_type="application/json")


def _lines(packed: bytes) -> Response:
    return Response(packed, media_type=LINES, headers={"Content-Encoding": "zstd"})


def _problem(problem: Problem, headers: dict[str, str] | None = None) -> Response:
    return Response(msgspec.json.encode(problem), problem.status, headers, PROBLEM)


def _tell_protocol(_request: Request, error: Exception) -> Response:
    assert isinstance(error, ProtocolError)
    headers = {"WWW-Authenticate": "Bearer"} if error.problem.status == HTTPStatus.UNAUTHORIZED else None
    return _problem(error.problem, headers)


def _tell_database(_request: Request, error: Exception) -> Response:
    assert isinstance(error, DBAPIError)
    if database.is_busy(error) or error.connection_invalidated:
        return _problem(Problem.of("busy", status=503), {"Retry-After": "2"})
    _log.error("database: %s", type(error.orig).__name__)
    return _problem(Problem.of("fault", status=500))


def _tell_http(_request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    return _problem(Problem.of("no-such-call", status=error.status_code), dict(error.headers or {}))
