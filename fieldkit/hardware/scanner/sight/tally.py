"""What a camera or pictures gave so far, aspect by aspect: the result of a test without a scanner."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any, Final, Literal

from fieldkit.hardware.scanner.aspects import Aspect
from fieldkit.hardware.scanner.sight import words
from fieldkit.hardware.scanner.sight.seen import CameraState, Seen, Sight
from fieldkit.i18n import _

Interface = Literal["camera", "image"]

_ENOUGH_OF_A_CAMERA: Final = 1280 * 720
"""Pixels that a camera is to give (hardware.md §2)."""


@dataclass(frozen=True)
class Tally:
    """What a bench saw through one interface so far: our codes by kind and symbology, and how well they stood.

    `device` is the camera's name; `foreign` tells that another code was read, `unread` that one was not.
    """

    interface: Interface
    device: str = ""
    ours: dict[tuple[str, str], Seen] = field(default_factory=dict)
    foreign: bool = False
    unread: bool = False
    size: tuple[int, int] = (0, 0)
    fault: CameraState | None = None
    took_ms: float = 0.0

    def with_sight(self, sight: Sight) -> Tally:
        """After one more still or frame. A code that was read well once stays so."""
        ours = dict(self.ours)
        for code in sight.sure:
            if code.kind is not None:
                key = (code.kind, code.symbology)
                if key not in ours or words.too_small(ours[key]):
                    ours[key] = code
        foreign = self.foreign or any(code.kind is None for code in sight.sure)
        unread = self.unread or bool(sight.unread)
        fault: CameraState | None = "black" if sight.black else None
        return replace(
            self,
            ours=ours,
            foreign=foreign,
            unread=unread,
            size=sight.size,
            fault=fault,
            took_ms=sight.took_ms,
        )


def aspects(tally: Tally) -> tuple[Aspect, ...]:
    """Each thing that was looked at."""
    return (
        _picture(tally),
        *(_symbology(tally, symbology, _(name)) for symbology, name in words.SYMBOLOGIES.items()),
        _sharpness(tally),
    )


def summary(tally: Tally) -> str:
    """What was seen, in one sentence."""
    if tally.ours:
        names = " · ".join(words.code_name(code) for code in tally.ours.values())
        by = _("par la caméra") if tally.interface == "camera" else _("dans une image")
        return _("Lu {by} : {names}.").format(by=by, names=names)
    if tally.fault is not None:
        return words.no_camera(tally.fault).message
    if tally.unread:
        return _("Un code est là, mais il n'est pas lisible.")
    return _("Aucun code de test n'a été lu.")


def verdict(tally: Tally) -> Literal["good", "fault", "not-tested"]:
    """The verdict of a test run."""
    if tally.ours:
        return "good"
    return "fault" if tally.fault is not None or tally.unread else "not-tested"


def details(tally: Tally) -> dict[str, Any]:
    """All of it, for support and for the report; of codes that are not ours, only whether there was one."""
    return {
        "interface": tally.interface,
        "model": tally.device,
        "symbologies": sorted({code.symbology for code in tally.ours.values()}),
        "codes": sorted({code.kind for code in tally.ours.values() if code.kind}),
        "tested_lengths": sorted({code.length for code in tally.ours.values()}),
        "width": tally.size[0],
        "height": tally.size[1],
        "foreign": tally.foreign,
        "aspects": [
            {"id": aspect.id, "state": aspect.state, "detail": aspect.detail, "remedy": aspect.remedy}
            for aspect in aspects(tally)
        ],
    }


def _picture(tally: Tally) -> Aspect:
    label = _("Image")
    if tally.fault is not None:
        trouble = words.no_camera(tally.fault)
        return Aspect("picture", label, "fix", trouble.message, trouble.hint)
    if tally.size == (0, 0):
        return Aspect("picture", label, "untested")
    width, height = tally.size
    size = _("{width} × {height} pixels").format(width=width, height=height)
    if tally.interface == "camera" and width * height < _ENOUGH_OF_A_CAMERA:
        remedy = _(
            "Cette caméra donne peu de pixels : approchez le code, ou prenez une photo avec un téléphone."
        )
        return Aspect("picture", label, "fix", size, remedy)
    return Aspect("picture", label, "good", size)


def _symbology(tally: Tally, symbology: str, label: str) -> Aspect:
    kinds = [code for code in tally.ours.values() if code.symbology == symbology]
    detail = " · ".join(words.kind_name(code) for code in kinds)
    return Aspect(symbology, label, "good" if kinds else "untested", detail)


def _sharpness(tally: Tally) -> Aspect:
    label = _("Taille et netteté")
    if tally.ours:
        if all(words.too_small(code) for code in tally.ours.values()):
            return Aspect(
                "sharpness", label, "fix", _("Le code est petit dans l'image."), _("Rapprochez-vous.")
            )
        return Aspect("sharpness", label, "good")
    if tally.unread:
        remedy = _("Rapprochez-vous, tenez le code immobile, évitez les reflets.")
        return Aspect("sharpness", label, "fix", _("Un code est là, mais il n'est pas lisible."), remedy)
    return Aspect("sharpness", label, "untested")
