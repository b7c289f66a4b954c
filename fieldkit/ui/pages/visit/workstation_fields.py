"""The fields of a workstation as controls, in the groups in which a delegate finds them out."""

from __future__ import annotations

from typing import Final

from fieldkit.domain.fieldwork import TYPES
from fieldkit.i18n import N_, _
from fieldkit.reports import wording
from fieldkit.ui.models import visit_words as words
from fieldkit.ui.pages.base import Context
from fieldkit.ui.pages.visit.software import SoftwareControl
from fieldkit.ui.widgets.controls import ChoiceControl, Control, LineControl, SuggestControl, TextControl
from fieldkit.ui.widgets.field_box import FieldBox

GROUPS: Final = {
    "place": (N_("Le poste"), ("name", "place")),
    "computer": (N_("L'ordinateur"), ("os", "os_version", "internet")),
    "software": (
        N_("Le logiciel de facturation"),
        ("software", "software_version", "addendum", "addendum_offered", "apcv_setting"),
    ),
    "reader": (
        N_("Le lecteur de cartes"),
        ("card_reader", "card_reader_kind", "card_reader_version", "card_reader_pcsc", "pro_card"),
    ),
    "apcv": (N_("La lecture de l'appli carte Vitale"), ("qr_reader", "qr_reader_mode", "nfc_reader")),
    "components": (
        N_("Les composants installés"),
        ("fsv_version", "atsam_version", "cryptolib_version", "galss_leftovers"),
    ),
    "comment": (N_("Remarques"), ("comment",)),
}
"""Title and fields of each group."""

_ADDENDA: Final = range(8, 0, -1)
_EXAMPLES: Final = {
    "name": N_("Par exemple : Accueil"),
    "place": N_("Par exemple : secrétariat, 1er étage"),
    "os_version": N_("Par exemple : 11 23H2 ou 14.5"),
    "software_version": N_("Par exemple : 9.2.1"),
    "card_reader": N_("Marque et modèle"),
    "card_reader_version": N_("Par exemple : 04.00"),
    "fsv_version": N_("Par exemple : 1.40.14"),
    "atsam_version": N_("Par exemple : 4.51"),
    "cryptolib_version": N_("Par exemple : 5.2.2"),
}
_HINTS: Final = {
    "addendum": N_("Celui qui est installé : il se lit dans « À propos »."),
    "addendum_offered": N_("Le plus récent que l'éditeur propose pour ce logiciel."),
    "card_reader_version": N_("Sur un terminal lecteur, elle se lit à l'écran."),
    "fsv_version": N_("1.40.14 va avec l'addendum 8."),
}


def workstation_boxes(context: Context) -> dict[str, FieldBox]:
    """A box for every field of a workstation; `os_version` is found as `workstationOsVersion`."""
    return {
        field: FieldBox(
            _(TYPES["workstation"][field].label),
            _control(context, field),
            object_name(field),
            _(_HINTS[field]) if field in _HINTS else "",
        )
        for _title, fields in GROUPS.values()
        for field in fields
    }


def object_name(field: str) -> str:
    """The object name of a field's control."""
    return "workstation" + "".join(part.capitalize() for part in field.split("_"))


def _control(context: Context, field: str) -> Control:
    known = wording.FACTS.get(field, {})
    if field == "comment":
        return TextControl(lines=3)
    if field == "software":
        return SoftwareControl(context)
    if field in ("addendum", "addendum_offered"):
        return ChoiceControl({n: _("Addendum {n}").format(n=n) for n in _ADDENDA})
    if TYPES["workstation"][field].choices:
        return ChoiceControl(words.choices(known))
    if known:
        return SuggestControl(words.choices(known), _("Modèle, ou « Aucun » ; vide : inconnu"))
    return LineControl(_(_EXAMPLES.get(field, "")) if field in _EXAMPLES else "")
