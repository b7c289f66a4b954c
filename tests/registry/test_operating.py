"""Running a registry: rights with an end, the journal checked, too many requests, figures and the log."""

from __future__ import annotations

import base64
import datetime as dt
import json
import logging
import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import delete

from fieldkit.errors import KnownError
from fieldkit.registry.database import write
from fieldkit.registry.logs import Lines
from fieldkit.registry.problems import ProtocolError
from fieldkit.registry.tables import audit
from fieldkit.registry.throttle import Throttle
from fieldkit.services import registry as service
from fieldkit.sync.protocol import BASE
from tests.registry.caller import LOOPBACK, Caller, problem_of
from tests.registry.live import LiveRegistry

SAMPLE = re.compile(r'[a-z_]+(\{[a-z]+="[^"\\\n]*"(,[a-z]+="[^"\\\n]*")*\})? \d+(\.\d+)?')


@pytest.fixture
def anne(registry: LiveRegistry) -> Iterator[Caller]:
    with Caller(registry.url, registry.token("anne", "dept:72")) as caller:
        yield caller


@pytest.mark.parametrize("role", ["reader", "writer"])
def test_a_right_has_a_role_and_an_end(tmp_path: Path, role: str) -> None:
    service.create_token("anne", ["dept:72"], data=tmp_path)
    service.set_grant("anne", "dept:72", role, dt.date.max, data=tmp_path)
    kept = {row["scope"]: row for row in service.show("grant", data=tmp_path)["items"]}["dept:72"]
    end = dt.datetime.fromtimestamp(kept["until"] / 1000, dt.UTC)
    assert (kept["role"], f"{end:%Y-%m-%d %H:%M}") == (role, "9999-12-31 23:59")
    service.end_grant("anne", "dept:72", data=tmp_path)
    assert [row["scope"] for row in service.show("grant", data=tmp_path)["items"]] == ["user:anne"]
    with pytest.raises(KnownError) as caught:
        service.end_grant("anne", "dept:72", data=tmp_path)
    assert caught.value.code == "grant-missing"
    done = [row["what"] for row in service.show("audit", data=tmp_path)["items"]]
    assert done == ["token-created", "granted", "grant-ended"]


def test_a_right_that_would_have_ended_is_not_given(tmp_path: Path) -> None:
    with pytest.raises(KnownError) as caught:
        service.set_grant("anne", "dept:72", "writer", dt.date(2026, 6, 30), data=tmp_path)
    assert caught.value.code == "grant-past"
    assert service.show("grant", data=tmp_path)["items"] == []


def test_a_right_that_ends_closes_the_scope_and_keeps_the_rest(registry: LiveRegistry, anne: Caller) -> None:
    from fieldkit.registry import tokens

    write(registry.engine, lambda db: tokens.set_grant(db, "anne", "dept:72", "reader", None))
    (outcome,) = anne.push((1, [anne.create(name="x")]))
    assert (outcome["status"], outcome["problem"]["type"].rpartition(":")[2]) == ("refused", "scope-denied")
    assert anne.pull({"dept:72": 0})[0] == []
    write(registry.engine, lambda db: tokens.set_grant(db, "anne", "dept:72", "reader", 1))
    assert problem_of(anne.post("/pull", [{"cursors": {"dept:72": 0}}])) == "scope-denied"
    assert anne.push((2, [anne.create("note", "user:me", text="à moi")]))[0]["status"] == "ok"


def test_the_journal_is_checked_and_its_end_too(tmp_path: Path) -> None:
    service.create_token("anne", ["dept:72"], data=tmp_path)
    early = service.check_audit(data=tmp_path)
    service.create_token("bruno", ["dept:72"], data=tmp_path)
    late = service.check_audit(early["head"], data=tmp_path)
    assert (early["rows"], late["rows"]) == (1, 2)
    with service.opened(None, tmp_path) as engine:
        write(engine, lambda db: db.execute(delete(audit).where(audit.c.n == 2)))
    assert service.check_audit(data=tmp_path) == early  # a chain cut at its end is whole…
    with pytest.raises(KnownError) as caught:
        service.check_audit(late["head"], data=tmp_path)  # …but not for who noted its end down
    assert caught.value.code == "audit-broken"
    with service.opened(None, tmp_path) as engine:
        write(engine, lambda db: db.execute(audit.update().values(who="nobody")))
    with pytest.raises(KnownError):
        service.check_audit(data=tmp_path)


