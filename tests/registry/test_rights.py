"""Who may do what: every call, every role, own scopes and foreign ones; and what the hostile send."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any, NamedTuple

import httpx
import pytest
import zstandard
from fastapi.routing import APIRoute
from sqlalchemy import select, update

from fieldkit.domain.clock import now_ms
from fieldkit.registry import app, tokens, uploads
from fieldkit.registry.database import reading, write
from fieldkit.registry.tables import metadata, person, record, token
from fieldkit.sync.protocol import BASE, MAX_BODY, user_of
from tests.registry.caller import LOOPBACK, Caller, lines_of, problem_of
from tests.registry.live import LiveRegistry
from tests.registry.openid_provider import ABSENT
from tests.registry.test_uploads import PIECE, TUS, begin, give

PHOTO = b"a photo of department 72"
THERE = f"{BASE}/blobs/{hashlib.sha256(PHOTO).hexdigest()}"


class Side(NamedTuple):
    """A registry with a record and a photo in department 72 and in Owner's own scope, and who calls it."""

    callers: dict[str, Caller]
    practice: dict[str, Any]
    upload: str


@pytest.fixture
def way() -> str:
    """How callers prove who they are, where a test does not say."""
    return "token"


@pytest.fixture
def side(registry: LiveRegistry, way: str) -> Iterator[Side]:
    rights = {
        "owner": ("dept:72", tokens.WRITER),
        "writer": ("dept:72", tokens.WRITER),
        "reader": ("dept:72", tokens.READER),
        "stranger": ("dept:44", tokens.WRITER),
        "keeper": ("registry", tokens.READER),
    }
    with ExitStack() as stack:
        callers = {
            name: stack.enter_context(
                Caller(registry.url, proof(registry, way, name, scope, role), f"{n:016x}")
            )
            for n, (name, (scope, role)) in enumerate(rights.items())
        }
        owner = callers["owner"]
        practice = owner.create(name="72", sha256=hashlib.sha256(PHOTO).hexdigest())
        give(owner, PHOTO)
        owner.push((1, [practice, owner.create("note", "user:me", text="à moi")]))
        yield Side(callers, practice, begin(owner, b"unfinished").headers["Location"])


def proof(registry: LiveRegistry, way: str, user: str, scope: str, role: str) -> str:
    """What `user` shows to call, having been given a role in a scope."""
    if way == "token":
        return registry.token(user, scope, role=role)
    write(registry.engine, lambda db: tokens.set_grant(db, user, scope, role, None))
    return ABSENT.sign(sub=user, name=user, role="writer", scope="dept:72 dept:44 registry")


ALLOWED = {
    "pull": {"owner", "writer", "reader"},
    "digest": {"owner", "writer", "reader"},
    "push": {"owner", "writer"},
    "blob": {"owner", "writer", "reader"},
    "upload": {"owner"},
    "metrics": {"keeper"},
    "page": {"keeper"},
    "session": {"owner", "writer", "reader"},
}


@pytest.mark.parametrize("way", ["token", "openid"])
@pytest.mark.parametrize("role", ["owner", "writer", "reader", "stranger", "keeper"])
@pytest.mark.parametrize("call", sorted(ALLOWED))
def test_each_role_in_a_department(side: Side, role: str, call: str) -> None:
    caller = side.callers[role]
    if call in ("pull", "digest"):
        wanted = {"cursors": {"dept:72": 0}} if call == "pull" else {"scope": "dept:72"}
        answer = caller.post(f"/{call}", [wanted])
        allowed = answer.status_code == 200
        assert allowed or problem_of(answer) == "scope-denied"
    elif call == "push":
        op = caller.set(side.practice, city=(None, "Laval", None))
        (outcome,) = caller.push((2 if role == "owner" else 1, [op]))
        allowed = outcome["status"] == "ok"
        assert allowed or outcome["problem"]["type"].endswith(":scope-denied")
    elif call in ("metrics", "page"):
        allowed = caller.http.get("/" + call.removeprefix("page")).status_code == 200
    elif call == "session":
        told = caller.post("/session", [{"cursors": {"dept:72": 0}}]).json()
        allowed = "dept:72" in {scope["id"] for scope in told["scopes"]}
        assert ("dept:72" in told["revoked"]) == (not allowed)
    elif call == "blob":
        answers = (caller.http.get(THERE), caller.http.head(THERE))
        assert answers[0].status_code == answers[1].status_code
        allowed = answers[0].content == PHOTO
        assert allowed or problem_of(answers[0]) == "no-such-blob"
    else:
        head = caller.http.head(side.upload, headers=TUS)
        patch = caller.http.patch(side.upload, content=b"un", headers={**PIECE, "Upload-Offset": "0"})
        assert (head.status_code == 200) == (patch.status_code == 204)
        allowed = patch.status_code == 204
    assert allowed == (role in ALLOWED[call])


