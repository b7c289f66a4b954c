"""What the registry asks of a write before it takes it. A breach is an outcome, never a protocol error.

Fields and types that only a newer app knows are another matter: fields are kept as they came, types refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

import msgspec

from fieldkit.domain import privacy
from fieldkit.domain.clock import Stamp
from fieldkit.domain.fieldwork import TYPES
from fieldkit.errors import KnownError
from fieldkit.i18n import _
from fieldkit.registry import upcast
from fieldkit.sync.protocol import MAX_CHANGESET, Changeset, Op

_IDENTITY: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def read_ops(changeset: Changeset) -> list[Op]:
    """The ops of a changeset, each sound by itself. Raises KnownError: the reason of the refusal."""
    if len(changeset.ops) > MAX_CHANGESET:
        raise _unreadable()
    if upcast.is_unknown(changeset.v):
        raise KnownError(
            "schema-unknown",
            _("Le registre est plus ancien que votre application : il n'a pas pu lire cette modification."),
            _("Elle est gardée ici et sur le registre : prévenez la personne qui le tient."),
        )
    try:
        ops = _of_today(changeset)
        for op in ops:
            _check(op)
    except (ValueError, TypeError, AttributeError, LookupError, RecursionError) as error:
        raise _unreadable() from error
    return ops


def masked(ops: bytes) -> str:
    """The text of refused ops, with every text that holds a NIR masked; empty where it cannot be read."""
    try:
        return msgspec.json.encode(_mask(msgspec.json.decode(ops))).decode()
    except (ValueError, RecursionError):
        return ""


def refuse_frozen(visit: Mapping[str, Any]) -> None:
    """Raise KnownError `visit-finalised` for a write to a visit, or a part of one, that is finalised."""
    if visit.get("state") == "finalised":
        raise KnownError(
            "visit-finalised",
            _("Cette visite a été finalisée : elle ne change plus."),
            _("Reprenez cette saisie dans une nouvelle visite."),
        )


def _of_today(changeset: Changeset) -> list[Op]:
    steps = upcast.steps_from(changeset.v)
    if not steps:
        return msgspec.json.decode(changeset.ops, type=list[Op])
    ops = msgspec.json.decode(changeset.ops, type=list[Any])
    for step in steps:
        ops = step(ops)
    return msgspec.convert(ops, list[Op])


def _check(op: Op) -> None:
    if op.t not in TYPES:
        raise KnownError(
            "unknown-type",
            _("Le registre ne connaît pas encore ce type de fiche."),
            _("Prévenez la personne qui tient le registre : il est plus ancien que votre application."),
        )
    if not _IDENTITY.fullmatch(op.i):
        raise ValueError(op.i)
    for stamp in (op.st, *(cell[2] for cell in op.c.values()), *op.v.values()):
        if stamp is not None:
            Stamp.parse(stamp)
    for text in _texts([op.d, op.c]):
        privacy.refuse_nir(text)
    for name, value in {**op.d, **{name: cell[1] for name, cell in op.c.items()}}.items():
        known = TYPES[op.t].get(name)
        if known is not None and value is not None and type(known.check(value)) is not type(value):
            raise TypeError(name)


def _texts(value: Any) -> Iterator[str]:
    """Every text inside a value, names of fields included."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for name, item in value.items():
            yield name
            yield from _texts(item)
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from _texts(item)


def _mask(value: Any) -> Any:
    if isinstance(value, str):
        return privacy.mask(value) if privacy.find_nir(value) else value
    if isinstance(value, dict):
        return {_mask(name): _mask(item) for name, item in value.items()}
    if isinstance(value, list):
        return [_mask(item) for item in value]
    return value


def _unreadable() -> KnownError:
    return KnownError(
        "unreadable",
        _("Le registre n'a pas pu lire cette modification."),
        _("Elle est gardée ici et sur le registre : prévenez la personne qui le tient."),
    )
