"""What an import would do, in words: a line for every row of the file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from fieldkit.domain.catalogue import Status, flat
from fieldkit.domain.catalogue.layers import Change, Novelty
from fieldkit.i18n import N_, _
from fieldkit.importers.novelties import Judged
from fieldkit.services.catalogue_file import opened
from fieldkit.services.catalogue_imports import Preview
from fieldkit.store import catalogue as store

KINDS: Final[Mapping[str, str]] = {
    "addenda": N_("Addendum"),
    "amendments": N_("Avenant"),
    "contacts": N_("Contact"),
    "criteria": N_("Critère PRO-PS"),
    "deployment_figures": N_("Indicateur"),
    "devices": N_("Lecteur"),
    "editors": N_("Éditeur"),
    "equipment": N_("Équipement"),
    "former_editors": N_("Ancien éditeur"),
    "glossary": N_("Sigle"),
    "integration_tables": N_("Tableau d'intégration"),
    "integrations": N_("Service intégré"),
    "label_holders": N_("Labellisation obtenue"),
    "labels": N_("Labellisation"),
    "links": N_("Lien entre sociétés"),
    "market_figures": N_("Chiffre de marché"),
    "memberships": N_("Adhésion à une fédération"),
    "mentions": N_("Mention d'un éditeur"),
    "milestones": N_("Étape d'un service"),
    "product_versions": N_("Version d'un produit"),
    "products": N_("Produit"),
    "segments": N_("Segment de services"),
    "services": N_("Service"),
    "timeline": N_("Étape d'un programme"),
}

_TOLD: Final[Mapping[str, tuple[str, ...]]] = {
    "contacts": ("company", "name", "function", "email", "phone"),
    "deployment_figures": ("topic", "metric", "value_as_written", "unit"),
    "devices": ("maker", "model", "usb"),
    "editors": ("name", "aliases"),
    "integrations": ("holder", "service", "profession", "status"),
    "label_holders": ("holder", "label", "profession", "since"),
    "labels": ("name",),
    "links": ("from_editor", "to_name", "date"),
    "market_figures": ("entity", "scope", "value_as_written", "unit"),
    "product_versions": ("product", "version", "date"),
    "products": ("name", "editor", "kind_as_written"),
    "services": ("label",),
}
"""The fields that tell a fact best; of other kinds the first that say something."""

_FIELDS: Final[Mapping[str, str]] = {
    "value": N_("valeur"),
    "value_as_written": N_("valeur écrite"),
    "since": N_("depuis"),
    "until": N_("jusqu'au"),
    "editor": N_("éditeur"),
    "editor_as_written": N_("éditeur écrit"),
    "kind": N_("genre"),
    "kind_as_written": N_("genre écrit"),
    "description": N_("description"),
    "name": N_("nom"),
    "aliases": N_("autres noms"),
    "note": N_("note"),
    "email": N_("courriel"),
    "phone": N_("téléphone"),
    "function": N_("fonction"),
    "status": N_("réponse"),
    "date": N_("date"),
    "qualifier": N_("précision"),
    "usb": N_("identifiant USB"),
    "modes": N_("modes"),
    "mobility": N_("mobilité"),
    "professions": N_("professions"),
    "entity_as_written": N_("nom écrit"),
}
_ANSWERS: Final = {Status.YES: N_("oui"), Status.NO: N_("non"), Status.UNKNOWN: N_("inconnu")}
_ENTRIES: Final = ("editor:", "product:", "service:", "label:")
_MOST: Final = 4


@dataclass(frozen=True, slots=True)
class Shown:
    """The four parts of a preview as tables of text."""

    added: list[tuple[str, ...]]
    changed: list[tuple[str, ...]]
    unchanged: list[tuple[str, ...]]
    refused: list[tuple[str, ...]]


def shown(catalogue: Path, seen: Preview) -> Shown:
    """`seen` in words: (line, kind, what) for added and unchanged rows, (line, what, field, before, after) for
    each changed field, (line, column, reason) for each fault."""
    names = store.names(opened(catalogue)) | {
        change.new.id: change.new.name
        for change in seen.changes
        if change.kind in ("editors", "products", "labels")
    }
    several = len(seen.opened.tables) > 1

    def line(row: Judged) -> str:
        return f"{row.sheet}, {row.line}" if several else str(row.line)

    def told(row: Judged) -> tuple[str, ...]:
        assert row.fact is not None
        return line(row), _(KINDS[row.fact[0]]), describe(*row.fact, names)

    return Shown(
        added=[told(row) for row in seen.of(Novelty.ADDED)],
        changed=[
            (line(row), describe(change.kind, change.new, names), *difference)
            for row in seen.of(Novelty.CHANGED)
            for change in row.changes
            for difference in _differences(change, names)
        ],
        unchanged=[told(row) for row in seen.of(Novelty.UNCHANGED)],
        refused=[(line(row), fault.column, fault.reason) for row in seen.of(None) for fault in row.faults],
    )


def describe(kind: str, fact: Any, names: Mapping[str, str]) -> str:
    """A fact in a line."""
    fields = _TOLD.get(kind) or flat.columns(kind)[1 : -len(flat.ORIGIN)]
    words = [_words(getattr(fact, name), names) for name in fields]
    if fields[-1] == "unit":
        *words, number, unit = words
        words.append(f"{number} {'' if unit == 'count' else unit}".strip())
    when = fact.origin.as_of if kind in ("market_figures", "deployment_figures", "integrations") else ""
    return " · ".join([*filter(None, words)][:_MOST] + ([when] if when else []))


def _differences(change: Change, names: Mapping[str, str]) -> list[tuple[str, str, str]]:
    if change.old is None:
        return [("", "", _("ajouté"))]
    columns = flat.columns(change.kind)
    before, after = (flat.to_row(change.kind, fact) for fact in (change.old, change.new))
    changed = [
        (name, old, new)
        for name, old, new in zip(columns, before, after, strict=True)
        if old != new and name != "locator"
    ]
    read = [difference for difference in changed if not difference[0].endswith(("_as_written", "_raw"))]
    place = ("locator", change.old.origin.locator, change.new.origin.locator)
    return [
        (_(_FIELDS[name]) if name in _FIELDS else name, _words(old, names), _words(new, names))
        for name, old, new in read or changed or [place]
    ]


def _words(value: Any, names: Mapping[str, str]) -> str:
    match value:
        case None:
            return ""
        case bool():
            return _("oui") if value else _("non")
        case Status():
            return _(_ANSWERS[value]) if value in _ANSWERS else str(value)
        case tuple():
            return ", ".join(map(str, value))
        case str() if value.startswith(_ENTRIES):
            return names.get(value, value)
        case _:
            return str(value)
