"""The catalogue's file: written whole, aside, and read back as it was."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, replace
from pathlib import Path

import pytest
from sqlite_utils import Database

from fieldkit.domain.catalogue import (
    Catalogue,
    Contact,
    Criterion,
    Editor,
    Integration,
    Product,
    ProductKind,
    ProductVersion,
    Provenance,
    Status,
    merged,
)
from fieldkit.errors import KnownError
from fieldkit.importers import devices, starting_catalogue
from fieldkit.paths import resource
from fieldkit.store import catalogue as store


@pytest.fixture(scope="module")
def whole() -> Catalogue:
    """The starting catalogue, and one fact of each kind that only files of others have."""
    origin = Provenance("annuaire.csv", "2026-11", "2")
    editor, product = "editor:epsilog", "product:vega"
    contact = Contact("contact:1", editor, "Support Vega", "support", "a@example.org", "", False, origin)
    unsure = Product(product, "VEGA", "", "", "", ProductKind.BILLING, "", None, (), "", "", "", "", origin)
    extra = Catalogue(
        as_of="2026-11",
        contacts=(contact, replace(contact, id="contact:2", personal=True)),
        products=(unsure, replace(unsure, mobility=False), replace(unsure, mobility=True)),
        product_versions=(ProductVersion(product, "10.2", "", "", origin),),
    )
    start = starting_catalogue.read(resource("catalogue"))
    readers = devices.as_catalogue(devices.read(resource("devices")), start)
    return merged(merged(start, readers), extra)


@pytest.fixture(scope="module")
def database(whole: Catalogue, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    path = tmp_path_factory.mktemp("catalogue") / "catalogue.db"
    store.build(path, "f1", whole)
    opened = store.open_current(path, "f1")
    assert opened is not None
    yield opened
    opened.close()


def test_every_fact_is_read_back_as_it_was(database: Database, whole: Catalogue) -> None:
    kinds = [item.name for item in fields(whole) if item.name != "as_of"]
    for kind in kinds:
        facts = getattr(whole, kind)
        assert tuple(store.find(database, type(facts[0]))) == facts
    assert len(kinds) == 24


def test_facts_are_found_by_their_columns(database: Database) -> None:
    found = store.find(database, Integration, profession="médecins", as_of="2021-06", service="service:INSi")
    assert len(found) == 10
    assert {fact.status for fact in found} == {Status.YES, Status.NO}
    assert store.find(database, Editor, id="editor:nobody") == []
    with pytest.raises(ValueError, match="Criterion has no"):
        store.find(database, Criterion, colour="red")


def test_identifiers_are_known_in_any_case(database: Database) -> None:
    assert store.identifier(database, "service:insi") == "service:INSi"
    assert store.identifier(database, "service:") is None
    assert store.names(database)["service:INSi"] == "INSi"


def test_the_file_stands_alone_and_needs_no_log(tmp_path: Path, whole: Catalogue) -> None:
    path = tmp_path / "catalogue.db"
    store.build(path, "f1", whole)
    opened = store.open_current(path, "f1")
    assert opened is not None
    assert opened.execute("PRAGMA journal_mode").fetchone()[0] == "delete"
    assert list(tmp_path.iterdir()) == [path]
    opened.close()


def test_a_file_of_other_tables_is_not_current(tmp_path: Path) -> None:
    path = tmp_path / "catalogue.db"
    assert store.open_current(path, "f1") is None
    store.build(path, "f1", Catalogue(as_of="2024-01-08"))
    assert store.open_current(path, "f2") is None
    assert store.open_current(path, "f1") is not None


def test_a_reader_keeps_what_it_opened_while_another_file_takes_its_place(
    tmp_path: Path, whole: Catalogue
) -> None:
    path = tmp_path / "catalogue.db"
    store.build(path, "f1", whole)
    reader = store.open_current(path, "f1")
    assert reader is not None
    store.build(path, "f2", Catalogue(as_of="2025-01-01"))
    assert len(store.find(reader, Editor)) == len(whole.editors)
    assert store.stamp(reader)["as_of"] == "2024-01-08"
    reader.close()


def test_where_nothing_can_be_written_the_old_file_stays(tmp_path: Path, whole: Catalogue) -> None:
    with pytest.raises(KnownError) as refused:
        store.build(tmp_path / "missing" / "catalogue.db", "f1", whole)
    assert refused.value.code == "catalogue-unwritable"
    occupied = tmp_path / "catalogue.db"
    (occupied / "inside").mkdir(parents=True)
    with pytest.raises(KnownError) as refused:
        store.build(occupied, "f1", whole)
    assert refused.value.code == "catalogue-unwritable"
    assert list(tmp_path.iterdir()) == [occupied]
