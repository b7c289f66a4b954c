"""The directory as a delegate uses it: shapes of the answers, one result a person, and imports that end."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from fieldkit.errors import KnownError
from fieldkit.services import directory, directory_import, profile
from fieldkit.services.directory_import import Progress, import_apart, import_files
from tests.bench import annuaire_file
from tests.importers.test_annuaire import RPPS, row, text

TOWN, POST = "Libellé commune (coord. structure)", "Code postal (coord. structure)"
SEVERAL = {"Nom d'exercice": "LEROUX", "Prénom d'exercice": "Anaïs", "Libellé profession": "Infirmier"}
MANS = {
    **SEVERAL, TOWN: "LE MANS", POST: "72000", "Raison sociale site": "CABINET DU PORT",
    "Numéro FINESS site": "750100125", "Numéro Voie (coord. structure)": "12",
    "Libellé type de voie (coord. structure)": "Rue", "Libellé Voie (coord. structure)": "PASTEUR",
    "Bureau cedex (coord. structure)": "72000 LE MANS", "Téléphone (coord. structure)": "0243000000",
}  # fmt: skip
ANAIS = [
    SEVERAL,
    {**MANS, "Libellé mode exercice": "Libéral"},
    {**MANS, "Libellé mode exercice": "Salarié"},
    {**SEVERAL, TOWN: "LAVAL", POST: "53000"},
]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the directory of a profile is."""
    return profile.directory_path(tmp_path / "profile")


@pytest.fixture
def anais(path: Path, tmp_path: Path) -> Path:
    """A directory of one person in two places, told by four lines."""
    file = tmp_path / "PS_LibreAcces_Personne_activite_202611250800.txt"
    file.write_text(text(*(row(**cells) for cells in ANAIS)), encoding="utf-8")
    import_files(path, [file])
    return path


def test_importing_tells_what_became_of_each_line(path: Path, tmp_path: Path) -> None:
    written = annuaire_file.write(tmp_path / "PS_LibreAcces.zip", 3_000)
    told: list[Progress] = []
    answer = import_files(path, [written.path], (), told.append)
    assert {"read", "kept", "refused", "seconds", "peak_mb", "encoding"} <= answer.keys()
    assert (answer["read"], answer["encoding"], answer["as_of"]) == (3_000, "utf-8", "2026-11-25")
    assert answer["refused"] == written.wrong_identity + written.truncated
    assert answer["kept"] + answer["refused"] == answer["read"]
    assert answer["peak_mb"] > 10
    shares = [progress.share for progress in told]
    assert shares == sorted(shares)
    assert {progress.reading for progress in told} == {True, False}
    status = directory.status(path)
    assert (status["rows"], status["as_of"], status["departments"]) == (answer["kept"], "2026-11-25", [])
    assert status["files"][0]["name"] == "PS_LibreAcces_Personne_activite_202611250800.txt"
    choices = directory.choices(path)
    assert sum(choices["professions"].values()) == answer["kept"]
    assert list(choices["departments"]) == sorted(choices["departments"])


def test_several_files_make_one_directory(path: Path, tmp_path: Path) -> None:
    first = annuaire_file.write(tmp_path / "a.txt", 300, faults=False, seed=1)
    second = annuaire_file.write(tmp_path / "b.txt", 400, faults=False, seed=2, encoding="cp1252")
    answer = import_files(path, [first.path, second.path], ["72", "75"])
    both = [written.by_department for written in (first, second)]
    assert answer["read"] == 700
    assert answer["kept"] == sum(counts.get(code, 0) for counts in both for code in ("72", "75"))
    assert answer["encoding"] == "utf-8, cp1252"
    assert set(directory.choices(path)["departments"]) <= {"72", "75"}


def test_a_person_of_several_places_is_one_result(anais: Path) -> None:
    found = directory.search(anais, "leroux")
    assert found.keys() == {"query", "took_ms", "total", "more", "results"}
    assert found["results"] == [
        {
            "kind": "practitioner",
            "id": RPPS,
            "name": "LEROUX Anaïs",
            "detail": "Infirmier · 72000 LE MANS · CABINET DU PORT · 2 lieux",
            "source": "Annuaire Santé",
            "as_of": "2026-11-25",
        }
    ]
    assert (found["total"], found["more"]) == (1, False)
    assert [hit.town[0] for hit in directory.hits(anais, "leroux laval")] == ["LAVAL"]


def test_a_card_has_each_place_once_with_its_source(anais: Path) -> None:
    card = directory.practitioner(anais, "1000 3456 786")
    assert (card["id"], card["name"], card["source"], card["as_of"]) == (
        RPPS, "LEROUX Anaïs", "Annuaire Santé", "2026-11-25",
    )  # fmt: skip
    assert card["trades"] == [{"profession": "Infirmier", "skill": ""}]
    first, second = card["sites"]
    assert first["address"] == ["12 Rue PASTEUR", "72000 LE MANS"]
    assert (first["finess"], first["phones"], first["modes"]) == (
        "750100125",
        ["0243000000"],
        ["Libéral", "Salarié"],
    )
    assert (second["town"], second["department"], second["name"], second["phones"]) == ("LAVAL", "53", "", [])


