"""The portable probe: what it will tell of a computer, and its file taken into a visit once a delegate agrees."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any, Final

from fieldkit.i18n import N_, _
from fieldkit.importers import probe
from fieldkit.importers.probe import Probe
from fieldkit.services import visits
from fieldkit.store.changes import Changes
from fieldkit.store.fieldwork import FieldStore

READS: Final = (
    N_("le système et sa version, le type de processeur"),
    N_("les lecteurs de cartes : nom, état, micrologiciel, numéro de série de l'appareil"),
    N_("la famille de la carte présente (son ATR seulement) : aucune carte n'est lue"),
    N_("les douchettes USB : marque, modèle, mode"),
    N_("les composants santé installés : nom, emplacement, version"),
    N_("ce qui peut gêner les lecteurs : service, pilote, réglages, programmes connus pour cela"),
    N_("la version de Fieldkit, l'heure de l'ordinateur, la taille de son profil"),
)
LEAVES: Final = (
    N_("aucune donnée de patient ni de professionnel, aucun numéro de carte"),
    N_("ni nom de l'ordinateur ou de l'utilisateur, ni adresse réseau, ni fichier, ni mot de passe"),
    N_("rien n'est installé, rien n'est modifié, rien n'est envoyé : le résultat est un fichier"),
)


def what() -> dict[str, list[str]]:
    """What `fieldkit diagnose` reads of a computer, and what it leaves alone, before it does."""
    return {"reads": [_(text) for text in READS], "leaves": [_(text) for text in LEAVES]}


def preview(
    store: FieldStore, visit_id: str, workstation_id: str | None, found: Probe
) -> list[dict[str, Any]]:
    """What taking the facts of a probe would write: `[{field, before, after}]`; `before` None is unknown.

    What is noted already is not in it. Without a workstation, a new one would be described.
    """
    noted: Mapping[str, Any] = {}
    if workstation_id is not None:
        shown = visits.show_visit(store, visit_id)
        noted = next((w for w in shown["workstations"] if w["id"] == workstation_id), {})
    rows = [{"field": f, "before": noted.get(f), "after": value} for f, value in found.facts.items()]
    return [row for row in rows if row["before"] != row["after"]]


def read(file: Path) -> Probe:
    """As `importers.probe.read`."""
    return probe.read(file)


def take(
    store: FieldStore,
    visit_id: str,
    workstation_id: str | None,
    found: Probe,
    fields: Collection[str] | None = None,
) -> Changes:
    """Write the facts of a probe that the delegate agrees to (None: all); the workstation is in the changes."""
    facts = {f: value for f, value in found.facts.items() if fields is None or f in fields}
    made = visits.set_workstation(store, visit_id, workstation_id, facts)
    return Changes(frozenset({("workstation", made)}))
