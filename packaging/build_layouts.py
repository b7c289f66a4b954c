"""Rebuilds resources/layouts/*.json from Debian's xkb-data, read through libxkbcommon as X programs read it.

Run on Debian 12 with `xkb-data` and `libxkbcommon0` installed: `python packaging/build_layouts.py [FOLDER]`.
What Windows and macOS do otherwise is told here, change by change, from the project's measured facts.
"""

from __future__ import annotations

import ctypes
import json
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

LAYOUTS: Final = Path(__file__).resolve().parent.parent / "resources" / "layouts"

# Position on the keyboard: the evdev code, which is also the PC set-1 scan code. X11 adds 8.
ROWS: Final = (
    ("TLDE", 41),
    *((f"AE{n:02}", n + 1) for n in range(1, 13)),
    *((f"AD{n:02}", n + 15) for n in range(1, 13)),
    *((f"AC{n:02}", n + 29) for n in range(1, 12)),
    ("BKSL", 43),
    ("LSGT", 86),
    *((f"AB{n:02}", n + 43) for n in range(1, 11)),
    ("SPCE", 57),
)
POSITION: Final = dict(ROWS)

DEAD: Final[Mapping[str, str]] = {
    "dead_grave": "\u0300",
    "dead_acute": "\u0301",
    "dead_circumflex": "\u0302",
    "dead_tilde": "\u0303",
    "dead_macron": "\u0304",
    "dead_breve": "\u0306",
    "dead_abovedot": "\u0307",
    "dead_diaeresis": "\u0308",
    "dead_hook": "\u0309",
    "dead_abovering": "\u030a",
    "dead_doubleacute": "\u030b",
    "dead_caron": "\u030c",
    "dead_horn": "\u031b",
    "dead_belowdot": "\u0323",
    "dead_belowcomma": "\u0326",
    "dead_cedilla": "\u0327",
    "dead_ogonek": "\u0328",
    "dead_belowmacron": "\u0331",
    "dead_stroke": "\u0335",
    "dead_longsolidusoverlay": "\u0338",
}
CIRCLE: Final = "\u25cc"

SHIFT, LOCK, ALTGR = 1, 2, 128  # real modifiers Shift, Lock and Mod5 of every X keymap
CELLS: Final = (0, SHIFT, ALTGR, SHIFT | ALTGR, LOCK, SHIFT | LOCK)

Table = dict[int, list[str]]


@dataclass(frozen=True)
class Recipe:
    """Where one layout comes from: its XKB name, then what the real system does otherwise."""

    id: str
    fr: str
    en: str
    family: str
    xkb: tuple[str, str]
    change: Callable[[Table], None] | None = None
    changed: str = ""
    spacing: Mapping[str, str] | None = None


class _Names(ctypes.Structure):
    _fields_ = tuple((name, ctypes.c_char_p) for name in ("rules", "model", "layout", "variant", "options"))


def _library() -> Any:
    library = ctypes.CDLL("libxkbcommon.so.0")
    for name in ("xkb_context_new", "xkb_keymap_new_from_names", "xkb_state_new"):
        getattr(library, name).restype = ctypes.c_void_p
    return library


def table(layout: str, variant: str) -> Table:
    """What every key of an XKB layout gives: position → one cell for each of CELLS."""
    library = _library()
    context = ctypes.c_void_p(library.xkb_context_new(0))
    names = _Names(b"evdev", b"pc105", layout.encode(), variant.encode(), b"")
    keymap = ctypes.c_void_p(library.xkb_keymap_new_from_names(context, ctypes.byref(names), 0))
    if not keymap:
        raise SystemExit(f"xkb-data has no layout {layout}({variant})")
    state = ctypes.c_void_p(library.xkb_state_new(keymap))

    def cell(position: int, modifiers: int) -> str:
        library.xkb_state_update_mask(state, modifiers & ~LOCK, 0, modifiers & LOCK, 0, 0, 0)
        keysym = library.xkb_state_key_get_one_sym(state, position + 8)
        name = ctypes.create_string_buffer(64)
        library.xkb_keysym_get_name(keysym, name, 64)
        if name.value.startswith(b"dead_"):
            return CIRCLE + DEAD.get(name.value.decode(), "")
        code = library.xkb_keysym_to_utf32(keysym)
        return chr(code) if code >= 32 else ""

    return {position: [cell(position, modifiers) for modifiers in CELLS] for _, position in ROWS}


def _us_windows(keys: Table) -> None:
    keys[POSITION["LSGT"]] = ["\\", "|", "", "", "\\", "|"]


