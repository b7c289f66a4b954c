"""What the catalogue says of a software: its source and date with it, and an offer only where one is said."""

from __future__ import annotations

from pathlib import Path

import pytest

from fieldkit.services import catalogue, software_facts
from fieldkit.services.profile import catalogue_path


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = catalogue_path(tmp_path_factory.mktemp("software"))
    catalogue.as_of(made)
    return made


def test_the_newest_source_comes_first_and_every_fact_has_one(path: Path) -> None:
    told = software_facts.told(path, "cosium center", "audioprothésistes")
    assert told is not None
    assert (told["name"], told["offered"]) == ("Cosium Center", 8)
    assert [(fact["value"], fact["as_of"]) for fact in told["addenda"]] == [
        ("Add. 8", "2023-12"),
        ("Add. 7", "2021-06"),
    ]
    assert all(fact["source"] and fact["as_of"] for fact in told["addenda"] + told["labels"])
    assert {fact["profession"] for fact in told["addenda"]} == {"LPP"}


def test_an_old_and_lower_offer_is_told_but_not_proposed(path: Path) -> None:
    told = software_facts.told(path, "AxiSanté", "médecins")
    assert told is not None
    assert told["addenda"][0]["value"] == "Add. 6 PC/SC"
    assert told["offered"] is None


def test_facts_of_another_profession_are_not_this_ones(path: Path) -> None:
    told = software_facts.told(path, "Cosium Center", "médecins")
    assert told is not None
    assert (told["addenda"], told["offered"]) == ([], None)


@pytest.mark.parametrize("name", ["", "Cosium", "Logiciel du cabinet", "🙂", "x" * 300])
def test_only_a_product_of_that_very_name_is_spoken_of(path: Path, name: str) -> None:
    assert software_facts.told(path, name, None) is None
