"""`catalogue import`, `undo-import`, `imports`, `export`: their shapes and exit codes (`cli.md`)."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from fieldkit import cli
from tests.importers.tables import workbooks
from tests.test_cli import Fieldkit, Said

MARKET = [
    ["mois", "categorie_ps", "editeur", "logiciel", "nb_ps"],
    ["2024-02", "Infirmiers", "Epsilog", "Vega", "11310"],
    ["2024-02", "Infirmiers", "Inconnue SA", "Truc", "12"],
]


@pytest.fixture
def fieldkit(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Fieldkit:
    """Run `fieldkit catalogue … --json` on a profile of this test."""

    def run(*arguments: object, plain: bool = False) -> Said:
        options = ["--profile", str(tmp_path / "profile"), *([] if plain else ["--json"])]
        code = cli.run(["catalogue", *map(str, arguments), *options])
        captured = capsys.readouterr()
        return Said(code, captured.out, captured.err)

    return run


@pytest.fixture(params=["csv", "xlsx", "xls", "ods"])
def market(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """The same table in every format."""
    path = tmp_path / f"ps.{request.param}"
    match request.param:
        case "csv":
            path.write_bytes("\r\n".join(",".join(row) for row in MARKET).encode("cp1252"))
        case "xlsx":
            workbooks.xlsx(path, MARKET)
        case "xls":
            workbooks.xls(path, MARKET)
        case "ods":
            workbooks.ods(path, workbooks.ods_table(MARKET))
    return path


def test_import_and_undo(fieldkit: Fieldkit, market: Path) -> None:
    tried = fieldkit("import", market, "--dry-run")
    assert (tried.code, tried.json["import_id"], tried.json["added"]) == (1, None, 1)
    assert fieldkit("imports").json == {"imports": []}
    done = fieldkit("import", market)
    assert done.code == 1
    assert {"import_id", "added", "changed", "unchanged", "refused"} <= done.json.keys()
    assert (done.json["import_id"], done.json["added"], done.json["changed"]) == (1, 1, 0)
    assert {(fault["row"], fault["column"]) for fault in done.json["refused"]} == {
        (3, "editeur"),
        (3, "logiciel"),
    }
    again = fieldkit("import", market)
    assert (again.json["import_id"], again.json["unchanged"]) == (None, 1)
    made = fieldkit("imports").json["imports"]
    assert [(item["id"], item["name"], item["applied"]) for item in made] == [(1, market.name, True)]
    assert len(made[0]["sha256"]) == 64
    undone = fieldkit("undo-import", 1)
    assert (undone.code, undone.json["import_id"], undone.json["removed"]) == (0, 1, 1)
    assert fieldkit("undo-import", 1).code == 3


def test_a_mapping_file_confirms_names_and_columns(fieldkit: Fieldkit, tmp_path: Path) -> None:
    file, mapping = tmp_path / "liste.csv", tmp_path / "mapping.json"
    file.write_text("Quoi;Qui;Combien\nTruc;Inconnue SA;12\n", encoding="utf-8")
    assert fieldkit("import", file).json["error"]["code"] == "table-unknown"
    told = {
        "shape": "market",
        "columns": {"product": "Quoi", "editor": "Qui", "count": "Combien"},
        "constants": {"month": "2024-02", "profession": "Infirmiers"},
        "names": {"editor": {"Inconnue SA": "new"}, "product": {"*": "new"}},
    }
    mapping.write_text(json.dumps(told), encoding="utf-8")
    done = fieldkit("import", file, "--mapping", mapping)
    assert (done.code, done.json["added"], done.json["refused"]) == (0, 1, [])
    found = fieldkit("search", "truc").json["results"]
    assert found[0]["name"] == "Truc"
    shown = fieldkit("show", found[0]["id"]).json
    assert "ligne 2" in str(shown["figures"])


@pytest.mark.parametrize("ending", ["csv", "xlsx", "json"])
def test_an_export_imported_again_changes_nothing(fieldkit: Fieldkit, tmp_path: Path, ending: str) -> None:
    out = tmp_path / f"tout.{ending}"
    wrote = fieldkit("export", out).json
    assert wrote["file"] == str(out)
    done = fieldkit("import", out)
    assert done.code == 0
    assert (done.json["import_id"], done.json["added"], done.json["changed"]) == (None, 0, 0)
    assert done.json["unchanged"] == wrote["rows"] > 3_000


def test_what_cannot_be_read_or_written_is_told(fieldkit: Fieldkit, tmp_path: Path) -> None:
    picture = tmp_path / "photo.csv"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n")
    said = fieldkit("import", picture)
    assert (said.code, said.json["error"]["code"]) == (3, "table-wrong-kind")
    assert fieldkit("import", tmp_path / "absent.csv").code == 3
    assert fieldkit("export", tmp_path / "tout.doc").json["error"]["code"] == "export-format"
    assert fieldkit("export", tmp_path / "absent" / "tout.csv").json["error"]["code"] == "export-unwritable"
    assert fieldkit("undo-import", 7).json["error"]["code"] == "import-unknown"
    assert fieldkit("erase-contact", "contact:personne").json["error"]["code"] == "unknown-contact"


def test_people_are_answered_in_words(fieldkit: Fieldkit, tmp_path: Path) -> None:
    file = tmp_path / "contacts.csv"
    file.write_text("Éditeur;Contact;Courriel\nEpsilog;Camille Exemple;c@epsilog.example\n", encoding="utf-8")
    told = fieldkit("import", file, plain=True).out
    assert "1 ajoutée, 0 modifiée, 0 inchangée, 0 refusée" in told
    assert "contacts.csv" in fieldkit("imports", plain=True).out
    assert "1 contact est une donnée personnelle" in fieldkit("export", tmp_path / "tout.csv", plain=True).out
    contact = "contact:epsilog-camille-exemple"
    assert fieldkit("erase-contact", contact, plain=True).out.strip() == "Contact effacé."
    assert "annulé : 0 fait retiré, 0 rétabli." in fieldkit("undo-import", 1, plain=True).out
    assert "(annulé)" in fieldkit("imports", plain=True).out
