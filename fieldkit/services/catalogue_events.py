"""Events in the life of a service: the extraction noted them in English, a delegate reads them in words."""

from __future__ import annotations

from typing import Final

from fieldkit.i18n import N_, _

_EVENTS: Final = {
    "opening": N_("ouverture"),
    "opening/publication (annexe 7.2)": N_("ouverture ou publication"),
    "opening/publication (annexe 7.4)": N_("ouverture ou publication"),
    "opening/publication (annexe 7.5)": N_("ouverture ou publication"),
    "opening/publication (annexe 7.6)": N_("ouverture ou publication"),
    "opening/publication (annexe 7.7)": N_("ouverture ou publication"),
    "opening/publication (avenants 2023)": N_("ouverture ou publication"),
    "opening/publication (experimentation)": N_("début de l'expérimentation"),
    "opening/publication (generalisation)": N_("généralisation"),
    "opening/publication (mise en production)": N_("mise en production"),
    "opening/publication (opening)": N_("ouverture"),
    "opening/publication (presentation)": N_("présentation"),
    "opening/publication (specifications)": N_("spécifications publiées"),
    "nouveau corpus documentaire v2.12": N_("nouveau corpus documentaire v2.12"),
    "end of the opening period": N_("fin de la période d'ouverture"),
    "specifications available (opening in 2024)": N_("spécifications disponibles (ouverture en 2024)"),
    "editors integrate API v2.0": N_("les éditeurs intègrent l'API v2.0"),
    "homologation of LPS with API V2 opened": N_("homologation des logiciels avec l'API V2 ouverte"),
    "national generalisation": N_("généralisation nationale"),
    "planned stop of API V1 (profil création)": N_("arrêt prévu de l'API V1 (profil création)"),
    "creation of DMP no longer possible": N_("la création de DMP n'est plus possible"),
    "definitive closing of API V1 / TD0.0": N_("fermeture définitive de l'API V1 et de TD0.0"),
    "final guide: search by carte Vitale and by traits": N_(
        "guide définitif : recherche par carte Vitale et par traits"
    ),
    "final guide: unit verification": N_("guide définitif : vérification unitaire"),
    "final guide: mass verification": N_("guide définitif : vérification en masse"),
    "health data must be referenced with the INS": N_(
        "les données de santé doivent être référencées avec l'INS"
    ),
    "package version 04.00.00 available to editors": N_(
        "version 04.00.00 du package disponible pour les éditeurs"
    ),
    "technical change on birth name returned by RechercherInsAvecTraitsIdentité": N_(
        "évolution technique du nom de naissance renvoyé par RechercherInsAvecTraitsIdentité"
    ),
    "new integration guide (Pro Santé Connect architecture)": N_(
        "nouveau guide d'intégration (architecture Pro Santé Connect)"
    ),
    "addendum 8 published (how to integrate the appli carte Vitale)": N_(
        "addendum 8 publié (comment intégrer l'appli carte Vitale)"
    ),
    "end of pre-series in 8 départements": N_("fin de la présérie dans 8 départements"),
    "opened to the insured of 8 départements": N_("ouverture aux assurés de 8 départements"),
    "authentication request service to be offered to hospital editors (planned)": N_(
        "service de demande d'authentification pour les éditeurs hospitaliers (prévu)"
    ),
    "national deployment planned": N_("déploiement national prévu"),
    "specifications e-prescription unifiée published": N_(
        "spécifications de l'e-prescription unifiée publiées"
    ),
    "authorisation procedure opened": N_("procédure d'autorisation ouverte"),
    "décret n° 2023-1222 published": N_("décret n° 2023-1222 publié"),
    "generalisation at the latest": N_("généralisation au plus tard"),
    "décret published": N_("décret publié"),
    "catalogue of services opened with 12 services": N_("catalogue de services ouvert avec 12 services"),
    "new functions (screening and vaccination alerts, conversation with a pharmacy)": N_(
        "nouvelles fonctions (alertes de dépistage et de vaccination, échange avec une pharmacie)"
    ),
    "ROC V2 pilot phase": N_("phase pilote de ROC V2"),
    "end of TLA homologations": N_("fin des homologations de TLA"),
    "end of TLA sales": N_("fin de la commercialisation du TLA"),
    "telemedicine enters common law": N_("la télémédecine entre dans le droit commun"),
}


def event(text: str) -> str:
    """An event in the reader's language; as its source has it where it is not one of ours."""
    return _(_EVENTS[text]) if text in _EVENTS else text
