"""What a delegate writes down: the kinds of records, their fields, and what each field accepts.

A record is a flat document `{field: value}`; a field that is missing is unknown, never "no". The names
and values of a workstation are those of the command line and of the wire.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from fieldkit.domain import identifiers, privacy
from fieldkit.errors import KnownError
from fieldkit.i18n import N_, _

Doc = Mapping[str, Any]
Check = Callable[[Any], Any]

TEXT_LIMIT: Final = 20_000


@dataclass(frozen=True, slots=True)
class Record:
    """One row of a synced type, as the laptop holds it. `stamps` gives the last writer of each field."""

    type: str
    id: str
    scope: str
    doc: Doc
    stamps: Mapping[str, str] = field(default_factory=dict)
    archived: bool = False

    def __getitem__(self, name: str) -> Any:
        return self.doc.get(name)


@dataclass(frozen=True, slots=True)
class Field:
    """One field: its French label, what it accepts, and what two concurrent edits of it become.

    `conflict` is `soft` (settled, listed), `review` (waits for a person) or `text` (by paragraph).
    """

    label: str
    check: Check
    choices: tuple[str, ...] = ()
    conflict: str = "soft"


def _text(value: Any) -> str:
    text = str(value)
    if len(text) > TEXT_LIMIT:
        raise KnownError(
            "text-too-long",
            _("Ce texte est trop long ({n} caractères).").format(n=len(text)),
            _("Gardez l'essentiel : {limit} caractères au plus.").format(limit=TEXT_LIMIT),
        )
    return privacy.refuse_nir(text)


def _whole(value: Any) -> int:
    try:
        return int(str(value).strip())
    except ValueError:
        raise KnownError(
            "not-a-number", _("Un nombre entier est attendu ici."), _("Écrivez par exemple 8.")
        ) from None


def _date(value: Any) -> str:
    try:
        return dt.date.fromisoformat(str(value).strip()).isoformat()
    except ValueError:
        raise KnownError(
            "not-a-date", _("Cette date n'est pas reconnue."), _("Écrivez-la ainsi : 2026-01-31.")
        ) from None


def _time(value: Any) -> str:
    found = re.fullmatch(r"(\d{1,2})\s*(?:[hH:]\s*(\d{2})?)?", str(value).strip())
    hour, minute = (int(part or 0) for part in found.groups()) if found else (24, 0)
    if hour > 23 or minute > 59:
        raise KnownError(
            "not-a-time", _("Cette heure n'est pas reconnue."), _("Écrivez-la ainsi : 9:30 ou 9h30.")
        )
    return f"{hour:02d}:{minute:02d}"


def _flag(value: Any) -> bool:
    return bool(value)


def _guarded(value: Any) -> Any:
    """Any value made of lists and maps, whose texts hold no NIR."""
    if isinstance(value, str):
        privacy.refuse_nir(value)
    elif isinstance(value, Mapping):
        for item in value.values():
            _guarded(item)
    elif isinstance(value, (list, tuple)):
        for item in value:
            _guarded(item)
    return value


def _department(value: Any) -> str:
    code = str(value).strip().upper()
    if not (code[:2].isalnum() and 2 <= len(code) <= 3 and code[-1:].isalnum()):
        raise KnownError(
            "not-a-department",
            _("Ce numéro de département n'est pas reconnu."),
            _("Écrivez par exemple 72, 2A ou 974."),
        )
    return code


def _short(label: str, conflict: str = "soft") -> Field:
    return Field(label, _text, conflict=conflict)


def _choice(label: str, *values: str) -> Field:
    def check(value: Any) -> str:
        text = str(value).strip()
        if text not in values:
            raise KnownError(
                "not-a-choice",
                _("« {label} » n'accepte pas cette valeur.").format(label=_(label)),
                _("Valeurs possibles : {values}.").format(values=", ".join(values)),
            )
        return text

    return Field(label, check, values)


WORKSTATION_FACTS: Final[Mapping[str, Field]] = {
    "os": _choice(N_("Système"), "windows", "macos", "linux"),
    "os_version": _short(N_("Version du système")),
    "software": _short(N_("Logiciel de facturation")),
    "software_version": _short(N_("Version du logiciel")),
    "addendum": Field(N_("Addendum SESAM-Vitale"), _whole),
    "addendum_offered": Field(N_("Addendum proposé par l'éditeur"), _whole),
    "card_reader": _short(N_("Lecteur de cartes")),
    "card_reader_kind": _choice(N_("Type de lecteur"), "standard-pcsc", "tl-bimode", "tl", "tla", "none"),
    "card_reader_version": _short(N_("Version du lecteur")),
    "card_reader_pcsc": _choice(N_("Mode PC/SC du lecteur"), "active", "activable", "no"),
    "qr_reader": _short(N_("Lecteur de QR code")),
    "qr_reader_mode": _choice(N_("Mode du lecteur de QR code"), "keyboard", "serial", "hid-pos", "camera"),
    "nfc_reader": _short(N_("Lecteur sans contact (NFC)")),
    "apcv_setting": _choice(N_("Appli carte Vitale dans le logiciel"), "on", "off"),
    "internet": _choice(N_("Accès à Internet"), "yes", "no"),
    "pro_card": _choice(N_("Carte du professionnel"), "cps2ter", "cps3", "cps4", "ecps", "none"),
    "atsam_version": _short(N_("Version ATSAM")),
    "cryptolib_version": _short(N_("Version Cryptolib CPS")),
    "fsv_version": _short(N_("Version FSV")),
    "galss_leftovers": _choice(N_("Restes de GALSS"), "yes", "no"),
}

THEMES: Final = (
    "ins",
    "dmp",
    "messagerie",
    "ordonnance",
    "apcv",
    "logiciel",
    "materiel",
    "reseau",
    "formation",
)
GRAVITIES: Final = ("low", "medium", "high")
OWNERS: Final = ("ps", "editeur", "support", "delegue")

_LINK: Final = Field(N_("Lien"), _guarded, conflict="review")
_MERGED: Final = Field(N_("Réuni avec"), _guarded)
"""The record that stands for this one too: both were made for the same thing."""
_DISTINCT: Final = Field(N_("Distinct de"), _guarded)
"""Records that look like the same thing and are not, as a person said."""


def _digest(value: Any) -> str:
    if not re.fullmatch("[0-9a-f]{64}", str(value)):
        raise KnownError(
            "not-a-digest",
            _("L'empreinte de cette photo n'est pas reconnue."),
            _("Ajoutez la photo de nouveau."),
        )
    return str(value)


TYPES: Final[Mapping[str, Mapping[str, Field]]] = {
    "practice": {
        "name": _short(N_("Nom du cabinet"), "review"),
        "rpps": Field(N_("Numéro RPPS"), identifiers.check_rpps, conflict="review"),
        "finess": Field(N_("Numéro FINESS"), identifiers.check_finess, conflict="review"),
        "department": Field(N_("Département"), _department, conflict="review"),
        "profession": _short(N_("Profession")),
        "city": _short(N_("Commune")),
        "apcv_first_claim": Field(N_("Première FSE avec l'appli carte Vitale"), _date),
        "comment": Field(N_("Commentaire"), _text, conflict="text"),
        "merged_into": _MERGED,
        "distinct_from": _DISTINCT,
    },
    "visit": {
        "practice": _LINK,
        "date": Field(N_("Date de la visite"), _date),
        "time": Field(N_("Heure"), _time),
        "template": _short(N_("Pense-bête")),
        "delegate": _short(N_("Délégué")),
        "state": _choice(N_("État"), "draft", "finalised"),
        "finalised_at": Field(N_("Finalisée le"), _guarded),
        "supersedes": _LINK,
        "carried": Field(N_("Faits à confirmer"), _guarded),
        "snapshot": Field(N_("Constat figé"), _guarded),
        "merged_into": _MERGED,
        "distinct_from": _DISTINCT,
    },
    "workstation": {
        "practice": _LINK,
        "name": _short(N_("Nom du poste")),
        "place": _short(N_("Emplacement")),
        "comment": Field(N_("Commentaire"), _text, conflict="text"),
        **WORKSTATION_FACTS,
    },
    "equipment": {
        "practice": _LINK,
        "workstation": _LINK,
        "kind": _short(N_("Nature"), "review"),
        "model": _short(N_("Modèle"), "review"),
        "serial": _short(N_("Numéro de série"), "review"),
        "firmware": _short(N_("Micrologiciel")),
        "comment": Field(N_("Commentaire"), _text, conflict="text"),
    },
    "note": {"visit": _LINK, "text": Field(N_("Note"), _text, conflict="text")},
    "obstacle": {
        "visit": _LINK,
        "theme": _choice(N_("Thème"), *THEMES),
        "gravity": _choice(N_("Gravité"), *GRAVITIES),
        "product": _short(N_("Produit concerné")),
        "text": Field(N_("Irritant"), _text, conflict="text"),
        "answer": Field(N_("Réponse donnée"), _text, conflict="text"),
        "answer_source": _short(N_("Source de la réponse")),
    },
    "follow_up": {
        "visit": _LINK,
        "who": _choice(N_("Qui"), *OWNERS),
        "by": Field(N_("Pour le"), _date),
        "text": Field(N_("Action"), _text, conflict="text"),
        "done": Field(N_("Fait"), _flag),
    },
    "test_run": {
        "visit": _LINK,
        "workstation": _LINK,
        "kind": _choice(N_("Test"), "readers", "scanner"),
        "verdict": _choice(N_("Résultat"), "good", "fault", "unstable", "not-tested"),
        "summary": _short(N_("Résumé")),
        "details": Field(N_("Détails"), _guarded),
        "made_at": Field(N_("Fait le"), _guarded),
    },
    "photo": {
        "visit": _LINK,
        "sha256": Field(N_("Empreinte"), _digest, conflict="review"),
        "mime": Field(N_("Format"), _guarded),
        "size": Field(N_("Taille"), _whole),
        "width": Field(N_("Largeur"), _whole),
        "height": Field(N_("Hauteur"), _whole),
        "caption": Field(N_("Légende"), _text, conflict="text"),
        "made_at": Field(N_("Ajoutée le"), _guarded),
    },
    "conflict": {
        "target_type": Field(N_("Type"), _guarded),
        "target_id": _LINK,
        "field": Field(N_("Champ"), _guarded),
        "kind": Field(N_("Nature"), _guarded),
        "base": Field(N_("Avant"), _guarded),
        "ours": Field(N_("Le nôtre"), _guarded),
        "theirs": Field(N_("Le leur"), _guarded),
        "who": Field(N_("Qui"), _guarded),
        "when": Field(N_("Quand"), _guarded),
        "settled": Field(N_("Réglé"), _guarded),
    },
}

VISIT_PARTS: Final = ("note", "obstacle", "follow_up", "test_run", "photo")
"""Types whose records belong to one visit by their field `visit`, and freeze with it."""

_AFTERWARDS: Final[Mapping[str, frozenset[str]]] = {"follow_up": frozenset({"done"})}


def tells_afterwards(record_type: str, fields: Iterable[str]) -> bool:
    """Whether `fields` tell what came of a visit later: they may be written once it is finalised."""
    return _AFTERWARDS.get(record_type, frozenset()).issuperset(fields)


def checked(record_type: str, fields: Doc) -> dict[str, Any]:
    """`fields` as they are to be kept: trimmed, normalised; empty text means that the fact is unknown again.

    Raises KnownError `unknown-field` for a name the type does not have, or the error of the field's own
    check (a NIR in a text, an RPPS with a wrong key, a value outside the list…).
    """
    known = TYPES[record_type]
    kept: dict[str, Any] = {}
    for name, value in fields.items():
        if name not in known:
            raise KnownError(
                "unknown-field",
                _("Le champ « {name} » n'existe pas.").format(name=name),
                _("Champs possibles : {names}.").format(names=", ".join(known)),
            )
        empty = value is None or (isinstance(value, str) and not value.strip())
        kept[name] = None if empty else known[name].check(value)
    return kept


LINKS: Final = frozenset(
    name for fields in TYPES.values() for name, known in fields.items() if known in (_LINK, _MERGED)
)
"""Fields that hold the identity of another record; a record without it means nothing."""
