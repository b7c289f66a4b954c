"""The OpenAPI document: FastAPI knows the calls, the types of the wire say what they carry."""

from __future__ import annotations

from typing import Any, Final

import msgspec
from fastapi import FastAPI, Response
from fastapi.openapi.utils import get_openapi

from fieldkit.sync.protocol import (
    BASE,
    DEVICE,
    EPOCH,
    LINES,
    MAX_BLOB,
    MAX_CHANGESETS,
    PROBLEM,
    SCHEMA,
    TIME,
    Changeset,
    DeviceCard,
    DigestRequest,
    Op,
    OpenId,
    Outcome,
    Problem,
    Pulled,
    PullRequest,
    RangeSum,
    Session,
    SessionRequest,
    Trailer,
    Welcome,
)

_TYPES: Final = (
    *(Changeset, DeviceCard, DigestRequest, Op, Outcome, Problem, Pulled, PullRequest, RangeSum, Session),
    *(SessionRequest, Trailer, Welcome, OpenId),
)
_SCHEMAS: Final = "#/components/schemas/"

_PROBLEMS: Final = {
    400: "malformed",
    401: "token-unknown, token-expired, token-revoked, account-erased",
    403: "scope-denied, device-foreign",
    404: "nothing here, or nothing for this caller",
    405: "no-such-call",
    409: "epoch-changed, device-unknown, device-forked, seq-gap, offset-differs",
    410: "cursor-expired, upload-expired",
    412: "tus-version",
    413: "too-large",
    415: "malformed: another type of content",
    422: "digest-differs",
    423: "upload-taken-over",
    426: "schema-too-old",
    429: "busy; Retry-After",
    500: "fault",
    503: "busy; Retry-After",
    507: "full",
}
_ANY: Final = (400, 401, 403, 409, 429, 500, 503)


def _header(name: str, pattern: str, *, required: bool = True) -> dict[str, Any]:
    return {
        "name": name,
        "in": "header",
        "required": required,
        "schema": {"type": "string", "pattern": pattern},
    }


_CALLER: Final = [
    _header(DEVICE, "^[0-9a-f]{16}$"),
    _header(EPOCH, "^[0-9a-f]{16}$", required=False),
]
_SCHEMA: Final = _header(SCHEMA, "^[0-9]{1,4}$")
_NUMBER: Final = "^[0-9]{1,15}$"
_TUS: Final = _header("Tus-Resumable", r"^1\.0\.0$")


def call(
    request: type | None,
    *answers: type,
    status: int = 200,
    problems: tuple[int, ...] = (),
    parameters: tuple[dict[str, Any], ...] = (),
    answer_type: str = "application/json",
    request_type: str = LINES,
    most: int = 1,
    public: bool = False,
    keeper: bool = False,
) -> dict[str, Any]:
    """What FastAPI is to know of a call: the lines it takes and gives, its problems, its headers.

    OpenAPI 3.1 has no word for lines of JSON: they are told as a list, whose items are the lines.
    """
    told: dict[str, Any] = {"description": "Done", "headers": _answer_headers()}
    if answers:
        schema = _one_of(answers)
        told["content"] = {answer_type: {"schema": _listed(schema) if answer_type == LINES else schema}}
    responses: dict[int | str, Any] = {status: told}
    for code in sorted({*problems, *(() if public else _ANY), 500, 503}):
        content = {PROBLEM: {"schema": _one_of((Problem,))}}
        responses[code] = {"description": _PROBLEMS[code], "content": content, "headers": _answer_headers()}
    extra: dict[str, Any] = {"parameters": [*parameters] if public else [*_CALLER, *parameters]}
    if request is not None:
        schema = _one_of((request,))
        schema = _listed(schema, most=most) if request_type == LINES else schema
        extra["requestBody"] = {"required": True, "content": {request_type: {"schema": schema}}}
    if keeper:
        extra["security"] = [{"token": []}, {"password": []}]
    elif not public:
        extra["security"] = [{"token": []}]
    return {
        "responses": responses,
        "openapi_extra": extra,
        "status_code": status,
        "response_class": Response,
    }


