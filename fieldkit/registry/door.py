"""The door of the registry: who calls, from which device, and what they brought."""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Annotated, Final, TypeVar

import msgspec
from fastapi import Depends, Request
from sqlalchemy import Connection, Engine, select

from fieldkit.registry import accounts, database, tokens
from fieldkit.registry.identity import Identity, Person, is_signed
from fieldkit.registry.problems import ProtocolError
from fieldkit.registry.tables import device
from fieldkit.sync.protocol import DEVICE, EPOCH, MAX_PACKED, unpack

T = TypeVar("T", bound=msgspec.Struct)

_DEVICE: Final = re.compile(r"[0-9a-f]{16}")


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls, from which device."""

    who: tokens.Holder
    device: str
    engine: Engine
    person: Person | None = None
    """As the OpenID provider tells, where it vouches for them."""
    seen_at: int = 0
    """When the device was last heard of, in milliseconds since 1970, to about ten minutes."""


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
    who, current = _holder(request)
    if request.headers.get(EPOCH, current) != current:
        raise ProtocolError("epoch-changed", 409)
    device_id = request.headers.get(DEVICE, "")
    if not _DEVICE.fullmatch(device_id):
        raise ProtocolError("malformed", 400)
    return Caller(who, device_id, engine, request.state.person)


def keeper(request: Request) -> tokens.Holder:
    """Who runs the registry, by Bearer token or as the password of Basic. Raises ProtocolError 401 or 403."""
    who, _epoch = _holder(request)
    if not who.keeper:
        raise ProtocolError("scope-denied", 403)
    return who


def known_caller(by: Annotated[Caller, Depends(caller)]) -> Caller:
    """A caller whose device is registered, to this very user. Raises ProtocolError."""
    with database.reading(by.engine) as db:
        known = db.execute(
            select(device.c.sub, device.c.seen_at).where(device.c.id == by.device)
        ).one_or_none()
    if known is None:
        raise ProtocolError("device-unknown", 409)
    if known.sub != by.who.user:
        raise ProtocolError("device-foreign", 403)
    return replace(by, seen_at=known.seen_at)


ByKeeper = Annotated[tokens.Holder, Depends(keeper)]
By = Annotated[Caller, Depends(known_caller)]
Given = Annotated[Body, Depends(body)]


def _holder(request: Request) -> tuple[tokens.Holder, str]:
    """Who shows a valid token, and the epoch. Raises ProtocolError 401, and 429 for too many requests."""
    state = request.app.state
    try:
        person = _person(state.identity, secret := _secret(request))
        with database.reading(state.engine) as db:
            request.state.epoch = epoch = database.epoch(db)
            who = tokens.holder(db, secret) if person is None else _vouched_for(db, person)
    except ProtocolError as error:
        if error.problem.status == HTTPStatus.UNAUTHORIZED:
            state.guesses.take(request.client.host if request.client else "")
        raise
    state.throttle.take(who.user)
    request.state.user = who.user
    request.state.person = person
    return who, epoch


def _person(identity: Identity | None, secret: str) -> Person | None:
    """Whom a token of the provider speaks of; None for one of our own. Raises ProtocolError 401 or 503."""
    return identity.person(secret) if identity is not None and is_signed(secret) else None


def _vouched_for(db: Connection, person: Person) -> tokens.Holder:
    if accounts.is_erased(db, person.user):
        raise ProtocolError("account-erased", 401)
    return tokens.signed_in(db, person.user)


def _secret(request: Request) -> str:
    scheme, _space, secret = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        return secret.strip()
    if scheme.lower() != "basic":
        return ""
    try:
        return base64.b64decode(secret.strip(), validate=True).decode().partition(":")[2]
    except ValueError:
        return ""
