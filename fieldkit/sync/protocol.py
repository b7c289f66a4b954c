"""What travels between laptop and registry: the words of `sync.md` as types, shared by both sides.

Bodies are lines of JSON (NDJSON), packed with zstd. Stamps, scopes and records are those of `sync.md`.
"""

from __future__ import annotations

import hashlib
import re
import zlib
from collections.abc import Iterable, Mapping
from typing import Annotated, Any, Final, Literal

import msgspec
import zstandard
from msgspec import Meta, Raw, Struct

WELL_KNOWN: Final = "/.well-known/fieldkit"
BASE: Final = "/api/sync/v1"
LINES: Final = "application/x-ndjson"
PROBLEM: Final = "application/problem+json"
PRIVATE: Final = "user:me"
"""A laptop's name for the scope of its own user."""
SCHEMAS: Final = (1, 1)
"""Oldest and newest shape of ops that this version reads."""

DEVICE: Final = "Fieldkit-Device"
SCHEMA: Final = "Fieldkit-Schema"
EPOCH: Final = "Fieldkit-Epoch"
TIME: Final = "Fieldkit-Time"

MAX_CHANGESETS: Final = 500
MAX_PACKED: Final = 8 << 20
MAX_BODY: Final = 32 << 20
MAX_CHANGESET: Final = 1 << 20
PAGE_RECORDS: Final = 5_000
PAGE_BYTES: Final = 2 << 20
MAX_BLOB: Final = 32 << 20
MAX_PARTS: Final = 256
SUM_SPACE: Final = 1 << 62
"""Sums of records are taken modulo this."""

_USER: Final = re.compile(r"[\w.@|~+=-]{1,64}")

_PROBLEM_TYPE: Final = "urn:fieldkit:problem:"


Natural = Annotated[int, Meta(ge=0, le=2**62)]
Identity = Annotated[str, Meta(max_length=36, pattern=r"^[0-9a-f-]*$")]
LAST_ID: Final = "ffffffff-ffff-ffff-ffff-ffffffffffff"
Line = Annotated[str, Meta(max_length=40, pattern=r"^[^\x00-\x1f]*$")]
UserName = Annotated[str, Meta(max_length=64, pattern=r"^[^\x00-\x1f]*$")]


class Problem(Struct, omit_defaults=True, kw_only=True):
    """RFC 9457: what is wrong with a request, or why a changeset was refused."""

    type: str
    title: str = ""
    status: int = 0
    detail: str = ""
    expected: int = 0
    """With `seq-gap`: the seq that the registry waits for."""

    @classmethod
    def of(
        cls, code: str, title: str = "", *, status: int = 0, detail: str = "", expected: int = 0
    ) -> Problem:
        """A problem by its short name."""
        return cls(type=_PROBLEM_TYPE + code, title=title, status=status, detail=detail, expected=expected)

    @property
    def code(self) -> str:
        """Its short name, such as `seq-gap`."""
        return self.type.removeprefix(_PROBLEM_TYPE)


class Op(Struct):
    """One write to one record, as `store.changes` makes it."""

    t: str
    i: str
    s: str
    op: Literal["create", "set", "archive", "restore"]
    st: str
    d: dict[str, Any] = {}
    c: dict[str, tuple[Any, Any, str | None]] = {}
    v: dict[str, str] = {}
    """Stamps that the writer had seen besides those of the cells, where the merge asks for them."""


class Changeset(Struct):
    """One local transaction. `ops` stays the very bytes that the laptop keeps: their digest is its identity."""

    seq: Annotated[int, Meta(ge=1, le=2**62)]
    v: int
    ops: Raw


class Outcome(Struct, omit_defaults=True):
    """What became of one changeset. `upto` gives the head of each touched scope just after it."""

    seq: int
    status: Literal["ok", "refused", "dup"]
    upto: dict[str, int] = {}
    conflicts: list[str] = []
    problem: Problem | None = None
    quarantine: str | None = None
    first: Outcome | None = None
    """With `dup`: the answer of the first time."""

    @property
    def real(self) -> Outcome:
        """The outcome itself, also where this one only repeats it."""
        return self.first or self


class DeviceCard(Struct):
    """A laptop that makes itself known."""

    device_id: str
    name: Line
    app: Line
    schema: int
    user: UserName = ""
    """Whose field data these are, where the laptop knows: it is not registered to anybody else."""


class SessionRequest(Struct):
    """Where a laptop stands in each scope."""

    cursors: dict[str, Natural]


class ScopeState(Struct):
    """A scope that the user may read, and the seq of its newest change."""

    id: str
    role: str
    head: int
    n: int = 0
    """How many records it has."""
    sum: int = 0
    """The `record_sum` of all of them, added up modulo SUM_SPACE."""


class Session(Struct):
    """Where the registry stands: the last changeset it has of this device, and every scope of this user."""

    epoch: str
    time: int
    user: str
    last_seq: int
    last_digest: str
    scopes: list[ScopeState]
    revoked: list[str]


