"""The registry over HTTP, as a laptop calls it. The only room that speaks HTTP.

Each trouble of the network is a KnownError with its own sentence; what the protocol itself answers is a
ProblemError, for the engine to act on. Every call may safely be repeated, and is, where the network failed.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable, Generator, Iterable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final, Protocol, Self, TypeVar

import httpx
import msgspec
import stamina

from fieldkit import __version__
from fieldkit.errors import KnownError
from fieldkit.i18n import _
from fieldkit.sync import troubles
from fieldkit.sync.network import is_safe, tls
from fieldkit.sync.protocol import (
    BASE,
    DEVICE,
    EPOCH,
    LINES,
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
    Trailer,
    Welcome,
    pack,
)

T = TypeVar("T")

STALL_SECONDS: Final = 30
CONNECT_SECONDS: Final = 10
ATTEMPTS: Final = 3

_PROTOCOL: Final = {
    "seq-gap",
    "device-forked",
    "device-unknown",
    "epoch-changed",
    "cursor-expired",
    "too-large",
    "offset-differs",
    "digest-differs",
    "upload-taken-over",
}
_TUS: Final = {"Tus-Resumable": "1.0.0"}
_PIECE: Final = {"Content-Type": "application/offset+octet-stream"}
_NAME: Final = re.compile("[0-9A-Za-z_-]{1,64}")
_PASSING: Final = (httpx.ConnectError, httpx.ReadError, httpx.WriteError, httpx.RemoteProtocolError)


class ProblemError(Exception):
    """The registry wants the engine to do something else first; `problem.code` says what."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.code)
        self.problem = problem


class NotThereError(ProblemError):
    """What was asked for is not on the registry, or not any more."""


class Bearer(Protocol):
    """What proves who calls: a token that may have to be renewed now and then."""

    def token(self) -> str:
        """One that should do."""
        ...

    def renewed(self) -> str | None:
        """Another one, for that was refused; None where there is no way to get one."""
        ...


class _Signed(httpx.Auth):
    def __init__(self, bearer: Bearer) -> None:
        self._bearer = bearer

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        request.headers["Authorization"] = f"Bearer {self._bearer.token()}"
        response = yield request
        refused = response.status_code == HTTPStatus.UNAUTHORIZED and EPOCH in response.headers
        if refused and (fresh := self._bearer.renewed()) is not None:
            request.headers["Authorization"] = f"Bearer {fresh}"
            yield request


@dataclass(frozen=True, slots=True)
class Token:
    """A token that was handed out, and that nothing renews."""

    text: str

    def token(self) -> str:
        """It."""
        return self.text

    def renewed(self) -> None:
        """No other one."""


