"""Sync with the central registry: run it, see what waits and why, settle conflicts."""

from __future__ import annotations

import datetime as dt
import json
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Final, TypeVar

from fieldkit.domain.clock import Stamp
from fieldkit.domain.fieldwork import TYPES, Record
from fieldkit.domain.merge import ARCHIVED
from fieldkit.errors import KnownError
from fieldkit.i18n import _, ngettext
from fieldkit.services import sign_in
from fieldkit.services.duplicates import DUPLICATES, note
from fieldkit.services.sign_in import here as here
from fieldkit.store import aside, attachments, outbox
from fieldkit.store.changes import Changes, read_kv, write_kv
from fieldkit.store.database import writing
from fieldkit.store.fieldwork import FieldStore
from fieldkit.store.replica import Replica
from fieldkit.sync import sentences

if TYPE_CHECKING:
    from fieldkit.sync.client import Bearer
    from fieldkit.sync.engine import OnDatabase, Progress

T = TypeVar("T")

CLOCK_SECONDS: Final = 5 * 60
"""By how much a clock may differ from the registry's before that is told."""
_SIDES: Final = ("ours", "theirs")


def configure(store: FieldStore, url: str, token: str) -> None:
    """Choose the registry and the token for it; both are kept in the encrypted field data.

    Raises KnownError `registry-address`, or `token-empty`.
    """
    from fieldkit.sync.client import checked_url

    address = checked_url(url)
    if not token.strip():
        raise KnownError(
            "token-empty",
            _("Le jeton d'accès est vide."),
            _("Demandez-en un à la personne qui tient le registre."),
        )
    sign_in.sign_out_here(store)
    with writing(store.database):
        write_kv(store.database, "registry_url", address)
        write_kv(store.database, "registry_token", token.strip())


def run(
    store: FieldStore,
    registry_url: str | None = None,
    progress: Callable[[Progress], None] = lambda _progress: None,
    *,
    cancelled: Callable[[], bool] = lambda: False,
    on_database: OnDatabase = here,
    check: bool = False,
) -> dict[str, Any]:
    """Push, pull, and carry photos once; the shape of `cli.md`, with photos `received` and `missing` besides.

    `mended` counts records that had been damaged here; with `check` all are compared, also before a day is over.

    `registry_url` is used this once instead of the configured one. `store` is touched through
    `on_database` only, in short calls, and never while the network is awaited. `conflicts` counts those
    that wait for a person. Raises KnownError `registry-not-set`, or that of the first trouble met.
    """
    from fieldkit.sync.client import Registry
    from fieldkit.sync.engine import Synchronisation
    from fieldkit.sync.mending import Mending
    from fieldkit.sync.uploads import Carrying

    began = time.monotonic()
    url, bearer = on_database(lambda: _address(store, registry_url))
    replica = Replica(store.database)
    try:
        with Registry(url, bearer) as registry:
            carrying = Carrying(registry, _shelf(store), on_database, progress, cancelled)
            mending = Mending(registry, replica, on_database, cancelled=cancelled, now=check)
            steps = [mending.run, carrying.send, carrying.fetch]
            done = Synchronisation(registry, replica, on_database, progress, cancelled, steps).run()
    except KnownError as error:
        told = error if isinstance(bearer, str) else _as_signed_in(error)
        on_database(lambda: replica.fail(told.as_dict()))
        raise told from error
    finally:
        store.device = on_database(replica.link).device
    if done.pulled:
        on_database(lambda: note(store))
    return {
        "pushed": done.pushed,
        "refused": done.refused,
        "pulled": done.pulled,
        "conflicts": on_database(lambda: _open_conflicts(store)),
        "mended": mending.mended,
        "attachments": asdict(carrying.done),
        "seconds": round(time.monotonic() - began, 3),
    }


def fetch_photos(
    store: FieldStore,
    visit_id: str,
    *,
    cancelled: Callable[[], bool] = lambda: False,
    on_database: OnDatabase = here,
) -> int:
    """Have the photos of a visit that other laptops made, as far as the registry has them. Returns how many came.

    `store` is touched as by `run`. Raises KnownError as `run` does; nothing is asked of a registry never met.
    """
    from fieldkit.sync.client import ProblemError, Registry
    from fieldkit.sync.uploads import Carrying

    shelf = _shelf(store)
    if not on_database(lambda: shelf.to_fetch(visit_id) and read_kv(store.database, "epoch")):
        return 0
    url, token = on_database(lambda: _address(store, None))
    with Registry(url, token) as registry:
        registry.device = on_database(Replica(store.database).link).device
        carrying = Carrying(registry, shelf, on_database, cancelled=cancelled)
        with suppress(ProblemError):  # the next synchronisation settles it
            carrying.fetch(visit_id)
    return carrying.done.received


