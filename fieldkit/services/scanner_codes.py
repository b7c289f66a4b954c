"""Test codes as files: a picture for a phone, a sheet for paper."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any, Final, get_args

from fieldkit.errors import KnownError
from fieldkit.hardware.scanner import testcode
from fieldkit.hardware.scanner.symbol import Symbology, symbol
from fieldkit.hardware.scanner.testcode import Kind, TestCode
from fieldkit.i18n import _
from fieldkit.reports import scanner_sheet
from fieldkit.reports.scanner_sheet import SheetCode, SheetPage
from fieldkit.services.reports import write_file

PICTURES: Final = (".png", ".svg")
PICTURE_MM: Final = 40.0
"""Width of an SVG picture, as printed."""
_MODULE_PIXELS: Final = 12


def write_code(kind: Kind, symbology: Symbology, out: Path, *, eci: bool = False) -> dict[str, Any]:
    """Write a new test code, made to be kept, to `out` (PNG or SVG): `{text, symbology, file}`.

    Raises KnownError `picture-unknown` for another ending, `report-unwritable` where the file cannot be.
    """
    code = testcode.new(kind, kept=True)
    write_picture(code, symbology, out, eci=eci)
    return {"text": code.text, "symbology": symbology, "file": str(out)}


def write_picture(code: TestCode, symbology: Symbology, out: Path, *, eci: bool = False) -> Path:
    """Write `code` to `out` (PNG or SVG). Raises as `write_code`."""
    drawn = symbol(code.text, symbology, eci=eci)
    match out.suffix.lower():
        case ".svg":
            content = drawn.svg(PICTURE_MM).encode()
        case ".png":
            content = drawn.png(_MODULE_PIXELS)
        case _:
            raise KnownError(
                "picture-unknown",
                _("« {name} » n'est pas le nom d'une image.").format(name=out.name),
                _("Donnez un nom qui se termine par .png ou .svg."),
            )
    write_file(out, content)
    return out


def write_sheet(out: Path) -> dict[str, Any]:
    """Write the sheet of test codes to `out`, a PDF of two A4 pages: `{file, mark, codes: [{text, symbology}]}`.

    `mark` is the nonce of all its codes. Raises KnownError `report-unwritable`.
    """
    mark = testcode.new(kept=True).nonce
    pages = [
        SheetPage(_("QR codes : appli carte Vitale, ordonnance numérique"), _rows(mark, "qr")),
        SheetPage(_("Data Matrix : attestation de complémentaire"), _rows(mark, "datamatrix")),
    ]
    write_file(out, scanner_sheet.pdf(pages, mark, made_at=dt.datetime.now().astimezone()))
    codes = [
        {"text": testcode.with_nonce(mark, kind).text, "symbology": symbology}
        for symbology in get_args(Symbology)
        for kind in testcode.KINDS
    ]
    return {"file": str(out), "mark": mark, "codes": codes}


def _rows(mark: str, symbology: Symbology) -> list[list[SheetCode]]:
    """What one page shows: code A at two sizes, what is informative, then the long ones."""

    def code(kind: Kind, name: str, note: str, millimetres: float, *, eci: bool = False) -> SheetCode:
        drawn = symbol(testcode.with_nonce(mark, kind).text, symbology, eci=eci)
        return SheetCode(name, note, millimetres, drawn.svg(millimetres))

    def long(kind: Kind, number: int, millimetres: float) -> SheetCode:
        length = testcode.with_nonce(mark, kind).tested_length
        name = _("{number} · Long, {length} caractères").format(number=number, length=length)
        return code(kind, name, _("longueur et vitesse"), millimetres)

    return [
        [
            code("layout", _("1 · Disposition"), _("à lire en premier"), 40),
            code("layout", _("1 bis · Le même"), _("taille d'un téléphone"), 25),
            code("control", _("2 · Contrôle"), "GS, RS, EOT", 25),
            code("accents", _("3 · Accents"), _("sans ECI"), 28),
        ],
        [
            code("accents", _("3 bis · Accents"), _("avec ECI"), 28, eci=True),
            long("long-64", 4, 30),
            long("long-256", 5, 42),
        ],
        [long("long-512", 6, 54), long("long-1024", 7, 70)],
    ]
