"""Every trouble of the network has its own sentence, and none is taken for a registry's answer."""

from __future__ import annotations

import datetime as dt
import ipaddress
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from fieldkit.errors import KnownError
from fieldkit.registry import tokens
from fieldkit.registry.database import write
from fieldkit.services import sync
from fieldkit.sync import client, troubles
from fieldkit.sync.client import Registry, checked_url
from fieldkit.sync.protocol import PROBLEM, PullRequest
from fieldkit.sync.sentences import SENTENCES
from tests.registry.live import LiveRegistry
from tests.sync.laptop import Laptop

EPOCH = {"Fieldkit-Epoch": "e"}
HTML = {"Content-Type": "text/html; charset=utf-8"}


@contextmanager
def stranger(
    status: int, headers: dict[str, str], body: bytes, tls: ssl.SSLContext | None = None
) -> Iterator[str]:
    """Something that listens on loopback and gives every request one answer."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            self.send_response(status)
            for name, value in {**headers, "Content-Length": str(len(body))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_args: Any) -> None:
            pass

        def do_CONNECT(self) -> None:
            self.do_POST()

    class Quiet(HTTPServer):
        def handle_error(self, *_args: Any) -> None:
            pass

    server = Quiet(("127.0.0.1", 0), Handler)
    if tls:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield f"{'https' if tls else 'http'}://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join(10)
        server.server_close()


def trouble_at(url: str, call: Callable[[Registry], Any] = lambda r: r.session({})) -> str:
    """The code of the KnownError that a call to `url` ends with."""
    with Registry(url, "fk_token") as registry, pytest.raises(KnownError) as caught:
        registry.device = "a" * 16
        call(registry)
    assert caught.value.hint
    return caught.value.code


@pytest.mark.parametrize(
    ("status", "headers", "body", "code"),
    [
        (200, HTML, b"<html>Accept our terms</html>", "captive-portal"),
        (302, {"Location": "http://portal.example/"}, b"", "captive-portal"),
        (511, HTML, b"<html>", "captive-portal"),
        (200, {"Content-Type": "application/json"}, b"{}", "not-a-registry"),
        (404, HTML, b"<html>Not found</html>", "not-a-registry"),
        (502, HTML, b"<html>", "registry-unreachable"),
        (503, HTML, b"<html>", "registry-busy"),
        (429, {}, b"", "registry-busy"),
        (200, EPOCH, b"not json", "not-a-registry"),
        (200, EPOCH, b'{"epoch": 3}', "not-a-registry"),
        (200, {**EPOCH, "Content-Encoding": "zstd"}, b"not zstd", "not-a-registry"),
        (407, {"Proxy-Authenticate": "Basic"}, b"<html>", "proxy-sign-in"),
        (507, HTML, b"<html>", "registry-full"),
        (507, EPOCH, b'{"type": "urn:fieldkit:problem:full"}', "registry-full"),
        (500, EPOCH, b"not json", "registry-fault"),
        (500, EPOCH, b'{"type": "urn:fieldkit:problem:of-tomorrow"}', "registry-fault"),
        (503, EPOCH, b'{"type": "urn:fieldkit:problem:busy"}', "registry-busy"),
        (426, EPOCH, b'{"type": "urn:fieldkit:problem:schema-too-old"}', "schema-too-old"),
        (403, EPOCH, b'{"type": "urn:fieldkit:problem:scope-denied"}', "scope-denied"),
    ],
)
def test_answers_that_are_no_session(status: int, headers: dict[str, str], body: bytes, code: str) -> None:
    with stranger(status, headers, body) as url:
        assert trouble_at(url) == code


def test_a_page_without_all_its_trailers_is_no_page() -> None:
    body = b'{"k":"s","scope":"dept:72","next":1,"more":false,"head":1}\n'
    with stranger(200, EPOCH, body) as url:
        assert (
            trouble_at(url, lambda r: r.pull(PullRequest({"dept:72": 0, "user:me": 0}))) == "not-a-registry"
        )


@pytest.mark.parametrize("body", [b"", b'{"seq":7,"status":"ok"}\n'])
def test_outcomes_of_other_changesets_are_not_believed(
    registry: LiveRegistry, anne: Laptop, body: bytes
) -> None:
    anne.practice(name="x")

    class Muddled(httpx.HTTPTransport):
        def handle_request(self, request: httpx.Request) -> httpx.Response:
            if request.url.path.endswith("/push"):
                return httpx.Response(200, headers=EPOCH, content=body)
            return super().handle_request(request)

    with pytest.raises(KnownError) as caught:
        anne.exchange(Muddled())
    assert caught.value.code == "not-a-registry"
    assert anne.sync()["pushed"] == 1


@pytest.mark.parametrize("problem", ["device-unknown", "seq-gap", "epoch-changed"])
def test_two_sides_that_never_agree_stop(anne: Laptop, problem: str) -> None:
    anne.practice(name="x")

    class Stubborn(httpx.HTTPTransport):
        def handle_request(self, request: httpx.Request) -> httpx.Response:
            if request.url.path.endswith("/session" if problem == "device-unknown" else "/push"):
                body = {"type": f"urn:fieldkit:problem:{problem}", "expected": 1}
                return httpx.Response(409, headers={**EPOCH, "Content-Type": PROBLEM}, json=body)
            return super().handle_request(request)

    with pytest.raises(KnownError) as caught:
        anne.exchange(Stubborn())
    assert caught.value.code == "registry-fault"


def test_a_problem_without_way_out_ends_the_first_question(anne: Laptop) -> None:
    def answer(_request: httpx.Request) -> httpx.Response:
        return httpx.Response(413, headers=EPOCH, json={"type": "urn:fieldkit:problem:too-large"})

    with pytest.raises(KnownError) as caught:
        anne.exchange(httpx.MockTransport(answer))
    assert caught.value.code == "registry-fault"


def test_nobody_listens() -> None:
    with socket.socket() as deaf:
        deaf.bind(("127.0.0.1", 0))
        assert trouble_at(f"http://127.0.0.1:{deaf.getsockname()[1]}") == "registry-unreachable"


def test_nobody_knows_the_name(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_asked: object, **_how: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    assert trouble_at("https://registry.invalid") == "registry-unreachable"


def test_somebody_listens_and_says_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "STALL_SECONDS", 0.05)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        assert trouble_at(f"http://127.0.0.1:{silent.getsockname()[1]}") == "registry-timeout"


@pytest.mark.parametrize(("first", "ends"), [(100, True), (20, True), (30, False)])
def test_a_batch_that_times_out_is_halved_before_giving_up(
    anne: Laptop, monkeypatch: pytest.MonkeyPatch, first: int, ends: bool
) -> None:
    monkeypatch.setattr("fieldkit.sync.engine.FIRST_BATCH", first)
    for n in range(20):
        anne.practice(name=str(n))
    sizes: list[int] = []

    class Slow(httpx.HTTPTransport):
        def handle_request(self, request: httpx.Request) -> httpx.Response:
            if request.url.path.endswith("/push") and (ends or not sizes):
                sizes.append(1)
                raise httpx.ReadTimeout("slow", request=request)
            return super().handle_request(request)

    if ends:
        with pytest.raises(KnownError) as caught:
            anne.exchange(Slow())
        assert caught.value.code == "registry-timeout"
        assert len(sizes) == {100: 3, 20: 1}[first]
    else:
        assert anne.exchange(Slow()).pushed == 20


def certificate(folder: Path, first: int = -1, last: int = 1) -> ssl.SSLContext:
    """A TLS server with a certificate that nobody signed, good between two days from now."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now + dt.timedelta(days=first))
        .not_valid_after(now + dt.timedelta(days=last))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False
        )
        .sign(key, hashes.SHA256())
    )
    plain = serialization.NoEncryption()
    pem = serialization.Encoding.PEM
    file = folder / "server.pem"
    file.write_bytes(
        key.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain) + made.public_bytes(pem)
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    return context


