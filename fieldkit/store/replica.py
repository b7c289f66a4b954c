"""The laptop's copy of what the registry holds: applying what is pulled, under the edits not yet there.

Each public method is one short transaction, so that sync never holds the database while it waits for the
network. Pages are staged first; rows and cursors move together, once all pages are there.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Any, Final, cast

from sqlite_utils import Database

from fieldkit.domain.clock import Stamp, new_device, new_id
from fieldkit.domain.fieldwork import LINKS
from fieldkit.domain.merge import ARCHIVED
from fieldkit.store import aside, attachments, outbox
from fieldkit.store.changes import Op, read_kv, write_kv
from fieldkit.store.database import writing
from fieldkit.store.outbox import Answer, Entry, Key

Row = tuple[str, str, str, str, str, bool, int]
"""A pulled record: type, id, scope, doc and stamps as JSON, archived, rev."""

_ERASED: Final = "erased"
"""The key of the erased records that pending entries still write to."""
_CHECKED: Final = "checked "
"""Before the name of a scope: the key of when it was compared."""
_COLUMNS: Final = "type, id, scope, doc, stamps, archived, rev"


@dataclass(frozen=True, slots=True)
class Link:
    """How this laptop stands to the registry; cursors are those that the next page starts from."""

    device: str
    epoch: str | None
    cursors: Mapping[str, int]
    staged: bool
    pending: int
    user: str | None
    """Whose field data these are, since they first met a registry."""


class Replica:
    """The tables of sync in the field data."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def link(self) -> Link:
        """How this laptop stands."""
        rows = self._database.execute("SELECT scope, staged, seq FROM cursor").fetchall()
        cursors = {row[0]: row[1] for row in rows}
        staged = any(row[1] != row[2] for row in rows)
        device = read_kv(self._database, "device") or ""
        pending = outbox.counts(self._database)["pending"]
        user = read_kv(self._database, "user")
        return Link(device, read_kv(self._database, "epoch"), cursors, staged, pending, user)

    def meet(self, epoch: str, last: tuple[int, str], time: int, user: str, revoked: Sequence[str]) -> bool:
        """Agree with the registry on what it has. False where this laptop became a new device for that.

        Another epoch is another database: all is pulled anew. `last` is the last changeset that it has of
        this device: its seq and digest. If it lacks what it had answered, that is sent again; if it has
        what this laptop never sent, the disk was restored or copied.
        """
        last_seq, digest = last
        with writing(self._database):
            if read_kv(self._database, "epoch") != epoch:
                self._forget_registry()
                write_kv(self._database, "epoch", epoch)
            write_kv(self._database, "user", user)
            self._see(time)
            for scope in revoked:
                self._database.execute("DELETE FROM cursor WHERE scope = ?", [scope])
            ours = outbox.digest_of(self._database, last_seq) or digest
            if last_seq > outbox.last_seq(self._database) or ours != digest:
                self._become_another()
                return False
            return last_seq >= outbox.last_answered(self._database) or self._send_again(last_seq + 1)

    def send_again(self, first: int) -> None:
        """Send every changeset from `first` on again, as a new device where one is not kept any more."""
        with writing(self._database):
            self._send_again(first)

    def become_another(self) -> None:
        """Take a new device identity, and send everything that is kept under it."""
        with writing(self._database):
            self._become_another()

    def forget_registry(self) -> None:
        """Pull everything anew from now on."""
        with writing(self._database):
            self._forget_registry()

    def take(self, limit: int, most_bytes: int) -> list[Entry]:
        """The next changesets to send."""
        with writing(self._database):
            aside.follow(self._database)
            return outbox.take(self._database, limit, most_bytes)

    def answer(self, answers: Sequence[Answer]) -> None:
        """Keep the registry's answers; what it refused is taken back, but for records that only exist here."""
        with writing(self._database):
            outbox.answer(self._database, answers)
            self._forget(set())
            refused = [seq for seq, _digest, was_refused, *_rest in answers if was_refused]
            # An effect may have been pulled before its answer came: the first answer was lost on the way.
            self._show_again(outbox.touched(self._database, refused) | outbox.land(self._database))

    def stage(self, rows: Iterable[Row], since: Mapping[str, int], reached: Mapping[str, int]) -> None:
        """Keep one page, pulled from `since`; scopes that moved on in the meantime are left alone."""
        with writing(self._database):
            known = self.link().cursors
            fresh = {scope for scope in reached if known.get(scope, 0) == since.get(scope, 0)}
            self._stage(row for row in rows if row[2] in fresh)
            self._database.conn.executemany(
                "INSERT INTO cursor (scope, staged) VALUES (?, ?) "
                "ON CONFLICT (scope) DO UPDATE SET staged = excluded.staged",
                [(scope, reached[scope]) for scope in fresh],
            )

    def apply(self) -> int:
        """Make the staged records those of the laptop, under its own unsent edits. Returns how many."""
        with writing(self._database):
            new = self._database.execute("SELECT scope FROM cursor WHERE seq = 0 AND staged > 0").fetchall()
            for (scope,) in new:
                self._note_checked(scope)  # it has just come whole
            self._database.execute("UPDATE cursor SET seq = staged")
            return self._apply_staged()

    def unchecked(self, days: int) -> dict[str, int]:
        """Scopes whose records were not compared with the registry's for so many days, each with its cursor."""
        limit = (dt.datetime.now(dt.UTC) - dt.timedelta(days=days)).isoformat(timespec="seconds")
        rows = self._database.execute(
            "SELECT scope, seq FROM cursor LEFT JOIN sync_kv ON key = ? || scope "
            "WHERE seq = staged AND coalesce(value, '') <= ? ORDER BY scope",
            [_CHECKED, limit],
        )
        return dict(map(tuple, rows))

    def held(self, scope: str, after: str, upto: str) -> list[Row]:
        """The records of a range (`after` < id <= `upto`) of a scope, as the registry was last known to hold them."""
        rows = self._database.execute(
            "SELECT type, id, scope, CASE WHEN server IS NULL THEN doc ELSE json_extract(server, '$.doc') END, "
            "CASE WHEN server IS NULL THEN stamps ELSE json_extract(server, '$.stamps') END, "
            "CASE WHEN server IS NULL THEN archived ELSE json_extract(server, '$.archived') END, rev "
            "FROM record WHERE scope = ? AND id > ? AND id <= ? AND rev > 0",
            [scope, after, upto],
        )
        return [cast(Row, tuple(row)) for row in rows]

    def mend(self, scope: str, within: tuple[str, str], rows: Iterable[Row]) -> int:
        """Make the records of a range what the registry has; those that it does not have are none of its.

        What was written here and has not gone yet stays over them. Returns how many differed.
        """
        with writing(self._database):
            theirs = {(row[0], row[1]): row for row in rows}
            ours = {(row[0], row[1]): row for row in self.held(scope, *within)}
            differing = [row for key, row in theirs.items() if key not in ours or not _alike(row, ours[key])]
            self._stage(differing)
            self._apply_staged()
            gone = ours.keys() - theirs.keys()
            live = outbox.live_ops(self._database)
            for key in gone:
                execute = self._database.execute
                if key in live:
                    execute(
                        "UPDATE record SET rev = 0, server = NULL, doc = '{}', stamps = '{}', archived = 0 "
                        "WHERE type = ? AND id = ?",
                        [*key],
                    )
                else:
                    execute("DELETE FROM record WHERE type = ? AND id = ?", [*key])
            self._show_again(gone & live.keys())
            return len(differing) + len(gone)

    def checked(self, scope: str) -> None:
        """Note that a scope was compared just now."""
        with writing(self._database):
            self._note_checked(scope)

    def adopt(self, entries: Iterable[Mapping[str, Any]]) -> int:
        """Queue changesets of another laptop here, and show what they write. Returns how many were not here yet.

        All that is kept is sent under a new device identity, in the order of time, so that the registry takes every
        stamp as it was; what it has already it knows by the digest. A record whose practice or visit this laptop
        does not know is shown once it has been synchronised.
        """
        with writing(self._database):
            execute = self._database.execute
            known = {row[0] for row in execute("SELECT digest FROM outbox UNION SELECT digest FROM aside")}
            new = [entry for entry in entries if entry["digest"] not in known]
            for entry in new:
                table = "aside" if entry["state"] == "aside" else "outbox"
                execute(
                    f"INSERT INTO {table} (id, made_at, schema, label, ops, digest) VALUES (?, ?, ?, ?, ?, ?)",
                    [new_id(), *(entry[name] for name in ("made_at", "schema", "label", "ops", "digest"))],
                )
            if new:
                ops = [op for entry in new for op in json.loads(entry["ops"])]
                self._make_room(ops)
                self._see_stamps(ops)
                write_kv(self._database, "device", new_device())
                outbox.renumber(self._database, by_time=True)
                self._show_again({(op["t"], op["i"]) for op in ops})
            return len(new)

    def finish(self, now: dt.datetime, ahead: int) -> None:
        """Note that all went well, and by how many seconds this laptop's clock is `ahead` of the registry's."""
        with writing(self._database):
            outbox.purge(self._database, now)
            write_kv(self._database, "last_success", now.isoformat(timespec="seconds"))
            write_kv(self._database, "last_trouble", "null")
            write_kv(self._database, "clock_ahead", str(ahead))

    def fail(self, trouble: Mapping[str, str]) -> None:
        """Note what went wrong, until all goes well again."""
        with writing(self._database):
            write_kv(self._database, "last_trouble", json.dumps(trouble))

    def _stage(self, rows: Iterable[Row]) -> None:
        self._database.conn.executemany(
            f"INSERT OR REPLACE INTO pull_stage ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?)", rows
        )

    def _apply_staged(self) -> int:
        execute = self._database.execute
        staged = {(row[0], row[1]) for row in execute("SELECT type, id FROM pull_stage")}
        execute(
            f"INSERT INTO record ({_COLUMNS}) SELECT {_COLUMNS} FROM pull_stage WHERE true "
            "ON CONFLICT (type, id) DO UPDATE SET scope = excluded.scope, doc = excluded.doc, "
            "stamps = excluded.stamps, archived = excluded.archived, rev = excluded.rev, server = NULL"
        )
        execute("DELETE FROM pull_stage")
        self._show_again(outbox.land(self._database), staged)
        self._forget_erased()
        return len(staged)

    def _note_checked(self, scope: str) -> None:
        write_kv(self._database, _CHECKED + scope, dt.datetime.now(dt.UTC).isoformat(timespec="seconds"))

    def _see(self, time: int) -> None:
        """Let the registry's clock push the laptop's forward."""
        last = read_kv(self._database, "hlc")
        if last is None or Stamp.parse(last).ms < time:
            write_kv(self._database, "hlc", str(Stamp(time, 0, read_kv(self._database, "device") or "")))

    def _send_again(self, first: int) -> bool:
        if outbox.send_again(self._database, first):
            return True
        self._become_another()
        return False

    def _become_another(self) -> None:
        write_kv(self._database, "device", new_device())
        outbox.renumber(self._database)

    def _forget_erased(self) -> None:
        """Keep nothing of records that were erased for good: put away, with nobody who ever wrote them.

        Nor of what was written over them since; what of that still waits goes once it is answered.
        """
        erased = (
            "FROM record WHERE rev AND CASE WHEN server IS NULL THEN archived AND stamps = '{}' "
            "ELSE server ->> '$.archived' AND server ->> '$.stamps' = '{}' END"
        )
        gone = {row[0] for row in self._database.execute(f"SELECT id {erased}")}
        if gone:
            self._database.execute(f"DELETE {erased}")
            gone |= self._forget_what_leads_to(gone)
            self._forget(gone)

    def _make_room(self, ops: Iterable[Op]) -> None:
        """Rows for records that `ops` create and that nobody here has, where what they belong to is here."""
        for op in sorted(ops, key=lambda op: str(op["st"])):
            owners = [op["d"][name] for name in ("practice", "visit") if name in op.get("d", ())]
            marks = ", ".join("?" for _owner in owners)
            found = self._database.execute(f"SELECT count(*) FROM record WHERE id IN ({marks})", owners)
            if op["op"] == "create" and found.fetchone()[0] == len(owners):
                self._database.execute(
                    "INSERT OR IGNORE INTO record (type, id, scope, doc, stamps) VALUES (?, ?, ?, '{}', '{}')",
                    [op["t"], op["i"], op["s"]],
                )

    def _see_stamps(self, ops: Iterable[Op]) -> None:
        """Have what is written from now on come after `ops`."""
        newest = max(str(op["st"]) for op in ops)
        last = read_kv(self._database, "hlc")
        if last is None or last < newest:
            write_kv(self._database, "hlc", newest)

    def _forget(self, gone: Set[str]) -> None:
        """Take what was written to erased records out of every entry; out of a pending one, once it is answered."""
        waiting = json.loads(read_kv(self._database, _ERASED) or "[]")
        gone = gone | set(waiting)
        if gone:
            outbox.forget(self._database, gone)
            aside.forget(self._database, gone)
            attachments.forget_unnamed(self._database)
            pending = {op["i"] for e in outbox.entries(self._database, "pending") for op in json.loads(e.ops)}
            write_kv(self._database, _ERASED, json.dumps(sorted(gone & pending)))

    def _forget_what_leads_to(self, gone: Set[str]) -> set[str]:
        """Take away what only this laptop has of erased records; what else leads there, the registry erases itself."""
        rows = self._database.execute(
            "WITH RECURSIVE led (id) AS (SELECT value FROM json_each(?) UNION "
            "SELECT record.id FROM led, record, json_each(record.doc) AS cell "
            "WHERE record.rev = 0 AND cell.value = led.id AND cell.key IN (SELECT value FROM json_each(?))) "
            "SELECT id FROM led",
            [json.dumps(sorted(gone)), json.dumps(sorted(LINKS))],
        )
        found = {row[0] for row in rows} - gone
        self._database.conn.executemany("DELETE FROM record WHERE id = ?", [(one,) for one in found])
        return found

    def _forget_registry(self) -> None:
        for statement in (
            "DELETE FROM cursor",
            "DELETE FROM pull_stage",
            "UPDATE record SET rev = 0, server = NULL",
            "DELETE FROM record WHERE type = 'conflict'",  # the registry makes them, and would make others
        ):
            self._database.execute(statement)
        attachments.send_again(self._database)

    def _show_again(self, keys: Set[Key], new: Set[Key] = frozenset()) -> None:
        """Show records as the registry has them, under the ops it does not have yet; `new` ones if there are any.

        What it refused is not shown, but for a record that it does not have: that is all there is of it.
        """
        if not keys | new:
            return
        live = outbox.live_ops(self._database)
        for key in keys | (new & live.keys()):
            row = self._database.execute(
                "SELECT rev, doc, stamps, archived, server FROM record WHERE type = ? AND id = ?", [*key]
            ).fetchone()
            rev, doc, stamps, archived, server = row or (0, "{}", "{}", False, None)
            ops = [op for op, refused in live.get(key, ()) if not (rev and refused)]
            state: dict[str, Any] = {"doc": {}, "stamps": {}, "archived": False}
            if rev:
                state = {"doc": json.loads(doc), "stamps": json.loads(stamps), "archived": archived}
                state = state if server is None else json.loads(server)
            if not ops and server is None:
                continue  # nothing covers it, and nothing did
            kept = json.dumps(state, ensure_ascii=False) if rev and ops else None
            for op in ops:
                _show(op, state)
            shown = (json.dumps(state["doc"], ensure_ascii=False), json.dumps(state["stamps"]))
            self._database.execute(
                "UPDATE record SET doc = ?, stamps = ?, archived = ?, server = ? WHERE type = ? AND id = ?",
                [*shown, state["archived"], kept, *key],
            )


def _alike(one: Row, other: Row) -> bool:
    """Whether two rows say the same, however their JSON is written."""
    return one[5:] == (bool(other[5]), other[6]) and all(
        json.loads(str(one[at])) == json.loads(str(other[at])) for at in (3, 4)
    )


def _show(op: Op, state: dict[str, Any]) -> None:
    """Put the values of an op over the state of its record."""
    values = op["d"] if op["op"] == "create" else {name: cell[1] for name, cell in op.get("c", {}).items()}
    for name, value in values.items():
        state["stamps"][name] = op["st"]
        state["doc"][name] = value
        if value is None:
            del state["doc"][name]
    if op["op"] in ("archive", "restore"):
        state["archived"] = op["op"] == "archive"
        state["stamps"][ARCHIVED] = op["st"]
