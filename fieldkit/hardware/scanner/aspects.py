"""Each aspect of a reading: good, to be mended with its remedy, or not tested by it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from fieldkit.hardware.scanner.advice import damage, explain, not_ours
from fieldkit.hardware.scanner.diagnosis import Diagnosis, Fault
from fieldkit.hardware.scanner.informative import Charset, Fate
from fieldkit.i18n import N_, _, ngettext

State = Literal["good", "fix", "untested"]

STATE_LABELS: Final = {"good": N_("bon"), "fix": N_("à corriger"), "untested": N_("non testé")}
LABELS: Final = {
    "code": N_("Code scanné"),
    "layout": N_("Disposition du clavier"),
    "caps": N_("Verrouillage des majuscules"),
    "alt": N_("Envoi par Alt et pavé numérique"),
    "prefix": N_("Préfixe"),
    "suffix": N_("Suffixe"),
    "length": N_("Longueur"),
    "checksum": N_("Somme de contrôle"),
    "keys": N_("Touches perdues ou doublées"),
    "speed": N_("Vitesse"),
    "charset": N_("Jeu de caractères"),
    "controls": N_("Caractères de contrôle"),
}
SETTINGS: Final = {
    **{"layout": "layout", "caps": "caps", "alt": "alt", "prefix": "prefix", "suffix": "suffix"},
    **{"length": "delay", "keys": "delay", "charset": "charset", "controls": "controls"},
}
"""Which setting of the manuals (`manuals.names`) mends which aspect."""
_CHARSETS: Final[dict[Charset, str]] = {
    "intact": N_("tous les accents arrivent"),
    "partial": N_("il manque {missing}"),
    "none": N_("aucun accent n'arrive"),
    "utf8-as-latin": N_("le lecteur prend l'UTF-8 pour du Windows-1252"),
    "latin-as-utf8": N_("le lecteur prend du Windows-1252 pour de l'UTF-8"),
    "dos": N_("le lecteur confond deux jeux de caractères"),
    "other": N_("les accents arrivent changés ; il manque {missing}"),
}
_FATES: Final[dict[Fate, str]] = {
    "kept": N_("{name} transmis"),
    "dropped": N_("{name} omis"),
    "changed": N_("{name} remplacé"),
}


@dataclass(frozen=True, slots=True)
class Aspect:
    """One thing that was looked at: `id` for scripts, `label`, `detail` and `remedy` for the reader."""

    id: str
    label: str
    state: State
    detail: str = ""
    remedy: str = ""


def aspects(diagnosis: Diagnosis) -> tuple[Aspect, ...]:
    """Each aspect of the reading, those that its way in makes meaningless left out."""
    keyboard = diagnosis.interface == "keyboard"
    layout_tested = diagnosis.conclusive and diagnosis.probed
    found: list[Aspect | None] = [
        _code(diagnosis),
        _fault(diagnosis, "layout", "layout", _pair(diagnosis), tested=layout_tested) if keyboard else None,
        _fault(diagnosis, "caps", "caps", tested=diagnosis.conclusive) if keyboard else None,
        _alt(diagnosis) if diagnosis.alt else None,
        _fault(diagnosis, "prefix", "prefix", diagnosis.prefix),
        _fault(diagnosis, "suffix", "suffix", diagnosis.suffix, tested=_suffix_tested(diagnosis)),
        _length(diagnosis),
        _aspect("checksum", _checksum(diagnosis)),
        _fault(diagnosis, "keys", "lost", damage(diagnosis)),
        _aspect("speed", "good" if diagnosis.told and diagnosis.timing else "untested", pace(diagnosis)),
        _charset(diagnosis),
        _controls(diagnosis) if diagnosis.controls else None,
    ]
    return tuple(aspect for aspect in found if aspect is not None)


def _aspect(id: str, state: State, detail: str = "", remedy: str = "") -> Aspect:
    return Aspect(id, _(LABELS[id]), state, detail, remedy)


def _fault(diagnosis: Diagnosis, id: str, fault: Fault, detail: str = "", *, tested: bool = True) -> Aspect:
    if diagnosis.told and fault in diagnosis.faults:
        return _aspect(id, "fix", detail, explain(diagnosis, fault)[1])
    return _aspect(id, "good" if tested and diagnosis.told else "untested", detail)


def _code(diagnosis: Diagnosis) -> Aspect:
    if diagnosis.code == "current":
        return _aspect("code", "good", _("le code de test affiché"))
    if diagnosis.code == "kept" and diagnosis.test is not None:
        sheet = _("un code de planche ou de fichier, repère {nonce}").format(nonce=diagnosis.test.nonce)
        return _aspect("code", "good", sheet)
    what, do = not_ours(diagnosis)
    return _aspect("code", "untested" if diagnosis.code == "none" else "fix", what, do)


def _suffix_tested(diagnosis: Diagnosis) -> bool:
    serial_or_keys = diagnosis.captured and diagnosis.interface in ("keyboard", "serial")
    return serial_or_keys or bool(diagnosis.suffix)


def _alt(diagnosis: Diagnosis) -> Aspect:
    if "alt" in diagnosis.faults:
        return _fault(diagnosis, "alt", "alt")
    slow = _("indépendant du clavier, mais plus lent, et sur Windows seulement")
    return _aspect("alt", "good" if diagnosis.told else "untested", slow)


def _pair(diagnosis: Diagnosis) -> str:
    if diagnosis.settings is None:
        return ""
    return _("lecteur : {scanner} ; ordinateur : {computer}").format(
        scanner=diagnosis.settings.scanner.name, computer=diagnosis.settings.computer.name
    )


def _length(diagnosis: Diagnosis) -> Aspect:
    way = diagnosis.way
    if way is None or not diagnosis.told:
        several = ngettext("{n} caractère reçu", "{n} caractères reçus", diagnosis.length)
        return _aspect("length", "untested", several.format(n=diagnosis.length) if diagnosis.length else "")
    detail = _("{length} sur {expected}").format(length=diagnosis.length, expected=diagnosis.expected_length)
    if way.cut:
        return _aspect("length", "fix", detail, explain(diagnosis, "truncated")[1])
    if way.late + way.lost + way.doubled + way.extra:
        return _aspect("length", "fix", detail, explain(diagnosis, "lost")[1])
    return _aspect("length", "good", detail)


def _checksum(diagnosis: Diagnosis) -> State:
    """Whether the keys sent hold the whole code, checksum included, whatever the layouts made of them."""
    if not diagnosis.told or diagnosis.way is None:
        return "untested"
    return "fix" if diagnosis.way.damaged or diagnosis.way.cut else "good"


def pace(diagnosis: Diagnosis) -> str:
    """How fast the reading came, in words; "" where no times are known."""
    timing = diagnosis.timing
    if timing is None:
        return ""
    return _("{rate} caractères par seconde, plus longue pause {gap} ms").format(
        rate=round(timing.characters_per_second), gap=round(timing.longest_gap_ms)
    )


def _charset(diagnosis: Diagnosis) -> Aspect:
    accents = diagnosis.accents
    if accents is None or not diagnosis.told:
        return _aspect("charset", "untested")
    detail = _(_CHARSETS[accents.charset]).format(missing=" ".join(accents.missing))
    if diagnosis.character_set:
        detail = _("{detail} ; reçu en {charset}").format(
            detail=detail, charset=diagnosis.character_set.upper()
        )
    if accents.charset == "intact":
        return _aspect("charset", "good", detail)
    remedy = _(
        "À titre indicatif : si le logiciel doit lire des codes accentués, réglez le pays du clavier puis le jeu "
        "de caractères du lecteur (« Code page », « Character encoding » dans son manuel)."
    )
    return _aspect("charset", "fix", detail, remedy)


def _controls(diagnosis: Diagnosis) -> Aspect:
    detail = ", ".join(_(_FATES[fate]).format(name=name) for name, fate in diagnosis.controls)
    if all(fate == "kept" for _name, fate in diagnosis.controls):
        return _aspect("controls", "good", detail)
    remedy = _(
        "À titre indicatif : certains codes en contiennent ; en mode clavier ils deviennent des raccourcis ou "
        "disparaissent (« Control character output », « Function key mapping » dans le manuel)."
    )
    return _aspect("controls", "fix", detail, remedy)
