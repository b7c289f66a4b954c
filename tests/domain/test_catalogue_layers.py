"""Facts compared with a catalogue, and laid over it."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest

from fieldkit.domain.catalogue import Catalogue, Editor, LabelHolder, MarketFigure, Provenance, flat
from fieldkit.domain.catalogue.layers import Change, Known, Novelty, layered
from fieldkit.importers import starting_catalogue
from fieldkit.paths import resource

LIST = Provenance("Liste", "2024-02", "ligne 2")
EPSILOG = Editor("editor:epsilog", "Epsilog", (), (), "2021", "", Provenance("Étude", "2021", "p. 3"))
FIGURE = MarketFigure(
    "infirmiers", "editor", EPSILOG.id, "Epsilog", "professionals", "", "12", "12", "PS", "", LIST
)
BASE = Catalogue(as_of="2024", editors=(EPSILOG,), market_figures=(FIGURE,))


def test_another_source_adds_and_the_same_source_changes() -> None:
    known = Known(BASE)
    other = replace(EPSILOG, name="EPSILOG", origin=LIST)
    assert known.compare("editors", other) == (Novelty.ADDED, None)
    more = replace(FIGURE, value="13", origin=replace(LIST, locator="ligne 9"))
    assert known.compare("market_figures", more) == (Novelty.CHANGED, FIGURE)
    assert known.compare("market_figures", more, {FIGURE}) == (Novelty.ADDED, None)


def test_where_a_list_says_it_does_not_matter_but_in_our_own_export() -> None:
    moved = replace(FIGURE, origin=replace(LIST, locator="ligne 9"))
    assert Known(BASE).compare("market_figures", moved) == (Novelty.UNCHANGED, FIGURE)
    assert Known(BASE, exact=True).compare("market_figures", moved) == (Novelty.CHANGED, FIGURE)


def test_every_month_has_its_figures_but_a_state_is_said_once() -> None:
    later = replace(LIST, as_of="2024-03")
    assert Known(BASE).compare("market_figures", replace(FIGURE, origin=later)) == (Novelty.ADDED, None)
    holder = LabelHolder("label:x", EPSILOG.id, "", "2023", "", LIST)
    known = Known(replace(BASE, label_holders=(holder,)))
    assert known.compare("label_holders", replace(holder, origin=later)) == (Novelty.UNCHANGED, holder)


def test_changes_are_laid_over_in_their_order_and_none_is_left_dangling() -> None:
    more = replace(FIGURE, value="13")
    new = replace(EPSILOG, id="editor:neuf", name="Neuf", origin=LIST)
    on_new = replace(FIGURE, entity=new.id)
    changes = [
        Change("market_figures", more, FIGURE),
        Change("editors", new),
        Change("market_figures", on_new),
    ]
    whole = layered(BASE, changes)
    assert whole.editors == (EPSILOG, new)
    assert set(whole.market_figures) == {more, on_new}
    assert layered(BASE, [changes[0], changes[2]]).market_figures == (more,)
    again = replace(more, value="14")
    assert layered(BASE, [changes[0], Change("market_figures", again, more)]).market_figures == (again,)


def test_a_change_of_what_is_no_longer_there_adds_its_own() -> None:
    more = replace(FIGURE, value="13")
    assert layered(
        replace(BASE, market_figures=()), [Change("market_figures", more, FIGURE)]
    ).market_figures == (more,)


def test_what_a_fact_is_about_tells_nearly_all_facts_of_the_sources_apart() -> None:
    catalogue = starting_catalogue.read(resource("catalogue"))
    known = Known(catalogue, exact=True)
    for kind in flat.kinds():
        about = Counter(known.about(kind, fact) for fact in getattr(catalogue, kind))
        shared = sum(count for count in about.values() if count > 1)
        assert shared <= 0.6 * max(len(getattr(catalogue, kind)), 1), kind


@pytest.mark.parametrize(
    ("column", "cell", "reason"),
    [
        ("id", "epsilog", "identifiant attendu : editor:…"),
        ("as_of", "hier", "date attendue : 2023, 2023-12 ou 2023-12-31"),
    ],
)
def test_a_row_that_is_no_fact_says_where(column: str, cell: str, reason: str) -> None:
    row = dict(
        zip(
            flat.columns("editors"),
            map(str, flat.to_row("editors", replace(EPSILOG, aliases=()))),
            strict=True,
        )
    )
    with pytest.raises(flat.BadCellsError) as wrong:
        flat.from_row("editors", {**row, "aliases": "", "misspellings": "", column: cell})
    assert list(wrong.value.faults) == [(column, reason)]


def test_numbers_answers_and_choices_are_checked() -> None:
    row = dict.fromkeys(flat.columns("deployment_figures"), "") | {"value": "douze"}
    with pytest.raises(flat.BadCellsError) as wrong:
        flat.from_row("deployment_figures", row)
    assert list(wrong.value.faults) == [("value", "nombre attendu")]
    for cell in ("inf", "nan", "1e999"):
        with pytest.raises(flat.BadCellsError):
            flat.from_row("deployment_figures", row | {"value": cell})
    products = dict.fromkeys(flat.columns("products"), "") | {"id": "product:x", "mobility": "peut-être"}
    with pytest.raises(flat.BadCellsError) as wrong:
        flat.from_row("products", products)
    assert {column for column, _reason in wrong.value.faults} == {"kind", "mobility"}
    with pytest.raises(flat.BadCellsError) as wrong:
        flat.from_row("editors", {})
    assert ("name", "colonne absente du fichier") in list(wrong.value.faults)