@pytest.mark.parametrize("way", ["token", "openid"])
@pytest.mark.parametrize("role", ["writer", "reader", "stranger", "keeper"])
def test_nobody_enters_the_own_scope_of_another(registry: LiveRegistry, side: Side, role: str) -> None:
    caller = side.callers[role]
    assert problem_of(caller.post("/pull", [{"cursors": {"user:owner": 0}}])) == "scope-denied"
    assert problem_of(caller.post("/digest", [{"scope": "user:owner"}])) == "scope-denied"
    (outcome,) = caller.push((1, [caller.create("note", "user:owner", text="x")]))
    assert outcome["status"] == "refused"
    assert caller.pull({"user:me": 0})[0] == []
    with reading(registry.engine) as db:
        assert len(db.execute(select(record).where(record.c.scope == "user:owner")).all()) == 1


CALLS = [
    *(("POST", f"{BASE}/{name}") for name in ("devices", "session", "push", "pull", "digest", "uploads")),
    *((method, f"{BASE}/uploads/{'0' * 32}") for method in ("HEAD", "PATCH", "POST")),
    *((method, THERE) for method in ("GET", "HEAD")),
    ("GET", "/metrics"),
    ("GET", "/"),
]


PUBLIC = {("GET", "/health"), ("GET", "/.well-known/fieldkit"), ("OPTIONS", f"{BASE}/uploads")}


def test_no_call_is_left_out_of_these_tests() -> None:
    served = {
        (method, re.sub(r"{\w+}", "*", route.path))
        for route in (*app.routes.routes, *uploads.routes.routes)
        if isinstance(route, APIRoute)
        for method in route.methods or ()
    }
    tried = {(method, re.sub(r"[0-9a-f]{32,}", "*", path)) for method, path in CALLS}
    assert served - PUBLIC == tried


@pytest.mark.parametrize("bad", ["none", "guessed", "cut", "expired", "revoked", "its-digest"])
def test_no_call_is_served_without_a_valid_token(registry: LiveRegistry, side: Side, bad: str) -> None:
    owner = side.callers["owner"]
    secret = str(owner.http.headers["Authorization"]).removeprefix("Bearer ")
    kept = hashlib.sha256(secret.encode()).hexdigest()
    ends = {"expired": {"until": now_ms()}, "revoked": {"revoked_at": now_ms()}}
    if bad in ends:
        ended = update(token).where(token.c.sha256 == kept).values(**ends[bad])
        write(registry.engine, lambda db: db.execute(ended))
    shown = {"none": "", "guessed": "fk_" + "A" * 43, "cut": secret[:-1], "its-digest": kept}.get(bad, secret)
    headers = {**PIECE, "Upload-Offset": "0", "Authorization": f"Bearer {shown}".strip()}
    expected = {"expired": "token-expired", "revoked": "token-revoked"}.get(bad, "token-unknown")
    for method, path in CALLS:
        answer = owner.http.request(
            method, path, content=b"{}\n" if method != "HEAD" else None, headers=headers
        )
        scheme = answer.headers["WWW-Authenticate"].partition(" ")[0]
        assert (answer.status_code, scheme) == (401, "Bearer" if path.startswith(BASE) else "Basic")
        assert method == "HEAD" or problem_of(answer) == expected


@pytest.mark.parametrize("way", ["token", "openid"])
@pytest.mark.parametrize("path", ["session", "push", "pull", "digest"])
def test_a_token_is_of_no_use_with_the_device_of_another(side: Side, path: str) -> None:
    writer = side.callers["writer"]
    answer = writer.post(f"/{path}", [{}], **{"Fieldkit-Device": side.callers["owner"].device})
    assert (answer.status_code, problem_of(answer)) == (403, "device-foreign")


