"""What a person does with changes that have not gone: set aside, take back, send again, copy, carry off in a file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from fieldkit.domain.fieldwork import LINKS, TYPES
from fieldkit.errors import KnownError
from fieldkit.i18n import _
from fieldkit.store import aside, outbox, unsent
from fieldkit.store.changes import Changeset, Op, read_kv, read_record
from fieldkit.store.database import writing
from fieldkit.store.fieldwork import FieldStore


def set_aside(store: FieldStore, seq: int) -> int:
    """Take a waiting change out of the queue, with those that build on it. Returns how many went.

    Raises KnownError `not-waiting`.
    """
    with writing(store.database):
        return aside.put(store.database, seq)


def take_back(store: FieldStore, identity: str) -> int:
    """Put a change back into the queue, with those that it belongs with. Returns how many. Raises `not-waiting`."""
    with writing(store.database):
        return aside.take_back(store.database, identity)


def send_again(store: FieldStore, seq: int) -> None:
    """Queue what a refused change wrote once more, as a new change: its reason may be gone.

    Raises KnownError `not-refused`, or that of a write which is not possible any more (`visit-finalised`…).
    """
    entry = _refused(store, seq)
    with store.changeset(entry.label) as c:
        for op in json.loads(entry.ops):
            _write_again(store, c, op)
    with writing(store.database):
        outbox.settle_refused(store.database, seq)


def file_away(store: FieldStore, seq: int) -> None:
    """Show a refused change no more: the registry keeps it too.

    Raises KnownError `not-refused`, or `only-here` where it made a record that is on no other computer.
    """
    entry = _refused(store, seq)
    for op in json.loads(entry.ops):
        if op["op"] == "create" and _only_here(store, op):
            raise KnownError(
                "only-here",
                _("Cette fiche n'existe que sur ce poste : elle ne peut pas être classée."),
                _("Réessayez quand la raison du refus a disparu, ou exportez ce qui n'est pas parti."),
            )
    with writing(store.database):
        outbox.settle_refused(store.database, seq)


def text_of(store: FieldStore, identity: int | str) -> str:
    """What a change wrote, a field a line in words, to be typed again elsewhere. `identity` is that of `sync.status`.

    Raises KnownError `not-waiting`.
    """
    ops = next((json.loads(ops) for known, ops in _all(store) if known == identity), None)
    if ops is None:
        raise KnownError(
            "not-waiting", _("Ce changement n'attend plus."), _("Regardez de nouveau la page Synchro.")
        )
    return "\n".join(line for op in ops for line in _lines(op))


def export_unsent(store: FieldStore, path: Path, passphrase: str) -> dict[str, int]:
    """Write all that is not on the registry into an encrypted file: see `store.unsent.export`."""
    return unsent.export(store.database, path, passphrase)


def import_unsent(store: FieldStore, path: Path, passphrase: str) -> dict[str, int]:
    """Take over what such a file holds: see `store.unsent.import_`."""
    counts = unsent.import_(store.database, path, passphrase)
    store.device = read_kv(store.database, "device") or store.device
    return counts


def _refused(store: FieldStore, seq: int) -> outbox.Entry:
    found = next((entry for entry in outbox.entries(store.database, "refused") if entry.seq == seq), None)
    if found is None:
        raise KnownError(
            "not-refused",
            _("Ce changement n'est plus parmi les refusés."),
            _("Regardez de nouveau la page Synchro."),
        )
    return found


def _write_again(store: FieldStore, c: Changeset, op: Op) -> None:
    key = (op["t"], op["i"])
    if op["op"] == "set":
        c.set(*key, {name: cell[1] for name, cell in op["c"].items()})
    elif op["op"] == "create":
        c.create_again(*key)
    elif store.get(*key).archived != (op["op"] == "archive"):
        c.archive(*key, back=op["op"] == "restore")


def _only_here(store: FieldStore, op: Op) -> bool:
    return read_record(store.database, op["t"], op["i"]) is not None and not store.is_known(op["t"], op["i"])


def _all(store: FieldStore) -> list[tuple[int | str, str]]:
    queue = [entry for state in ("pending", "refused") for entry in outbox.entries(store.database, state)]
    return [
        *((entry.seq, entry.ops) for entry in queue),
        *((e.id, e.ops) for e in aside.entries(store.database)),
    ]


def _lines(op: Op) -> list[str]:
    known = TYPES.get(op["t"], {})
    values: dict[str, Any] = {**op.get("d", {}), **{name: cell[1] for name, cell in op.get("c", {}).items()}}
    told = {name: value for name, value in values.items() if name not in LINKS and value is not None}
    return [f"{_(known[name].label) if name in known else name} : {_plain(told[name])}" for name in told]


def _plain(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
