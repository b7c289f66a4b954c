"""The registry as a process, and many laptops at once."""

from __future__ import annotations

import json
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from fieldkit.errors import KnownError
from fieldkit.services import registry as service
from tests.registry.caller import LOOPBACK, Caller, problem_of
from tests.registry.live import LiveRegistry, live_registry, sqlite_url

SERVE = """
import sys
from pathlib import Path
from fieldkit.services.registry import serve
serve(port=0, data=Path(sys.argv[1]), ready=lambda url: print(url, flush=True))
"""


@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGINT])
def test_it_listens_where_it_says_and_stops_when_asked(tmp_path: Path, stop: signal.Signals) -> None:
    command = [sys.executable, "-c", SERVE, str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        url = process.stdout.readline().strip()
        assert httpx.get(url + "/health", **LOOPBACK).json()["ok"]
        process.send_signal(stop)
        assert process.wait(20) == 0
        lines = [json.loads(line) for line in process.stderr.read().splitlines()]
    (request,) = [line for line in lines if line["event"] == "request"]
    assert (request["call"], request["status"], request["level"]) == ("GET /health", 200, "info")
    assert request.keys() == {"at", "level", "event", "call", "status", "ms"}
    assert {line["level"] for line in lines} == {"info"}
    assert (tmp_path / service.DATABASE_FILE).exists()


def test_a_port_that_is_taken_is_told(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(KnownError) as caught:
        service.serve(port=taken.getsockname()[1], data=tmp_path)
    assert caught.value.code == "port-unusable"
    with pytest.raises(KnownError):
        service.serve(port=99_999, data=tmp_path)


def test_a_database_kept_by_another_is_busy(tmp_path: Path) -> None:
    with (
        live_registry(sqlite_url(tmp_path)) as registry,
        Caller(registry.url, registry.token("anne", "dept:72")) as anne,
    ):
        line = {"seq": 1, "v": 1, "ops": [anne.create(name="x")]}
        other = sqlite3.connect(tmp_path / "registry.db", isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with registry.engine.connect().execution_options(fieldkit_read=True) as db:
            db.exec_driver_sql("PRAGMA busy_timeout = 1")
        answer = anne.post("/push", [line])
        assert (answer.status_code, problem_of(answer)) == (503, "busy")
        assert answer.headers["Retry-After"]
        other.execute("ROLLBACK")
        other.close()
        assert anne.post("/push", [line]).status_code == 200


def test_a_reader_misses_nothing_while_many_write(registry: LiveRegistry) -> None:
    writers, each = 4, 10
    urls = [(f"{n:016x}", registry.token(f"u{n}", "dept:72")) for n in range(writers)]
    done = threading.Event()

    def write(device: str, token: str) -> set[str]:
        with Caller(registry.url, token, device) as caller:
            made = [caller.create(name=str(n)) for n in range(each)]
            for seq, op in enumerate(made, start=1):
                assert caller.push((seq, [op]))[0]["status"] == "ok"
        return {op["i"] for op in made}

    def read(token: str) -> set[str]:
        seen: set[str] = set()
        cursor = 0
        with Caller(registry.url, token, "f" * 15 + "0") as caller:
            more = True
            while more or not done.is_set():
                last = done.is_set()
                records, trailers = caller.pull({"dept:72": cursor}, limit=7)
                seen |= {record["i"] for record in records}
                cursor = trailers["dept:72"]["next"]
                more = trailers["dept:72"]["more"] or not last
        return seen

    with ThreadPoolExecutor(writers + 1) as pool:
        reader = pool.submit(read, registry.token("reader", "dept:72"))
        written = [pool.submit(write, device, token) for device, token in urls]
        made = set().union(*(future.result(60) for future in written))
        done.set()
        assert reader.result(60) == made
    assert len(made) == writers * each
