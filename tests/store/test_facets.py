"""Facets: what each choice of a filter would give is what it gives."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlite_utils import Database

from fieldkit.domain.catalogue import (
    Catalogue,
    LabelHolder,
    LabelType,
    Provenance,
    merged,
    new_label,
)
from fieldkit.domain.professions import CATEGORIES
from fieldkit.importers import devices, starting_catalogue
from fieldkit.paths import resource
from fieldkit.store import catalogue as store
from fieldkit.store.database import open_plain
from fieldkit.store.facets import facets
from fieldkit.store.search import search
from fieldkit.store.search_filters import Filters

FILTER_OF = {"date": "as_of"}
ORIGIN = Provenance("liste.csv", "2025-01", "2")


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    start = starting_catalogue.read(resource("catalogue"))
    readers = devices.as_catalogue(devices.read(resource("devices")), start)
    pro_ps = next(service for service in start.services if service.code == "PRO_PS")
    labels = [new_label(LabelType.VINTAGE, pro_ps, year, ORIGIN) for year in ("2023", "2024")]
    held = {"product:vega": labels, "product:hellodoc": labels[1:]}
    vintages = Catalogue(
        as_of="2025-01",
        labels=tuple(labels),
        label_holders=tuple(
            LabelHolder(label.id, holder, "", "", "", ORIGIN)
            for holder, some in held.items()
            for label in some
        ),
    )
    path = tmp_path_factory.mktemp("facets") / "catalogue.db"
    store.build(path, "f", merged(merged(start, readers), vintages))
    opened = open_plain(path, read_only=True)
    yield opened
    opened.close()


FILTERS = st.builds(
    Filters,
    kind=st.sampled_from(("", "", "editor", "product", "billing-software", "card-reader")),
    profession=st.sampled_from(("", "", *CATEGORIES)),
    service=st.sampled_from(("", "", "service:INSi", "service:CDC_SV", "service:PRO_PS")),
    as_of=st.sampled_from(("", "", "2021-06", "2022", "2023-12", "2025-01")),
    mobility=st.sampled_from(("", "", "yes", "no")),
    vintage=st.sampled_from(("", "", "2023", "2024")),
    federation=st.sampled_from(("", "", "editor:feima", "editor:adoct")),
)


@settings(max_examples=60)
@given(st.sampled_from(("", "s", "sante", "vega", "pharmagets", "?!", "logiciel")), FILTERS)
def test_what_a_choice_would_give_is_what_it_gives(database: Database, text: str, filters: Filters) -> None:
    found = search(database, text, filters, 0)
    for facet, counts in facets(database, found.match, filters).items():
        for value, count in counts.items():
            chosen: dict[str, Any] = {FILTER_OF.get(facet, facet): value}
            assert search(database, text, replace(filters, **chosen), 0).total == count > 0


@pytest.mark.parametrize("text", ["", "sante"])
def test_no_choice_that_would_give_something_is_left_out(database: Database, text: str) -> None:
    counts = facets(database, search(database, text, Filters(), 0).match, Filters())
    for profession in CATEGORIES:
        given_by = search(database, text, Filters(profession=profession), 0).total
        assert counts["profession"].get(profession, 0) == given_by
    for federation in ("editor:feima", "editor:adoct", "editor:numeum"):
        given_by = search(database, text, Filters(federation=federation), 0).total
        assert counts["federation"].get(federation, 0) == given_by


def test_a_vintage_is_found_by_product_editor_and_label(database: Database) -> None:
    found = {hit.id for hit in search(database, "", Filters(vintage="2024"), 50).hits}
    assert {"product:vega", "product:hellodoc", "editor:epsilog", "editor:compugroup-medical"} <= found
    assert "label:millesime-pro-ps-2024" in found
    assert "product:hellodoc" not in {
        hit.id for hit in search(database, "", Filters(vintage="2023"), 50).hits
    }


def test_signs_alone_count_nothing(database: Database) -> None:
    found = search(database, "?!", Filters(), 20)
    assert not any(facets(database, found.match, Filters()).values())
