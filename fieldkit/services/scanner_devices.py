"""The scanners of this computer: those that USB shows and in which mode, serial ports, and what to try first."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from fieldkit.hardware.scanner import manuals, serial, usb
from fieldkit.hardware.scanner.serial import BAUDS, FRAMINGS, LineSettings, News, PortInfo, SerialLine
from fieldkit.hardware.scanner.usb import UsbScanner
from fieldkit.i18n import N_, _

__all__ = ["BAUDS", "FRAMINGS", "LineSettings", "News", "PortInfo", "Seen", "Step", "look", "steps"]

_MODES: Final = {
    "keyboard": N_("en mode clavier"),
    "serial": N_("en mode port série"),
    "hid-pos": N_("en mode HID-POS"),
    "snapi": N_("en mode SNAPI"),
    "ibm": N_("en mode IBM (SurePOS, OPOS)"),
    "oem": N_("en mode OEM (OPOS)"),
    "config": N_("en mode configuration"),
}
_SILENT: Final = frozenset({"hid-pos", "snapi", "ibm", "oem", "config"})
"""Modes in which no ordinary program hears the scanner."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What this computer tells of its scanners; `usb` is None where the system does not tell."""

    usb: tuple[UsbScanner, ...] | None = None
    ports: tuple[PortInfo, ...] = ()

    @property
    def names(self) -> list[str]:
        """Maker, model and ids of each, as a test's result keeps them."""
        known = {f"{one.name} ({one.vid_pid})": None for one in self.usb or ()}
        known |= {f"{port.maker} {port.model} ({port.vid_pid})".strip(): None for port in self.ports
                  if port.usb and not any(port.vid_pid in name for name in known)}  # fmt: skip
        return list(known)


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to try, and how."""

    title: str
    text: str


def look(
    find_usb: Callable[[], list[UsbScanner] | None] = usb.scanners,
    find_ports: Callable[[], list[PortInfo]] = serial.ports,
) -> Seen:
    """Look at USB and serial ports. Takes a moment: for a worker."""
    found = find_usb()
    return Seen(None if found is None else tuple(found), tuple(find_ports()))


def listen(device: str, settings: LineSettings, on_news: Callable[[News], None]) -> SerialLine:
    """A reader of one port, to be run by a worker and stopped from elsewhere."""
    return SerialLine(device, settings, on_news)


def mode_words(scanner: UsbScanner) -> str:
    """A scanner seen on USB, and its mode, in words."""
    mode = _(_MODES[scanner.mode]) if scanner.mode in _MODES else _("mode inconnu")
    return _("{name} : {mode}").format(name=scanner.name, mode=mode)


def silent(seen: Seen) -> UsbScanner | None:
    """A scanner that is there, in a mode in which billing software hears nothing of it."""
    return next((one for one in seen.usb or () if one.mode in _SILENT), None)


def mode_advice(scanner: UsbScanner) -> str:
    """What to do about the mode a scanner is in, so that it types like a keyboard."""
    words = manuals.in_words("keyboard-mode", scanner.maker)
    if scanner.mode in _SILENT:
        return _(
            "Dans ce mode, le lecteur bipe mais un logiciel ordinaire ne reçoit rien. Choisissez le mode clavier USB "
            "dans son manuel. {words}"
        ).format(words=words)
    if scanner.mode == "serial":
        return _(
            "Ce lecteur parle à un port série : essayez l'onglet « Port série », ou passez-le en mode clavier USB si "
            "le logiciel de facturation l'attend. {words}"
        ).format(words=words)
    if scanner.mode == "keyboard":
        return _("Ce lecteur est en mode clavier : cliquez dans la zone de test avant de lire un code.")
    return _("Vérifiez dans son manuel qu'il est en mode clavier USB. {words}").format(words=words)


def steps(seen: Seen) -> list[Step]:
    """What to try when nothing is read, one thing after the other."""
    return [
        Step(
            _("Alimentation"),
            _(
                "Débranchez puis rebranchez le lecteur, sur un port USB de l'ordinateur lui-même. Il doit biper ou "
                "s'allumer. Sur un socle ou sans fil : rechargez-le et reposez-le sur son socle."
            ),
        ),
        Step(_("Mode"), _mode_step(seen)),
        Step(
            _("Luminosité"),
            _(
                "Montez la luminosité de l'écran au maximum et passez au thème clair. Sur un téléphone, coupez la "
                "luminosité automatique et le mode nuit. Certains lecteurs ont un réglage pour les écrans. {words}"
            ).format(words=manuals.in_words("screen")),
        ),
        Step(
            _("Distance"),
            _(
                "Commencez à 10 cm et éloignez lentement le lecteur jusqu'à 25 cm ; gardez le viseur sur le code. Si "
                "rien ne bipe, choisissez une taille plus grande, puis essayez la planche imprimée."
            ),
        ),
        Step(
            _("Protection d'écran"),
            _(
                "Inclinez le lecteur d'une quinzaine de degrés pour éviter le reflet, nettoyez sa vitre, et essayez "
                "sans filtre de confidentialité ni film de protection. Le code sur papier se lit-il ? Alors l'écran "
                "est en cause."
            ),
        ),
    ]


def _mode_step(seen: Seen) -> str:
    if seen.usb:
        return "\n".join(f"{mode_words(one)}. {mode_advice(one)}" for one in seen.usb)
    on_usb = [port.name for port in seen.ports if port.usb]
    if on_usb:
        return _(
            "Un port série USB est présent ({ports}) : si c'est le lecteur, essayez l'onglet « Port série », ou "
            "passez-le en mode clavier USB. {words}"
        ).format(ports=", ".join(on_usb), words=manuals.in_words("keyboard-mode"))
    if seen.usb is None:
        return _(
            "Le lecteur bipe mais rien n'arrive : il n'est sans doute pas en mode clavier USB. Choisissez ce mode "
            "dans son manuel. {words}"
        ).format(words=manuals.in_words("keyboard-mode"))
    return _(
        "Aucun lecteur de codes connu n'est visible sur l'USB. Essayez un autre câble et un autre port ; s'il est "
        "sans fil, son socle doit être branché. S'il est branché et bipe, passez-le en mode clavier USB. {words}"
    ).format(words=manuals.in_words("keyboard-mode"))