def status(store: FieldStore) -> dict[str, Any]:
    """Where sync stands: registry, last success and trouble, what waits, what was refused, open conflicts.

    `clock` says what is wrong with this laptop's clock, None where it is right within five minutes.
    `sign_in` is `{how: browser|token|null, name, kept, expired}`; one that is not `kept` ends with this process.
    `photos` are those to send, `{id, label, bytes, made_at, tries, reason}`; `aside` what was set aside;
    `duplicates` how many pairs looked alike when that was looked at last. Items are
    `{id, label, made_at, bytes, tries, reason}`; the reason of a waiting one that was tried is that of the
    last trouble.
    """
    trouble = json.loads(read_kv(store.database, "last_trouble") or "null")
    return {
        "registry": read_kv(store.database, "registry_url"),
        "user": read_kv(store.database, "user"),
        "sign_in": _sign_in(store, trouble),
        "last_success": read_kv(store.database, "last_success"),
        "last_trouble": trouble,
        "clock": _clock(int(read_kv(store.database, "clock_ahead") or 0)),
        "waiting": [
            _item(entry, trouble["message"] if trouble and entry.tried else None)
            for entry in outbox.entries(store.database, "pending")
            if entry.ops != aside.EMPTY
        ],
        "aside": [
            {"id": one.id, "label": one.label, "made_at": one.made_at, "bytes": len(one.ops.encode())}
            for one in aside.entries(store.database)
        ],
        "photos": _photos(store),
        "duplicates": int(read_kv(store.database, DUPLICATES) or 0),
        "refused": [_item(entry, _reason(entry)) for entry in outbox.entries(store.database, "refused")],
        "conflicts": _open_conflicts(store),
    }


def conflicts(store: FieldStore) -> list[dict[str, Any]]:
    """Every conflict, those that wait for a person first, then newest first.

    `ours` is the value written on this laptop where that is known, else the one that stands; `stands` says
    which does. `who` and `when` tell both sides: user, and time in ISO 8601.
    """
    found = [_shown(store, record) for record in store.of("conflict")]
    found.sort(key=lambda c: c["id"], reverse=True)
    return sorted(found, key=lambda c: bool(c["settled"]))


def settle(store: FieldStore, conflict_id: str, choice: str | None, *, typed: bool = False) -> Changes:
    """Settle a conflict for good, also one that settled itself: `ours`, `theirs`, or a value of one's own.

    With `typed` it is a value, whatever its words.

    Raises KnownError `record-missing`, `conflict-choice`, or the error of the field's check.
    """
    shown = _shown(store, store.get("conflict", conflict_id))
    target = (shown["target"]["type"], shown["target"]["id"])
    with store.changeset(_("Conflit réglé")) as c:
        if shown["field"] != ARCHIVED:
            side = None if typed or choice not in _SIDES else choice
            c.set(*target, {shown["field"]: shown[side] if side else choice})
        elif choice not in _SIDES:
            raise KnownError(
                "conflict-choice",
                _("Ce conflit n'a que deux issues."),
                _("Choisissez « ours » ou « theirs »."),
            )
        elif store.get(*target).archived != shown[choice]:
            c.archive(*target, back=not shown[choice])
        c.set("conflict", conflict_id, {"settled": True})
    return c.changes


def _shelf(store: FieldStore) -> attachments.Shelf:
    from fieldkit.services import photos

    return attachments.Shelf(store.database, photos.small_of)


def _sign_in(store: FieldStore, trouble: dict[str, str] | None) -> dict[str, Any]:
    known = sign_in.signed_in(store)
    if known is None:
        how = "token" if read_kv(store.database, "registry_token") else None
        return {"how": how, "name": None, "kept": True, "expired": False}
    refused = trouble is not None and trouble["code"] in ("sign-in-again", "sign-in-refused")
    expired = refused or not sign_in.lasts(known)
    return {"how": "browser", "name": known.name or None, "kept": known.kept, "expired": expired}


def _as_signed_in(error: KnownError) -> KnownError:
    """The trouble as it is told to somebody who never saw a token."""
    from fieldkit.sync.troubles import known

    return known("sign-in-refused") if error.code.startswith("token-") else error


