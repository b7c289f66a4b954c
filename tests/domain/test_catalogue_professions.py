"""Professions, however people write them."""

from __future__ import annotations

import pytest

from fieldkit.domain.professions import CATEGORIES, categories_in, category


@pytest.mark.parametrize("name", CATEGORIES)
@pytest.mark.parametrize("written", [str.upper, str.title, lambda name: name.replace("é", "e")])
def test_a_category_is_known_by_its_own_name(name: str, written: object) -> None:
    assert callable(written)
    assert category(written(name)) == name


@pytest.mark.parametrize(
    ("text", "known_as"),
    [
        ("medecin", "médecins"),
        ("auxiliaire medical", "auxiliaires médicaux"),
        ("Infirmière", "auxiliaires médicaux"),
        ("masseur-kinésithérapeute", "auxiliaires médicaux"),
        ("sage femme", "sages-femmes"),
        ("pharmacie", "pharmaciens"),
        ("chirurgien-dentiste", "dentistes"),
        ("centre de sante", "centres de santé"),
        ("lpp", "LPP"),
        ("hôpital", "établissements"),
        ("astronaute", None),
        ("", None),
    ],
)
def test_a_profession_in_other_words(text: str, known_as: str | None) -> None:
    assert category(text) == known_as


def test_the_professions_that_a_sentence_mentions() -> None:
    assert categories_in("médecins et centres de santé") == ["médecins", "centres de santé"]
    assert categories_in("12 professions dont masseurs-kinésithérapeutes, infirmiers") == [
        "auxiliaires médicaux"
    ]
    assert categories_in("usagers") == []
