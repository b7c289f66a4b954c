"""What `fieldkit diagnose --json` told on a practice's own computer, read from its file as facts of a workstation.

The file comes from a computer nobody vouches for: its size and shape are checked, and so is every text in it.
Only what is named here is read; whatever else is in it stays in it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from fieldkit.domain import fieldwork, privacy
from fieldkit.errors import KnownError
from fieldkit.i18n import _

LIMIT: Final = 2_000_000
"""Bytes; a probe's file has some 10,000."""

SECTIONS: Final = ("system", "readers", "scanners", "components", "app")
"""Sections that are read, each `{ok, found}` (`services.diagnose`)."""

_DEEPEST, _MOST, _LONGEST = 12, 20_000, 4_000
_VERSIONS: Final = {"FSV": "fsv_version", "Cryptolib CPS": "cryptolib_version", "ATSAM": "atsam_version"}
_MODES: Final = ("keyboard", "serial", "hid-pos")


@dataclass(frozen=True, slots=True)
class Probe:
    """What the file tells: facts that a workstation may take, and the sections that say nothing, with why."""

    facts: dict[str, Any]
    made_at: str
    """Moment by the clock of that computer, ISO 8601; "" where it is not told."""
    version: str
    """Version of the app that made it; "" where it is not told."""
    silent: tuple[str, ...]
    choices: dict[str, tuple[str, ...]]
    """Field -> devices it may be, where there are several: nobody but the delegate knows which one."""


def read(path: Path) -> Probe:
    """The probe's file. Raises KnownError `probe-unreadable`, or `nir-refused` where it holds one."""
    try:
        if path.stat().st_size > LIMIT:
            raise _unreadable(_("il est bien trop grand pour une sonde"))
        raw = json.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError, ValueError, RecursionError) as error:
        raise _unreadable(_("ce n'est pas du JSON lisible")) from error
    for text in _texts(raw):
        privacy.refuse_nir(text)
    if not isinstance(raw, dict) or not any(name in raw for name in SECTIONS):
        raise _unreadable(_("il ne vient pas de « fieldkit diagnose --json »"))
    return _probe(raw)


def component_facts(components: Iterator[Mapping[str, Any]]) -> dict[str, str]:
    """The facts that installed components (`{component, version}`) tell; what is not seen is unknown, never "no"."""
    facts = {}
    for found in components:
        name, version = found.get("component"), found.get("version")
        if isinstance(version, str) and version and name in _VERSIONS:
            facts[_VERSIONS[name]] = version
        if name == "GALSS":
            facts["galss_leftovers"] = "yes"
    return facts


def _probe(raw: Mapping[str, Any]) -> Probe:
    system = _mapping(_found(raw, "system"))
    app = _mapping(_found(raw, "app"))
    told: dict[str, Any] = {name: _text(system.get(name)) for name in ("os", "os_version")}
    told |= component_facts(_mappings(_found(raw, "components")))
    candidates = _devices(raw)
    modes = {_text(s.get("mode")) for s in _mappings(_mapping(_found(raw, "scanners")).get("scanners"))}
    told |= {field: names[0] for field, names in candidates.items() if len(names) == 1}
    if "qr_reader" in told and len(modes) == 1 and (mode := modes.pop()) in _MODES:
        told["qr_reader_mode"] = mode
    return Probe(
        facts={field: kept for field, value in told.items() if (kept := _accepted(field, value)) is not None},
        made_at=_text(app.get("made_at")),
        version=_text(app.get("version")),
        silent=tuple(name for name in SECTIONS if _found(raw, name) is None),
        choices={field: names for field, names in candidates.items() if len(names) > 1},
    )


def _devices(raw: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    """By field, the names of the devices that were plugged in; a simulated reader is none."""
    readers = _mapping(_found(raw, "readers"))
    slots = [] if readers.get("training") else list(_mappings(readers.get("readers")))
    named: dict[str, list[str]] = {"card_reader": [], "nfc_reader": [], "qr_reader": []}
    for slot in slots:
        field = {"contact": "card_reader", "contactless": "nfc_reader"}.get(_text(slot.get("interface")))
        if field and not slot.get("virtual"):
            named[field].append(_called(slot) or _text(slot.get("name")))
    for scanner in _mappings(_mapping(_found(raw, "scanners")).get("scanners")):
        named["qr_reader"].append(_called(scanner))
    unique = {field: tuple(dict.fromkeys(filter(None, names))) for field, names in named.items()}
    return {field: names for field, names in unique.items() if names}


def _called(device: Mapping[str, Any]) -> str:
    maker, model = _text(device.get("maker")), _text(device.get("model"))
    return model if model.casefold().startswith(maker.casefold()) else f"{maker} {model}".strip()


def _accepted(field: str, value: Any) -> Any:
    """The value as the field keeps it; None where the field does not take it."""
    try:
        return fieldwork.checked("workstation", {field: value})[field]
    except KnownError:
        return None


def _found(raw: Mapping[str, Any], section: str) -> Any:
    told = raw.get(section)
    return told.get("found") if isinstance(told, dict) and told.get("ok") is True else None


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _mappings(value: Any) -> Iterator[Mapping[str, Any]]:
    return (item for item in value if isinstance(item, dict)) if isinstance(value, list) else iter(())


def _text(value: Any) -> str:
    return value.strip() if isinstance(value, str) and len(value) <= 200 else ""


def _texts(raw: Any) -> Iterator[str]:
    """Every text in the file, names included. Raises KnownError for one that is out of all proportion."""
    waiting, seen = [(raw, 0)], 0
    while waiting:
        value, depth = waiting.pop()
        seen += 1
        if depth > _DEEPEST or seen > _MOST:
            raise _unreadable(_("sa forme n'est pas celle d'une sonde"))
        if isinstance(value, str):
            if len(value) > _LONGEST:
                raise _unreadable(_("il contient un texte démesuré"))
            yield value
        elif isinstance(value, dict):
            waiting += [(part, depth + 1) for pair in value.items() for part in pair]
        elif isinstance(value, list):
            waiting += [(part, depth + 1) for part in value]
        elif isinstance(value, int) and not isinstance(value, bool):
            yield str(value) if abs(value) < 10**18 else ""


def _unreadable(why: str) -> KnownError:
    return KnownError(
        "probe-unreadable",
        _("Ce fichier n'est pas celui d'une sonde : {why}.").format(why=why),
        _(
            "Refaites-le sur le poste avec « fieldkit diagnose --json > poste.json », et importez-le tel quel."
        ),
    )
