"""The state of this machine and of the app, in sections of which none can hide another."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from fieldkit import __version__
from fieldkit.errors import KnownError
from fieldkit.paths import resource

Section = Callable[[], Any]


def diagnose(folder: Path) -> dict[str, Any]:
    """Every section as `{ok: true, …}` or `{ok: false, error}`; `folder` is the profile's."""
    return run_sections(
        {
            "system": _system,
            "readers": _readers,
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


def _readers() -> Any:
    from fieldkit.services import readers

    return readers.bench_json(readers.list_readers())


def _scanners() -> Any:
    from fieldkit.hardware import inventory

    devices = inventory.usb_devices()
    if devices is None:
        return {"listed": False, "scanners": []}
    return {
        "listed": True,
        "scanners": inventory.scanners_among(devices, resource("devices", "scanners.json")),
    }


def _components() -> Any:
    from fieldkit.hardware import inventory

    return inventory.health_components(inventory.operating_system()["os"])


def _app() -> Any:
    import platform

    return {"version": __version__, "python": platform.python_version()}


def _database(folder: Path) -> Any:
    from fieldkit.store import keys

    path = folder / keys.FIELD_FILE
    return {"present": path.exists(), "bytes": path.stat().st_size if path.exists() else 0}


def _catalogue(folder: Path) -> Any:
    from fieldkit.services import catalogue, profile

    return {"as_of": catalogue.as_of(profile.catalogue_path(folder)).isoformat()}
