"""What a delegate chose for this profile: who they are, where they work, how the window looks.

One small JSON file in the profile. It holds no field data and no secret, and is written whole or not at all.
"""

from __future__ import annotations

import json
import os
import re
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any, Final

from fieldkit.errors import KnownError
from fieldkit.i18n import LANGUAGES, _

THEMES: Final = ("system", "light", "dark")
TEXT_SIZES: Final = (100, 125, 150, 200)
"""Text sizes offered, in percent."""

SCREEN_SCALES: Final = (0.25, 4.0)
"""Between what and what a screen's own idea of a millimetre may be corrected."""

_FILE: Final = "settings.json"
_DEPARTMENT = re.compile(r"0[1-9]|1\d|2[1-9]|[3-8]\d|9[0-5]|2[AB]|97[1-8]|98[678]")


@dataclass(frozen=True, slots=True)
class Settings:
    """The choices of one profile; every field has a value that works from the first start."""

    name: str = ""
    """The delegate's name, as printed on reports."""
    organisation: str = ""
    """The fund or body the delegate works for."""
    departments: tuple[str, ...] = ()
    """Department codes (`72`, `2A`, `974`) the delegate works in."""
    language: str = "fr"
    theme: str = "system"
    text_size: int = 100
    screen_scale: float = 1.0
    """How much wider than it says this screen shows a millimetre, as measured with a ruler."""
    sync_by_itself: bool = True
    """Whether what waits goes to the registry without being asked for, once one is set up."""


def load(folder: Path) -> Settings:
    """The settings of the profile in `folder`; the defaults when there are none.

    A file that cannot be read is set aside as `settings.json.broken`, never overwritten: a window that opens
    with default colours serves better than one that does not open. Values out of range fall back one by one.
    """
    file = folder / _FILE
    try:
        raw = json.loads(file.read_text("utf-8"))
        if not isinstance(raw, dict):
            raise ValueError(file.name)
    except FileNotFoundError:
        return Settings()
    except (OSError, ValueError):
        file.replace(file.with_suffix(".json.broken"))
        return Settings()
    return _from_json(raw)


def save(folder: Path, settings: Settings) -> None:
    """Write `settings` into the profile: the whole file, or nothing.

    Raises KnownError `settings-unwritable` when the disk refuses, or that of a NIR typed as a name.
    """
    from fieldkit.domain import privacy

    privacy.refuse_nir(settings.name)
    privacy.refuse_nir(settings.organisation)
    file = folder / _FILE
    draft = file.with_suffix(".json.new")
    text = json.dumps(asdict(settings), ensure_ascii=False, indent=2)
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with draft.open("w", encoding="utf-8") as stream:
            stream.write(text + "\n")
            stream.flush()
            os.fsync(stream.fileno())
        draft.replace(file)
    except OSError as error:
        raise KnownError(
            "settings-unwritable",
            _("Les réglages n'ont pas pu être enregistrés."),
            _("Vérifiez la place libre et vos droits sur ce dossier : {folder}").format(folder=folder),
        ) from error


def is_department(code: str) -> bool:
    """Whether `code` is that of a French department: `72`, `2A`, `974`."""
    return _DEPARTMENT.fullmatch(code) is not None


def parse_departments(text: str) -> tuple[str, ...]:
    """Department codes in `text`, separated by spaces, commas or semicolons, in order and without repeats.

    Raises KnownError `department-unknown` naming the first that is not a French department.
    """
    codes = [part.upper().zfill(2) for part in re.split(r"[\s,;]+", text) if part]
    for code in codes:
        if not is_department(code):
            raise KnownError(
                "department-unknown",
                _("« {code} » n'est pas un numéro de département.").format(code=code),
                _("Exemples : 72, 2A, 974. Séparez-les par des espaces."),
            )
    return tuple(dict.fromkeys(codes))


def _from_json(raw: dict[str, Any]) -> Settings:
    known = {field.name for field in fields(Settings)}
    values = {name: value for name, value in raw.items() if name in known and _valid(name, value)}
    if "departments" in values:
        values["departments"] = tuple(values["departments"])
    return Settings(**values)


def _valid(name: str, value: object) -> bool:
    match name:
        case "theme":
            return value in THEMES
        case "language":
            return value in LANGUAGES
        case "text_size":
            return value in TEXT_SIZES
        case "screen_scale":
            return isinstance(value, float) and SCREEN_SCALES[0] <= value <= SCREEN_SCALES[1]
        case "sync_by_itself":
            return isinstance(value, bool)
        case "departments":
            return isinstance(value, list) and all(
                isinstance(code, str) and _DEPARTMENT.fullmatch(code) for code in value
            )
    return isinstance(value, str)