def test_a_certificate_that_nobody_signed_is_refused(tmp_path: Path) -> None:
    with stranger(200, EPOCH, b"{}", certificate(tmp_path)) as url:
        assert trouble_at(url) == "registry-certificate"


@pytest.mark.parametrize(("status", "code"), [(407, "proxy-sign-in"), (403, "proxy-refused")])
def test_a_proxy_that_does_not_let_pass(monkeypatch: pytest.MonkeyPatch, status: int, code: str) -> None:
    with stranger(status, {"Proxy-Authenticate": "Basic"}, b"") as url:
        for name in ("HTTPS_PROXY", "https_proxy"):
            monkeypatch.setenv(name, url)
        assert trouble_at("https://registre.invalid") == code


@pytest.mark.parametrize(("first", "last"), [(-9, -2), (2, 9)])
def test_a_clock_that_is_wrong_is_told_from_a_wrong_certificate(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, first: int, last: int
) -> None:
    server = certificate(tmp_path, first, last)
    trusting = ssl.create_default_context(cafile=str(tmp_path / "server.pem"))
    monkeypatch.setattr(client, "tls", lambda: trusting)
    with stranger(200, EPOCH, b"{}", server) as url:
        assert trouble_at(url) == "clock-wrong"


@pytest.mark.parametrize("headers", [EPOCH, HTML])
def test_a_changeset_that_is_too_large_for_the_way_is_told(anne: Laptop, headers: dict[str, str]) -> None:
    anne.practice(name="x")

    class Narrow(httpx.HTTPTransport):
        def handle_request(self, request: httpx.Request) -> httpx.Response:
            if request.url.path.endswith("/push"):
                return httpx.Response(413, headers=headers, json={"type": "urn:fieldkit:problem:too-large"})
            return super().handle_request(request)

    with pytest.raises(KnownError) as caught:
        anne.exchange(Narrow())
    assert caught.value.code == "too-large"