def test_a_user_who_asks_too_often_is_told_when_to_come_back(
    registry: LiveRegistry, anne: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Caller(registry.url, registry.token("bruno", "dept:72"), "b" * 16) as bruno:
        monkeypatch.setattr(Throttle, "take", limited("anne"))
        answer = anne.post("/session", [{"cursors": {}}])
        assert (answer.status_code, problem_of(answer), answer.headers["Retry-After"]) == (429, "busy", "7")
        assert bruno.post("/session", [{"cursors": {}}]).status_code == 200


def limited(user: str) -> object:
    def take(_self: Throttle, caller: str) -> None:
        if caller == user:
            raise ProtocolError("busy", 429, wait=7)

    return take


def test_guesses_are_limited_and_valid_tokens_are_not(
    registry: LiveRegistry, anne: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Throttle, "take", limited("127.0.0.1"))
    guess = {"Authorization": "Bearer fk_guessed"}
    assert anne.post("/session", [{"cursors": {}}], **guess).status_code == 429
    assert anne.post("/session", [{"cursors": {}}]).status_code == 200


@given(pauses=st.lists(st.floats(0, 10), min_size=1, max_size=60))
def test_a_bucket_lets_through_what_it_says(pauses: list[float]) -> None:
    clock = [0.0]
    throttle = Throttle(pace=2, burst=5, now=lambda: clock[0])
    served: list[float] = []
    refused: set[tuple[int, int]] = set()
    for pause in pauses:
        clock[0] += pause
        try:
            throttle.take("anne")
            served.append(clock[0])
        except ProtocolError as error:
            refused.add((error.problem.status, error.wait))
    for first in range(len(served)):
        for last in range(first, len(served)):
            assert last - first + 1 <= 5 + 2 * (served[last] - served[first]) + 1e-6
    assert refused <= {(429, 1)}
    clock[0] += 2.5
    for _ in range(5):
        throttle.take("anne")


def test_buckets_of_who_left_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fieldkit.registry.throttle.MOST_CALLERS", 3)
    clock = [0.0]
    throttle = Throttle(pace=1, burst=5, now=lambda: clock[0])
    for name in "abcdefgh":
        throttle.take(name)
        clock[0] += 10
    assert len(throttle._buckets) <= 3


def test_figures_are_for_the_keeper_and_tell_no_content(registry: LiveRegistry, anne: Caller) -> None:
    anne.push((1, [anne.create(name="Tilleuls")]))
    keeper = registry.token("keeper", "registry")
    there = registry.url + "/metrics"
    basic = base64.b64encode(f"anyone:{keeper}".encode()).decode()
    for authorization in (f"Bearer {keeper}", f"Basic {basic}"):
        told = httpx.get(there, headers={"Authorization": authorization}, **LOOPBACK)
        assert told.status_code == 200
        assert told.headers["Content-Type"].startswith("text/plain; version=0.0.4")
    lines = told.text.splitlines()
    assert all(line.startswith("# ") or SAMPLE.fullmatch(line) for line in lines), lines
    assert "fieldkit_records 1" in lines
    pushed = f'fieldkit_requests_total{{method="POST",path="{BASE}/push",status="200"}} '
    assert any(line.startswith(pushed) for line in lines)
    assert "Tilleuls" not in told.text
    secret = anne.http.headers["Authorization"]
    assert httpx.get(there, headers={"Authorization": secret}, **LOOPBACK).status_code == 403
    for wrong in ("", "Basic !!!", "Basic " + base64.b64encode(b"a:b").decode()):
        assert httpx.get(there, headers={"Authorization": wrong}, **LOOPBACK).status_code == 401


def test_a_keeper_reads_no_records(registry: LiveRegistry, anne: Caller) -> None:
    with Caller(registry.url, registry.token("keeper", "registry"), "b" * 16) as keeper:
        scopes = keeper.post("/session", [{"cursors": {}}]).json()["scopes"]
        assert [scope["id"] for scope in scopes] == ["user:me"]
        assert problem_of(keeper.post("/pull", [{"cursors": {"registry": 0}}])) == "scope-denied"
        (outcome,) = keeper.push((1, [keeper.create(scope="registry", name="x")]))
        assert outcome["status"] == "refused"


def logged(caplog: pytest.LogCaptureFixture) -> list[str]:
    records = [record for record in caplog.records if record.name.startswith("fieldkit.registry")]
    return [Lines().format(record) for record in records]


def test_the_log_tells_who_called_what_and_nothing_else(
    registry: LiveRegistry, anne: Caller, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, "fieldkit.registry"):
        anne.push((1, [anne.create(name="Tilleuls")]))
        anne.http.get("/nothing/Tilleuls?q=Tilleuls")
        anne.post("/session", [{"cursors": {}}], Authorization="Bearer fk_Tilleuls")
        while not (lines := logged(caplog)) or '"status": 401' not in lines[-1]:
            pass  # a line is written once its answer has left
    told = [json.loads(line) for line in lines if "/devices" not in line]
    assert [(t["call"], t["status"]) for t in told] == [
        (f"POST {BASE}/push", 200),
        ("other other", 404),
        (f"POST {BASE}/session", 401),
    ]
    assert (told[0]["user"], told[0]["device"]) == ("anne", anne.device)
    assert "user" not in told[2]
    assert not any("Tilleuls" in line for line in lines)


def test_a_fault_in_the_log_is_only_its_kind() -> None:
    try:
        raise ValueError("what Anne wrote")
    except ValueError as error:
        fault = (type(error), error, error.__traceback__)
    record = logging.LogRecord("x", logging.ERROR, "", 0, "fault", (), fault)
    line = Lines().format(record)
    assert json.loads(line)["fault"] == "ValueError"
    assert "Anne" not in line
