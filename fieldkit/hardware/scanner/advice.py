"""What a diagnosis means, aspect by aspect, and what to do about it, in the words of scanner manuals.

Settings are named, never set: a programming barcode printed from memory could ruin somebody's scanner.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal

from fieldkit.hardware.scanner.diagnose import Diagnosis, Fault
from fieldkit.i18n import N_, _

State = Literal["good", "fix", "untested"]

STATE_LABELS: Final = {"good": N_("bon"), "fix": N_("à corriger"), "untested": N_("non testé")}


_FRENCH: Final = frozenset({"fr", "fr-linux", "fr-mac", "fr-afnor", "bepo"})
"""Layouts that are right on the computer of a French practice: there the scanner gives way, not they."""


@dataclass(frozen=True, slots=True)
class Aspect:
    """One thing that was looked at: `id` for scripts, `label`, `detail` and `remedy` for the reader."""

    id: str
    label: str
    state: State
    detail: str = ""
    remedy: str = ""


def summary(diagnosis: Diagnosis) -> str:
    """The verdict in one sentence."""
    if diagnosis.code != "current":
        return _not_ours(diagnosis)[0]
    if diagnosis.faults:
        return _FAULTS[diagnosis.faults[0]](diagnosis)[0]
    if not diagnosis.conclusive:
        return _("Des chiffres seuls ne prouvent rien : ils passent aussi avec de mauvais réglages.")
    return _("Le code de test arrive intact : le lecteur et l'ordinateur sont accordés.")


def remedy(diagnosis: Diagnosis) -> str:
    """What to do, the first thing first; "" where all is well."""
    if diagnosis.code != "current":
        return _not_ours(diagnosis)[1]
    if not diagnosis.conclusive and not diagnosis.faults:
        return _("Scannez le code de test « disposition » affiché par l'application.")
    return " ".join(_FAULTS[fault](diagnosis)[1] for fault in diagnosis.faults)


def aspects(diagnosis: Diagnosis) -> tuple[Aspect, ...]:
    """Each aspect of the reading: good, to be mended, or not tested by it."""
    told = diagnosis.code == "current"
    return (
        _code(diagnosis),
        _aspect(
            diagnosis, "layout", _("Disposition du clavier"), _pair(diagnosis), tested=diagnosis.conclusive
        ),
        _aspect(diagnosis, "caps", _("Verrouillage des majuscules"), tested=diagnosis.conclusive),
        _aspect(diagnosis, "prefix", _("Préfixe"), diagnosis.prefix),
        _aspect(
            diagnosis,
            "suffix",
            _("Suffixe"),
            diagnosis.suffix,
            tested=diagnosis.captured or bool(diagnosis.suffix),
        ),
        _length(diagnosis),
        Aspect("checksum", _("Somme de contrôle"), _checksum(diagnosis)),
        _aspect(diagnosis, "lost", _("Touches perdues ou doublées"), _damage(diagnosis), id="keys"),
        Aspect("speed", _("Vitesse"), "good" if told and diagnosis.timing else "untested", _pace(diagnosis)),
        Aspect("charset", _("Jeu de caractères"), "untested"),
    )


def _aspect(
    diagnosis: Diagnosis, fault: Fault, label: str, detail: str = "", *, tested: bool = True, id: str = ""
) -> Aspect:
    if diagnosis.code == "current" and fault in diagnosis.faults:
        return Aspect(id or fault, label, "fix", detail, _FAULTS[fault](diagnosis)[1])
    known = tested and diagnosis.code == "current"
    return Aspect(id or fault, label, "good" if known else "untested", detail)


def _code(diagnosis: Diagnosis) -> Aspect:
    label = _("Code scanné")
    if diagnosis.code == "current":
        return Aspect("code", label, "good", _("le code de test affiché"))
    what, do = _not_ours(diagnosis)
    return Aspect("code", label, "untested" if diagnosis.code == "none" else "fix", what, do)


def _not_ours(diagnosis: Diagnosis) -> tuple[str, str]:
    """What was read instead of the code on screen, and what to do."""
    if diagnosis.code == "none":
        return (
            _("Rien n'est arrivé du lecteur."),
            _("Cliquez dans la zone de test, puis scannez le code affiché."),
        )
    again = _("Scannez le code de test affiché en ce moment par l'application.")
    if diagnosis.code == "stale":
        return _("Ce code de test est une ancienne image : il ne vaut pas pour ce test."), again
    if diagnosis.timing and diagnosis.timing.origin == "typed":
        return _("Ce texte a été tapé au clavier, pas lu par le lecteur. Rien n'en a été gardé."), again
    return _("Ce n'est pas le code de test affiché. Par précaution, rien n'en a été gardé."), again


def _layout(diagnosis: Diagnosis) -> tuple[str, str]:
    settings = diagnosis.settings
    assert settings is not None  # a layout fault is only found by comparing settings
    scanner, computer = settings.scanner, settings.computer
    if scanner == computer:
        return (
            _("L'ordinateur transforme les touches d'une façon que l'application ne connaît pas."),
            _("Vérifiez la langue du clavier de l'ordinateur, puis recommencez."),
        )
    what = _("Le lecteur est réglé sur {scanner}, l'ordinateur sur {computer}.").format(
        scanner=scanner.name, computer=computer.name
    )
    if scanner.id in _FRENCH and computer.id not in _FRENCH:
        return what, _(
            "Vérifiez la langue du clavier de l'ordinateur : si le cabinet tape en français, remettez-la en "
            "français ; sinon, réglez le lecteur sur {computer} (« Keyboard country » dans son manuel)."
        ).format(computer=computer.name)
    # A scanner's manual knows countries, not the computer's system.
    country = computer.name.removesuffix(" (Windows)").removesuffix(" (Linux)")
    return what, _(
        "Réglez le lecteur sur {computer} : dans son manuel, rubrique « Keyboard country » (pays du clavier), "
        "scannez le code de réglage qui y est imprimé. Ne changez pas le clavier de l'ordinateur."
    ).format(computer=country)


def _caps(diagnosis: Diagnosis) -> tuple[str, str]:
    if "layout" in diagnosis.faults:
        return (
            _("Le verrouillage des majuscules est actif sur l'ordinateur."),
            _(
                "Éteignez le verrouillage des majuscules : il fait paraître les chiffres justes sans rien "
                "réparer."
            ),
        )
    return (
        _("Le verrouillage des majuscules est actif sur l'ordinateur."),
        _(
            "Éteignez-le (touche Verr. Maj.), ou activez « Caps Lock override » sur le lecteur pour qu'il n'en "
            "tienne plus compte."
        ),
    )


def _lost(diagnosis: Diagnosis) -> tuple[str, str]:
    return (
        _("Des touches s'altèrent entre le lecteur et l'ordinateur ({damage}).").format(
            damage=_damage(diagnosis)
        ),
        _(
            "Ralentissez l'envoi (« USB keystroke delay » ou « inter-character delay »), branchez le lecteur "
            "directement sur l'ordinateur et gardez le curseur dans le champ."
        ),
    )


def _truncated(diagnosis: Diagnosis) -> tuple[str, str]:
    return (
        _("Le code arrive tronqué : {length} caractères sur {expected}.").format(
            length=diagnosis.length, expected=diagnosis.expected_length
        ),
        _(
            "Gardez le curseur dans le champ jusqu'à la fin de la lecture ; si le code reste tronqué, "
            "ralentissez l'envoi (« USB keystroke delay »)."
        ),
    )


def _prefix(diagnosis: Diagnosis) -> tuple[str, str]:
    return (
        _("Le lecteur ajoute « {prefix} » devant le code.").format(prefix=diagnosis.prefix),
        _("Supprimez ce préfixe (« Prefix/Suffix » et « Transmit code ID » dans le manuel du lecteur)."),
    )


def _suffix(diagnosis: Diagnosis) -> tuple[str, str]:
    do = _("Réglez le suffixe du lecteur sur Entrée (CR) et rien d'autre (« Prefix/Suffix » dans le manuel).")
    if not diagnosis.suffix:
        return _("Le lecteur n'envoie pas Entrée à la fin du code."), do
    return _("Le lecteur termine par {suffix} au lieu d'Entrée (CR).").format(suffix=diagnosis.suffix), do


_FAULTS: Final[dict[Fault, Callable[[Diagnosis], tuple[str, str]]]] = {
    "layout": _layout,
    "caps": _caps,
    "lost": _lost,
    "truncated": _truncated,
    "prefix": _prefix,
    "suffix": _suffix,
}


def _pair(diagnosis: Diagnosis) -> str:
    if diagnosis.settings is None:
        return ""
    return _("lecteur : {scanner} ; ordinateur : {computer}").format(
        scanner=diagnosis.settings.scanner.name, computer=diagnosis.settings.computer.name
    )


def _length(diagnosis: Diagnosis) -> Aspect:
    label = _("Longueur")
    way = diagnosis.way
    if way is None or diagnosis.code != "current":
        return Aspect("length", label, "untested")
    detail = _("{length} sur {expected}").format(length=diagnosis.length, expected=diagnosis.expected_length)
    if way.cut:
        return Aspect("length", label, "fix", detail, _truncated(diagnosis)[1])
    if way.late + way.lost + way.doubled + way.extra:
        return Aspect("length", label, "fix", detail, _lost(diagnosis)[1])
    return Aspect("length", label, "good", detail)


def _damage(diagnosis: Diagnosis) -> str:
    way = diagnosis.way
    if way is None or not way.damaged:
        return ""
    counts = (
        (way.lost + way.late, _("perdues : {n}")),
        (way.doubled, _("doublées : {n}")),
        (way.swapped, _("croisées : {n}")),
        (way.changed + way.extra, _("altérées : {n}")),
    )
    return ", ".join(words.format(n=n) for n, words in counts if n)


def _checksum(diagnosis: Diagnosis) -> State:
    """Whether the keys sent hold the whole code, checksum included, whatever the layouts made of them."""
    if diagnosis.code != "current" or diagnosis.way is None:
        return "untested"
    return "fix" if diagnosis.way.damaged or diagnosis.way.cut else "good"


def _pace(diagnosis: Diagnosis) -> str:
    timing = diagnosis.timing
    if timing is None:
        return ""
    return _("{rate} caractères par seconde, plus longue pause {gap} ms").format(
        rate=round(timing.characters_per_second), gap=round(timing.longest_gap_ms)
    )