def test_a_visit_takes_what_a_line_tells(anais: Path) -> None:
    (mans,), (laval,) = directory.hits(anais, "anais mans"), directory.hits(anais, "anais laval")
    assert directory.visit_fields(mans) == {
        "name": "CABINET DU PORT", "rpps": RPPS, "finess": "750100125", "department": "72", "city": "LE MANS",
        "profession": "auxiliaires médicaux",
    }  # fmt: skip
    assert directory.visit_fields(laval)["name"] == "LEROUX Anaïs"
    assert "finess" not in directory.visit_fields(laval)


def test_filters_are_named_as_people_do(anais: Path) -> None:
    assert directory.search(anais, "leroux", profession="infirmiers", department="72")["total"] == 1
    assert directory.search(anais, "leroux", department="75")["total"] == 0
    assert len(directory.listing(anais, department="53", profession="INFIRMIER")) == 1
    with pytest.raises(KnownError, match="profession"):
        directory.search(anais, "leroux", profession="astronaute")
    with pytest.raises(KnownError, match="département"):
        directory.search(anais, "leroux", department="99")


def test_lists_are_paged(path: Path, tmp_path: Path) -> None:
    import_files(path, [annuaire_file.write(tmp_path / "f.txt", 900, faults=False).path])
    everyone = directory.listing(path)
    paged = [line for start in range(0, 900, 100) for line in directory.page(path, everyone, start, 100)]
    assert len(paged) == len(everyone) == len({line.line for line in paged}) == 900
    assert directory.page(path, everyone, 850, 100) == paged[850:]
    assert directory.page(path, everyone, 900, 100) == []
    many = directory.search(path, "a", limit=30)
    assert many["more"]
    assert many["total"] == len({result["id"] for result in many["results"]}) == 30


USES: list[Callable[[Path], object]] = [
    lambda path: directory.search(path, "a"),
    lambda path: directory.hits(path, "a"),
    directory.listing,
    directory.choices,
    lambda path: directory.practitioner(path, RPPS),
]


@pytest.mark.parametrize("use", range(len(USES)))
def test_without_a_directory_one_is_told_how_to_have_it(path: Path, use: int) -> None:
    with pytest.raises(KnownError) as caught:
        USES[use](path)
    assert caught.value.code == "directory-missing"
    assert directory.status(path) == {"present": False}


def test_a_damaged_directory_is_told(path: Path, tmp_path: Path) -> None:
    import_files(path, [annuaire_file.write(tmp_path / "f.txt", 3_000, faults=False).path])
    content = bytearray(path.read_bytes())
    content[3 * 4096 :] = b"\xff" * (len(content) - 3 * 4096)
    path.write_bytes(content)
    with pytest.raises(KnownError) as caught:
        directory.search(path, "martin")
    assert caught.value.code in ("directory-damaged", "directory-missing")
    assert "port" in caught.value.hint.lower()


def test_nobody_has_this_number(anais: Path) -> None:
    with pytest.raises(KnownError) as caught:
        directory.practitioner(anais, "10003456787")
    assert caught.value.code == "unknown-practitioner"


@pytest.mark.parametrize(
    ("content", "departments", "code"),
    [
        (text(), (), "directory-nothing-kept"),
        (text(row()), ("72",), "directory-nothing-kept"),
        (text(row()), ("99",), "department-unknown"),
        ("autre chose", (), "directory-not-annuaire"),
    ],
)
def test_what_cannot_be_imported_leaves_the_directory_alone(
    anais: Path, tmp_path: Path, content: str, departments: tuple[str, ...], code: str
) -> None:
    before = anais.read_bytes()
    file = tmp_path / "f.txt"
    file.write_text(content, encoding="utf-8")
    for work in (import_files, lambda path, *rest: import_apart(path.parent, *rest)):
        with pytest.raises(KnownError) as caught:
            work(anais, [file], departments)
        assert caught.value.code == code
        assert caught.value.hint
    assert anais.read_bytes() == before
    assert [found.name for found in anais.parent.iterdir()] == ["directory.db"]


def test_an_import_apart_is_the_same_import(path: Path, tmp_path: Path) -> None:
    written = annuaire_file.write(tmp_path / "f.txt", 20_000)
    told: list[Progress] = []
    answer = import_apart(path.parent, [written.path], ["72"], told.append)
    assert (answer["read"], answer["departments"]) == (20_000, ["72"])
    assert told
    assert directory.status(path)["rows"] == answer["kept"] > 0


def test_an_import_apart_that_nobody_waits_for_ends_and_cleans_up(anais: Path, tmp_path: Path) -> None:
    written = annuaire_file.write(tmp_path / "f.txt", 60_000)
    before = anais.read_bytes()

    def stop(_progress: Progress) -> None:
        raise InterruptedError

    with pytest.raises(InterruptedError):
        import_apart(anais.parent, [written.path], [], stop)
    assert anais.read_bytes() == before
    assert [found.name for found in anais.parent.iterdir()] == ["directory.db"]


def test_an_import_apart_that_dies_is_told(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(directory_import.sys, "executable", "/bin/true")  # type: ignore[attr-defined]
    with pytest.raises(KnownError) as caught:
        import_apart(path.parent, [tmp_path / "f.txt"], [])
    assert caught.value.code == "directory-import-stopped"