SQL = "x' OR '1'='1'; DROP TABLE record; --"


def test_sql_in_every_field_is_only_text(registry: LiveRegistry, side: Side) -> None:
    owner = side.callers["owner"]
    with reading(registry.engine) as db:
        before = {table.name: len(db.execute(select(table)).all()) for table in metadata.sorted_tables}
    made = owner.create(name=SQL, city=SQL, comment=SQL)
    made["d"][SQL] = {SQL: [SQL]}
    (outcome,) = owner.push((2, [made]))
    assert outcome["status"] == "ok"
    records, _trailers = owner.pull({"dept:72": 1})
    assert records[0]["d"] == made["d"]
    hostile: dict[str, list[dict[str, Any]]] = {
        "/session": [{"cursors": {SQL: 1}}],
        "/pull": [{"cursors": {SQL: 0}}],
        "/digest": [{"scope": SQL}],
        "/devices": [{"device_id": SQL, "name": SQL, "app": SQL, "schema": 1}],
    }
    for path, lines in hostile.items():
        assert owner.post(path, lines).status_code in (200, 400, 403)
    for seq, part in enumerate(("t", "i", "s", "op", "st"), start=3):
        (outcome,) = owner.push((seq, [{**owner.create(name="x"), part: SQL}]))
        assert outcome["status"] == "refused"
    for name in ("Fieldkit-Device", "Fieldkit-Epoch", "Fieldkit-Schema", "Authorization"):
        assert owner.post("/pull", [{"cursors": {}}], **{name: SQL}).status_code in (400, 401, 409, 426)
    with reading(registry.engine) as db:
        after = {table.name: len(db.execute(select(table)).all()) for table in metadata.sorted_tables}
    grown = {name for name in after if after[name] != before[name]}
    assert grown == {"record", "version", "applied", "quarantine", "audit"}
    assert after["record"] == before["record"] + 1


def test_sql_in_every_claim_is_only_text(registry: LiveRegistry) -> None:
    with Caller(registry.url, ABSENT.sign(sub=SQL, name=SQL), "d" * 16) as hostile:
        assert hostile.pull({"user:me": 0})[0] == []
    with reading(registry.engine) as db:
        (known,) = db.execute(select(person))
    assert (known.sub, known.name) == (user_of(SQL), SQL)


def test_a_bomb_is_not_unpacked(side: Side) -> None:
    owner = side.callers["owner"]
    compressor = zstandard.ZstdCompressor(level=19).compressobj()
    bomb = b"".join(compressor.compress(bytes(1 << 20)) for _ in range(256)) + compressor.flush()
    assert len(bomb) < MAX_BODY // 256
    for path in ("session", "push", "pull", "digest", "devices"):
        answer = owner.http.post(f"{BASE}/{path}", content=bomb, headers={"Content-Encoding": "zstd"})
        assert (answer.status_code, problem_of(answer)) == (413, "too-large")


def test_a_line_of_ten_megabytes_is_refused_and_the_next_one_taken(
    registry: LiveRegistry, side: Side
) -> None:
    owner = side.callers["owner"]
    long = owner.create(name="x", comment="a " * (5 << 20))
    refused, taken = owner.push((2, [long]), (3, [owner.create(name="y")]))
    assert (refused["status"], taken["status"]) == ("refused", "ok")


def test_lines_nested_without_end_are_malformed(side: Side) -> None:
    owner = side.callers["owner"]
    deep = b'{"seq":2,"v":1,"ops":' + b"[" * 50_000 + b"]" * 50_000 + b"}\n"
    answer = owner.http.post(f"{BASE}/push", content=deep)
    assert answer.status_code in (200, 400)
    if answer.status_code == 200:
        assert lines_of(answer)[0]["status"] == "refused"


def test_two_headers_of_one_name_open_nothing(registry: LiveRegistry, side: Side) -> None:
    owner = side.callers["owner"]
    headers = [
        ("Authorization", "Bearer fk_guessed"),
        ("Authorization", str(owner.http.headers["Authorization"])),
        ("Fieldkit-Device", owner.device),
    ]
    answer = httpx.post(
        f"{registry.url}{BASE}/session", content=json.dumps({"cursors": {}}), headers=headers, **LOOPBACK
    )
    assert answer.status_code == 401