class PullRequest(Struct):
    """The scopes to pull, each from after its cursor."""

    cursors: dict[str, Natural]
    limit: Natural = PAGE_RECORDS


class Pulled(Struct, tag="r", tag_field="k", omit_defaults=True):
    """The latest state of one record; `d` and `st` are maps of values and of stamps."""

    t: str
    i: str
    s: str
    rev: int
    d: Raw
    st: Raw
    a: bool = False

    @property
    def erased(self) -> bool:
        """Whether the record was erased for good: put away, and nobody ever wrote it (its `st` is empty).

        An app that does not know this shows a record without content.
        """
        return self.a and bytes(self.st) == b"{}"


class Trailer(Struct, tag="s", tag_field="k"):
    """The end of one scope's part of a page: the next cursor, and whether more waits behind it."""

    scope: str
    next: int
    more: bool
    head: int
    n: int = 0
    sum: int = 0


class DigestRequest(Struct):
    """Sum up a range of a scope's records, `after` < identity <= `upto`, cut into so many `parts`.

    With `records` the records themselves, as far as one page holds them: the way to mend a small range.
    """

    scope: str
    after: Identity = ""
    upto: Identity = LAST_ID
    parts: Annotated[int, Meta(ge=1, le=MAX_PARTS)] = 16
    records: bool = False


class RangeSum(Struct, tag="d", tag_field="k"):
    """The records of a range: how many they are, and their sum."""

    after: str
    upto: str
    n: int
    sum: int


class OpenId(Struct):
    """The OpenID provider that vouches for a registry's users, and how an app asks it."""

    issuer: str
    client_id: str
    audience: str = ""
    """Whom access tokens must be for; without, the ID token is what the registry is shown."""
    scope: str = "openid profile offline_access"
    prompt: str = "login consent"
    """`login`: never silently as whoever used this computer's browser before. `consent`: without it a provider true to
    OpenID Connect Core (11) ignores `offline_access`; some others take one word only."""
    port: int = 0
    """The port of the loopback redirect, where the provider compares it; 0 is any free one."""


class Welcome(Struct, omit_defaults=True):
    """What a registry says of itself to anybody."""

    fieldkit: str
    protocol: str
    schemas: tuple[int, int]
    limits: dict[str, int]
    sign_in: list[str]
    """Ways to prove who one is: `token`, and `openid` where `openid` says with whom."""
    openid: OpenId | None = None


def pack(items: Iterable[Struct]) -> bytes:
    """`items` as lines of JSON, packed with zstd."""
    return zstandard.compress(msgspec.json.Encoder().encode_lines(list(items)))


def unpack(data: bytes, encoding: str | None, limit: int = MAX_BODY) -> bytes:
    """A body as it was before packing. Raises ValueError if it is damaged, OverflowError beyond `limit`."""
    if encoding in (None, "", "identity"):
        plain = data
    elif encoding == "gzip":
        plain = _inflate(data, limit)
    elif encoding == "zstd":
        plain = _unzstd(data, limit)
    else:
        raise ValueError(encoding)
    if len(plain) > limit:
        raise OverflowError
    return plain


def record_sum(
    record_type: str,
    identity: str,
    rev: int,
    doc: Mapping[str, Any],
    stamps: Mapping[str, str],
    archived: bool,
) -> int:
    """A number that stands for one record as the registry holds it, below SUM_SPACE."""
    whole = [record_type, identity, rev, archived, doc, stamps]
    digest = hashlib.blake2b(msgspec.json.encode(whole, order="deterministic"), digest_size=8).digest()
    return int.from_bytes(digest) % SUM_SPACE


def user_of(subject: str) -> str:
    """The user that a registry calls an OpenID provider's `sub`: the same text, or a digest of one that is no name."""
    if _USER.fullmatch(subject):
        return subject
    return "sub-" + hashlib.sha256(subject.encode()).hexdigest()[:40]


def own_scopes(scopes: Mapping[str, Any], user: str) -> dict[str, Any]:
    """A map by scope as the laptop of `user` names them: its own scope is `user:me`."""
    return {PRIVATE if scope == f"user:{user}" else scope: value for scope, value in scopes.items()}


def _inflate(data: bytes, limit: int) -> bytes:
    inflater = zlib.decompressobj(31)
    try:
        plain = inflater.decompress(data, limit + 1)
    except zlib.error as error:
        raise ValueError("gzip") from error
    if len(plain) <= limit and not inflater.eof:
        raise ValueError("gzip")
    return plain


def _unzstd(data: bytes, limit: int) -> bytes:
    try:
        size = zstandard.get_frame_parameters(data).content_size
        plain = zstandard.ZstdDecompressor(max_window_size=MAX_BODY).stream_reader(data).read(limit + 1)
    except zstandard.ZstdError as error:
        raise ValueError("zstd") from error
    if len(plain) <= limit and size not in (len(plain), zstandard.CONTENTSIZE_UNKNOWN):
        raise ValueError("zstd")  # cut short
    return plain
