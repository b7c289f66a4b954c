"""What was seen, or why nothing was, in words: what happened, what to do."""

from __future__ import annotations

from dataclasses import dataclass
from math import dist
from typing import Final

from fieldkit.errors import KnownError
from fieldkit.hardware.scanner.decoders.code import Corners
from fieldkit.hardware.scanner.sight.seen import ENOUGH_PIXELS, CameraState, Seen, Sight
from fieldkit.i18n import N_, _

SYMBOLOGIES: Final = {"qr": N_("QR code"), "datamatrix": N_("Data Matrix")}
_KINDS: Final = {
    "layout": N_("code de test « disposition »"),
    "accents": N_("code de test « accents »"),
    "control": N_("code de test « caractères de contrôle »"),
    "long-64": N_("code de test long (64)"),
    "long-256": N_("code de test long (256)"),
    "long-512": N_("code de test long (512)"),
    "long-1024": N_("code de test long (1 024)"),
}
_FEWEST_MODULES: Final = 21
"""Modules of the side of the smallest QR code: one that is unread has at least as many."""

_REFUSALS: Final = {
    "missing": (
        "picture-missing",
        N_("Cette image n'existe pas, ou plus."),
        N_("Vérifiez le chemin, puis choisissez-la de nouveau."),
    ),
    "unreadable-file": (
        "picture-unreadable",
        N_("Ce fichier ne peut pas être lu."),
        N_("Copiez-le sur cet ordinateur, puis ouvrez la copie."),
    ),
    "empty": (
        "picture-empty",
        N_("Ce fichier est vide."),
        N_("Envoyez ou copiez de nouveau la photo : le transfert n'est pas allé au bout."),
    ),
    "too-heavy": (
        "picture-too-heavy",
        N_("Ce fichier est trop lourd : plus de 64 Mo."),
        N_("Envoyez la photo en taille normale, ou recadrez-la autour du code."),
    ),
    "too-large": (
        "picture-too-large",
        N_("Cette image est trop grande : plus de 100 millions de pixels."),
        N_("Prenez la photo dans la résolution habituelle du téléphone, ou recadrez-la autour du code."),
    ),
    "heic": (
        "picture-heic",
        N_("Cette photo est au format HEIC, que Fieldkit ne lit pas."),
        N_(
            "Envoyez-la en JPEG. Sur un iPhone : Réglages, Appareil photo, Formats, « Le plus compatible » ; "
            "ou faites une capture d'écran de la photo."
        ),
    ),
    "damaged": (
        "picture-damaged",
        N_("Cette image est abîmée ou incomplète."),
        N_("Envoyez ou copiez de nouveau la photo : le transfert n'est pas allé au bout."),
    ),
    "not-a-picture": (
        "not-a-picture",
        N_("Ce fichier n'est pas une image, quel que soit son nom."),
        N_("Choisissez une photo ou une capture d'écran : JPEG, PNG, WebP, BMP ou TIFF."),
    ),
}

_CAMERAS: Final = {
    "none": (
        "camera-missing",
        N_("Aucune caméra n'est visible."),
        N_("Branchez-en une, ou ouvrez une photo du code."),
    ),
    "busy": (
        "camera-busy",
        N_("La caméra ne donne pas d'image : un autre programme la tient sans doute."),
        N_("Fermez la visioconférence ou l'autre programme qui l'utilise, puis recommencez."),
    ),
    "refused": (
        "camera-refused",
        N_("Le système refuse la caméra à cette application."),
        N_(
            "Autorisez-la dans les réglages de confidentialité du système, rubrique Caméra, puis recommencez. "
            "Sinon, ouvrez une photo du code."
        ),
    ),
    "black": (
        "camera-black",
        N_("L'image est noire."),
        N_("Ouvrez le cache de la caméra, éclairez la scène, ou vérifiez la touche qui coupe la caméra."),
    ),
    "stopped": (
        "camera-stopped",
        N_("La caméra n'envoie plus d'image."),
        N_("Rebranchez-la, puis relancez-la."),
    ),
}


@dataclass(frozen=True, slots=True)
class Telling:
    """A verdict: one of the window's states (success, warning, info, unknown), what it is, what to do."""

    state: str
    message: str
    hint: str = ""


def refusal(reason: str) -> KnownError:
    """Why a picture is not looked at, as an error to raise."""
    code, message, hint = _REFUSALS[reason]
    return KnownError(code, _(message), _(hint))


def hung() -> KnownError:
    """No decoder came back from this picture in time."""
    return KnownError(
        "picture-too-hard",
        _("Le décodage de cette image a été interrompu : il durait trop longtemps."),
        _("Recadrez la photo autour du code, ou prenez-en une autre."),
    )


def no_camera(state: CameraState) -> KnownError:
    """Why there is no picture from the camera, as an error to show."""
    code, message, hint = _CAMERAS[state]
    return KnownError(code, _(message), _(hint))


def kind_name(seen: Seen) -> str:
    """A code of ours by its kind."""
    kind = seen.kind or "layout"
    return _(_KINDS[kind])


def code_name(seen: Seen) -> str:
    """A code of ours by its kind and symbology."""
    return _("{kind}, {symbology}").format(kind=kind_name(seen), symbology=_(SYMBOLOGIES[seen.symbology]))


def foreign_name(seen: Seen) -> str:
    """Any other code, by its symbology alone."""
    return _("{symbology} : ce n'est pas un code de test, son texte n'est pas montré").format(
        symbology=_(SYMBOLOGIES[seen.symbology])
    )


def telling(sight: Sight) -> Telling:
    """What one still or frame says, the most useful thing first."""
    ours = [code for code in sight.sure if code.kind is not None]
    if ours:
        return _recognised(ours)
    if sight.sure:
        return Telling(
            "info",
            _("Un code est lu ; il n'est ni montré ni gardé."),
            _("Ce n'est pas un code de test de Fieldkit : c'est peut-être celui d'un assuré."),
        )
    if sight.black:
        return Telling("warning", *(_(words) for words in _CAMERAS["black"][1:]))
    if sight.unread:
        return _unread(sight)
    return Telling(
        "unknown",
        _("Aucun code n'est visible."),
        _("Montrez le code en entier, net et à plat, avec sa marge blanche."),
    )


def too_small(seen: Seen) -> bool:
    """Whether the code is drawn on too few pixels to be read surely."""
    return seen.pixels_per_module is not None and seen.pixels_per_module < ENOUGH_PIXELS


def _recognised(ours: list[Seen]) -> Telling:
    names = " · ".join(code_name(code) for code in ours)
    message = _("Reconnu : {names}.").format(names=names)
    if any(too_small(code) for code in ours):
        return Telling(
            "success", message, _("Il est petit dans l'image : rapprochez-vous pour une lecture sûre.")
        )
    return Telling("success", message)


def _unread(sight: Sight) -> Telling:
    seen = _("Un code est là, mais il n'est pas lisible.")
    if all(_side(place, sight.size) < _FEWEST_MODULES * ENOUGH_PIXELS for place in sight.unread):
        return Telling("warning", seen, _("Il est trop petit dans l'image : rapprochez-vous."))
    return Telling(
        "warning",
        seen,
        _(
            "L'image est trop floue, ou un reflet le cache : tenez-le immobile, éloignez-le un peu, éclairez-le."
        ),
    )


def _side(outline: Corners, size: tuple[int, int]) -> float:
    """The longest side of an outline in pixels."""
    points = [(x * size[0], y * size[1]) for x, y in outline]
    return max(dist(a, b) for a, b in zip(points, [*points[1:], points[0]], strict=True))
