"""The same practice, or the same visit, made twice by two laptops: found here, settled by a person.

Nothing is copied over or erased. The practice that goes is put away and says into which it was merged; whoever asks
for the visits, workstations and equipment of either gets those of both (`FieldStore.of_practice`).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from itertools import combinations
from typing import Any, Final

from fieldkit.domain.clock import derived_id
from fieldkit.domain.fieldwork import VISIT_PARTS, Record
from fieldkit.domain.folding import fold
from fieldkit.errors import KnownError
from fieldkit.i18n import _
from fieldkit.store.changes import Changes, Changeset, read_kv, read_record, write_kv
from fieldkit.store.database import writing
from fieldkit.store.fieldwork import FieldStore

DUPLICATES: Final = "duplicates"
_LEFT_ALONE: Final = ("merged_into", "distinct_from")


def roots(store: FieldStore) -> dict[str, Record]:
    """Every practice by its identity, as the one that stands for it: see `FieldStore.root_of`."""
    known = {practice.id: practice for practice in store.of("practice", archived=True)}
    return {
        identity: store.root_of("practice", identity) if practice["merged_into"] else practice
        for identity, practice in known.items()
    }


def duplicates(store: FieldStore) -> list[dict[str, Any]]:
    """Pairs that look like one thing made twice, newest first: `{type, reason, records}`, the older record first.

    A record is `{id, name, city, rpps, finess, made_at, visits, delegates}`; that of a visit has its `date` too.
    """
    standing = roots(store)
    visits = [v for v in store.of("visit") if v["practice"] in standing]  # one may be here alone: see erasure
    practices = [*store.of("practice"), *_rings(store, standing)]
    pairs = [(one, other, _same_practice(one, other)) for one, other in _near(practices)]
    drafts = [visit for visit in visits if visit["state"] == "draft" and not visit["supersedes"]]
    by_day: dict[tuple[str, str], list[Record]] = {}
    for visit in drafts:
        by_day.setdefault((standing[visit["practice"]].id, str(visit["date"])), []).append(visit)
    for same in by_day.values():
        reason = _("Deux brouillons du même jour, dans le même cabinet.")
        pairs += [(one, other, reason) for one, other in combinations(same, 2) if _by_two(one, other)]
    found = [
        {
            "type": one.type,
            "reason": reason,
            "records": [_told(record, standing, visits) for record in (one, other)],
        }
        for one, other, reason in pairs
        if reason
        and other.id not in (one["distinct_from"] or ())
        and one.id not in (other["distinct_from"] or ())
    ]
    return sorted(found, key=lambda pair: str(pair["records"][1]["id"]), reverse=True)


def note(store: FieldStore) -> list[dict[str, Any]]:
    """The pairs, whose number is kept for whoever wants it at once."""
    found = duplicates(store)
    if read_kv(store.database, DUPLICATES) != str(len(found)):
        with writing(store.database):
            write_kv(store.database, DUPLICATES, str(len(found)))
    return found


def merge(store: FieldStore, keep: str, drop: str) -> Changes:
    """Settle a pair: `keep` stands for both from now on. What only `drop` knows is written into it.

    Of two practices everything that belongs to either is found under both. Of two drafts the notes, obstacles,
    actions, tests and photos of `drop` are copied into `keep`. `drop` is put away, and `separate` brings it back.
    Raises KnownError `record-missing`, `not-alike`, `visit-finalised`.
    """
    kept, dropped = _pair(store, keep, drop)
    with store.changeset(_("Doublon réuni")) as c:
        _bring_back(c, kept)
        missing = {
            name: value
            for name, value in dropped.doc.items()
            if kept[name] is None and name not in _LEFT_ALONE and name != "practice"
        }
        c.set(kept.type, kept.id, missing)
        if kept.type == "visit":
            _copy_parts(store, c, kept, dropped)
        c.set(dropped.type, dropped.id, {"merged_into": kept.id})
        if not dropped.archived:
            c.archive(dropped.type, dropped.id)
    return c.changes


def tell_apart(store: FieldStore, one: str, other: str) -> Changes:
    """Settle a pair the other way: these are two things, and nobody needs to be asked again."""
    first, second = _pair(store, one, other)
    with store.changeset(_("Doublon écarté")) as c:
        _bring_back(c, first)
        _bring_back(c, second)
        c.set(second.type, second.id, {"distinct_from": sorted({*(second["distinct_from"] or ()), first.id})})
    return c.changes


def merged(store: FieldStore) -> list[dict[str, Any]]:
    """Practices that were merged into another: `{id, name, into}`, `into` being the name of that one."""
    found = [p for p in store.of("practice", archived=True) if p.archived and p["merged_into"]]
    return [
        {"id": practice.id, "name": practice["name"], "into": store.root_of("practice", practice.id)["name"]}
        for practice in found
    ]


def separate(store: FieldStore, record_id: str) -> Changes:
    """Undo a merge of practices: what belongs to each is its own again. Raises KnownError `record-missing`."""
    practice = store.get("practice", record_id)
    with store.changeset(_("Doublon séparé")) as c:
        _bring_back(c, practice)
    return c.changes


def _bring_back(c: Changeset, record: Record) -> None:
    if record["merged_into"]:
        c.set(record.type, record.id, {"merged_into": None})
    if record.archived:
        c.archive(record.type, record.id, back=True)


def _pair(store: FieldStore, one: str, other: str) -> tuple[Record, Record]:
    for kind in ("practice", "visit"):
        found = [read_record(store.database, kind, identity) for identity in (one, other)]
        if found[0] is not None and found[1] is not None and one != other:
            if found[0].scope != found[1].scope:
                break
            return found[0], found[1]
    raise KnownError(
        "not-alike",
        _("Ces deux fiches ne peuvent pas être réunies."),
        _("Il faut deux cabinets, ou deux visites, du même département."),
    )


def _copy_parts(store: FieldStore, c: Changeset, kept: Record, dropped: Record) -> None:
    """Under identities that anybody who does the same gives them, so that two who do it copy once."""
    for part in VISIT_PARTS:
        for record in store.of_visit(part, dropped.id):
            named = derived_id(_made_ms(record.id), f"{record.id} {kept.id}")
            if read_record(store.database, part, named) is None:
                c.create(part, kept.scope, {**record.doc, "visit": kept.id}, record_id=named)


def _near(practices: Iterable[Record]) -> list[tuple[Record, Record]]:
    """Pairs worth comparing, the older first: those that share a number."""
    groups: dict[tuple[str, str, str], list[Record]] = {}
    for practice in sorted(practices, key=lambda record: record.id):
        for number in ("rpps", "finess"):
            if practice[number]:
                groups.setdefault((practice.scope, number, practice[number]), []).append(practice)
    pairs = {(a.id, b.id): (a, b) for group in groups.values() for a, b in combinations(group, 2)}
    return list(pairs.values())


def _same_practice(one: Record, other: Record) -> str | None:
    """Why two practices may be one; None where a number or the town says that they are not."""
    if any(_differ(one[name], other[name]) for name in ("rpps", "finess")):
        return None
    if one["rpps"] and other["rpps"]:
        if one["finess"] and other["finess"]:
            return _("Même numéro RPPS et même numéro FINESS.")
        return (
            None if _differ(one["city"], other["city"]) else _("Même numéro RPPS, et rien qui les distingue.")
        )
    same_name = fold(str(one["name"])) == fold(str(other["name"]))
    return _("Même numéro FINESS et même nom.") if same_name else None


def _differ(one: str | None, other: str | None) -> bool:
    return bool(one and other and fold(one) != fold(other))


def _by_two(one: Record, other: Record) -> bool:
    """Whether two devices made them: one delegate may well make two visits on a day."""
    devices = [{stamp.rpartition("-")[2] for stamp in record.stamps.values()} for record in (one, other)]
    return devices[0].isdisjoint(devices[1])


def _rings(store: FieldStore, standing: Mapping[str, Record]) -> list[Record]:
    """Practices that two people merged into each other, so that both were put away."""
    found: dict[str, Record] = {}
    for root in standing.values():
        other = (
            root.archived
            and root["merged_into"]
            and read_record(store.database, "practice", root["merged_into"])
        )
        if other:
            found |= {root.id: root, other.id: other}
    return list(found.values())


def _told(record: Record, standing: Mapping[str, Record], visits: Iterable[Record]) -> dict[str, Any]:
    practice = record if record.type == "practice" else standing[record["practice"]]
    theirs = (
        [v for v in visits if standing[v["practice"]].id == practice.id] if record is practice else [record]
    )
    return {
        "id": record.id,
        **{name: practice[name] for name in ("name", "city", "rpps", "finess")},
        **({"date": record["date"]} if record.type == "visit" else {}),
        "made_at": dt.datetime.fromtimestamp(_made_ms(record.id) / 1000, dt.UTC).isoformat(
            timespec="seconds"
        ),
        "visits": len(theirs),
        "delegates": sorted({visit["delegate"] for visit in theirs if visit["delegate"]}),
    }


def _made_ms(identity: str) -> int:
    """When a record was made: a UUIDv7 begins with its milliseconds."""
    return int(identity.replace("-", "")[:12], 16)
