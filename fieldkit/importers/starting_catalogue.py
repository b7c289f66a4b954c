"""The catalogue that travels with the app: its CSV tables, read into facts of `domain.catalogue`.

References are checked as they are read: a row that names an editor or a service which no table has is a
damaged catalogue, not a row to skip.
"""

from __future__ import annotations

import csv
import dataclasses
import hashlib
import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, Final, TypeVar

from fieldkit.domain import catalogue as facts
from fieldkit.domain.catalogue import Catalogue, FormerEditor, Provenance, Status
from fieldkit.domain.folding import fold
from fieldkit.domain.professions import categories_in
from fieldkit.errors import KnownError
from fieldkit.i18n import _
from fieldkit.importers.catalogue_labels import labels

Row = dict[str, str]
Fact = TypeVar("Fact")

REFERENCE_BASE: Final = "référentiel industriels IRIS"
"""The topic of the figures on the GIE's own base of companies; their date is the catalogue's."""

_EVENTS: Final = ("acquired_by", "acquisition_announced_by", "merged_into", "renamed_to")
"""The links that happened on a day, which is then the date of their row; others are states."""

_NAMED_IN: Final = re.compile(r"(?P<name>.+) \((?P<as_of>[\d-]+)\)")
_CITED: Final = re.compile(r"(?P<source>.+?) (?P<locator>l\.\d+.*)")


