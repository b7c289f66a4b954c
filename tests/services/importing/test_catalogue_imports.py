"""Lists of others into the catalogue: recognised, matched, previewed, applied, undone; nothing merged silently."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from fieldkit.domain.catalogue import Contact, Device, LabelHolder, MarketFigure, Product, ProductKind
from fieldkit.services import catalogue, catalogue_imports
from fieldkit.services.catalogue_file import opened
from fieldkit.services.catalogue_imports import Choices, Preview
from fieldkit.store import catalogue as store
from tests.importers.tables import workbooks
from tests.services.importing.seen import MARKET, READERS, counts, known, reasons


def test_the_monthly_table(path: Path, look: Callable[..., Preview]) -> None:
    seen = look(MARKET, name="ps_2024-02.csv")
    assert seen.opened.shape == "market"
    assert counts(seen) == (2, 0, 0, 0)
    done = catalogue_imports.apply(path, seen)
    assert (done["import_id"], done["added"], done["refused"]) == (1, 2, [])
    vega, others = store.find(opened(path), MarketFigure, source="PS en télétransmission par logiciel")
    assert (vega.entity, vega.value, vega.scope) == ("product:vega", "34300", "Masseurs-kinésithérapeutes")
    assert vega.origin.as_of == "2024-02"
    assert "ps_2024-02.csv" in vega.origin.locator
    assert "ligne 2" in vega.origin.locator
    assert seen.opened.book.sha256[:12] in vega.origin.locator
    assert (others.entity_type, others.entity, others.value) == ("cohort", "Autres", "30000")


def test_the_same_file_again_changes_nothing(path: Path, look: Callable[..., Preview]) -> None:
    catalogue_imports.apply(path, look(MARKET))
    again = look(MARKET, name="renommé.csv")
    assert counts(again) == (0, 0, 2, 0)
    assert catalogue_imports.apply(path, again)["import_id"] is None
    assert len(catalogue_imports.history(path)) == 1


def test_a_corrected_month_shows_old_and_new(path: Path, look: Callable[..., Preview]) -> None:
    catalogue_imports.apply(path, look(MARKET))
    seen = look(MARKET.replace("34 300", "34 310"))
    assert counts(seen) == (0, 1, 1, 0)
    (change,) = seen.changes
    assert (change.old.value, change.new.value) == ("34300", "34310")
    catalogue_imports.apply(path, seen)
    assert [f.value for f in store.find(opened(path), MarketFigure, as_of="2024-02")] == ["30000", "34310"]
    catalogue_imports.undo(path, 2)
    assert {f.value for f in store.find(opened(path), MarketFigure, as_of="2024-02")} == {"30000", "34300"}


def test_the_month_may_stand_in_the_name_or_a_title_or_be_asked(look: Callable[..., Preview]) -> None:
    without = "\n".join(line.partition(";")[2] for line in MARKET.splitlines())
    assert look(without, name="ps_202403.csv").as_of == "2024-03"
    assert look("PS en télétransmission, avril 2024;;;\n\n" + without).as_of == "2024-04"
    asked = look(without)
    assert {reason for _line, _column, reason in reasons(asked)} == {
        "aucun mois : indiquez la date de cette table"
    }
    assert {column for _line, column, _reason in reasons(asked)} == {"Mois"}  # the file has no such title
    assert counts(look(without, Choices(as_of="05/2024"))) == (2, 0, 0, 0)


def test_a_title_over_the_table_is_no_part_of_its_column_titles(path: Path, tmp_path: Path) -> None:
    file = tmp_path / "ps_2024-02.xlsx"
    rows = [["PS par logiciel"] * 4, ["Catégorie", "Logiciel", "Éditeur", "Nombre"]]
    workbooks.xlsx(file, [*rows, ["Infirmiers", "Vega", "Epsilog", "douze"]])
    seen = catalogue_imports.preview(path, catalogue_imports.look_at(path, file))
    assert reasons(seen) == [(3, "Nombre", "nombre attendu")]


@pytest.mark.parametrize(
    ("email", "function", "personal"),
    [
        ("support@epsilog.example", "", False),
        ("homologation@epsilog.example", "Homologation", False),
        ("camille.exemple@epsilog.example", "Support", True),
        ("", "Support", False),
    ],
)
def test_an_address_that_may_name_a_person_is_personal(
    path: Path, look: Callable[..., Preview], email: str, function: str, personal: bool
) -> None:
    text = f"Éditeur;Fonction;Courriel;Téléphone\nEpsilog;{function};{email};01 02 03 04 05\n"
    catalogue_imports.apply(path, look(text))
    (contact,) = store.find(opened(path), Contact)
    assert contact.personal is personal


def test_bad_rows_are_refused_with_their_column_and_reason(look: Callable[..., Preview]) -> None:
    rows = (
        "2024-13;Infirmiers;Epsilog;Vega;12",
        "2024-02;Infirmiers;Epsilog;Vega;douze",
        "2024-02;Infirmiers;Epsilog;Vega;-3",
        "2024-02;Infirmiers;Epsilog;Vega;1.200",
        "2024-02;Infirmiers;Epsilog;;3",
        "2024-02;Infirmiers;Epsilog;Total;3",
        "2024-02;2 69 05 49 588 157 80;Epsilog;Vega;3",
        "2024-02;Masseurs-kinésithérapeutes;Epsilog;Vega;34 300",
        "2024-02;Masseurs-kinésithérapeutes;Epsilog;Vega;1",
    )
    seen = look(MARKET + "\n".join(rows))
    assert counts(seen) == (2, 0, 0, len(rows))
    assert [(line, column) for line, column, _reason in reasons(seen)] == [
        (4, "mois"), (5, "nb_ps"), (6, "nb_ps"), (7, "nb_ps"), (8, "logiciel"), (9, "logiciel"),
        (10, "categorie_ps"), (11, ""), (12, ""),
    ]  # fmt: skip
    told = [reason for _line, _column, reason in reasons(seen)]
    assert told[-2:] == ["répète la ligne 2", "contredit la ligne 2"]
    assert "2 69" not in json.dumps(told)


def test_a_list_of_solutions_over_merged_and_double_titles(path: Path, tmp_path: Path) -> None:
    rows = [
        ["Liste des solutions référencées au 14/12/2023", "", "", "", ""],
        [],
        ["", "", "", "", ""],
        ["Nom", "Version", "Éditeur", "Couloir", "Date de référencement"],
        ["Vega", "12.1", "Epsilog", "Médecin de ville", "2023-03-01"],
        ["Vega", "12.2", "Epsilog", "Médecin de ville", "05/06/2023"],
    ]
    spans = [(2, 0, 2, 1, "Solution"), (2, 2, 3, 2, "Éditeur"), (2, 3, 3, 3, "Couloir")]
    file = workbooks.xlsx(tmp_path / "ségur.xlsx", rows, spans)
    seen = catalogue_imports.preview(path, catalogue_imports.look_at(path, file))
    assert (seen.opened.shape, seen.as_of) == ("solutions", "2023-12-14")
    assert counts(seen) == (2, 0, 0, 0)
    catalogue_imports.apply(path, seen)
    held = store.find(opened(path), LabelHolder, source="Liste de solutions référencées")
    assert [(item.holder, item.since) for item in held] == [
        ("product:vega", "2023-03-01"),
        ("product:vega", "2023-06-05"),
    ]
    shown = catalogue.search(path, "référencement médecin de ville", kind="label")
    assert shown["results"][0]["name"] == "Référencement, Médecin de ville"
    again = catalogue_imports.preview(path, catalogue_imports.look_at(path, file))
    assert counts(again) == (0, 0, 2, 0)


def test_a_reader_list(path: Path, look: Callable[..., Preview]) -> None:
    names = {"editor": {"Inventée SARL": "new"}, "product": {"*": "new"}}
    seen = look(READERS, Choices(names=names))
    assert seen.opened.shape == "readers"
    assert reasons(seen) == []
    catalogue_imports.apply(path, seen)
    made = store.find(opened(path), Product, source="Liste de lecteurs")
    assert [(item.kind, item.editor) for item in made] == [
        (ProductKind.CARD_READER, "editor:kapelse"),
        (ProductKind.COMBINED_READER, "editor:kapelse"),
        (ProductKind.QR_READER, "editor:inventee-sarl"),
    ]
    devices = store.find(opened(path), Device, source="Liste de lecteurs")
    assert [(item.usb, item.modes) for item in devices] == [
        ("2947:0105", ("pcsc",)),
        ("2947:0112", ("keyboard",)),
        ("", ("keyboard",)),
    ]
    assert devices[0].interfaces == ("contact",)
    assert counts(look(READERS)) == (0, 0, 3, 0)


def test_an_unknown_list_asks_for_its_columns_and_remembers_them(
    path: Path, look: Callable[..., Preview]
) -> None:
    text = "Boîte;Qui;Joindre\nDoctolib;Service clients;aide@doctolib.example\n"
    error = known("table-unknown", lambda: look(text))
    assert "--mapping" in error.hint
    columns = {"editor": "Boîte", "function": "Qui", "email": "Joindre"}
    seen = look(text, Choices(shape="contacts", columns=columns))
    assert counts(seen) == (1, 0, 0, 0)
    catalogue_imports.apply(path, seen)
    assert counts(look(text, name="autre.csv")) == (0, 0, 1, 0)
    known("mapping-incomplete", lambda: look(text, Choices(shape="market", columns={"product": "Boîte"})))
    known("mapping-mismatch", lambda: look(text, Choices(shape="contacts", columns={"editor": "Absente"})))
    known("mapping-mismatch", lambda: look(text, Choices(shape="rien")))


@pytest.mark.parametrize(
    ("text", "shape"),
    [
        ("Éditeur;Contact;Fonction;Courriel;Tél.\nDoctolib;;Support;aide@doc.example;01 02 03 04 05\n", "contacts"),
        ("Produit;Éditeur;Genre;Professions;Mobilité;Version\nVega;Epsilog;logiciel;infirmiers;oui;12\n",
         "products"),
        ("Éditeur;Autre nom;Groupe\nEpsilog;Epsi;CompuGroup Medical\n", "editors"),
        ("Éditeur;Service;Profession;Réponse;Date\nDoctolib;INSi;Médecins;oui;2024-05\n", "integrations"),
        ("Sujet;Indicateur;Valeur;Date\nADRi;PS équipés;98,6 %;2024-05\n", "deployment"),
    ],
)  # fmt: skip
def test_other_lists_are_known_by_their_titles(
    path: Path, look: Callable[..., Preview], text: str, shape: str
) -> None:
    seen = look(text)
    assert seen.opened.shape == shape
    assert (reasons(seen), counts(seen)) == ([], (1, 0, 0, 0))
    catalogue_imports.apply(path, seen)
    assert counts(look(text)) == (0, 0, 1, 0)
    assert catalogue.search(path, "doctolib")["total"]