def _fr_windows(keys: Table) -> None:
    keys[POSITION["TLDE"]] = ["²", "", "", "", "²", ""]
    for name, position in ROWS:
        if name not in {"TLDE", "LSGT", "SPCE"}:
            keys[position][4], keys[position][5] = keys[position][1], keys[position][0]


def _fr_mac(keys: Table) -> None:
    one, other = POSITION["TLDE"], POSITION["LSGT"]
    keys[one], keys[other] = keys[other], keys[one]


WINDOWS_102: Final = "102nd key gives \\ and | as on Windows (hardware.md §2, US to French map)"
RECIPES: Final = (
    Recipe(
        "us", "QWERTY États-Unis", "QWERTY United States", "windows", ("us", ""), _us_windows, WINDOWS_102
    ),
    Recipe(
        "us-intl",
        "QWERTY États-Unis international",
        "QWERTY United States international",
        "windows",
        ("us", "intl"),
        _us_windows,
        WINDOWS_102,
        spacing={"\u0301": "'", "\u0308": '"'},
    ),
    Recipe(
        "fr",
        "AZERTY France (Windows)",
        "AZERTY France (Windows)",
        "windows",
        ("fr", "azerty"),
        _fr_windows,
        "Shift with ² gives nothing, Caps Lock shifts every key but ² and < "
        "(hardware.md §2, US to French map and fixtures)",
    ),
    Recipe("fr-linux", "AZERTY France (Linux)", "AZERTY France (Linux)", "linux", ("fr", "")),
    Recipe(
        "fr-mac",
        "AZERTY France (Mac)",
        "AZERTY France (Mac)",
        "macos",
        ("fr", "mac"),
        _fr_mac,
        "keys @ and < exchanged, as macOS does with a PC keyboard (hardware.md §2, US to Mac map, fixtures)",
    ),
    Recipe("fr-afnor", "AZERTY France (AFNOR)", "AZERTY France (AFNOR)", "windows", ("fr", "afnor")),
    Recipe("bepo", "Bépo", "Bépo", "linux", ("fr", "bepo")),
    Recipe("be", "AZERTY Belgique", "AZERTY Belgium", "windows", ("be", "")),
    Recipe("ch-fr", "QWERTZ Suisse romande", "QWERTZ Switzerland (French)", "windows", ("ch", "fr")),
    Recipe("ch-de", "QWERTZ Suisse alémanique", "QWERTZ Switzerland (German)", "windows", ("ch", "de")),
    Recipe("ca-fr", "QWERTY Canada français", "QWERTY Canada (French)", "windows", ("ca", "")),
    Recipe("gb", "QWERTY Royaume-Uni", "QWERTY United Kingdom", "windows", ("gb", "")),
    Recipe("de", "QWERTZ Allemagne", "QWERTZ Germany", "windows", ("de", "")),
    Recipe("es", "QWERTY Espagne", "QWERTY Spain", "windows", ("es", "")),
    Recipe("it", "QWERTY Italie", "QWERTY Italy", "windows", ("it", "")),
    Recipe("pt", "QWERTY Portugal", "QWERTY Portugal", "windows", ("pt", "")),
)


def _version(package: str) -> str:
    answer = subprocess.run(
        ["dpkg-query", "-W", "-f", "${Version}", package], check=True, capture_output=True, text=True
    )
    return answer.stdout


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def render(recipe: Recipe, version: str) -> str:
    """One layout as JSON, a key a line, so that a change is read in a diff."""
    keys = table(*recipe.xkb)
    if recipe.change:
        recipe.change(keys)
    layout, variant = recipe.xkb
    source = f"xkb-data {version}, symbols/{layout}({variant or 'basic'})"
    head = {
        "id": recipe.id,
        "name": {"fr": recipe.fr, "en": recipe.en},
        "family": recipe.family,
        "source": f"{source}; {recipe.changed}" if recipe.changed else source,
        "made_by": "packaging/build_layouts.py",
        "columns": ["base", "shift", "altgr", "altgr+shift", "caps", "caps+shift"],
        "spacing": dict(recipe.spacing or {}),
    }
    lines = [f'  "{name}": {_json(value)},' for name, value in head.items()]
    rows = [f'    "{position}": {_json(keys[position])}' for _, position in ROWS]
    return "\n".join(["{", *lines, '  "keys": {', ",\n".join(rows), "  }", "}", ""])


def main() -> None:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else LAYOUTS
    version = _version("xkb-data")
    for recipe in RECIPES:
        (folder / f"{recipe.id}.json").write_text(render(recipe, version), encoding="utf-8")
    print(f"{len(RECIPES)} layouts written to {folder}")


if __name__ == "__main__":
    main()
