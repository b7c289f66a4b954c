"""Updates from a registry and from a folder: verified, applied whole, with what was imported here laid over them."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from fieldkit.domain.catalogue import Contact
from fieldkit.errors import KnownError
from fieldkit.registry import publisher
from fieldkit.services import (
    catalogue_export,
    catalogue_file,
    catalogue_imports,
    catalogue_update,
    directory,
    directory_import,
    directory_update,
    publications,
    publishing,
)
from fieldkit.services.catalogue_imports import Choices
from fieldkit.services.profile import catalogue_path, directory_path
from fieldkit.store import catalogue as store
from fieldkit.store import edition
from fieldkit.sync import editions
from tests.bench import annuaire_file
from tests.registry.live import live_registry, sqlite_url
from tests.services import press
from tests.services.press import Press

MINE = "Marque;Modèle;Type;Connexion;VID;PID\nInventée SARL;Douchette 3;lecteur QR;clavier;;\n"


@pytest.fixture
def keeper(tmp_path: Path) -> Press:
    """What is published, in a folder whose name has a space and an accent; nothing yet."""
    return Press(tmp_path / "clé de l'été" / "publications", tmp_path / "keys").begin()


@pytest.fixture(params=["folder", "http", "registry"])
def source(request: pytest.FixtureRequest, keeper: Press, tmp_path: Path) -> Iterator[str]:
    """Each of the places that publications come from."""
    if request.param == "folder":
        yield str(keeper.folder.parent)
    elif request.param == "http":
        with press.served(keeper.folder) as url:
            yield url
    else:
        with live_registry(sqlite_url(tmp_path), publications=keeper.folder) as registry:
            yield registry.url


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A new profile."""
    return tmp_path / "profil"


def held(folder: Path) -> set[tuple[str, object]]:
    """All facts of the catalogue in use."""
    return press.facts(store.whole(catalogue_file.opened(catalogue_path(folder))))


def test_a_laptop_takes_the_whole_then_differences_and_goes_back(
    keeper: Press, source: str, folder: Path
) -> None:
    first = keeper.catalogue(press.small())
    root = publications.look_at(source)
    assert root.fingerprint == publisher.status(keeper.folder)["fingerprint"]
    publications.trust(folder, root)
    shipped = held(folder)

    whole = catalogue_update.update(folder)
    assert whole["edition"]["number"] == first.number == 1
    assert whole["changed"]
    assert held(folder) == press.facts(press.small())
    assert catalogue_update.update(folder) == {
        **whole,
        "changed": False,
        "bytes": 0,
        "added": 0,
        "removed": 0,
    }

    second = keeper.catalogue(press.later())
    shares: list[float] = []
    less = catalogue_update.update(folder, on_share=shares.append)
    assert shares[-1] == 1.0
    assert (less["added"], less["removed"]) == (2, 2)
    assert less["bytes"] < whole["bytes"] / 5
    assert held(folder) == press.facts(press.later())
    assert edition.beside(catalogue_path(folder)).read_bytes() == keeper.written[second.sha256]
    told = publications.status(folder)
    assert told["catalogue"]["edition"]["sha256"] == second.sha256
    assert told["catalogue"]["in_use"]
    assert told["catalogue"]["before"]

    assert catalogue_update.undo(folder)["edition"]["number"] == 1
    assert held(folder) == press.facts(press.small())
    assert catalogue_update.undo(folder) == {"edition": None}
    assert held(folder) == shipped
    with pytest.raises(KnownError) as caught:
        catalogue_update.undo(folder)
    assert caught.value.code == "update-none"


def test_a_difference_is_only_for_the_very_edition_before(keeper: Press, folder: Path) -> None:
    keeper.catalogue(press.small())
    keeper.trusted_by(folder)
    catalogue_update.update(folder)
    last = keeper.catalogue(press.later())
    changed = edition.beside(catalogue_path(folder))
    changed.write_bytes(changed.read_bytes() + b"\n")
    done = catalogue_update.update(folder)
    assert done["bytes"] == keeper.newest(".whole.zst").stat().st_size
    assert changed.read_bytes() == keeper.written[last.sha256]


def test_a_difference_that_is_spoilt_is_no_reason_to_go_without(keeper: Press, folder: Path) -> None:
    keeper.catalogue(press.small())
    keeper.trusted_by(folder)
    catalogue_update.update(folder)
    keeper.catalogue(press.later())
    press.change(next(file for file in keeper.folder.rglob("*since-*")))
    assert catalogue_update.update(folder)["changed"]
    assert held(folder) == press.facts(press.later())


