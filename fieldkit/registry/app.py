"""The registry over HTTP: the calls of `sync.md`, each authenticated, answered with the epoch and the time."""

from __future__ import annotations

import contextlib
import errno
import logging
from collections.abc import Iterator, Sequence
from functools import partial
from http import HTTPStatus
from pathlib import Path
from typing import Annotated, Final

from fastapi import APIRouter, Depends, FastAPI, Request, Response
from fastapi.responses import HTMLResponse
from fastapi.staticfiles import StaticFiles
from sqlalchemy import Connection, Engine, insert, select, update
from sqlalchemy.exc import DBAPIError
from starlette.exceptions import HTTPException

from fieldkit import __version__
from fieldkit.domain.clock import now_ms
from fieldkit.registry import audit, database, page, tokens, uploads
from fieldkit.registry import digest as digesting
from fieldkit.registry import pull as pulling
from fieldkit.registry import push as pushing
from fieldkit.registry.answers import as_json, as_lines, as_problem
from fieldkit.registry.blobs import Shelf
from fieldkit.registry.door import By, ByKeeper, Caller, Given, caller
from fieldkit.registry.identity import Identity
from fieldkit.registry.metrics import TEXT, Metrics
from fieldkit.registry.openapi import METRICS, PAGE, PULL, PUSH, call, document, lines
from fieldkit.registry.problems import ProtocolError
from fieldkit.registry.tables import device
from fieldkit.registry.throttle import BURST, GUESS_PACE, GUESSES, PACE, Throttle
from fieldkit.registry.watch import Watch
from fieldkit.sync.editions import METADATA, PLACE, TARGETS
from fieldkit.sync.protocol import (
    BASE,
    MAX_BLOB,
    MAX_BODY,
    MAX_CHANGESETS,
    MAX_PACKED,
    PAGE_RECORDS,
    SCHEMA,
    SCHEMAS,
    WELL_KNOWN,
    Changeset,
    DeviceCard,
    DigestRequest,
    Outcome,
    Problem,
    Pulled,
    PullRequest,
    RangeSum,
    Session,
    SessionRequest,
    Welcome,
)

_log = logging.getLogger(__name__)

SEEN_EVERY_MS: Final = 10 * 60_000
"""How exactly the last activity of a laptop is noted."""

routes = APIRouter()


def create_app(
    engine: Engine,
    folder: Path,
    schemas: tuple[int, int] = SCHEMAS,
    identity: Identity | None = None,
    publications: Path | None = None,
) -> FastAPI:
    """The web application on an open database, with attachments in `folder`; `schemas` are those it still serves.

    Where there is an `identity`, its provider vouches for users, besides tokens of our own. `publications` is the
    folder of what is published: signed and public, for whoever asks.
    """
    app = FastAPI(title="fieldkit registry", version=__version__, docs_url=None, redoc_url=None)
    app.state.engine = engine
    app.state.shelf = Shelf(folder)
    app.state.claims = {}
    app.state.metrics = Metrics()
    app.state.throttle = Throttle(PACE, BURST)
    app.state.guesses = Throttle(GUESS_PACE, GUESSES)
    app.state.schemas = schemas
    app.state.identity = identity
    app.include_router(routes)
    app.include_router(uploads.routes)
    if publications is not None:
        for part in (METADATA, TARGETS):  # and nothing else that may lie in the folder
            app.mount(f"{PLACE}/{part}", StaticFiles(directory=publications / part, check_dir=False))
    app.openapi = partial(document, app)  # type: ignore[method-assign]  # as FastAPI says to
    app.add_middleware(Watch, app=app, metrics=app.state.metrics)
    app.add_exception_handler(ProtocolError, _tell_protocol)
    app.add_exception_handler(DBAPIError, _tell_database)
    app.add_exception_handler(OSError, _tell_system)
    app.add_exception_handler(HTTPException, _tell_http)
    return app


@routes.get(WELL_KNOWN, **call(None, Welcome, public=True))
def welcome(request: Request) -> Response:
    """What this registry speaks."""
    limits = {"changesets": MAX_CHANGESETS, "packed": MAX_PACKED, "body": MAX_BODY}
    limits |= {"page": PAGE_RECORDS, "blob": MAX_BLOB}
    identity: Identity | None = request.app.state.identity
    ways = ["token"] if identity is None else ["token", "openid"]
    openid = None if identity is None else identity.openid
    return as_json(Welcome(__version__, BASE, request.app.state.schemas, limits, ways, openid))


@routes.get("/health", **call(None, dict, public=True))
def health(request: Request) -> Response:
    """Whether the database answers."""
    with database.reading(request.app.state.engine) as db:
        return as_json({"ok": True, "epoch": database.epoch(db)})


@routes.get("/", **PAGE)
def overview(request: Request, _who: ByKeeper) -> Response:
    """The page of whoever runs the registry: a browser asks for the token as a password."""
    with database.reading(request.app.state.engine) as db:
        return HTMLResponse(page.render(db), headers=page.HEADERS)


