"""The state of this machine and of the app, in sections of which none can hide another."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fieldkit import __version__
from fieldkit.errors import KnownError
from fieldkit.paths import resource

if TYPE_CHECKING:
    from fieldkit.hardware.pcsc.bench import Bench
    from fieldkit.services.reader_identity import Identities

Section = Callable[[], Any]


def diagnose(folder: Path) -> dict[str, Any]:
    """Every section as `{ok: true, …}` or `{ok: false, error}`; `folder` is the profile's."""
    bench, identities = cache(_bench), cache(_identities)
    return run_sections(
        {
            "system": _system,
            "readers": lambda: _readers(bench(), identities()),
            "reader_diagnosis": lambda: _reader_diagnosis(bench(), identities()),
            "scanners": _scanners,
            "components": _components,
            "app": _app,
            "database": lambda: _database(folder),
            "catalogue": lambda: _catalogue(folder),
        }
    )


def run_sections(sections: dict[str, Section]) -> dict[str, Any]:
    """Run each section on its own: one that fails says so and the others are there all the same."""
    return {name: _run(section) for name, section in sections.items()}


def _run(section: Section) -> dict[str, Any]:
    try:
        return {"ok": True, "found": section()}
    except KnownError as error:
        return {"ok": False, "error": error.as_dict()}
    except Exception as error:  # noqa: BLE001  the border between sections: a bug in one is told by name only
        return {"ok": False, "error": {"code": "bug", "message": type(error).__name__, "hint": ""}}


def _system() -> Any:
    from fieldkit.hardware import inventory

    return inventory.operating_system()


def _bench() -> Bench:
    from fieldkit.services import readers

    return readers.list_readers()


def _identities() -> Identities:
    from fieldkit.services.reader_identity import Identities

    return Identities()


def _readers(bench: Bench, identities: Identities) -> Any:
    from fieldkit.services import readers

    identities.ask_drivers(bench)
    told = readers.bench_json(bench, identities.of(bench))
    for slot in told["readers"]:  # this answer is made to be sent
        slot["atr"] = slot["atr_text"]
        del slot["serial"]
    return told


def _reader_diagnosis(bench: Bench, identities: Identities) -> Any:
    from fieldkit.services import reader_diagnosis

    around = reader_diagnosis.surroundings(bench, identities)
    return reader_diagnosis.diagnose(bench, around).as_dict()


def _scanners() -> Any:
    from fieldkit.hardware import inventory, usb

    devices = usb.devices()
    if devices is None:
        return {"listed": False, "scanners": []}
    return {
        "listed": True,
        "scanners": inventory.scanners_among(devices, resource("devices", "scanners.json")),
    }


def _components() -> Any:
    from fieldkit.hardware import components, inventory

    return [found.as_dict() for found in components.installed(inventory.operating_system()["os"])]


def _app() -> Any:
    import datetime as dt
    import platform

    now = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
    return {"version": __version__, "python": platform.python_version(), "made_at": now}


def _database(folder: Path) -> Any:
    from fieldkit.store import keys

    path = folder / keys.FIELD_FILE
    return {"present": path.exists(), "bytes": path.stat().st_size if path.exists() else 0}


def _catalogue(folder: Path) -> Any:
    from fieldkit.services import catalogue, profile

    return {"as_of": catalogue.as_of(profile.catalogue_path(folder)).isoformat()}