def _address(store: FieldStore, registry_url: str | None) -> tuple[str, str | Bearer]:
    url = registry_url or read_kv(store.database, "registry_url")
    known = sign_in.signed_in(store)
    if known is not None and url == known.registry:
        return known.registry, sign_in.Bearer(known)
    token = read_kv(store.database, "registry_token")
    if not url or not token:
        raise KnownError(
            "registry-not-set",
            _("Aucun registre n'est configuré pour ce profil."),
            _("Connectez-vous dans Synchro, ou avec « fieldkit sync sign-in »."),
        )
    return url, token


def _open_conflicts(store: FieldStore) -> int:
    return sum(not record["settled"] for record in store.of("conflict"))


def _item(entry: outbox.Entry, reason: str | None) -> dict[str, Any]:
    return {
        "id": entry.seq,
        "label": entry.label,
        "made_at": entry.made_at,
        "bytes": len(entry.ops.encode()),
        "tries": entry.tried,
        "reason": reason,
    }


def _clock(ahead: int) -> str | None:
    if abs(ahead) <= CLOCK_SECONDS:
        return None
    minutes = round(abs(ahead) / 60)
    said = (
        ngettext(
            "L'horloge de ce poste avance de {n} minute.",
            "L'horloge de ce poste avance de {n} minutes.",
            minutes,
        )
        if ahead > 0
        else ngettext(
            "L'horloge de ce poste retarde de {n} minute.",
            "L'horloge de ce poste retarde de {n} minutes.",
            minutes,
        )
    )
    return said.format(n=minutes) + " " + _("Réglez-la : vos saisies en portent la date.")


def _photos(store: FieldStore) -> list[dict[str, Any]]:
    waiting = attachments.pending(store.database)
    of_visit = Counter(photo.visit for photo in waiting)
    labels = {}
    for visit, n in of_visit.items():
        practice = store.root_of("practice", store.get("visit", visit)["practice"])["name"]
        told = _("{practice}, photo en attente {n}/{total}")
        total = len({photo["sha256"] for photo in store.of_visit("photo", visit)})
        labels[visit] = told.format(practice=practice, n=n, total=max(n, total))
    return [_photo(photo, labels[photo.visit]) for photo in waiting]


def _photo(photo: attachments.Waiting, label: str) -> dict[str, Any]:
    return {
        "id": photo.sha256,
        "label": label,
        "bytes": photo.size,
        "made_at": photo.made_at,
        "tries": photo.tries,
        "reason": sentences.known(photo.trouble).message if photo.trouble else None,
    }


def _reason(entry: outbox.Entry) -> str:
    problem = (entry.outcome or {}).get("problem", {})
    return " ".join(filter(None, [problem.get("title"), problem.get("detail")]))


def _shown(store: FieldStore, conflict: Record) -> dict[str, Any]:
    sides = ("theirs", "ours") if _is_theirs_here(store, conflict) else _SIDES
    swapped = dict(zip(_SIDES, sides, strict=True))
    kind, field = conflict["target_type"], conflict["field"]
    known = TYPES.get(kind, {}).get(field)
    return {
        "id": conflict.id,
        "target": {"type": kind, "id": conflict["target_id"], "name": _name(store, conflict)},
        "field": field,
        "label": _(known.label) if known else _("Fiche retirée") if field == ARCHIVED else field,
        "kind": conflict["kind"],
        "base": conflict["base"],
        **{side: conflict[stored] for side, stored in swapped.items()},
        "stands": swapped["ours"],
        "who": {side: conflict["who"][stored] for side, stored in swapped.items()},
        "when": {side: _moment(conflict["when"][stored]) for side, stored in swapped.items()},
        "settled": bool(conflict["settled"]),
    }


def _is_theirs_here(store: FieldStore, conflict: Record) -> bool:
    """Whether this laptop wrote the value that does not stand."""
    devices = {side: Stamp.parse(conflict["when"][side]).device for side in _SIDES}
    return devices["theirs"] == store.device != devices["ours"]


def _name(store: FieldStore, conflict: Record) -> str:
    kind, identity = conflict["target_type"], conflict["target_id"]
    found = next((r for r in store.of(kind, archived=True) if r.id == identity), None)
    return str((found and (found["name"] or found["model"] or found["date"])) or "")


def _moment(stamp: str) -> str:
    return dt.datetime.fromtimestamp(Stamp.parse(stamp).ms / 1000, dt.UTC).isoformat(timespec="seconds")
