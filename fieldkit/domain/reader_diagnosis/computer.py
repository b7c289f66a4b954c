"""Rules on the computer itself: the card service, the session, the health components."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from fieldkit.domain.reader_diagnosis.facts import Situation, enumerated
from fieldkit.domain.reader_diagnosis.finding import DELEGATE, EDITOR, SUPPORT, Finding
from fieldkit.i18n import _

_NO_SERVICE: Final = "SCARD_E_NO_SERVICE"
_CRYPTOLIB_FOR_CPS4: Final = (5, 2)


def service(situation: Situation) -> Iterator[Finding]:
    """The card service is away, or refuses us. On a Windows computer without a reader that is as it should be."""
    fault = situation.fault
    if fault is None:
        return
    never_had_one = situation.computer.system == "windows" and fault.name == _NO_SERVICE
    if situation.service == "running":
        code, owner = "service-refuses", SUPPORT
    else:
        code, owner = f"service-{situation.service}", DELEGATE
    yield Finding(
        code,
        "warning" if never_had_one and not situation.computer.usb else "error",
        fault.message,
        _("Code du système : {name}.").format(name=fault.name),
        fault.hint,
        owner,
    )


def remote_session(situation: Situation) -> Iterator[Finding]:
    """Readers seen from afar say little of those on the desk (domain.md §1.7 R14)."""
    if not situation.computer.remote:
        return
    yield Finding(
        "remote-session",
        "warning",
        _("Cette session est à distance : les lecteurs vus ici ne sont peut-être pas ceux du bureau."),
        _("Session {kind}.").format(kind=situation.computer.remote),
        _("Refaites l'essai sur l'ordinateur où le lecteur est branché."),
        DELEGATE,
        _("FAQ Ségur d'un éditeur (aide.anamnese.care)"),
    )


def cryptolib(situation: Situation) -> Iterator[Finding]:
    """Cryptolib CPS: 5.2 is the least for CPS4 (ANS, README of dops-cryptolib); several at once confuse (R10)."""
    versions = sorted(set(situation.computer.cryptolib or ()))
    old = [version for version in versions if _numbers(version)[:2] < _CRYPTOLIB_FOR_CPS4]
    if old:
        yield Finding(
            "cryptolib-old",
            "warning",
            _("La Cryptolib CPS est trop ancienne pour une carte CPS4."),
            _("Version installée : {versions}.").format(versions=enumerated(old)),
            _("Installez la version 5.2 ou plus récente, avec l'éditeur du logiciel."),
            EDITOR,
            _("ANS, Cryptolib CPS : 5.2 au minimum pour la CPS4"),
        )
    if len(versions) > 1:
        yield Finding(
            "cryptolib-several",
            "warning",
            _("Plusieurs versions de la Cryptolib CPS sont installées."),
            _("Versions : {versions}.").format(versions=enumerated(versions)),
            _("Gardez la plus récente et désinstallez les autres, avec l'éditeur du logiciel."),
            EDITOR,
        )


def sesam_ini(situation: Situation) -> Iterator[Finding]:
    """A `sesam.ini` without [MGC] was met on workstations that do not bill (domain.md §1.7 R10)."""
    files = situation.computer.sesam_without_mgc
    if files:
        yield Finding(
            "sesam-ini",
            "info",
            _("sesam.ini n'a pas de section [MGC]."),
            enumerated(files),
            _("Si la facturation échoue, montrez ce constat à l'éditeur du logiciel."),
            EDITOR,
            _("Relevés de postes"),
        )


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".") if part.isdigit())
