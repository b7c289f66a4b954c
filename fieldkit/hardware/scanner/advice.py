"""What a diagnosis means in one sentence, and what to do about it, in the words of scanner manuals.

Settings are named, never set: a programming barcode printed from memory could ruin somebody's scanner.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from fieldkit.hardware.scanner.diagnosis import Diagnosis, Fault
from fieldkit.i18n import _

_FRENCH: Final = frozenset({"fr", "fr-linux", "fr-mac", "fr-afnor", "bepo"})
"""Layouts that are right on the computer of a French practice: there the scanner gives way, not they."""


def summary(diagnosis: Diagnosis) -> str:
    """The verdict in one sentence."""
    if not diagnosis.told:
        return not_ours(diagnosis)[0]
    if diagnosis.faults:
        return _FAULTS[diagnosis.faults[0]](diagnosis)[0]
    if not diagnosis.conclusive:
        return _("Des chiffres seuls ne prouvent rien : ils passent aussi avec de mauvais réglages.")
    return _intact(diagnosis)


def remedy(diagnosis: Diagnosis) -> str:
    """What to do, the first thing first; "" where all is well."""
    if not diagnosis.told:
        return not_ours(diagnosis)[1]
    if not diagnosis.conclusive and not diagnosis.faults:
        return _("Scannez le code de test « disposition » affiché par l'application.")
    return " ".join(_FAULTS[fault](diagnosis)[1] for fault in diagnosis.faults)


def _intact(diagnosis: Diagnosis) -> str:
    test = diagnosis.test
    if test is not None and test.tested_length:
        return _("Le code long arrive intact : {n} caractères testés.").format(n=test.tested_length)
    if test is not None and test.kind == "accents":
        return _("Le cadre du code « accents » arrive intact ; ses caractères sont détaillés ci-dessous.")
    if test is not None and test.kind == "control":
        return _("Le cadre du code « contrôle » arrive intact ; ses caractères sont détaillés ci-dessous.")
    if diagnosis.interface == "camera":
        return _("Le code de test est lu intact par la caméra.")
    if diagnosis.interface == "image":
        return _("Le code de test est lu intact dans une image ; cela ne dit rien du lecteur de codes.")
    if diagnosis.interface == "serial":
        return _("Le code de test arrive intact.")
    return _("Le code de test arrive intact : le lecteur et l'ordinateur sont accordés.")


def not_ours(diagnosis: Diagnosis) -> tuple[str, str]:
    """What was read instead of the code on screen, and what to do."""
    if diagnosis.code == "none":
        return (
            _("Rien n'est arrivé du lecteur."),
            _("Cliquez dans la zone de test, puis scannez le code affiché."),
        )
    again = _("Scannez le code de test affiché en ce moment par l'application.")
    if diagnosis.code == "stale":
        return _("Ce code de test est une ancienne image : il ne vaut pas pour ce test."), again
    if diagnosis.garbled:
        return (
            _("Des octets illisibles arrivent du port. Rien n'en a été gardé."),
            _(
                "Le lecteur et l'ordinateur n'ont pas la même vitesse : choisissez celle du lecteur (« Baud rate », "
                "« Data bits », « Parity » dans son manuel)."
            ),
        )
    if diagnosis.timing and diagnosis.timing.origin == "typed":
        return _("Ce texte a été tapé au clavier, pas lu par le lecteur. Rien n'en a été gardé."), again
    return _("Ce n'est pas le code de test affiché. Par précaution, rien n'en a été gardé."), again


def explain(diagnosis: Diagnosis, fault: Fault) -> tuple[str, str]:
    """What `fault` means in this diagnosis, and what to do."""
    return _FAULTS[fault](diagnosis)


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


def _alt(_diagnosis: Diagnosis) -> tuple[str, str]:
    return (
        _("Le lecteur tape chaque caractère par son numéro, avec la touche Alt : seul Windows le comprend."),
        _("Désactivez cet envoi (« Emulate ALT+Keypad ») et réglez plutôt le pays du clavier."),
    )


def _lost(diagnosis: Diagnosis) -> tuple[str, str]:
    if diagnosis.interface != "keyboard":
        return (
            _("Des caractères s'altèrent entre le lecteur et l'ordinateur ({damage}).").format(
                damage=damage(diagnosis)
            ),
            _(
                "Essayez un autre câble et un port USB de l'ordinateur lui-même ; sur un vrai port série, activez le "
                "contrôle de flux (« Flow control », « Hardware handshaking »)."
            ),
        )
    return (
        _("Des touches s'altèrent entre le lecteur et l'ordinateur ({damage}).").format(
            damage=damage(diagnosis)
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
    if diagnosis.interface != "keyboard":
        ends = _("Réglez le suffixe du lecteur sur CR ou CR LF (« Prefix/Suffix » dans le manuel).")
        if not diagnosis.suffix:
            return _("Rien ne marque la fin du code."), ends
        return _("Le lecteur termine par {suffix}.").format(suffix=diagnosis.suffix), ends
    do = _("Réglez le suffixe du lecteur sur Entrée (CR) et rien d'autre (« Prefix/Suffix » dans le manuel).")
    if not diagnosis.suffix:
        return _("Le lecteur n'envoie pas Entrée à la fin du code."), do
    return _("Le lecteur termine par {suffix} au lieu d'Entrée (CR).").format(suffix=diagnosis.suffix), do


_FAULTS: Final[dict[Fault, Callable[[Diagnosis], tuple[str, str]]]] = {
    "layout": _layout,
    "caps": _caps,
    "alt": _alt,
    "lost": _lost,
    "truncated": _truncated,
    "prefix": _prefix,
    "suffix": _suffix,
}


def damage(diagnosis: Diagnosis) -> str:
    """What was lost, doubled, swapped or changed on the way, counted; "" for nothing."""
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