@routes.get("/metrics", **METRICS)
def metrics(request: Request, _who: ByKeeper) -> Response:
    """Figures for Prometheus, for whoever has a token for `registry`."""
    with database.reading(request.app.state.engine) as db:
        return Response(request.app.state.metrics.text(db), media_type=TEXT)


@routes.post(BASE + "/devices", **call(DeviceCard, dict, problems=(413, 507)))
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
        if by.person is not None:
            tokens.admit(db, *by.person)

    if card.user not in ("", by.who.user):
        raise ProtocolError("device-foreign", 403)
    if card.device_id != by.device:
        raise ProtocolError("malformed", 400)
    database.write(by.engine, add)
    return as_json({"device_id": by.device})


@routes.post(BASE + "/session", **call(SessionRequest, Session, problems=(413,)))
def session(by: By, given: Given) -> Response:
    """Where both stand."""
    request = given.one(SessionRequest)
    with database.reading(by.engine) as db:
        answer = as_json(pulling.session(db, by.who, by.device, request.cursors))
    if by.seen_at < now_ms() - SEEN_EVERY_MS:
        with contextlib.suppress(DBAPIError):  # a busy database is no reason to keep a laptop from going on
            database.write(by.engine, lambda db: _see(db, by))
    return answer


@routes.post(BASE + "/push", **PUSH)
def push(request: Request, by: By, given: Given) -> Response:
    """Take changesets, in order. Where one cannot be served, those before it are answered."""
    changesets = given.lines(Changeset)
    if len(changesets) > MAX_CHANGESETS:
        raise ProtocolError("too-large", 413)
    outcomes: list[Outcome] = []
    try:
        for some in pushing.runs(changesets):
            for outcome in _take(by, some):
                outcomes.append(outcome)
    except (ProtocolError, DBAPIError):
        if not outcomes:
            raise
    return as_lines(request, outcomes)


@routes.post(BASE + "/pull", **PULL)
def pull(request: Request, by: By, given: Given) -> Response:
    """Give records out. Refused to an app that could not read them."""
    oldest = request.app.state.schemas[0]
    schema = request.headers.get(SCHEMA, "")
    if not schema.isdecimal() or int(schema) < oldest:
        raise ProtocolError("schema-too-old", 426)
    wanted = given.one(PullRequest)
    with database.reading(by.engine) as db:
        return as_lines(request, pulling.pull(db, by.who, wanted))


@routes.post(BASE + "/digest", **lines(DigestRequest, Pulled, RangeSum, problems=(413,)))
def digest(request: Request, by: By, given: Given) -> Response:
    """Sum a range of a scope up, to find and mend what a laptop lacks."""
    wanted = given.one(DigestRequest)
    with database.reading(by.engine) as db:
        return as_lines(request, digesting.digest(db, by.who, wanted))


def _see(db: Connection, by: Caller) -> None:
    db.execute(update(device).where(device.c.id == by.device).values(seen_at=now_ms()))
    if by.person is not None:
        tokens.admit(db, *by.person)


def _take(by: Caller, changesets: Sequence[Changeset]) -> Iterator[Outcome]:
    """Take changesets in one transaction; one by one where that fails, so that each stands for itself."""
    try:
        yield from database.write(by.engine, lambda db: pushing.take_all(db, by.who, by.device, changesets))
    except (ProtocolError, DBAPIError):
        if len(changesets) == 1:
            raise
        for one in changesets:
            yield from _take(by, [one])


def _tell_protocol(request: Request, error: Exception) -> Response:
    assert isinstance(error, ProtocolError)
    scheme = "Bearer" if request.url.path.startswith(BASE) else 'Basic realm="Fieldkit", charset="UTF-8"'
    headers = {"WWW-Authenticate": scheme} if error.problem.status == HTTPStatus.UNAUTHORIZED else {}
    return as_problem(error.problem, headers | ({"Retry-After": str(error.wait)} if error.wait else {}))


def _tell_database(_request: Request, error: Exception) -> Response:
    assert isinstance(error, DBAPIError)
    if database.is_busy(error) or error.connection_invalidated:
        return as_problem(Problem.of("busy", status=503), {"Retry-After": "2"})
    if database.is_full(error):
        return as_problem(Problem.of("full", status=507))
    _log.error("database: %s", type(error.orig).__name__)
    return as_problem(Problem.of("fault", status=500))


def _tell_system(_request: Request, error: Exception) -> Response:
    assert isinstance(error, OSError)
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return as_problem(Problem.of("full", status=507))
    _log.error("system: %s", errno.errorcode.get(error.errno or 0, type(error).__name__))
    return as_problem(Problem.of("fault", status=500))


def _tell_http(_request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    return as_problem(Problem.of("no-such-call", status=error.status_code), dict(error.headers or {}))