class Registry:
    """One registry, for one user and device. Use as a context manager."""

    def __init__(
        self, url: str, bearer: str | Bearer, *, transport: httpx.BaseTransport | None = None
    ) -> None:
        self.device = ""
        """The identity of this laptop, for every call."""
        self.epoch: str | None = None
        """Sent along once known, so that a registry restored in the meantime refuses."""
        timeout = httpx.Timeout(STALL_SECONDS, connect=CONNECT_SECONDS)
        self._http = httpx.Client(
            base_url=checked_url(url),
            headers={
                "User-Agent": f"fieldkit/{__version__}",
                SCHEMA: str(SCHEMAS[1]),
            },
            timeout=timeout,
            transport=transport,
            verify=tls(),
            auth=_Signed(Token(bearer) if isinstance(bearer, str) else bearer),
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_fault: object) -> None:
        self._http.close()

    def register(self, user: str | None = None) -> None:
        """Make this device known, as that of `user` where the laptop knows whose it is."""
        self._call(
            "/devices", [DeviceCard(self.device, "", f"fieldkit {__version__}", SCHEMAS[1], user or "")]
        )

    def session(self, cursors: Mapping[str, int]) -> Session:
        """Where the registry stands."""
        self.epoch = None
        answer = self._call("/session", [SessionRequest(dict(cursors))])
        session = _decoded(answer, lambda data: msgspec.json.decode(data, type=Session))
        self.epoch = session.epoch
        return session

    def push(self, changesets: Iterable[Changeset]) -> list[Outcome]:
        """One outcome for each changeset, in order; fewer where the registry stopped on the way."""
        answer = self._call("/push", changesets)
        return _decoded(answer, msgspec.json.Decoder(Outcome).decode_lines)

    def pull(self, request: PullRequest) -> tuple[list[Pulled], list[Trailer]]:
        """One page: records, and where each scope stands after it."""
        answer = self._call("/pull", [request])
        lines = _decoded(answer, msgspec.json.Decoder(Pulled | Trailer).decode_lines)
        records = [line for line in lines if isinstance(line, Pulled)]
        trailers = [line for line in lines if isinstance(line, Trailer)]
        if {trailer.scope for trailer in trailers} != request.cursors.keys():
            raise troubles.not_a_registry()
        return records, trailers

    def digest(self, request: DigestRequest) -> tuple[list[Pulled], list[RangeSum]]:
        """The sums of a range's parts, or with `records` its records and the sum of those given."""
        answer = self._call("/digest", [request])
        lines = _decoded(answer, msgspec.json.Decoder(Pulled | RangeSum).decode_lines)
        sums = [line for line in lines if isinstance(line, RangeSum)]
        if not sums or sums[0].after != request.after:
            raise troubles.not_a_registry()
        return [line for line in lines if isinstance(line, Pulled)], sums

    def has(self, sha256: str) -> bool:
        """Whether the registry has the bytes of this digest, and gives them to this user."""
        try:
            self._send("HEAD", f"/blobs/{sha256}")
        except NotThereError:
            return False
        return True

    def fetch(self, sha256: str) -> bytes | None:
        """The bytes of this digest; None where the registry does not have them, or gave others."""
        try:
            content = self._send("GET", f"/blobs/{sha256}").content
        except NotThereError:
            return None
        return content if hashlib.sha256(content).hexdigest() == sha256 else None

    def begin(self, sha256: str, size: int, first: bytes) -> tuple[str, int]:
        """Begin an upload (tus 1.0, creation with upload) with its `first` bytes: its name, and how many came."""
        about = {
            "Upload-Length": str(size),
            "Upload-Metadata": "sha256 " + base64.b64encode(sha256.encode()).decode(),
        }
        answer = self._send("POST", "/uploads", first, {**_TUS, **_PIECE, **about})
        name = answer.headers.get("location", "").rpartition("/")[2]
        if not _NAME.fullmatch(name):
            raise troubles.not_a_registry()
        return name, _offset(answer, size)

    def offset(self, upload: str, size: int) -> int:
        """How many bytes of an upload have come; all of them where the registry has put it away."""
        return _offset(self._send("HEAD", f"/uploads/{upload}", None, _TUS), size)

    def append(self, upload: str, offset: int, piece: bytes, size: int) -> int:
        """Send the bytes from `offset` on, once. Returns how many have come."""
        headers = {**_TUS, **_PIECE, "Upload-Offset": str(offset)}
        return _offset(self._send("PATCH", f"/uploads/{upload}", piece, headers, attempts=1), size)

    def _call(self, path: str, lines: Iterable[msgspec.Struct]) -> httpx.Response:
        return self._send("POST", path, pack(lines), {"Content-Type": LINES, "Content-Encoding": "zstd"})

    def _send(
        self,
        method: str,
        path: str,
        body: bytes | None = None,
        about: Mapping[str, str] | None = None,
        attempts: int = ATTEMPTS,
    ) -> httpx.Response:
        headers = {DEVICE: self.device, **(about or {})}
        if self.epoch:
            headers[EPOCH] = self.epoch
        try:
            for attempt in stamina.retry_context(is_passing, attempts, wait_initial=0.2, wait_jitter=0.2):
                with attempt:
                    response = self._http.request(method, BASE + path, content=body, headers=headers)
        except httpx.HTTPError as error:
            raise troubles.of_transport(error) from error
        if response.is_success and EPOCH in response.headers:
            return response
        raise _fault(response)


def welcome(url: str) -> Welcome:
    """What a registry says of itself to anybody. Raises KnownError `registry-address`, or that of the trouble met."""
    try:
        with httpx.Client(base_url=checked_url(url), verify=tls(), timeout=CONNECT_SECONDS) as http:
            response = http.get(WELL_KNOWN)
    except httpx.HTTPError as error:
        raise troubles.of_transport(error) from error
    if response.is_success and EPOCH in response.headers:
        return _decoded(response, msgspec.json.Decoder(Welcome).decode)
    raise _fault(response)


def checked_url(url: str) -> str:
    """The address of a registry, without a slash at its end.

    Raises KnownError `registry-address` where it is none, or is plain HTTP to another computer.
    """
    if is_safe(url.strip()):
        return url.strip().rstrip("/")
    raise KnownError(
        "registry-address",
        _("Cette adresse de registre n'est pas acceptée."),
        _("Elle commence par https:// ; http:// n'est permis que sur ce poste."),
    )


def is_passing(error: Exception) -> bool:
    """Whether a call that failed so is worth repeating at once."""
    return isinstance(error, _PASSING) and troubles.certificate_refusal(error) is None


def _decoded(response: httpx.Response, decode: Callable[[bytes], T]) -> T:
    try:
        return decode(response.content)
    except ValueError as error:
        raise troubles.not_a_registry() from error


def _offset(response: httpx.Response, size: int) -> int:
    """The offset that an answer tells, within `size`."""
    told = response.headers.get("upload-offset", "")
    if not (told.isascii() and told.isdecimal() and len(told) < 16 and int(told) <= size):
        raise troubles.not_a_registry()
    return int(told)


def _fault(response: httpx.Response) -> Exception:
    """What an answer that is not a success means."""
    if EPOCH not in response.headers:
        if response.status_code == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:  # of a gate before the registry
            return ProblemError(Problem.of("too-large"))
        return troubles.of_stranger(response.status_code, response.headers.get("content-type", ""))
    try:
        problem = msgspec.json.decode(response.content, type=Problem)
    except ValueError:
        problem = Problem.of("fault")
    if response.status_code in (HTTPStatus.NOT_FOUND, HTTPStatus.GONE) and problem.code not in _PROTOCOL:
        return NotThereError(problem)
    if problem.code in _PROTOCOL:
        return ProblemError(problem)
    return troubles.of_problem(problem.code)
