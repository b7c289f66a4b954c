"""Attachments over HTTP: resumable uploads by the protocol tus 1.0 (https://tus.io), and their bytes back.

The size of an upload's file is its offset, so that what came before a cut is never asked for again. Whoever asks for
an offset, or sends more, waits for an earlier request on the same upload to end, and ends it where it has gone
silent: its connection may be dead without knowing.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
import contextlib
import datetime as dt
import os
import time
from email.utils import format_datetime
from typing import BinaryIO, Final, Self

from fastapi import APIRouter, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import FileResponse
from starlette.requests import ClientDisconnect

from fieldkit.registry import blobs, database
from fieldkit.registry.blobs import Shelf, Upload
from fieldkit.registry.door import By, Caller
from fieldkit.registry.openapi import BLOB, TUS_CREATE, TUS_HEAD, TUS_OPTIONS, TUS_PATCH
from fieldkit.registry.problems import ProtocolError
from fieldkit.sync.protocol import BASE, MAX_BLOB

VERSION: Final = "1.0.0"
SILENCE_SECONDS: Final = 3.0
AT_ONCE: Final = 64 << 10
"""Up to so many bytes that come whole with their creation are put away in one go."""
UPLOADS: Final = BASE + "/uploads"
_ONE: Final = UPLOADS + "/{upload_id}"
_BLOB: Final = BASE + "/blobs/{sha256}"
_TUS: Final = {"Tus-Resumable": VERSION}
_PIECE: Final = "application/offset+octet-stream"

routes = APIRouter()


class Claim:
    """The right of one request to send to an upload, for as long as its block lasts and it is not silent."""

    def __init__(self, upload_id: str, claims: dict[str, Claim]) -> None:
        self._id = upload_id
        self._claims = claims
        self.heard = time.monotonic()
        self.ended = asyncio.Event()
        claims[upload_id] = self

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_fault: object) -> None:
        self.ended.set()
        if self._claims.get(self._id) is self:
            del self._claims[self._id]

    def holds(self) -> bool:
        """Whether nobody took the upload over; says that something was heard."""
        self.heard = time.monotonic()
        return self._claims.get(self._id) is self


@routes.options(UPLOADS, **TUS_OPTIONS)
def abilities() -> Response:
    """What of tus this registry speaks."""
    about = {
        "Tus-Version": VERSION,
        "Tus-Extension": "creation,creation-with-upload,expiration",
        "Tus-Max-Size": str(MAX_BLOB),
    }
    return Response(status_code=204, headers={**_TUS, **about})


@routes.post(UPLOADS, **TUS_CREATE)
async def create(request: Request, by: By) -> Response:
    """Begin an upload of `Upload-Length` bytes with the `sha256` of `Upload-Metadata`; take what comes along."""
    _speak_tus(request)
    length = _number(request, "upload-length")
    if length > MAX_BLOB:
        raise ProtocolError("too-large", 413)
    about = (by.engine, _shelf(request), by.who, _digest(request))
    pieces = request.headers.get("content-type") == _PIECE
    if pieces and length <= AT_ONCE and request.headers.get("content-length") == str(length):
        new = await run_in_threadpool(blobs.take_whole, *about, await request.body())
        return _created(new, length)
    new = await run_in_threadpool(blobs.begin, *about, length)
    come = 0
    if pieces:
        with Claim(new.id, request.app.state.claims) as claim:
            come = await _take(request, new, claim, come)
    if come == length:
        await run_in_threadpool(blobs.complete, by.engine, _shelf(request), new)
    return _created(new, come)


@routes.head(_ONE, **TUS_HEAD)
async def offset(request: Request, by: By, upload_id: str) -> Response:
    """How much has come. What is whole without having been put away, for a crash, is put away now."""
    upload = await _found(request, by, upload_id)
    await _alone(request, upload.id)
    come = _come(request, upload)
    if come == upload.length and not upload.stored:
        await run_in_threadpool(blobs.complete, by.engine, _shelf(request), upload)
    about = {"Upload-Offset": str(come), "Upload-Length": str(upload.length), "Cache-Control": "no-store"}
    return Response(status_code=200, headers={**about, **_state(upload)})


@routes.patch(_ONE, **TUS_PATCH)
async def append(request: Request, by: By, upload_id: str) -> Response:
    """Take the next bytes; with the last ones, hash the whole before saying that it is stored."""
    if request.headers.get("content-type") != _PIECE:
        raise ProtocolError("malformed", 415)
    upload = await _found(request, by, upload_id)
    with await _claim(request, upload.id) as claim:
        come = _come(request, upload)
        if _number(request, "upload-offset") != come:
            raise ProtocolError("offset-differs", 409, expected=come)
        if come < upload.length:
            come = await _take(request, upload, claim, come)
    if come == upload.length and not upload.stored:
        await run_in_threadpool(blobs.complete, by.engine, _shelf(request), upload)
    return Response(status_code=204, headers={"Upload-Offset": str(come), **_state(upload)})


@routes.post(_ONE, include_in_schema=False)
async def append_by_post(request: Request, by: By, upload_id: str) -> Response:
    """PATCH for networks that let only GET and POST through."""
    if request.headers.get("x-http-method-override", "").upper() != "PATCH":
        raise ProtocolError("no-such-call", 405)
    return await append(request, by, upload_id)


@routes.get(_BLOB, **BLOB)
@routes.head(_BLOB, **BLOB)
def blob(request: Request, by: By, sha256: str) -> Response:
    """An attachment's bytes, whole or a `Range` of them."""
    if not blobs.SHA256.fullmatch(sha256):
        raise ProtocolError("no-such-blob", 404)
    with database.reading(by.engine) as db:
        allowed = blobs.may_read(db, by.who, sha256)
    place = _shelf(request).blob(sha256)
    if not (allowed and place.exists()):
        raise ProtocolError("no-such-blob", 404)
    return FileResponse(
        place, media_type="application/octet-stream", headers={"X-Content-Type-Options": "nosniff"}
    )


