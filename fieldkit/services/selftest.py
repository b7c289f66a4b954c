"""A look at every optional part, on a throw-away profile: what `fieldkit selftest` and the frozen build run."""

from __future__ import annotations

import datetime as dt
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any, Final

from fieldkit.errors import KnownError
from fieldkit.i18n import _

_PARTS: Final = (
    *("PySide6.QtWidgets", "smartcard.scard", "serial.tools.list_ports"),
    *("zxingcpp", "cv2", "cv2_enumerate_cameras"),
    *("typst", "httpx", "keyring", "zstandard", "cryptography", "tuf.ngclient"),
)


def selftest() -> dict[str, Any]:
    """Run every check: `{ok, checks: [{name, ok, ms, detail}]}`. A check that fails does not stop the next."""
    with tempfile.TemporaryDirectory(prefix="fieldkit-selftest-") as folder:
        place = Path(folder)
        checks = [_check(f"import {part}", partial(_imports, part)) for part in _PARTS]
        checks += [
            _check("profile", lambda: _profile(place)),
            _check("catalogue", lambda: _catalogue(place)),
            _check("code", _code),
            _check("picture", lambda: _picture(place)),
            _check("photo", _photo),
            _check("report", lambda: _report(place)),
            _check("calendar", lambda: _calendar(place)),
            _check("guidance", _guidance),
        ]
    return {"ok": all(check["ok"] for check in checks), "checks": checks}


def _check(name: str, run: Callable[[], str]) -> dict[str, Any]:
    start = time.perf_counter()
    try:
        ok, detail = True, run()
    except KnownError as error:
        ok, detail = False, error.message
    except Exception as error:  # noqa: BLE001  the border between checks: the part's own words help support here
        ok, detail = False, f"{type(error).__name__}: {error}"
    return {"name": name, "ok": ok, "ms": round((time.perf_counter() - start) * 1000), "detail": detail}


def _imports(part: str) -> str:
    return str(getattr(import_module(part), "__version__", ""))


def _profile(place: Path) -> str:
    from fieldkit.services import visits

    with _open(place) as profile:
        made, _practice = visits.new_visit(profile.store, practice=_("Cabinet d'essai"))
        return str(visits.show_visit(profile.store, made)["state"])


def _catalogue(place: Path) -> str:
    from fieldkit.services import catalogue
    from fieldkit.services.profile import catalogue_path

    found = catalogue.search(catalogue_path(place), "sante")
    if not found["results"]:
        raise LookupError("the catalogue is empty")
    return f"{found['total']} results"


def _code() -> str:
    from fieldkit.hardware.scanner.decode import decode
    from fieldkit.hardware.scanner.symbol import Symbology
    from fieldkit.services import scanner

    code = scanner.new_test_code()
    symbologies: tuple[Symbology, ...] = ("qr", "datamatrix")
    for symbology in symbologies:
        pixels, side = scanner.draw(code, symbology).gray(4)
        if [found.text for found in decode(pixels, side, side)] != [code.text]:
            raise LookupError(f"{symbology} does not read back")
    return ", ".join(symbologies)


def _picture(place: Path) -> str:
    """The child process that looks at pictures, all the way; its second opinion may be missing."""
    from fieldkit.hardware.scanner.decoders.zbar import second_opinion
    from fieldkit.services import pictures, scanner

    code = scanner.new_test_code()
    file = place / "code.png"
    file.write_bytes(scanner.draw(code, "qr").png(8))
    seen = pictures.look(file).sure
    if [found.ours for found in seen] != [code.text]:
        raise LookupError("the picture of a code does not read back")
    return f"{seen[0].decoder}, zbar {'there' if second_opinion() else 'absent'}"


def _photo() -> str:
    from fieldkit.services import photos

    kept = photos.encode(photos.Picture(64, 48, bytes(64 * 48 * 3)))
    back = photos.read(kept.jpeg)
    return f"{back.width} × {back.height}"


def _report(place: Path) -> str:
    from fieldkit.services import reports, visits

    with _open(place) as profile:
        out = reports.visit_report(
            profile.store, visits.list_visits(profile.store)[0]["id"], place / "report.pdf"
        )
    return f"{out.stat().st_size} bytes"


def _calendar(place: Path) -> str:
    from fieldkit.services import agenda

    out = place / "visits.ics"
    with _open(place) as profile:
        agenda.write_calendar(profile.store, out, dt.date.min, dt.date.max)
    return f"{out.stat().st_size} bytes"


def _guidance() -> str:
    from fieldkit.services import guidance

    return f"{len(guidance.templates())} templates, {len(guidance.answers())} answers"


def _open(place: Path) -> Any:
    from fieldkit.services.profile import open_profile

    return closing(open_profile(place, "selftest"))
