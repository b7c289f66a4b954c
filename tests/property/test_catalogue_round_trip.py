"""Import after export is the identity, whatever the facts say, in every format."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any, get_args, get_type_hints

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldkit.domain.catalogue import Catalogue, Provenance, flat
from fieldkit.domain.catalogue.layers import Novelty, layered
from fieldkit.domain.professions import CATEGORIES
from fieldkit.importers import lists, shapes
from fieldkit.importers.lists import Choices
from fieldkit.importers.matching import Names
from fieldkit.importers.novelties import Judged, judge
from fieldkit.importers.tables import read
from fieldkit.reports import tables
from tests.examples import examples
from tests.importers.tables import workbooks

SEEN = st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cn", "Nd"), exclude_characters="\ufeff")
WORDS = st.text(SEEN | st.sampled_from("=+-@'\n|\\;,\"12"), max_size=10)
LISTED = st.lists(WORDS.map(str.strip).filter(bool), max_size=2).map(tuple)
DAYS = st.sampled_from(["", "2021", "2021-06", "2024-01-08", "2023-Q4", "2021-06 / 2023-12"])
NAMES = ("aa", "bb", "cc")
FLOATS = st.floats(allow_nan=False, allow_infinity=False)


def value(kind: str, name: str, hint: Any) -> st.SearchStrategy[Any]:
    if name == "id":
        return st.sampled_from(NAMES).map(f"{PREFIX[kind]}:{{}}".format)
    if name in ENTITIES:
        return st.just("")
    if name in ("as_of", "date", "since", "until", "first_as_of", "opening_date", "publication_date",
                "figures_as_of"):  # fmt: skip
        return DAYS
    if kind == "integrations" and name == "profession":
        return st.sampled_from(["", *CATEGORIES])
    if name == "entity_type":
        return st.just("cohort")
    if hint == tuple[str, ...]:
        return LISTED
    if hint is str:
        return WORDS
    plain = {int: st.integers(-(10**12), 10**12), float: FLOATS, bool: st.booleans()}
    parts = get_args(hint) or (hint,)
    options: list[st.SearchStrategy[Any]] = []
    for part in parts:
        if part is type(None):
            options.append(st.none())
        else:
            options.append(plain[part] if part in plain else st.sampled_from(part))
    return st.one_of(options)


ENTITIES = frozenset(
    {"editor", "from_editor", "to_editor", "federation", "company", "product", "label", "holder", "service"}
    | {"maker"}
)
PREFIX = {"editors": "editor", "products": "product", "services": "service", "labels": "label",
          "contacts": "contact"}  # fmt: skip
ORIGINS = st.builds(Provenance, source=WORDS, as_of=DAYS, locator=WORDS)


def fact(kind: str) -> st.SearchStrategy[Any]:
    made = flat.kinds()[kind]
    hints = get_type_hints(made)
    del hints["origin"]
    return st.builds(made, origin=ORIGINS, **{name: value(kind, name, hint) for name, hint in hints.items()})


@st.composite
def catalogues(draw: st.DrawFn) -> Catalogue:
    """A catalogue of a few kinds of facts, none of which names an entry."""
    held: dict[str, Any] = {
        kind: tuple(draw(st.lists(fact(kind), min_size=1, max_size=3, unique=True)))
        for kind in draw(st.lists(st.sampled_from(sorted(flat.kinds())), min_size=1, max_size=4, unique=True))
    }
    return Catalogue(as_of="2024-01-08", **held)


def exported(path: Path, catalogue: Catalogue) -> Path:
    held = [kind for kind in flat.kinds() if getattr(catalogue, kind)]
    rows = {kind: map(partial(flat.to_row, kind), getattr(catalogue, kind)) for kind in held}
    tables.write(path, [tables.Table(kind, flat.columns(kind), rows[kind]) for kind in held])
    return path


def imported(path: Path, into: Catalogue) -> list[Judged]:
    found = lists.locate(read(path), Choices())
    assert {table.shape for table in found} == {shapes.OWN}
    items = lists.read(found, Names(into, {}), Provenance("", "", ""), {}, lambda: False)
    return judge(list(items), into, exact=True)


@pytest.mark.parametrize("ending", ["csv", "xlsx", "json"])
@examples(30, 300)
@given(catalogue=catalogues())
def test_import_after_export_changes_nothing(
    tmp_path_factory: pytest.TempPathFactory, ending: str, catalogue: Catalogue
) -> None:
    path = exported(tmp_path_factory.mktemp("round") / f"tout.{ending}", catalogue)
    again = imported(path, catalogue)
    assert {row.novelty for row in again} == {Novelty.UNCHANGED}
    fresh = imported(path, Catalogue(as_of=catalogue.as_of))
    assert {row.novelty for row in fresh} == {Novelty.ADDED}
    empty = Catalogue(as_of=catalogue.as_of)
    assert layered(empty, [change for row in fresh for change in row.changes]) == catalogue


@examples(30, 300)
@given(rows=st.lists(st.lists(WORDS.filter(str.strip), min_size=2, max_size=2), min_size=1, max_size=4))
def test_a_list_is_written_alike_in_every_format(
    tmp_path_factory: pytest.TempPathFactory, rows: list[list[str]]
) -> None:
    folder = tmp_path_factory.mktemp("alike")
    read_back = []
    for ending in ("csv", "xlsx", "json"):
        path = folder / f"liste.{ending}"
        tables.write(path, [tables.Table("Liste", ("Nom", "Détail"), rows)])
        (sheet,) = read(path).sheets
        read_back.append([list(row) for row in sheet.rows])
    assert read_back == [[["Nom", "Détail"], *rows]] * 3


def test_the_workbooks_of_the_tests_are_lists_too(tmp_path: Path) -> None:
    path = workbooks.xls(
        tmp_path / "a.xls", [("fact", "source", "as_of", "locator"), ("rien", "s", "2021", "l")]
    )
    (row,) = imported(path, Catalogue(as_of=""))
    assert [fault.reason for fault in row.faults] == ["genre de fait inconnu"]