async def _found(request: Request, by: Caller, upload_id: str) -> Upload:
    _speak_tus(request)
    return await run_in_threadpool(blobs.find, by.engine, by.who, upload_id)


def _come(request: Request, upload: Upload) -> int:
    return upload.length if upload.stored else _shelf(request).offset(upload.id, upload.sha256)


async def _alone(request: Request, upload_id: str) -> None:
    """Wait until nobody else sends to this upload."""
    claims = request.app.state.claims
    while (other := claims.get(upload_id)) is not None:
        patience = other.heard + SILENCE_SECONDS - time.monotonic()
        if patience <= 0:
            del claims[upload_id]
            return
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(other.ended.wait(), patience)


async def _claim(request: Request, upload_id: str) -> Claim:
    await _alone(request, upload_id)
    return Claim(upload_id, request.app.state.claims)


async def _take(request: Request, upload: Upload, claim: Claim, come: int) -> int:
    """Add the body to the upload, and have it on the disk. Returns the offset that was reached."""
    with _shelf(request).upload(upload.id).open("ab", buffering=0) as file:
        come = await _receive(request, upload, claim, file, come)
        await run_in_threadpool(os.fsync, file.fileno())
    return come


async def _receive(request: Request, upload: Upload, claim: Claim, file: BinaryIO, come: int) -> int:
    """Write the body as it comes. Returns the offset that was reached, also where the connection broke."""
    with contextlib.suppress(ClientDisconnect):
        async for piece in request.stream():
            if come + len(piece) > upload.length:
                raise ProtocolError("too-large", 413)
            if not claim.holds():
                raise ProtocolError("upload-taken-over", 423)
            file.write(piece)  # into the page cache: short, and nothing may come between the claim and it
            come += len(piece)
    return come


def _shelf(request: Request) -> Shelf:
    shelf: Shelf = request.app.state.shelf
    return shelf


def _created(new: Upload, come: int) -> Response:
    about = {"Location": f"{UPLOADS}/{new.id}", "Upload-Offset": str(come)}
    return Response(status_code=201, headers={**about, **_state(new)})


def _state(upload: Upload) -> dict[str, str]:
    until = dt.datetime.fromtimestamp(upload.until / 1000, dt.UTC)
    return {**_TUS, "Upload-Expires": format_datetime(until, usegmt=True)}


def _speak_tus(request: Request) -> None:
    if request.headers.get("tus-resumable") != VERSION:
        raise ProtocolError("tus-version", 412)


def _number(request: Request, header: str) -> int:
    text = request.headers.get(header, "")
    if not (text.isascii() and text.isdecimal() and len(text) < 16):
        raise ProtocolError("malformed", 400)
    return int(text)


def _digest(request: Request) -> str:
    """The digest that `Upload-Metadata` promises. Raises ProtocolError `malformed`."""
    pairs = (pair.strip().partition(" ") for pair in request.headers.get("upload-metadata", "").split(","))
    told = {key: value for key, _space, value in pairs}
    try:
        digest = base64.b64decode(told.get("sha256", ""), validate=True).decode("ascii")
    except (binascii.Error, ValueError):
        digest = ""
    if not blobs.SHA256.fullmatch(digest):
        raise ProtocolError("malformed", 400)
    return digest
