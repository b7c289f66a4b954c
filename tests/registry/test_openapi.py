"""The OpenAPI document: what it promises is what the registry does, whatever schemathesis sends."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import Case, DeserializationContext, Response, SerializationContext
from schemathesis.specs.openapi import checks

from fieldkit.sync.protocol import BASE, LINES
from tests.registry.caller import LOOPBACK, Caller
from tests.registry.live import LiveRegistry

CHECKS: list[Any] = [
    schemathesis.checks.not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
]


@schemathesis.serializer(LINES)
def _to_lines(_ctx: SerializationContext, value: Any) -> Any:
    items = value if isinstance(value, list) else [value]
    return b"".join(json.dumps(item).encode() + b"\n" for item in items)


@schemathesis.deserializer(LINES)
def _from_lines(_ctx: DeserializationContext, response: Response) -> Any:
    return [json.loads(line) for line in response.content.splitlines()]


schemathesis.serializer.alias("application/offset+octet-stream", "application/octet-stream")


@pytest.fixture
def registry(on_sqlite: LiveRegistry) -> Iterator[LiveRegistry]:
    yield on_sqlite
    on_sqlite.clear()


@pytest.fixture
def document(registry: LiveRegistry) -> dict[str, Any]:
    answer = httpx.get(registry.url + "/openapi.json", **LOOPBACK)
    told: dict[str, Any] = answer.json()
    return told


def test_every_call_of_the_wire_is_in_it(document: dict[str, Any]) -> None:
    told = {f"{method.upper()} {path}" for path, calls in document["paths"].items() for method in calls}
    wire = {f"POST {BASE}/{name}" for name in ("devices", "session", "push", "pull", "digest", "uploads")}
    wire |= {f"{method} {BASE}/blobs/{{sha256}}" for method in ("GET", "HEAD")}
    wire |= {f"{method} {BASE}/uploads/{{upload_id}}" for method in ("HEAD", "PATCH")}
    assert wire | {"GET /.well-known/fieldkit", "GET /health", f"OPTIONS {BASE}/uploads"} <= told
    names = [call["operationId"] for calls in document["paths"].values() for call in calls.values()]
    assert len(set(names)) == len(names)
    refs = json.dumps(document)
    for part in refs.split('"#/components/schemas/')[1:]:
        assert part.partition('"')[0] in document["components"]["schemas"]


OPERATIONS = [
    ("GET", "/.well-known/fieldkit"),
    ("GET", "/health"),
    ("GET", "/metrics"),
    *(("POST", f"{BASE}/{name}") for name in ("devices", "session", "push", "pull", "digest", "uploads")),
    *((method, BASE + "/uploads/{upload_id}") for method in ("HEAD", "PATCH")),
    *((method, BASE + "/blobs/{sha256}") for method in ("GET", "HEAD")),
]


@pytest.mark.parametrize(("method", "path"), OPERATIONS)
@pytest.mark.parametrize("signed", [True, False])
def test_the_registry_keeps_to_its_document(
    registry: LiveRegistry, document: dict[str, Any], method: str, path: str, signed: bool
) -> None:
    keep_to_it(registry, document, method, path, signed, examples=6)


@pytest.mark.soak
@pytest.mark.parametrize(("method", "path"), OPERATIONS)
def test_the_registry_keeps_to_its_document_for_long(
    registry: LiveRegistry, document: dict[str, Any], method: str, path: str
) -> None:
    keep_to_it(registry, document, method, path, signed=True, examples=1_000)


def keep_to_it(
    registry: LiveRegistry, document: dict[str, Any], method: str, path: str, signed: bool, examples: int
) -> None:
    """Send what the document allows and what it does not, and hold every answer against it."""
    schema = schemathesis.openapi.from_dict(document)
    with Caller(registry.url, registry.token("anne", "dept:72")) as anne:
        known = {"Fieldkit-Device": anne.device, "Fieldkit-Schema": "1"}
        known |= {"Authorization": str(anne.http.headers["Authorization"])} if signed else {}

        @settings(
            max_examples=examples, deadline=None, suppress_health_check=list(HealthCheck), database=None
        )
        @given(data=st.data())
        def send(data: st.DataObject) -> None:
            mode = data.draw(st.sampled_from(list(schemathesis.GenerationMode)))
            case: Case[Any] = data.draw(schema[path][method].as_strategy(generation_mode=mode))
            case.headers.pop("Fieldkit-Epoch", None)
            case.call_and_validate(base_url=registry.url, headers=known, checks=CHECKS)

        send()
