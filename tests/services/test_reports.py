"""The report of a visit that is in the store, as a file."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from fieldkit.errors import KnownError
from fieldkit.services import photos, reports, visits
from fieldkit.store.fieldwork import FieldStore
from tests.photos import pictures
from tests.reports import printed


@pytest.fixture
def visit(store: FieldStore) -> str:
    made, _practice = visits.new_visit(store, practice="Cabinet des Tilleuls", date=dt.date(2026, 11, 22))
    facts = {"name": "Poste accueil", "os": "windows", "addendum": 7, "qr_reader": "none"}
    desk = visits.set_workstation(store, made, None, facts)
    visits.add_part(store, made, "note", {"text": "Le routeur est dans la cave."})
    run = {"kind": "readers", "workstation": desk, "verdict": "good", "summary": "Carte CPS3 reconnue."}
    visits.add_part(store, made, "test_run", run)
    return made


def text_of(path: Path) -> str:
    return printed.flowing(printed.opened(path.read_bytes()))


def test_a_draft_is_printed_as_one_and_a_finalised_visit_is_not(
    store: FieldStore, visit: str, tmp_path: Path
) -> None:
    draft = reports.visit_report(store, visit, tmp_path / "draft.pdf")
    visits.finalise(store, visit)
    final = reports.visit_report(store, visit, tmp_path / "final.pdf", catalogue_as_of=dt.date(2024, 1, 8))
    assert "BROUILLON" in text_of(draft)
    text = text_of(final)
    assert "BROUILLON" not in text
    assert "Visite finalisée le" in text
    assert "Catalogue des produits : 8 janvier 2024." in text


def test_the_whole_visit_is_in_it_with_the_verdict_of_the_shipped_rules(
    store: FieldStore, visit: str, tmp_path: Path
) -> None:
    text = text_of(reports.visit_report(store, visit, tmp_path / "report.pdf"))
    assert "Cabinet des Tilleuls" in text
    assert "Poste accueil : pas encore prêt pour l’appli carte Vitale" in text
    assert "Le routeur est dans la cave." in text
    assert "Carte CPS3 reconnue." in text
    for ruleset in visits.verdict(store, visit)["rulesets"]:
        assert ruleset["title"].replace("'", "’") in text


def test_a_report_takes_the_place_of_an_older_one_and_leaves_nothing_else(
    store: FieldStore, visit: str, tmp_path: Path
) -> None:
    folder = tmp_path / "rapports"
    folder.mkdir()
    out = folder / "compte rendu é.pdf"
    out.write_bytes(b"older")
    assert reports.visit_report(store, visit, out) == out
    assert out.read_bytes().startswith(b"%PDF")
    assert list(folder.iterdir()) == [out]


@pytest.mark.parametrize("where", ["missing/report.pdf", "taken.pdf"])
def test_where_it_cannot_be_written_the_user_is_told_and_nothing_is_left(
    store: FieldStore, visit: str, tmp_path: Path, where: str
) -> None:
    (tmp_path / "taken.pdf").mkdir()
    before = sorted(tmp_path.iterdir())
    with pytest.raises(KnownError) as caught:
        reports.visit_report(store, visit, tmp_path / where)
    assert caught.value.code == "report-unwritable"
    assert caught.value.hint
    assert sorted(tmp_path.iterdir()) == before


def test_a_failed_write_leaves_the_older_report_as_it_was(
    store: FieldStore, visit: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "report.pdf"
    out.write_bytes(b"older")

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(KnownError):
        reports.visit_report(store, visit, out)
    assert out.read_bytes() == b"older"
    assert not list(tmp_path.glob("*.new"))


def test_a_visit_that_does_not_exist_has_no_report(store: FieldStore, tmp_path: Path) -> None:
    with pytest.raises(KnownError) as caught:
        reports.visit_report(store, "nothing", tmp_path / "report.pdf")
    assert caught.value.code == "record-missing"
    assert not (tmp_path / "report.pdf").exists()


def test_a_finalised_visit_gives_the_same_bytes_whenever_they_are_made(
    store: FieldStore, visit: str, tmp_path: Path
) -> None:
    photos.add(store, visit, photos.encode(photos.read(pictures.photo())), "Le comptoir")
    visits.finalise(store, visit)
    from_a_window = reports.pdf(reports.material(store, visit))
    from_a_command = reports.visit_report(store, visit, tmp_path / "report.pdf").read_bytes()
    assert from_a_window == from_a_command
    assert "Photo 1 – Le comptoir" in printed.flowing(printed.opened(from_a_command))


def test_its_pages_are_those_of_the_file(store: FieldStore, visit: str) -> None:
    about = reports.material(store, visit)
    assert len(reports.pages(about, ppi=20)) == len(printed.opened(reports.pdf(about)).pages)