def lines(request: type, *answers: type, **more: Any) -> dict[str, Any]:
    """A call that answers with lines."""
    return call(request, *answers, answer_type=LINES, **more)


def document(app: FastAPI) -> dict[str, Any]:
    """The whole document."""
    if app.openapi_schema is None:
        about = "One line of JSON each, packed with zstd or gzip. Problems are those of RFC 9457."
        told = get_openapi(title=app.title, version=app.version, description=about, routes=app.routes)
        _types, schemas = msgspec.json.schema_components(_TYPES, ref_template=_SCHEMAS + "{name}")
        # Ops travel as the bytes that the laptop signed with their digest; this is what is in them.
        schemas["Changeset"]["properties"]["ops"] = {"type": "array", "items": {"$ref": _SCHEMAS + "Op"}}
        told["components"] = {
            "schemas": {name: _without_tuples(schema) for name, schema in schemas.items()},
            "securitySchemes": {
                "token": {"type": "http", "scheme": "bearer"},
                "password": {"type": "http", "scheme": "basic"},
            },
        }
        for path, operations in told["paths"].items():
            for operation in operations.values():
                _finish(path, operation)
        app.openapi_schema = told
    return app.openapi_schema


def _finish(path: str, operation: dict[str, Any]) -> None:
    """Take out what FastAPI says of checks that the calls make themselves."""
    if operation["responses"].get("422", {}).get("description") == "Validation Error":
        del operation["responses"]["422"]
    operation["tags"] = ["sync" if path.startswith(BASE) else "registry"]


def _one_of(types: tuple[type, ...]) -> dict[str, Any]:
    if types in ((str,), (dict,)):
        return {"type": "string" if types == (str,) else "object"}
    if types == (bytes,):
        return {"type": "string", "format": "binary", "maxLength": MAX_BLOB}
    refs = [{"$ref": _SCHEMAS + one.__name__} for one in types]
    return refs[0] if len(refs) == 1 else {"oneOf": refs}


def _without_tuples(schema: Any) -> Any:
    """A schema whose tuples are lists of so many items: few tools read `prefixItems`."""
    if isinstance(schema, list):
        return [_without_tuples(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    plain = {name: _without_tuples(one) for name, one in schema.items() if name != "prefixItems"}
    if "prefixItems" in schema:
        first, *others = schema["prefixItems"]
        plain["items"] = first if all(one == first for one in others) else {}
    return plain


def _listed(line: dict[str, Any], most: int | None = None) -> dict[str, Any]:
    limits = {} if most is None else {"minItems": min(1, most), "maxItems": most}
    return {"type": "array", "items": line, **limits}


def _answer_headers() -> dict[str, Any]:
    return {name: {"schema": {"type": "string"}} for name in (EPOCH, TIME)}


TUS_OPTIONS: Final = call(None, status=204, public=True)
TUS_HEAD: Final = call(None, problems=(404, 410, 412, 422, 507), parameters=(_TUS,))
TUS_CREATE: Final = call(
    None,
    status=201,
    problems=(412, 413, 422, 423, 507),
    parameters=(
        _TUS,
        _header("Upload-Length", _NUMBER),
        _header("Upload-Metadata", "^sha256 [0-9A-Za-z+/]{86}==$"),
    ),
)
TUS_PATCH: Final = call(
    bytes,
    status=204,
    problems=(404, 410, 412, 413, 415, 422, 423, 507),
    parameters=(_TUS, _header("Upload-Offset", _NUMBER)),
    request_type="application/offset+octet-stream",
)
BLOB: Final = call(None, bytes, problems=(404,), answer_type="application/octet-stream")
PULL: Final = lines(PullRequest, Pulled, Trailer, problems=(410, 413, 426), parameters=(_SCHEMA,))
PUSH: Final = lines(Changeset, Outcome, problems=(413, 507), most=MAX_CHANGESETS)
METRICS: Final = call(None, str, problems=(401, 403, 429), answer_type="text/plain", public=True, keeper=True)
PAGE: Final = call(None, str, problems=(401, 403, 429), answer_type="text/html", public=True, keeper=True)