def test_plain_words_where_tls_is_expected(tmp_path: Path) -> None:
    with stranger(200, EPOCH, b"{}") as url:
        assert trouble_at(url.replace("http:", "https:")) == "registry-unreachable"


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("https://registre.example/", "https://registre.example"),
        (" http://127.0.0.1:8000 ", "http://127.0.0.1:8000"),
        ("http://[::1]:8000", "http://[::1]:8000"),
        ("http://localhost:8000/base/", "http://localhost:8000/base"),
    ],
)
def test_addresses(url: str, kept: str) -> None:
    assert checked_url(url) == kept


@pytest.mark.parametrize(
    "url", ["", "registre.example", "http://registre.example", "http://10.0.0.8", "ftp://x"]
)
def test_addresses_that_would_show_the_token_are_refused(url: str) -> None:
    with pytest.raises(KnownError) as caught:
        checked_url(url)
    assert caught.value.code == "registry-address"


@pytest.mark.parametrize("state", ["unknown", "expired", "revoked"])
def test_a_token_that_opens_nothing(registry: LiveRegistry, anne: Laptop, state: str) -> None:
    anne.practice(name="x")
    token = "fk_guessed" if state == "unknown" else registry.token("anne", "dept:72", days=0)
    if state == "revoked":
        write(registry.engine, lambda db: tokens.revoke(db, token))
    good = anne.token
    sync.configure(anne.store, anne.url, token)
    with pytest.raises(KnownError) as caught:
        anne.sync()
    assert caught.value.code == f"token-{state}"
    assert sync.status(anne.store)["last_trouble"]["code"] == f"token-{state}"
    sync.configure(anne.store, anne.url, good)
    assert anne.sync()["pushed"] == 1


def test_every_sentence_has_a_way_out() -> None:
    for code in SENTENCES:
        error = troubles.known(code)
        assert error.message.endswith(".")
        assert error.hint.endswith(".")
