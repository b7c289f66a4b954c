"""The tables that travel with the app: all read, nothing dropped, nothing made up."""

from __future__ import annotations

import csv
import shutil
from collections import Counter, defaultdict
from dataclasses import fields
from pathlib import Path

import pytest

from fieldkit.domain.catalogue import Catalogue, Status, unmatched
from fieldkit.errors import KnownError
from fieldkit.importers import starting_catalogue
from fieldkit.paths import resource

TABLES = resource("catalogue")

SIZES = {
    "addenda": 10,
    "amendments": 36,
    "criteria": 24,
    "deployment_figures": 477,
    "editors": 198,
    "equipment": 15,
    "glossary": 50,
    "integration_tables": 20,
    "integrations": 1888,
    "links": 30,
    "market_figures": 131,
    "memberships": 78,
    "mentions": 470,
    "milestones": 88,
    "products": 45,
    "segments": 39,
    "services": 67,
    "timeline": 81,
}


def rows(table: str) -> list[dict[str, str]]:
    with (TABLES / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return starting_catalogue.read(TABLES)


def test_every_row_of_every_table_is_a_fact(catalogue: Catalogue) -> None:
    assert {name: len(getattr(catalogue, name)) for name in SIZES} == SIZES
    assert sum(SIZES.values()) == sum(len(rows(path.stem)) for path in TABLES.glob("*.csv"))


def test_every_fact_has_a_source_and_a_date(catalogue: Catalogue) -> None:
    for item in fields(catalogue):
        facts = getattr(catalogue, item.name)
        assert all(fact.origin.source and fact.origin.as_of for fact in facts if item.name != "as_of")


def test_identifiers_are_unique_across_kinds(catalogue: Catalogue) -> None:
    entries = (*catalogue.editors, *catalogue.products, *catalogue.services, *catalogue.labels)
    counted = Counter(entry.id.casefold() for entry in entries)  # type: ignore[attr-defined]
    assert max(counted.values()) == 1
    assert {identifier.partition(":")[0] for identifier in counted} == {
        "editor",
        "product",
        "service",
        "label",
    }


def test_what_the_source_lost_stays_unknown(catalogue: Catalogue) -> None:
    lost = [row for row in rows("integration") if row["value_kind"] in ("lost", "ambiguous")]
    unknown = [fact for fact in catalogue.integrations if fact.status is Status.UNKNOWN]
    assert len(unknown) == len(lost) == 891
    assert Counter(fact.status for fact in catalogue.integrations) == {
        Status.UNKNOWN: 891,
        Status.YES: 473,
        Status.NO: 229,
        Status.TEXT: 295,
    }


def test_every_editor_table_has_the_size_its_source_gives_it(catalogue: Catalogue) -> None:
    for table in catalogue.integration_tables:
        cells = [fact for fact in catalogue.integrations if fact.table_id == table.table_id]
        assert len(cells) == table.cells == table.criteria * table.editors
        assert len({fact.service for fact in cells}) == table.criteria
        assert len({fact.holder for fact in cells}) == table.editors


def test_sources_that_disagree_are_both_kept(catalogue: Catalogue) -> None:
    billing = {figure.value for figure in catalogue.deployment_figures if figure.origin.as_of == "2023-12"}
    assert {404577, 404578} <= billing
    approved = [
        figure.value
        for figure in catalogue.deployment_figures
        if figure.topic == "addendum 8" and figure.metric.startswith("éditeurs agréés")
    ]
    assert sorted(approved) == [5, 6]
    shares = {(figure.entity, figure.value) for figure in catalogue.market_figures}
    assert {("product:vega", "12.6"), ("editor:epsilog", "12.5")} <= shares


def test_columns_of_editors_that_are_not_read_say_nothing_more(catalogue: Catalogue) -> None:
    """Roles, professions, groups, products and federations come from their own tables, which say as much."""
    names = {editor.id: editor.name for editor in catalogue.editors}
    roles, trades, makes, member = (defaultdict(set) for _ in range(4))
    for mention in catalogue.mentions:
        roles[names[mention.editor]].add(mention.role)
        trades[names[mention.editor]].add(mention.profession)
    for product in catalogue.products:
        makes[names.get(product.editor, "")].add(product.name)
    for membership in catalogue.memberships:
        of = f"{names[membership.federation]} ({membership.origin.as_of})"
        member[names[membership.editor]].add(of)
    linked = {(names[link.from_editor], link.to_name) for link in catalogue.links}
    for row in rows("editors"):
        name = row["name"]
        assert set(filter(None, row["roles"].split(" | "))) == roles[name]
        assert set(filter(None, row["professions"].split(" | "))) == trades[name] - {""}
        assert set(filter(None, row["products"].split(" | "))) == makes[name]
        assert set(filter(None, row["federations"].split(" | "))) <= member[name]
        assert not row["group_parent"] or (name, row["group_parent"]) in linked
        if row["possible_same_as"]:
            other = row["possible_same_as"].split(" – ")[0]
            assert (name, other) in linked or (other, name) in linked


def test_the_date_of_the_catalogue_is_that_of_the_reference_base(catalogue: Catalogue) -> None:
    assert catalogue.as_of == "2024-01-08"


def test_former_editors_are_those_that_older_sources_name(catalogue: Catalogue) -> None:
    said = {(item.product, item.editor, item.origin.as_of) for item in catalogue.former_editors}
    assert said == {
        ("product:simply-vitale", "editor:rm-ingenierie", "2021-06"),
        ("product:intellio", "editor:sephira", "2021-06"),
    }
    assert len(said) == sum(bool(row["previous_editor"]) for row in rows("products"))


def test_nothing_refers_to_what_is_not_there(catalogue: Catalogue) -> None:
    assert list(unmatched(catalogue)) == []


def test_labels_are_what_the_facts_state(catalogue: Catalogue) -> None:
    held = Counter(holder.label for holder in catalogue.label_holders)
    assert held["label:autorisation-idb-clc-sel-amc"] == 8 + 12
    assert held["label:referencement-mon-espace-sante"] == 15
    assert held["label:agrement-sesam-vitale-addendum-8"] == sum(
        fact.service == "service:CDC_SV" and fact.value == "Add. 8" for fact in catalogue.integrations
    )
    assert held.keys() == {label.id for label in catalogue.labels}
    holders = {
        holder.holder for holder in catalogue.label_holders if holder.label == "label:autorisation-psei"
    }
    assert holders == {"editor:pratilog", "product:medi-pratik"}


def test_the_fingerprint_follows_the_tables(tmp_path: Path) -> None:
    shutil.copytree(TABLES, tmp_path / "copy")
    before = starting_catalogue.fingerprint(tmp_path / "copy")
    assert before == starting_catalogue.fingerprint(TABLES)
    changed = tmp_path / "copy" / "addenda.csv"
    changed.chmod(0o644)
    changed.write_bytes(changed.read_bytes() + b"\n")
    assert starting_catalogue.fingerprint(tmp_path / "copy") != before


@pytest.mark.parametrize(
    ("table", "old", "new", "told"),
    [
        ("products", "Vega,Epsilog,", "Vega,Nobody,", "products.csv, 2"),
        ("deployment_stats", ",1450,", ",many,", "deployment_stats.csv, 2"),
        ("services", "code,label", "code,name", "label"),
        ("timeline", "date,", '"date,', "expected"),
        ("glossary", "CFE,", "CFE;", "glossary.csv, "),
        ("glossary", "CFE,", "CFE,,", "glossary.csv, "),
    ],
)
def test_tables_that_do_not_hold_together_are_refused(
    tmp_path: Path, table: str, old: str, new: str, told: str
) -> None:
    shutil.copytree(TABLES, tmp_path / "copy")
    path = tmp_path / "copy" / f"{table}.csv"
    path.chmod(0o644)
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(KnownError) as refused:
        starting_catalogue.read(tmp_path / "copy")
    assert refused.value.code == "catalogue-damaged"
    assert told in refused.value.message


def test_missing_tables_are_told(tmp_path: Path) -> None:
    with pytest.raises(KnownError) as refused:
        starting_catalogue.read(tmp_path)
    assert refused.value.code == "catalogue-damaged"
