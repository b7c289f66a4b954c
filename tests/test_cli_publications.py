"""The command line: publishing as the registry's keeper, and updates on a laptop, from a key and over HTTP."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from fieldkit import cli
from fieldkit.services import catalogue_export
from tests.bench import annuaire_file
from tests.services import press

Fieldkit = Callable[..., tuple[int, Any]]


@pytest.fixture
def fieldkit(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Fieldkit:
    """Run `fieldkit … --json` on a profile of this test: the exit code and the answer."""

    def run(*arguments: str) -> tuple[int, Any]:
        code = cli.run([*arguments, "--profile", str(tmp_path / "profil"), "--json"])
        return code, json.loads(capsys.readouterr().out or "null")

    return run


@pytest.fixture
def signed(tmp_path: Path) -> list[str]:
    """Where to publish, and with which keys."""
    (tmp_path / "mot").write_text("bruyère\n", encoding="utf-8")
    place = ["--publications", str(tmp_path / "clé é" / "publications"), "--keys", str(tmp_path / "keys")]
    return [*place, "--keys-passphrase", str(tmp_path / "mot")]


def test_a_keeper_publishes_and_a_laptop_follows(
    fieldkit: Fieldkit, signed: list[str], tmp_path: Path
) -> None:
    code, begun = fieldkit("registry", "publish", "init", *signed)
    assert (code, begun["editions"], begun["root_version"]) == (0, {}, 1)
    first = tmp_path / "première.json"
    catalogue_export.write(press.small(), first)
    code, made = fieldkit("registry", "publish", "catalogue", str(first), *signed)
    assert (code, made["edition"]["number"], made["left_out"]) == (0, 1, 0)
    annuaire = tmp_path / "PS_LibreAcces_Personne_activite_202611010800.txt"
    annuaire_file.write(annuaire, 1_500)
    code, made = fieldkit("registry", "publish", "directory", str(annuaire), "--department", "75", *signed)
    assert (code, list(made["editions"])) == (0, ["75"])
    assert fieldkit("registry", "publish", "root", "--replace", "timestamp", *signed)[0] == 0
    code, told = fieldkit("registry", "publish", "refresh", *signed)
    assert (code, told["root_version"], set(told["editions"])) == (0, 2, {"catalogue", "directory/75"})
    assert fieldkit("registry", "publish", "status", *signed[:2])[1]["fingerprint"] == told["fingerprint"]

    key = str(tmp_path / "clé é")
    code, answer = fieldkit("catalogue", "update", "--from", key)
    assert (code, answer["error"]["code"]) == (3, "trust-missing")
    code, answer = fieldkit("publications", "trust", "--from", key, "--fingerprint", "0" * 64)
    assert (code, answer["error"]["code"]) == (3, "fingerprint-differs")
    code, answer = fieldkit("publications", "trust", "--from", key, "--fingerprint", told["fingerprint"])
    assert (code, answer["fingerprint"]) == (0, told["fingerprint"])
    code, answer = fieldkit("catalogue", "update")
    assert (code, answer["changed"], answer["edition"]["number"]) == (0, True, 1)
    code, answer = fieldkit("directory", "update", "--department", "75")
    assert answer["changed"]
    assert code == (1 if answer["import"]["refused"] else 0)
    with press.served(tmp_path / "clé é" / "publications") as url:
        code, answer = fieldkit("catalogue", "update", "--from", url)
        assert (code, answer["changed"]) == (0, False)
    code, answer = fieldkit("publications", "status")
    assert answer["catalogue"]["edition"]["number"] == 1
    assert answer["directory"]["75"]["as_of"] == "2026-11-01"
    assert fieldkit("catalogue", "undo-update") == (0, {"edition": None})


def test_the_catalogue_of_the_profile_is_what_is_published_without_a_file(
    fieldkit: Fieldkit, signed: list[str]
) -> None:
    fieldkit("registry", "publish", "init", "--root-keys", "1", "--threshold", "1", *signed)
    code, made = fieldkit("registry", "publish", "catalogue", *signed)
    assert (code, made["edition"]["as_of"]) == (0, "2024-01-08")
    code, answer = fieldkit("registry", "publish", "init", *signed)
    assert (code, answer["error"]["code"]) == (3, "publications-exist")


def test_words_are_said_for_people_too(
    signed: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    profile = ["--profile", str(tmp_path / "profil")]

    def said(*arguments: str) -> str:
        assert cli.run([*arguments, *profile]) in (0, 1)
        return capsys.readouterr().out

    assert "hors de tout réseau" in said("registry", "publish", "init", *signed)
    first = tmp_path / "première.json"
    catalogue_export.write(press.small(), first)
    assert "édition n° 1" in said("registry", "publish", "catalogue", str(first), *signed)
    annuaire = tmp_path / "PS_LibreAcces_Personne_activite_202611010800.txt"
    annuaire_file.write(annuaire, 1_500)
    assert "département" in said("registry", "publish", "directory", str(annuaire), *signed)
    status = said("registry", "publish", "status", *signed[:2])
    fingerprint = status.partition(":")[2].partition("\n")[0].strip()
    trusted = said("publications", "trust", "--from", str(tmp_path / "clé é"), "--fingerprint", fingerprint)
    assert "Source acceptée" in trusted
    assert "retirés" in said("catalogue", "update")
    assert "déjà à jour" in said("catalogue", "update")
    assert "lignes gardées" in said("directory", "update", "--department", "13")
    assert "Déjà à jour" in said("directory", "update", "--department", "13")
    assert "de nouveau celui de l'application" in said("catalogue", "undo-update")


def test_a_laptop_without_a_registry_is_told_to_name_a_source(
    fieldkit: Fieldkit, profile: tuple[Path, Path]
) -> None:
    _folder, passphrase = profile
    assert fieldkit("visit", "new", "--practice", "Cabinet", "--passphrase-file", str(passphrase))[0] == 0
    code, answer = fieldkit("publications", "trust", "--passphrase-file", str(passphrase))
    assert (code, answer["error"]["code"]) == (3, "registry-not-set")
