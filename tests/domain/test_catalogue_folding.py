"""Folding: what a reader takes for the same text is the same text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldkit.domain.folding import fold, inner, slug, words

ANY_TEXT = st.text(st.characters())


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("Cegedim Santé", "cegedim sante"),
        ("SANTÉ", "sante"),
        ("Sante\u0301", "sante"),
        ("Cœur & Œuvre", "coeur oeuvre"),
        ("ŒUVRE", "oeuvre"),
        ("Ex æquo", "ex aequo"),
        ("l’appli\u00a0carte", "l appli carte"),
        ("ﬁn", "fin"),
        ("Ǽ", "ae"),
        ("Medi+4000", "medi 4000"),
        ("Agathe You – E.Motion", "agathe you e motion"),
        ("  * \" ' ( ", ""),
        ("a\x00b", "a b"),
    ],
)
def test_folding(written: str, folded: str) -> None:
    assert fold(written) == folded


@pytest.mark.parametrize(
    ("name", "found_under"),
    [
        ("AxiSanté", {"axisante", "axi", "sante"}),
        ("HelloDoc", {"hellodoc", "hello", "doc"}),
        ("Logisur'M", {"logisur", "m", "logisurm"}),
        ("MSI2000", {"msi2000", "msi", "2000"}),
        ("DMTi", {"dmti"}),
        ("Cegedim Santé", {"cegedim", "sante", "cegedimsante"}),
    ],
)
def test_a_name_is_found_under_its_inner_words(name: str, found_under: set[str]) -> None:
    assert set(words(name)) == found_under


def test_the_ends_of_a_word_are_three_letters_at_least() -> None:
    assert inner("axisante") == ["xisante", "isante", "sante", "ante", "nte"]
    assert inner("ins") == []
    assert slug("Médimust – Œuvre 2") == "medimust-oeuvre-2"


@given(ANY_TEXT)
def test_folded_text_is_plain_and_stays_as_it_is(text: str) -> None:
    folded = fold(text)
    assert fold(folded) == folded
    assert all(character == " " or character.isalnum() for character in folded)
    assert "  " not in folded
    assert folded == folded.strip()


@given(ANY_TEXT)
def test_every_folded_word_is_among_the_words_of_a_name(name: str) -> None:
    assert set(fold(name).split()) <= set(words(name))


@given(st.text(st.characters(max_codepoint=127)))
def test_plain_text_folds_the_short_way_as_the_long_one(text: str) -> None:
    assert fold(text) == fold(f"{text} é").removesuffix("e").rstrip()