def test_what_was_imported_here_stays_over_every_edition(keeper: Press, folder: Path, tmp_path: Path) -> None:
    path = catalogue_path(folder)
    file = tmp_path / "mes lecteurs.csv"
    file.write_text(MINE, encoding="utf-8")
    choices = Choices(names={kind: {"*": "new"} for kind in ("editor", "product")})
    seen = catalogue_imports.preview(path, catalogue_imports.look_at(path, file, choices))
    made = catalogue_imports.apply(path, seen)
    assert made["added"] == 1
    mine = held(folder) - press.facts(catalogue_file.shipped())
    assert mine
    keeper.catalogue(press.small())
    keeper.trusted_by(folder)
    for published in (press.small(), press.later()):
        keeper.catalogue(published)
        catalogue_update.update(folder)
        assert held(folder) == press.facts(published) | mine
    catalogue_imports.undo(path, made["import_id"])
    assert held(folder) == press.facts(press.later())
    catalogue_update.undo(folder)
    assert held(folder) == press.facts(press.small())


def test_an_edition_older_than_the_apps_own_catalogue_waits_its_turn(keeper: Press, folder: Path) -> None:
    figures = tuple(
        replace(figure, origin=replace(figure.origin, as_of="2020-01"))
        for figure in press.small().deployment_figures
    )
    keeper.catalogue(replace(press.small(), deployment_figures=figures, as_of="2020-01"))
    keeper.trusted_by(folder)
    catalogue_update.update(folder)
    assert held(folder) == press.facts(catalogue_file.shipped())
    assert not publications.status(folder)["catalogue"]["in_use"]


def test_what_a_laptop_could_not_read_is_neither_signed_nor_taken(
    keeper: Press, folder: Path, tmp_path: Path
) -> None:
    faulty = tmp_path / "catalogue.json"
    faulty.write_text(json.dumps([{"fact": "editors", "id": "nobody"}]), encoding="utf-8")
    with pytest.raises(KnownError) as caught:
        publishing.publish_catalogue(keeper.at, tmp_path / "catalogue.db", faulty)
    assert caught.value.code == "edition-faulty"
    keeper.content(editions.CATALOGUE, b'{"new": [{"kind": "of file"}]}', "2030-01-01")
    keeper.trusted_by(folder)
    before = held(folder)
    with pytest.raises(KnownError) as caught:
        catalogue_update.update(folder)
    assert caught.value.code == "edition-unreadable"
    assert held(folder) == before


def test_contacts_are_left_out_of_what_is_published(keeper: Press, tmp_path: Path) -> None:
    company = press.small().editors[0]
    person = Contact(
        "contact:x", company.id, "Jeanne Martin", "", "jeanne@exemple.test", "", True, company.origin
    )
    out = tmp_path / "avec.json"
    catalogue_export.write(replace(press.small(), contacts=(person,)), out)
    assert b"jeanne@" in out.read_bytes()
    done = publishing.publish_catalogue(keeper.at, tmp_path / "catalogue.db", out)
    assert done["left_out"] == 1
    told = publishing.status(keeper.folder)["editions"]["catalogue"]
    content = editions.unpack(keeper.newest(".whole.zst").read_bytes(), editions.told(told))
    assert b"jeanne@" not in content
    assert company.name.encode() in content


def test_the_directory_comes_by_department(keeper: Press, source: str, folder: Path, tmp_path: Path) -> None:
    file = tmp_path / "PS_LibreAcces_Personne_activite_202611010800.txt"
    annuaire_file.write(file, 4_000)
    published = publishing.publish_directory(keeper.at, file, ["75", "13"])
    assert set(published["editions"]) == {"13", "75"}
    publications.trust(folder, publications.look_at(source))
    done = directory_update.update(folder, ["75"])
    assert done["import"]["kept"] > 0
    assert done["import"]["as_of"] == "2026-11-01"
    assert publications.status(folder)["directory"]["75"]["number"] == 1
    again = directory_update.update(folder, ["75"])
    assert (again["changed"], again["bytes"]) == (False, 0)

    alone = tmp_path / "other" / "directory.db"
    expected = directory_import.import_files(alone, [file], ["75"])
    assert done["import"]["kept"] == expected["kept"]

    told = file.read_text("utf-8").splitlines(keepends=True)
    file = file.with_name("PS_LibreAcces_Personne_activite_202612010800.txt")
    file.write_text("".join(told[:-300]), encoding="utf-8")
    publishing.publish_directory(keeper.at, file, ["75", "13"])
    less = directory_update.update(folder, ["75", "13"])
    assert set(less["editions"]) == {"75", "13"}
    whole = keeper.folder.joinpath("targets", "directory", "75")
    assert less["import"]["departments"] == ["75", "13"]
    assert any(whole.glob("*since-*"))
    assert directory.status(directory_path(folder))["departments"] == ["75", "13"]
    with pytest.raises(KnownError) as caught:
        directory_update.update(folder, ["72"])
    assert caught.value.code == "edition-missing"
    assert "13, 75" in caught.value.hint


