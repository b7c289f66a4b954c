"""A reader on USB that PC/SC does not list: is it really missing, and why."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from fieldkit.domain.reader_diagnosis.facts import Computer, SlotFacts, System, UsbFacts, enumerated
from fieldkit.domain.reader_diagnosis.finding import DELEGATE, EDITOR, Finding
from fieldkit.i18n import N_, _

_CCID: Final = "0B"
_LIBCCID: Final = N_("CCID, liste des lecteurs et de leurs premières versions (README, juin 2026)")
_NO_DRIVER: Final[dict[System, str]] = {
    "windows": N_(
        "Installez le pilote du fabricant, puis rebranchez le lecteur. Le Gestionnaire de périphériques dit "
        "s'il est en défaut."
    ),
    "macos": N_("Installez le pilote du fabricant : celui de macOS est plus ancien que ce modèle."),
    "linux": N_("Mettez à jour le paquet libccid, ou installez le pilote du fabricant."),
}
_NOT_LISTED: Final[dict[System, str]] = {
    "windows": N_(
        "Débranchez puis rebranchez le lecteur. Si rien ne change, réinstallez son pilote depuis le "
        "Gestionnaire de périphériques."
    ),
    "macos": N_(
        "Débranchez puis rebranchez le lecteur, et répondez « Autoriser » si le Mac demande s'il peut se "
        "connecter à l'accessoire."
    ),
    "linux": N_("Débranchez puis rebranchez le lecteur. Si rien ne change : sudo systemctl restart pcscd"),
}


def missing(device: UsbFacts, slots: Sequence[SlotFacts]) -> bool:
    """Whether no slot belongs to `device`, for certain: a slot whose reader is not known might."""
    return all(_another(device, slot) for slot in slots)


def _another(device: UsbFacts, slot: SlotFacts) -> bool:
    if slot.vid_pid is not None:
        return slot.vid_pid != device.vid_pid
    return slot.model is not None and device.model is not None and slot.model != device.model


def explain(device: UsbFacts, computer: Computer) -> Finding:
    """Why `device` is not in PC/SC, as far as can be told."""
    title = _("{reader} est branché, mais n'est pas vu comme lecteur de cartes.").format(reader=device.label)
    seen = _("Présent sur USB ({vid_pid}), absent de la liste PC/SC.").format(vid_pid=device.vid_pid)
    if device.kinds is not None and _CCID not in device.kinds:
        return Finding(
            "reader-not-pcsc-mode",
            "error",
            _("{reader} est branché, mais pas en mode PC/SC.").format(reader=device.label),
            seen + " " + _("Il ne présente aucune interface de lecteur de cartes (CCID)."),
            _(
                "Il est peut-être réglé en mode TL (GALSS) : passez-le en mode PC/SC dans son menu ou avec "
                "l'outil de l'éditeur. Un lecteur est dans un mode ou dans l'autre, jamais dans les deux."
            ),
            EDITOR,
            _("MG France, page sur GALSS et PC/SC"),
        )
    if device.problem:
        problem = _("Windows signale {code}.").format(code=device.problem)
        remedy = _NO_DRIVER[computer.system]
        return Finding("driver-problem", "error", title, f"{seen} {problem}", _(remedy), EDITOR)
    if _unknown_to(computer, device):
        return _too_old(title, seen, device, computer)
    return Finding("reader-not-listed", "error", title, seen, _(_NOT_LISTED[computer.system]), DELEGATE)


def _too_old(title: str, seen: str, device: UsbFacts, computer: Computer) -> Finding:
    drivers = enumerated(f"{driver.name} {driver.version or ''}".strip() for driver in computer.drivers or ())
    known = (
        _("Pilotes installés : {drivers} ; aucun ne connaît ce modèle.").format(drivers=drivers)
        if drivers
        else _("Aucun pilote de lecteur n'est installé.")
    )
    remedy = _(_NO_DRIVER[computer.system])
    if device.libccid and computer.system == "linux":
        remedy += " " + _("Ce modèle demande libccid {version} ou plus récent.").format(
            version=device.libccid
        )
    source = _(_LIBCCID) if device.libccid else ""
    return Finding("driver-too-old", "error", title, f"{seen} {known}", remedy, EDITOR, source)


def _unknown_to(computer: Computer, device: UsbFacts) -> bool:
    if computer.drivers is None:
        return False
    return all(device.vid_pid not in driver.devices for driver in computer.drivers)
