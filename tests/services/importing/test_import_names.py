"""Names in lists of others: asked about where they are new or near, and never merged silently."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from fieldkit.services import catalogue, catalogue_imports
from fieldkit.services.catalogue_imports import Choices, Preview
from fieldkit.store import imports
from tests.services.importing.seen import MARKET, counts, reasons


def test_a_name_is_never_merged_silently(path: Path, look: Callable[..., Preview]) -> None:
    row = "2024-02;Infirmiers;Epsilogue;Végas;12\n"
    seen = look(MARKET + row)
    assert counts(seen) == (2, 0, 0, 1)
    editor, product = seen.questions
    assert (editor.kind, editor.written, editor.lines) == ("editor", "Epsilogue", [4])
    assert editor.proposals[0].id == "editor:epsilog"
    assert product.proposals[0].id == "product:vega"
    told = Choices(names={"editor": {"Epsilogue": "editor:epsilog"}, "product": {"Végas": "product:vega"}})
    confirmed = look(MARKET + row, told)
    assert counts(confirmed) == (3, 0, 0, 0)
    catalogue_imports.apply(path, confirmed)
    assert counts(look(MARKET + row)) == (0, 0, 3, 0)  # what was confirmed is remembered


def test_new_names_left_out_names_and_answers_for_all(path: Path, look: Callable[..., Preview]) -> None:
    rows = "2024-02;Infirmiers;Neuve SA;Truc;12\n2024-02;Infirmiers;Neuve SA;Machin;13\n"
    told = Choices(names={"editor": {"*": "new"}, "product": {"machin": "skip", "*": "new"}})
    seen = look(MARKET + rows, told)
    assert counts(seen) == (3, 0, 0, 1)
    assert reasons(seen) == [(5, "logiciel", "laissé de côté, comme demandé")]
    catalogue_imports.apply(path, seen)
    (hit,) = catalogue.search(path, "truc", kind="product")["results"]
    assert hit["name"] == "Truc"
    assert "Neuve SA" in hit["detail"]
    assert "machin" in {name for _kind, name in imports.answers(imports.beside(path))}
    assert "*" not in {name for _kind, name in imports.answers(imports.beside(path))}
    strange = Choices(names={"editor": {"*": "editor:nulle-part"}})
    assert "n'existe pas" in reasons(look("2024-02;a;Autre SA;Vega;1\n".join([MARKET, ""]), strange))[0][2]


def test_a_namesake_by_another_editor_is_a_question(path: Path, look: Callable[..., Preview]) -> None:
    row = MARKET + "2024-02;Infirmiers;Doctolib;Vega;12\n"
    seen = look(row)
    assert counts(seen) == (2, 0, 0, 1)
    (question,) = seen.questions
    assert (question.proposals[0].id, question.proposals[0].score) == ("product:vega", 100)
    same = look(row, Choices(names={"product": {"Vega": "product:vega"}}))
    assert [kind for kind, _fact in ((c.kind, c.new) for c in same.changes)].count("products") == 1
    other = look(row, Choices(names={"product": {"Vega": "new"}}))
    made = [change.new.id for change in other.changes if change.kind == "products"]
    assert made
    assert made[0].startswith("product:vega-")


def test_new_namesakes_in_one_file_stay_apart(path: Path, look: Callable[..., Preview]) -> None:
    rows = "2024-02;Infirmiers;Epsilog;Truc;12\n2024-02;Infirmiers;Doctolib;Truc;13\n"
    new = Choices(names={"product": {"Truc": "new"}})
    seen = look(MARKET + rows, new)
    made = [change.new for change in seen.changes if change.kind == "products"]
    assert [(item.id, item.editor) for item in made] == [
        ("product:truc", "editor:epsilog"),
        ("product:truc-doctolib", "editor:doctolib"),
    ]
    catalogue_imports.apply(path, seen)
    assert counts(look(MARKET + rows)) == (0, 0, 4, 0)
