"""The registry's door: who may come in, what is too much, and problems in the form of RFC 9457."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
import zstandard
from sqlalchemy import update

from fieldkit.domain.clock import now_ms
from fieldkit.registry import tokens
from fieldkit.registry.database import write
from fieldkit.registry.tables import grant, token
from fieldkit.sync.protocol import BASE, MAX_BODY, MAX_PACKED
from tests.registry.caller import LOOPBACK, Caller, lines_of, problem_of
from tests.registry.live import LiveRegistry


@pytest.fixture
def registry(on_sqlite: LiveRegistry) -> Iterator[LiveRegistry]:
    """The door is the same before either database."""
    yield on_sqlite
    on_sqlite.clear()


@pytest.fixture
def anne(registry: LiveRegistry) -> Iterator[Caller]:
    with Caller(registry.url, registry.token("anne", "dept:72")) as caller:
        yield caller


def test_a_registry_says_what_it_is(registry: LiveRegistry) -> None:
    answer = httpx.get(registry.url + "/.well-known/fieldkit", **LOOPBACK)
    assert answer.json()["protocol"] == BASE
    assert answer.json()["schemas"] == [1, 1]
    health = httpx.get(registry.url + "/health", **LOOPBACK)
    assert health.json() == {"ok": True, "epoch": answer.headers["Fieldkit-Epoch"]}
    assert abs(int(health.headers["Fieldkit-Time"]) - now_ms()) < 60_000


@pytest.mark.parametrize("path", ["/devices", "/session", "/push", "/pull"])
@pytest.mark.parametrize("authorization", ["", "Bearer fk_guessed", "Basic YTpi"])
def test_nobody_comes_in_without_a_token(registry: LiveRegistry, path: str, authorization: str) -> None:
    headers = {"Fieldkit-Device": "a" * 16, "Fieldkit-Schema": "1"}
    answer = httpx.post(
        registry.url + BASE + path,
        content=b"{}\n",
        headers={**headers, "Authorization": authorization},
        **LOOPBACK,
    )
    assert (answer.status_code, problem_of(answer)) == (401, "token-unknown")
    assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_a_token_expires_and_is_revoked(registry: LiveRegistry, anne: Caller) -> None:
    assert anne.post("/session", [{"cursors": {}}]).status_code == 200
    write(registry.engine, lambda db: db.execute(update(token).values(until=now_ms())))
    assert problem_of(anne.post("/session", [{"cursors": {}}])) == "token-expired"
    secret = anne.http.headers["Authorization"].removeprefix("Bearer ")
    write(registry.engine, lambda db: tokens.revoke(db, secret))
    assert problem_of(anne.post("/session", [{"cursors": {}}])) == "token-revoked"


def test_a_session_tells_where_both_stand(registry: LiveRegistry, anne: Caller) -> None:
    anne.push((1, [anne.create(name="x")]))
    answer = anne.post("/session", [{"cursors": {"dept:72": 0, "dept:44": 3}}])
    session = answer.json()
    assert (session["user"], session["last_seq"], session["revoked"]) == ("anne", 1, ["dept:44"])
    (first, private) = session["scopes"]
    assert (first["id"], first["role"], first["head"], first["n"]) == ("dept:72", "writer", 1, 1)
    assert private == {"id": "user:me", "role": "writer", "head": 0, "n": 0, "sum": 0}
    assert session["epoch"] == answer.headers["Fieldkit-Epoch"]
    assert len(answer.content) < 2048


def test_a_token_opens_only_its_own_scopes(registry: LiveRegistry) -> None:
    registry.token("anne", "dept:44")
    with Caller(registry.url, registry.token("anne", "dept:72")) as anne:
        scopes = anne.post("/session", [{"cursors": {}}]).json()["scopes"]
        assert [s["id"] for s in scopes] == ["dept:72", "user:me"]
        write(registry.engine, lambda db: db.execute(update(grant).values(until=now_ms())))
        assert anne.post("/session", [{"cursors": {}}]).json()["scopes"] == []


@pytest.mark.parametrize("scope", ["dept:44", "user:bruno"])
def test_a_foreign_scope_is_not_given_out(registry: LiveRegistry, anne: Caller, scope: str) -> None:
    registry.token("bruno", "dept:44")
    answer = anne.post("/pull", [{"cursors": {scope: 0}, "limit": 10}])
    assert (answer.status_code, problem_of(answer)) == (403, "scope-denied")


def test_a_cursor_beyond_the_head_has_expired(anne: Caller) -> None:
    answer = anne.post("/pull", [{"cursors": {"dept:72": 9}, "limit": 10}])
    assert (answer.status_code, problem_of(answer)) == (410, "cursor-expired")


def test_another_epoch_is_told_before_anything_happens(registry: LiveRegistry, anne: Caller) -> None:
    line = {"seq": 1, "v": 1, "ops": [anne.create(name="x")]}
    answer = anne.post("/push", [line], **{"Fieldkit-Epoch": "of-yesterday"})
    assert (answer.status_code, problem_of(answer)) == (409, "epoch-changed")
    now = {"Fieldkit-Epoch": answer.headers["Fieldkit-Epoch"]}
    assert lines_of(anne.post("/push", [line], **now))[0]["status"] == "ok"


def test_an_app_too_old_may_still_push(registry: LiveRegistry, anne: Caller) -> None:
    answer = anne.post("/pull", [{"cursors": {}, "limit": 1}], **{"Fieldkit-Schema": "0"})
    assert (answer.status_code, problem_of(answer)) == (426, "schema-too-old")
    line = {"seq": 1, "v": 0, "ops": [anne.create(name="x")]}
    assert lines_of(anne.post("/push", [line], **{"Fieldkit-Schema": "0"}))[0]["status"] == "ok"


def test_a_device_belongs_to_one_user(registry: LiveRegistry, anne: Caller) -> None:
    bruno = registry.token("bruno", "dept:72")
    with Caller(registry.url, bruno, "b" * 16) as caller:
        caller.http.headers["Fieldkit-Device"] = anne.device
        answer = caller.post("/push", [{"seq": 1, "v": 1, "ops": [caller.create(name="x")]}])
        assert (answer.status_code, problem_of(answer)) == (403, "device-foreign")
        card = {"device_id": anne.device, "name": "", "app": "", "schema": 1}
        assert problem_of(caller.post("/devices", [card])) == "device-foreign"
        caller.http.headers["Fieldkit-Device"] = "c" * 16
        assert problem_of(caller.post("/session", [{"cursors": {}}])) == "device-unknown"
        assert problem_of(caller.post("/devices", [card])) == "malformed"


def test_registering_twice_gives_the_same_answer(anne: Caller) -> None:
    card = {"device_id": anne.device, "name": "portable", "app": "", "schema": 1}
    first, second = anne.post("/devices", [card]), anne.post("/devices", [card])
    assert (first.status_code, first.content) == (second.status_code, second.content)


@pytest.mark.parametrize("device", ["", "../../etc", "A" * 16, "a" * 17])
def test_a_device_has_an_identity(anne: Caller, device: str) -> None:
    answer = anne.post("/session", [{"cursors": {}}], **{"Fieldkit-Device": device})
    assert (answer.status_code, problem_of(answer)) == (400, "malformed")


LINE = json.dumps({"cursors": {}}).encode() + b"\n"


@pytest.mark.parametrize(
    ("body", "encoding", "status"),
    [
        (LINE, "", 200),
        (LINE, "identity", 200),
        (gzip.compress(LINE, mtime=0), "gzip", 200),
        (zstandard.compress(LINE), "zstd", 200),
        (LINE, "zstd", 400),
        (LINE, "gzip", 400),
        (LINE, "br", 400),
        (gzip.compress(LINE, mtime=0)[:-9], "gzip", 400),
        (zstandard.compress(LINE)[:-3], "zstd", 400),
        (b"", "", 400),
        (LINE + LINE, "", 400),
        (b"[" * 5000, "", 400),
        (b'{"cursors": {"dept:72": "0"}}\n', "", 400),
        (zstandard.compress(b" " * (MAX_BODY + 1)), "zstd", 413),
        (gzip.compress(b" " * (MAX_BODY + 1), mtime=0), "gzip", 413),
        (b" " * (MAX_PACKED + 1), "", 413),
    ],
    ids=lambda value: repr(value)[:20],
)
def test_bodies_are_packed_or_not_and_have_limits(
    anne: Caller, body: bytes, encoding: str, status: int
) -> None:
    headers = {"Content-Encoding": encoding} if encoding else {}
    answer = anne.http.post(BASE + "/session", content=body, headers=headers)
    assert answer.status_code == status
    if status != 200:
        assert problem_of(answer) == {400: "malformed", 413: "too-large"}[status]


def test_a_push_has_at_most_500_changesets(anne: Caller) -> None:
    lines: list[dict[str, Any]] = [{"seq": n, "v": 1, "ops": []} for n in range(2, 503)]
    assert problem_of(anne.post("/push", lines)) == "too-large"
    assert problem_of(anne.post("/push", lines[:500])) == "seq-gap"


@pytest.mark.parametrize(("method", "path", "status"), [("GET", "/nothing", 404), ("DELETE", "/health", 405)])
def test_what_is_not_there_is_a_problem_too(
    registry: LiveRegistry, method: str, path: str, status: int
) -> None:
    answer = httpx.request(method, registry.url + path, **LOOPBACK)
    assert (answer.status_code, problem_of(answer)) == (status, "no-such-call")


def test_what_nobody_foresaw_is_told_without_content(
    registry: LiveRegistry, anne: Caller, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_args: object) -> None:
        raise RuntimeError("what Anne wrote")

    with monkeypatch.context() as broken:
        broken.setattr("fieldkit.registry.push.take_all", fail)
        answer = anne.post("/push", [{"seq": 1, "v": 1, "ops": [anne.create(name="x")]}])
    assert (answer.status_code, problem_of(answer)) == (500, "fault")
    assert "RuntimeError" in caplog.text
    assert "Anne" not in caplog.text


def test_a_fault_of_the_database_is_told_without_content(
    anne: Caller, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr("fieldkit.registry.push.new_id", lambda: None)
        bad = anne.post("/push", [{"seq": 1, "v": 1, "ops": [anne.create(rpps="secret")]}])
    assert (bad.status_code, problem_of(bad)) == (500, "fault")
    assert "IntegrityError" in caplog.text
    assert "secret" not in caplog.text


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("/pull", {"cursors": {"dept:72": -1}, "limit": 1}),
        ("/pull", {"cursors": {"dept:72": 10**30}, "limit": 1}),
        ("/pull", {"cursors": {}, "limit": -1}),
        ("/push", {"seq": 0, "v": 1, "ops": []}),
        ("/push", {"seq": 10**30, "v": 1, "ops": []}),
        ("/devices", {"device_id": "a" * 16, "name": "\x00", "app": "", "schema": 1}),
    ],
)
def test_numbers_and_names_have_limits(anne: Caller, path: str, line: dict[str, Any]) -> None:
    assert problem_of(anne.post(path, [line])) == "malformed"
