"""Imports after they were previewed: undone, interrupted, overtaken, erased, damaged."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from fieldkit.domain.catalogue import Contact, MarketFigure
from fieldkit.domain.catalogue.layers import Novelty
from fieldkit.services import catalogue, catalogue_export, catalogue_imports, contacts
from fieldkit.services.catalogue_file import opened
from fieldkit.services.catalogue_imports import Choices, Preview
from fieldkit.store import catalogue as store
from tests.services.importing.seen import MARKET, counts, known, reasons


def test_imports_that_others_build_on_are_not_undone(path: Path, look: Callable[..., Preview]) -> None:
    new = Choices(names={"editor": {"*": "new"}, "product": {"*": "new"}})
    catalogue_imports.apply(path, look("Produit;Éditeur;Genre\nTruc;Neuve SA;logiciel de facturation\n", new))
    catalogue_imports.apply(path, look(MARKET + "2024-02;Infirmiers;Neuve SA;Truc;12\n"))
    catalogue_imports.apply(path, look(MARKET.replace("2024-02", "2024-03")))
    error = known("import-needed", lambda: catalogue_imports.undo(path, 1))
    assert "n° 2" in error.message
    assert "n° 3" not in error.message
    assert catalogue_imports.undo(path, 2)["removed"] == 3
    assert catalogue_imports.undo(path, 1)["removed"] == 2
    known("import-undone", lambda: catalogue_imports.undo(path, 1))
    known("import-unknown", lambda: catalogue_imports.undo(path, 9))
    assert [item.applied for item in catalogue_imports.history(path)] == [True, False, False]
    assert catalogue.search(path, "neuve sa")["total"] == 0


def test_what_two_files_say_stays_when_one_is_undone(path: Path, look: Callable[..., Preview]) -> None:
    catalogue_imports.apply(path, look(MARKET))
    catalogue_imports.apply(path, look(MARKET + "2024-02;Infirmiers;Epsilog;Vega;7\n"))
    catalogue_imports.undo(path, 1)
    assert len(store.find(opened(path), MarketFigure, as_of="2024-02")) == 3
    catalogue_imports.undo(path, 2)
    assert store.find(opened(path), MarketFigure, as_of="2024-02") == []


def test_a_crash_before_the_catalogue_is_built_is_mended_at_the_next_opening(
    path: Path, look: Callable[..., Preview], monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash(_path: Path) -> None:
        raise SystemError

    with monkeypatch.context() as patched, pytest.raises(SystemError):
        seen = look(MARKET)
        patched.setattr(catalogue_imports, "opened", crash)
        catalogue_imports.apply(path, seen)
    assert len(store.find(opened(path), MarketFigure, as_of="2024-02")) == 2


def test_an_import_between_preview_and_apply_asks_for_a_new_preview(
    path: Path, look: Callable[..., Preview]
) -> None:
    first = look(MARKET, name="a.csv")
    catalogue_imports.apply(
        path, look(MARKET.replace("Vega", "Medi+4000").replace("Epsilog", "Cegedim Santé"))
    )
    known("catalogue-changed", lambda: catalogue_imports.apply(path, first))


def test_a_file_written_meanwhile_is_not_imported(path: Path, tmp_path: Path) -> None:
    file = tmp_path / "liste.csv"
    file.write_text(MARKET, encoding="utf-8")
    found = catalogue_imports.look_at(path, file)
    with file.open("a", encoding="utf-8") as writing:
        writing.write("2024-02;")
    known("table-incomplete", lambda: catalogue_imports.preview(path, found))


def test_an_erased_contact_is_gone_from_every_file(
    path: Path, look: Callable[..., Preview], tmp_path: Path
) -> None:
    text = "Éditeur;Contact;Courriel\nDoctolib;Camille Exemple;camille@doc.example\nEpsilog;;aide@epsilog.example\n"
    catalogue_imports.apply(path, look(text))
    contact = next(item for item in store.find(opened(path), Contact) if item.personal)
    assert (contact.company, contact.name) == ("editor:doctolib", "Camille Exemple")
    catalogue_imports.undo(path, 1)
    catalogue_imports.apply(path, look(text))
    out = tmp_path / "contacts.csv"
    assert contacts.export(path, out)["rows"] == 2
    again = catalogue_imports.preview(path, catalogue_imports.look_at(path, out))
    assert (again.opened.shape, counts(again)) == ("contacts", (0, 0, 2, 0))
    assert contacts.erase(path, contact.id) == {"contact": contact.id, "erased": 2}
    known("unknown-contact", lambda: contacts.erase(path, contact.id))
    assert [item.contact.email for item in contacts.contacts(path)] == ["aide@epsilog.example"]
    assert [item.email for item in store.find(opened(path), Contact)] == ["aide@epsilog.example"]
    left = b"".join(file.read_bytes() for file in path.parent.iterdir() if ".db" in file.name)
    assert b"Camille" not in left
    assert b"camille" not in left


def test_formulas_stay_text_from_end_to_end(path: Path, look: Callable[..., Preview], tmp_path: Path) -> None:
    formula = "=cmd|'/C calc'!A0"
    text = f'Éditeur;Autre nom;Note\nEpsilog;+1 | 2;"{formula}"\n'
    catalogue_imports.apply(path, look(text))
    for ending in ("csv", "xlsx", "json"):
        out = tmp_path / f"tout.{ending}"
        catalogue_export.export(path, out)
        again = catalogue_imports.preview(path, catalogue_imports.look_at(path, out))
        assert counts(again)[0:2] == (0, 0)
        assert reasons(again) == []
    lines = (tmp_path / "tout.csv").read_text(encoding="utf-8-sig").splitlines()
    cells = [cell.strip('"') for line in lines for cell in line.split(";")]
    assert f"'{formula}" in cells
    assert not [cell for cell in cells if cell.startswith(("=", "+", "@"))]


def test_a_damaged_export_tells_each_row(path: Path, tmp_path: Path) -> None:
    out = tmp_path / "tout.csv"
    catalogue_export.export(path, out)
    text = out.read_text(encoding="utf-8-sig")
    text = text.replace("product:vega;", "produit:vega;", 1).replace(
        ";editor:epsilog;", ";editor:disparu;", 1
    )
    out.write_text(text, encoding="utf-8")
    seen = catalogue_imports.preview(path, catalogue_imports.look_at(path, out))
    assert {column for _line, column, _reason in reasons(seen)} <= {"id", "editor", "from_editor", "entity"}
    assert len(seen.of(None)) >= 1
    assert seen.of(Novelty.CHANGED) == []


def test_a_mapping_file_that_cannot_be_read(tmp_path: Path) -> None:
    file = tmp_path / "m.json"
    wrong: list[Any] = ["[", "[]", '{"strange": 1}', '{"names": 3}']
    for text in wrong:
        file.write_text(text, encoding="utf-8")
        known("mapping-unreadable", lambda: catalogue_imports.choices_in(file))
    known("mapping-unreadable", lambda: catalogue_imports.choices_in(tmp_path / "absent.json"))
    file.write_text('{"shape": "market", "names": {"editor": {"A": "new"}}}', encoding="utf-8")
    assert catalogue_imports.choices_in(file) == Choices(shape="market", names={"editor": {"A": "new"}})
