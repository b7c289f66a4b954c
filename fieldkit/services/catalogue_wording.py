"""The codes of the catalogue in words: roles of editors, links between them, units of figures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from fieldkit.domain.catalogue import ProductKind
from fieldkit.i18n import N_, _

if TYPE_CHECKING:
    from fieldkit.store.catalogue_book import Link
    from fieldkit.store.search import Hit

_ROLES: Final = {
    "apcv_project_participant": N_("appel à projets appli carte Vitale"),
    "asinhpa_member": N_("membre de l'ASINHPA"),
    "billing_engine": N_("moteur de facturation"),
    "dmp_module": N_("module DMP"),
    "editor_billing_sesam_vitale": N_("éditeur de facturation SESAM-Vitale"),
    "editor_dmp_outside_billing": N_("éditeur DMP hors facturation"),
    "editor_esms": N_("éditeur médico-social"),
    "editor_gap": N_("éditeur de gestion administrative du patient"),
    "editor_hospital_offer": N_("éditeur pour établissements de santé"),
    "editor_lpp": N_("éditeur pour les professionnels de la LPP"),
    "editor_mobility": N_("éditeur de solution de mobilité"),
    "editor_services_amc": N_("éditeur de services AMC"),
    "editor_teleservices": N_("éditeur de téléservices"),
    "editor_transporter": N_("éditeur pour transporteurs"),
    "equipment_maker": N_("équipementier"),
    "federation": N_("fédération"),
    "group": N_("groupe"),
    "institution": N_("institution"),
    "mes_app_publisher": N_("application de Mon espace santé"),
    "mssante_operator_candidate": N_("candidat opérateur MSSanté"),
    "oct": N_("organisme concentrateur technique"),
    "prescription_support_vendor": N_("aide à la prescription"),
    "roc_national_deployment_operator": N_("opérateur national du déploiement de ROC"),
    "software_editor": N_("éditeur de logiciels"),
    "standards_organisation": N_("organisme de normalisation"),
    "telemedicine": N_("télémédecine"),
}

_LINKS: Final = {
    "acquired_by": (N_("racheté par {name}"), N_("a racheté {name}")),
    "acquisition_announced_by": (N_("rachat annoncé par {name}"), N_("a annoncé le rachat de {name}")),
    "groups": (N_("regroupe {name}"), N_("regroupé dans {name}")),
    "has_alias": (N_("aussi nommé {name}"), N_("autre nom de {name}")),
    "merged_into": (N_("fusionné dans {name}"), N_("a absorbé {name}")),
    "part_of": (N_("fait partie de {name}"), N_("comprend {name}")),
    "partner_of": (N_("partenaire de {name}"), N_("partenaire de {name}")),
    "possible_same_or_group": (N_("peut-être lié à {name}"), N_("peut-être lié à {name}")),
    "renamed_to": (N_("devenu {name}"), N_("anciennement {name}")),
}

_KINDS: Final = {
    "editor": N_("Éditeur"),
    "product": N_("Produit"),
    "service": N_("Service"),
    "label": N_("Labellisation"),
    ProductKind.BILLING: N_("Logiciel de facturation"),
    ProductKind.MEDICAL_RECORD: N_("Dossier médical"),
    ProductKind.ENGINE: N_("Moteur de facturation"),
    ProductKind.MOBILITY: N_("Solution de mobilité"),
    ProductKind.CARD_READER: N_("Lecteur de cartes"),
    ProductKind.QR_READER: N_("Lecteur de QR code"),
    ProductKind.COMBINED_READER: N_("Lecteur combiné"),
    ProductKind.ESTABLISHMENT: N_("Logiciel d'établissement"),
    ProductKind.PATIENT_APP: N_("Application Mon espace santé"),
    ProductKind.SERVICE: N_("Prestation"),
    ProductKind.OTHER: N_("Autre produit"),
}

_MOBILITY: Final = {"yes": N_("Mobile"), "no": N_("Non mobile")}

_UNITS: Final = {
    "count": "",
    "position in sentence": "",
    "products": N_("produits"),
    "rank": "",
    "text": "",
}

_PUBLIC_RECORD: Final = "public record"

_METRICS: Final = {
    "fse": N_("feuilles de soins électroniques"),
    "listed_among_principal": N_("cité parmi les principaux"),
    "position": N_("position"),
    "professionals": N_("professionnels équipés"),
    "professions_covered": N_("professions couvertes"),
    "rank": N_("rang"),
    "services_offered": N_("produits proposés"),
    "share_change": N_("évolution de la part de marché"),
    "share_pct": N_("part de marché"),
}


def kind(code: str) -> str:
    """A kind of entry, or of product, in words."""
    return _(_KINDS[code])


def mobility(answer: str) -> str:
    """Whether a product is for work outside the practice, in words."""
    return _(_MOBILITY[answer])


def role(code: str) -> str:
    """A role of an editor in words."""
    return _(_ROLES[code])


def metric(code: str) -> str:
    """What a market figure measures, in words."""
    return _(_METRICS[code])


def unit(code: str) -> str:
    """The unit of a figure; empty where its number needs none."""
    known = _UNITS.get(code, code)
    return _(known) if known else ""


def link(relation: str, name: str, *, backwards: bool) -> str:
    """A link to the editor `name`; `backwards` where it is told from the end that is linked to."""
    return _(_LINKS[relation][backwards]).format(name=name)


def detail(hit: Hit) -> str:
    """What the line of a result says beside its name; first under which other name it was found."""
    what = [hit.text] if hit.text else [role(code) for code in hit.roles[:2]]
    found_as = [told for told in hit.links if told.name == hit.known_as]
    links = [_dated(told) for told in hit.links if told not in found_as]
    if found_as:
        return " · ".join([*(_dated(told) for told in found_as), *what, *links])
    if hit.known_as:
        what.append(_("aussi nommé {name}").format(name=hit.known_as))
    return " · ".join(what + links)


def _dated(told: Link) -> str:
    words = link(told.relation, told.name, backwards=told.backwards)
    return f"{words} ({told.as_of})" if told.as_of else words


def source(text: str) -> str:
    """The name of a source; the one that is no document is put in the reader's language."""
    return _("information publique") if text == _PUBLIC_RECORD else text
