"""The diagnosis of the card readers: facts gathered section by section, rules applied one by one.

No section and no rule can hide another: one that fails is told by name among what could not be checked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from fieldkit.domain.reader_diagnosis import RULES, Rule, by_severity
from fieldkit.domain.reader_diagnosis.facts import (
    AskedFacts,
    Computer,
    DriverFacts,
    Fault,
    GalssFacts,
    Situation,
    SlotFacts,
    UsbFacts,
)
from fieldkit.domain.reader_diagnosis.finding import Finding
from fieldkit.hardware.pcsc import atr
from fieldkit.hardware.pcsc.bench import Bench, Event, Slot
from fieldkit.hardware.pcsc.errors import System, this_system
from fieldkit.hardware.pcsc.pairing import device_of
from fieldkit.hardware.pcsc.words import place_text
from fieldkit.i18n import N_, _
from fieldkit.services import devices as known_devices
from fieldkit.services.diagnose import run_sections
from fieldkit.services.reader_identity import Identities, Identity, called

__all__ = ["Diagnosis", "Finding", "Surroundings", "diagnose", "surroundings"]

_SECTIONS: Final = {
    "usb": N_("les périphériques USB"),
    "drivers": N_("les pilotes de lecteur"),
    "programs": N_("les programmes en cours"),
    "remote": N_("le type de session"),
    "galss": N_("galss.ini"),
    "cryptolib": N_("la Cryptolib CPS"),
    "sesam_without_mgc": N_("sesam.ini"),
}


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What changes seldom: the computer, and who its readers are. `unchecked`: what could not be told, in words."""

    computer: Computer
    identities: Identities
    unchecked: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """Findings in order of severity, and what could not be checked, in words."""

    findings: tuple[Finding, ...]
    unchecked: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """`{findings: […], unchecked: […]}`."""
        return {
            "findings": [finding.as_dict() for finding in self.findings],
            "unchecked": list(self.unchecked),
        }


def surroundings(
    bench: Bench,
    identities: Identities | None = None,
    sections: dict[str, Callable[[], Any]] | None = None,
    system: System | None = None,
) -> Surroundings:
    """Look around: takes up to seconds. `identities` keeps what drivers answered before; `sections` is for tests.

    In training nothing is looked at: this computer has nothing to do with simulated readers.
    """
    known = identities or Identities()
    on = system or this_system()
    if bench.training:
        return Surroundings(Computer(on), known)
    found = run_sections(
        {"readers": partial(_asked, known, bench), **(_sections(on) if sections is None else sections)}
    )
    told = {name: section["found"] for name, section in found.items() if section["ok"]}
    asked = told.pop("readers", ())
    unchecked = [_(words) for name, words in _SECTIONS.items() if told.get(name) is None]
    return Surroundings(Computer(on, asked=asked, **told), known, tuple(unchecked))


def diagnose(
    bench: Bench, around: Surroundings, events: Iterable[Event] = (), rules: Sequence[Rule] = RULES
) -> Diagnosis:
    """What is to be said of the bench as it is; `events` are those before it, oldest first. Quick: no device asked."""
    situation = _situation(bench, around, events)
    run = run_sections({rule.__name__: partial(_apply, rule, situation) for rule in rules})
    findings = [finding for section in run.values() if section["ok"] for finding in section["found"]]
    failed = [
        _("la règle « {name} » (défaut de Fieldkit)").format(name=name)
        for name, section in run.items()
        if not section["ok"]
    ]
    return Diagnosis(tuple(by_severity(findings)), (*around.unchecked, *failed))


def _apply(rule: Rule, situation: Situation) -> list[Finding]:
    return list(rule(situation))


def _situation(bench: Bench, around: Surroundings, events: Iterable[Event]) -> Situation:
    fault = bench.fault
    usual: dict[tuple[str, int], str] = {}
    for event in events:
        if event.slot is not None and event.card is not None and event.card.health:
            usual.setdefault((event.slot.name, event.slot.slot), event.card.family)
    identities = around.identities.of(bench)
    return Situation(
        computer=around.computer,
        service=bench.service,
        fault=None if fault is None else Fault(fault.name, fault.message, fault.hint),
        slots=tuple(
            _slot(slot, identities.get(slot, Identity()), usual.get((slot.name, slot.slot)))
            for slot in bench.readers
        ),
    )


def _slot(slot: Slot, who: Identity, usual: str | None) -> SlotFacts:
    return SlotFacts(
        place=place_text(slot),
        device=device_of(slot),
        number=slot.slot + 1,
        interface=slot.interface,
        virtual=slot.virtual,
        state=slot.state,
        family=slot.card.family if slot.card else None,
        damaged=bool(slot.atr) and atr.parse(slot.atr).damage is not None,
        vid_pid=who.vid_pid,
        model=who.label,
        usual=usual,
    )


def _asked(identities: Identities, bench: Bench) -> tuple[AskedFacts, ...]:
    identities.ask_drivers(bench)
    return tuple(
        dict.fromkeys(
            AskedFacts(device_of(slot), who.outcome, who.code)
            for slot, who in identities.of(bench).items()
            if who.outcome is not None
        )
    )


def _sections(system: System) -> dict[str, Callable[[], Any]]:
    return {
        "usb": _usb,
        "drivers": partial(_drivers, system),
        "programs": _programs,
        "remote": _remote,
        "galss": partial(_galss, system),
        "cryptolib": partial(_cryptolib, system),
        "sesam_without_mgc": partial(_sesam, system),
    }


def _usb() -> tuple[UsbFacts, ...] | None:
    from fieldkit.hardware import usb

    found = usb.devices()
    return None if found is None else card_readers(found)


def card_readers(found: Iterable[Any]) -> tuple[UsbFacts, ...]:
    """Those of the USB devices that are card readers: known by their id, or with a CCID interface.

    A security key has one too, and no place for a card.
    """
    from fieldkit.hardware.pcsc.readers import parse
    from fieldkit.hardware.usb import CARD_READER

    readers = []
    for device in found:
        if parse(device.name).virtual:
            continue
        model = known_devices.known().by_usb(device.vid, device.pid)
        listed = model is not None and "pcsc" in model.modes
        if listed or CARD_READER in (device.kinds or ()):
            name = called(model.maker, model.model) if model else None
            label = name or device.name or device.vid_pid
            libccid = model.libccid if model else ""
            readers.append(UsbFacts(label, device.vid_pid, name, device.kinds, device.problem, libccid))
    return tuple(readers)


def _drivers(system: System) -> tuple[DriverFacts, ...] | None:
    from fieldkit.hardware import drivers

    found = drivers.installed(system)
    return None if found is None else tuple(DriverFacts(d.name, d.version, d.devices) for d in found)


def _programs() -> tuple[str, ...]:
    from fieldkit.hardware import programs

    return tuple(programs.suspects(programs.running()))


def _remote() -> str:
    from fieldkit.hardware import inventory

    return inventory.remote_session()


def _galss(system: System) -> tuple[GalssFacts, ...]:
    from fieldkit.hardware import components

    found = components.galss_configuration(system)
    return () if found is None else (GalssFacts(found.libraries, found.serial, found.pss),)


def _cryptolib(system: System) -> tuple[str, ...]:
    from fieldkit.hardware import components

    found = components.installed(system)
    return tuple(c.version for c in found if c.name == "Cryptolib CPS" and c.version)


def _sesam(system: System) -> tuple[str, ...]:
    from fieldkit.hardware import components

    return tuple(components.sesam_without_mgc(system))