def fingerprint(folder: Path) -> str:
    """A digest of every table in `folder`: it changes when, and only when, a table does."""
    digest = hashlib.sha256()
    for path in sorted(folder.glob("*.csv")):
        digest.update(f"{path.name}\0".encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def read(folder: Path) -> Catalogue:
    """Every fact of the tables in `folder`, in their order.

    Raises KnownError `catalogue-damaged` where a table is missing or does not hold together.
    """
    try:
        return _Reader(folder).catalogue()
    except (OSError, KeyError, ValueError, csv.Error) as error:
        raise KnownError(
            "catalogue-damaged",
            _("Le catalogue livré avec l'application est illisible ({detail}).").format(detail=error),
            _("Réinstallez l'application ; vos visites ne sont pas touchées."),
        ) from error


def reference_day(figures: Iterable[facts.DeploymentFigure]) -> str:
    """The day of the GIE's own base of companies, which is the catalogue's. Raises ValueError without such a figure."""
    return max(figure.origin.as_of for figure in figures if figure.topic == REFERENCE_BASE)


class _Reader:
    """The tables of one folder, with the names of editors, products and services that rows refer to."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.editor_ids = {row["name"]: f"editor:{row['editor_id']}" for row in self.rows("editors")}
        self.product_ids = {
            row["product"]: facts.entry_id("product", row["product"]) for row in self.rows("products")
        }
        self.service_ids = {row["code"]: f"service:{row['code']}" for row in self.rows("services")}
        self.services_by_name = {
            fold(name): self.service_ids[row["code"]]
            for row in self.rows("services")
            for name in (row["full_name"], row["label"], row["code"])
            if name
        }

    def catalogue(self) -> Catalogue:
        products = self.facts(facts.Product, "products", self.product)
        services = self.facts(facts.Service, "services", self.service)
        integrations = self.facts(facts.Integration, "integration", self.integration)
        deployment = self.facts(facts.DeploymentFigure, "deployment_stats", self.deployment)
        found_labels, holders = labels(integrations, products, services, self.services_by_name)
        return Catalogue(
            as_of=reference_day(deployment),
            editors=self.facts(facts.Editor, "editors", self.editor),
            mentions=self.facts(facts.EditorMention, "editor_mentions", self.mention),
            links=self.facts(facts.EditorLink, "editor_links", self.link),
            memberships=self.facts(facts.Membership, "federation_members", self.membership),
            products=products,
            former_editors=tuple(self.former_editors()),
            services=services,
            labels=found_labels,
            label_holders=holders,
            integrations=integrations,
            integration_tables=self.facts(facts.IntegrationTable, "integration_tables", _sizes),
            milestones=self.facts(
                facts.Milestone, "service_milestones", lambda row: {"service": self.service_ids[row["code"]]}
            ),
            amendments=self.facts(facts.Amendment, "avenants", self.amendment),
            addenda=self.facts(facts.Addendum, "addenda"),
            market_figures=self.facts(facts.MarketFigure, "market_shares", self.market),
            deployment_figures=deployment,
            criteria=self.facts(facts.Criterion, "propos_criteria"),
            equipment=self.facts(facts.Equipment, "equipment", self.equipment),
            segments=self.facts(
                facts.ServiceSegment, "service_segments", lambda row: {"level": int(row["level"])}
            ),
            glossary=self.facts(facts.GlossaryEntry, "glossary"),
            timeline=self.facts(facts.TimelineEvent, "timeline"),
        )

    def rows(self, table: str) -> Iterable[Row]:
        with (self.folder / f"{table}.csv").open(encoding="utf-8-sig", newline="") as file:
            yield from csv.DictReader(file, strict=True)

    def facts(
        self, fact: type[Fact], table: str, given: Callable[[Row], dict[str, Any]] = lambda _row: {}
    ) -> tuple[Fact, ...]:
        """One `fact` per row: `given` says which fields differ from the column of their name."""
        columns = dataclasses.fields(fact)  # type: ignore[arg-type]  # every fact is a dataclass
        names = [item.name for item in columns if item.name != "origin"]
        make: Callable[..., Fact] = fact
        built = []
        for number, row in enumerate(self.rows(table), start=2):
            try:
                if None in row or None in row.values():
                    raise ValueError(_("nombre de colonnes inattendu"))
                values = given(row)
                values.update((name, row[name]) for name in names if name not in values)
                origin = Provenance(row["source"], row["as_of"], row["locator"])
            except (KeyError, ValueError) as error:
                raise ValueError(f"{table}.csv, {number} : {error}") from error
            built.append(make(**values, origin=origin))
        return tuple(built)

    def editor_id(self, name: str) -> str:
        return self.editor_ids[name] if name else ""

    def editor(self, row: Row) -> dict[str, Any]:
        return {
            "id": self.editor_ids[row["name"]],
            "aliases": _several(row["aliases"]),
            "misspellings": _several(row["defective_variants"]),
        }

    def mention(self, row: Row) -> dict[str, Any]:
        return {"editor": self.editor_ids[row["editor"]], "profession": row["profession_category"]}

    def link(self, row: Row) -> dict[str, Any]:
        return {
            "from_editor": self.editor_ids[row["from_editor"]],
            "to_editor": self.editor_ids.get(row["to_editor"], ""),
            "to_name": row["to_editor"],
            "date": row["as_of"] if row["relation"] in _EVENTS else "",
        }

    def membership(self, row: Row) -> dict[str, Any]:
        return {"federation": self.editor_ids[row["federation"]], "editor": self.editor_ids[row["editor"]]}

    def product(self, row: Row) -> dict[str, Any]:
        name = row["product"]
        return {
            "id": self.product_ids[name],
            "name": name,
            "editor": self.editor_id(row["editor"]),
            "kind": facts.read_kind(row["kind"]),
            "kind_as_written": row["kind"],
            "mobility": facts.reads_mobile(row["kind"]),
            "professions": tuple(categories_in(row["professions"])),
            "professions_as_written": row["professions"],
        }

    def former_editors(self) -> Iterator[FormerEditor]:
        """Who made a product before, as the older source that `other_mentions` cites says it."""
        for row in filter(lambda row: row["previous_editor"], self.rows("products")):
            before = _NAMED_IN.fullmatch(row["previous_editor"])
            cited = _CITED.match(row["other_mentions"])
            if before is None or cited is None:
                raise ValueError(f"products.csv : {row['previous_editor']}")
            origin = Provenance(cited["source"], before["as_of"], cited["locator"])
            name = before["name"]
            yield FormerEditor(self.product_ids[row["product"]], self.editor_ids[name], name, origin)

    def service(self, row: Row) -> dict[str, Any]:
        return {"id": self.service_ids[row["code"]], "avenant_no": _whole(row["avenant_no"])}

    def integration(self, row: Row) -> dict[str, Any]:
        return {
            "holder": self.editor_ids[row["editor"]],
            "holder_as_written": row["editor_as_written"],
            "service": self.service_ids[row["service"]],
            "profession": row["profession_category"],
            "status": _status(row["value"]),
        }

    def amendment(self, row: Row) -> dict[str, Any]:
        code = row["service_code"]
        return {
            "number": _whole(row["number"]),
            "potential_pct": _decimal(row["potential_pct"]),
            "deployment_rate_pct": _decimal(row["deployment_rate_pct"]),
            "service": self.service_ids[code] if code else "",
        }

    def market(self, row: Row) -> dict[str, Any]:
        kind, name = row["entity_type"], row["entity"]
        if kind == "cohort":
            return {}
        return {"entity": self.product_ids[name] if kind == "product" else self.editor_ids[name]}

    def deployment(self, row: Row) -> dict[str, Any]:
        topic = row["topic"].rpartition(" – ")[2]
        return {"value": float(row["value"]), "service": self.services_by_name.get(fold(topic), "")}

    def equipment(self, row: Row) -> dict[str, Any]:
        return {"maker": self.editor_id(row["maker"]), "count": _whole(row["count"])}


def _sizes(row: Row) -> dict[str, Any]:
    return {name: int(row[name]) for name in ("criteria", "editors", "cells")}


def _status(value: str) -> Status:
    return Status(value) if value in (Status.YES, Status.NO, Status.UNKNOWN) else Status.TEXT


def _several(cell: str) -> tuple[str, ...]:
    return tuple(name for name in cell.split(" | ") if name)


def _whole(cell: str) -> int | None:
    return int(cell) if cell else None


def _decimal(cell: str) -> float | None:
    return float(cell) if cell else None
