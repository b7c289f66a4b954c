"""Text as it is set."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldkit import i18n
from fieldkit.reports.fonts import coverage
from fieldkit.reports.typography import MISSING, breakable, day, settable, spaced, typeset


@pytest.mark.parametrize(
    ("iso", "words"),
    [
        ("2026-11-22", "22 novembre 2026"),
        ("2026-02-01", "1er février 2026"),
        ("2026-12-09T08:00:00+01:00", "9 décembre 2026"),
        ("2023-12", "décembre 2023"),
        ("2021", "2021"),
        ("2023-13", "2023-13"),
        ("au printemps", "au printemps"),
        ("", "date inconnue"),
        (None, "date inconnue"),
    ],
)
def test_a_date_is_told_as_exactly_as_it_is_known(iso: str | None, words: str) -> None:
    assert day(iso).replace("\u00a0", " ") == words


def test_a_date_is_never_broken_at_the_end_of_a_line() -> None:
    assert " " not in day("2026-11-22")


@pytest.mark.parametrize(
    ("typed", "set_"),
    [
        ("L'appli est prête !", "L\u2019appli est prête\u202f!"),
        ("Vrai ; faux ?", "Vrai\u202f; faux\u202f?"),
        ("Poste accueil : prêt", "Poste accueil\u00a0: prêt"),
        ("« oui »", "«\u00a0oui\u00a0»"),
        ("addendum 8 ou plus", "addendum\u00a08 ou plus"),
        ("https://a.fr?b;c:d", "https://a.fr?b;c:d"),
        ("""à&é"'(-è""", """à&é"'(-è"""),
    ],
)
def test_french_spaces_and_apostrophes(typed: str, set_: str) -> None:
    assert spaced(typed) == set_


def test_english_keeps_its_own_spaces() -> None:
    i18n.use("en")
    assert spaced("Ready : yes !") == "Ready : yes !"


def test_a_long_word_may_break_and_an_address_breaks_at_its_own_signs() -> None:
    word = "A" * 100
    assert max(map(len, breakable(word).split("\u200b"))) < 24
    assert breakable(word).replace("\u200b", "") == word
    assert breakable("https://exemple.fr/un/chemin/assez/long/vers/une/page") == (
        "https://exemple.fr/un/chemin/assez/long/vers/une/page"
    )


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("e\u0301te\u0301", "été"),
        ("ligne\r\nautre\u2028fin\u0000", "ligne\nautre\nfin"),
        ("\u202eabc\u200b\ufeff", "abc"),
        ("漢 🫠", f"{MISSING} {MISSING}"),
        ("😀 שלום مرحبا", "😀 שלום مرحبا"),
        ("a\u3000b\u2003c", "a b\u2003c"),
        ("x\ue000\ud800y", "xy"),
        ("a\u093f", "a"),
    ],
)
def test_characters_that_can_be_shown(typed: str, shown: str) -> None:
    assert settable(typed) == shown


@given(st.text())
def test_what_is_set_is_in_a_font_and_says_the_same_letters(typed: str) -> None:
    shown = settable(typed)
    known = frozenset.union(*coverage())
    assert all(character in "\n " or ord(character) in known for character in shown)
    letters = [c for c in unicodedata.normalize("NFC", typed) if c.isalnum() and ord(c) in known]
    assert [c for c in shown if c.isalnum()] == letters


@given(st.text())
def test_setting_twice_changes_nothing_more(typed: str) -> None:
    once = settable(typed)
    assert settable(once) == once


def test_every_text_of_a_tree_is_set_and_the_rest_is_left() -> None:
    tree = {"a": ["oui !", {"b": "non ?"}], "n": 3, "t": True, "nothing": None}
    assert typeset(tree) == {"a": ["oui\u202f!", {"b": "non\u202f?"}], "n": 3, "t": True, "nothing": None}


def test_a_nir_that_came_by_another_way_is_masked_even_when_hidden_by_invisible_characters() -> None:
    assert "2690549588157" not in typeset("INS 2690549588157 80, rappeler")
    assert typeset("2690549\u200d588\u2060157 80") == "•" * 13 + " ••"
