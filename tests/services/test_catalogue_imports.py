"""Lists of others into the catalogue: recognised, matched, previewed, applied, undone; nothing merged silently."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from fieldkit.domain.catalogue import Contact, Device, LabelHolder, MarketFigure, Product, ProductKind
from fieldkit.domain.catalogue.layers import Novelty
from fieldkit.errors import KnownError
from fieldkit.services import catalogue, catalogue_export, catalogue_imports, contacts
from fieldkit.services.catalogue_file import opened
from fieldkit.services.catalogue_imports import Choices, Preview
from fieldkit.store import catalogue as store
from fieldkit.store import imports
from tests.importers.tables import workbooks

MARKET = """mois;categorie_ps;editeur;logiciel;nb_ps
2024-02;Masseurs-kinésithérapeutes;Epsilog;Vega;34 300
2024-02;Infirmiers;Autres;Autres;30000
"""
READERS = """Marque;Modèle;Type;Connexion;VID;PID
Kapelse;KAP&LINK2;lecteur de cartes bi-fente;USB PC/SC;2947;0105
Kapelse;KAP-eCV;lecteur combiné QR et NFC;clavier;2947;0112
Inventée SARL;Douchette 3;lecteur QR;clavier;;
"""


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The catalogue without imports, loaded once."""
    path = tmp_path_factory.mktemp("base") / "catalogue.db"
    opened(path)
    return path


@pytest.fixture
def path(tmp_path: Path, base: Path) -> Path:
    """A catalogue of this test."""
    shutil.copy(base, tmp_path / "catalogue.db")
    return tmp_path / "catalogue.db"


@pytest.fixture
def look(path: Path, tmp_path: Path) -> Callable[..., Preview]:
    """Preview a CSV file of this text."""

    def preview(text: str, choices: Choices | None = None, name: str = "liste.csv") -> Preview:
        file = tmp_path / name
        file.write_text(text, encoding="utf-8")
        return catalogue_imports.preview(path, catalogue_imports.look_at(path, file, choices))

    return preview


def counts(seen: Preview) -> tuple[int, int, int, int]:
    added, changed, unchanged = (len(seen.of(novelty)) for novelty in Novelty)
    return added, changed, unchanged, len(seen.of(None))


def reasons(seen: Preview) -> list[tuple[int, str, str]]:
    return [(row.line, fault.column, fault.reason) for row in seen.of(None) for fault in row.faults]


def known(code: str, call: Callable[[], object]) -> KnownError:
    with pytest.raises(KnownError) as refused:
        call()
    assert refused.value.code == code
    return refused.value


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