def test_a_directory_that_covers_more_is_not_made_narrower_by_itself(
    keeper: Press, folder: Path, tmp_path: Path
) -> None:
    file = tmp_path / "PS_LibreAcces_Personne_activite_202611010800.txt"
    annuaire_file.write(file, 1_500)
    publishing.publish_directory(keeper.at, file, ["75", "13"])
    keeper.trusted_by(folder)
    directory_import.import_files(directory_path(folder), [file])
    with pytest.raises(KnownError) as caught:
        directory_update.update(folder, ["75"])
    assert caught.value.code == "directory-narrower"
    assert directory.status(directory_path(folder))["departments"] == []
    assert directory_update.update(folder, ["75", "13"], narrower=True)["changed"]
    assert directory_update.update(folder, ["75"])["changed"]  # what updates brought, updates may change
    assert directory.status(directory_path(folder))["departments"] == ["75"]


def test_a_directory_needs_a_day_and_a_department(keeper: Press, folder: Path, tmp_path: Path) -> None:
    annuaire_file.write(tmp_path / "sans-date.txt", 200)
    with pytest.raises(KnownError) as caught:
        publishing.publish_directory(keeper.at, tmp_path / "sans-date.txt")
    assert caught.value.code == "directory-undated"
    with pytest.raises(KnownError) as caught:
        directory_update.update(folder, [])
    assert caught.value.code == "departments-missing"


def test_nothing_is_taken_before_somebody_is_trusted(keeper: Press, folder: Path) -> None:
    keeper.catalogue(press.small())
    with pytest.raises(KnownError) as caught:
        catalogue_update.update(folder, str(keeper.folder))
    assert caught.value.code == "trust-missing"
    assert publications.status(folder)["trust"] is None


def test_a_fingerprint_is_compared_as_it_is_read_aloud(keeper: Press) -> None:
    root = publications.look_at(str(keeper.folder))
    assert publications.same(publications.grouped(root.fingerprint).upper(), root)
    assert not publications.same(root.fingerprint[:-1], root)


def test_new_keys_are_followed_from_the_root_that_was_trusted(keeper: Press, folder: Path) -> None:
    keeper.catalogue(press.small())
    keeper.trusted_by(folder)
    catalogue_update.update(folder)
    publisher.new_root(keeper.at, ["timestamp", "targets", "snapshot"])
    publisher.new_root(keeper.at, ["root-1", "root-2"])
    publisher.new_root(keeper.at, ["root-3"])
    keeper.catalogue(press.later())
    assert catalogue_update.update(folder)["changed"]
    assert publisher.status(keeper.folder)["root_version"] == 4


def test_another_keeper_can_be_trusted_and_what_was_received_stays(
    keeper: Press, folder: Path, tmp_path: Path
) -> None:
    keeper.catalogue(press.small())
    keeper.catalogue(press.later())
    keeper.trusted_by(folder)
    catalogue_update.update(folder)
    other = Press(tmp_path / "autre", tmp_path / "autres clés").begin()
    other.catalogue(press.small())
    other.trusted_by(folder)
    assert held(folder) == press.facts(press.later())
    assert catalogue_update.update(folder)["edition"]["number"] == 1
    assert held(folder) == press.facts(press.small())


def test_what_verifies_signatures_is_not_read_before_it_is_wanted() -> None:
    asked = (
        "import sys, fieldkit.ui.app, fieldkit.ui.main_window, fieldkit.ui.pages.settings\n"
        "import fieldkit.services.catalogue_update, fieldkit.services.directory_update\n"
        "sys.exit(str({'tuf', 'securesystemslib', 'cryptography', 'httpx'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", asked], check=False, capture_output=True, text=True)
    assert done.stderr.strip() == "set()"
