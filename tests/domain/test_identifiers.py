"""Check digits: what is right passes in any spacing, one wrong digit never does."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldkit.domain import identifiers
from fieldkit.errors import KnownError

Check = Callable[[str], str]

CHECKS: dict[str, tuple[Check, int]] = {
    "rpps": (identifiers.check_rpps, 11),
    "adeli": (identifiers.check_adeli, 9),
    "finess": (identifiers.check_finess, 9),
    "siren": (identifiers.check_siren, 9),
    "siret": (identifiers.check_siret, 14),
}


def luhn_key(body: str) -> str:
    """The Luhn key by its definition: double every other digit from the right, sum the digits."""
    doubled = [str(int(d) * 2) if i % 2 == 0 else d for i, d in enumerate(reversed(body))]
    return str(-sum(int(d) for pair in doubled for d in pair) % 10)


@st.composite
def numbers(draw: st.DrawFn) -> tuple[str, str]:
    name = draw(st.sampled_from(sorted(CHECKS)))
    body = draw(st.text("0123456789", min_size=CHECKS[name][1] - 1, max_size=CHECKS[name][1] - 1))
    return name, body + luhn_key(body)


@given(numbers(), st.data())
def test_a_right_number_passes_in_any_spacing(made: tuple[str, str], data: st.DataObject) -> None:
    name, number = made
    gaps = st.sampled_from(["", " ", "\u00a0", "\u202f", ".", "-"])
    spaced = "".join(digit + data.draw(gaps) for digit in number)
    assert CHECKS[name][0](f" {spaced} ") == number


@given(numbers(), st.data())
def test_any_wrong_digit_is_seen(made: tuple[str, str], data: st.DataObject) -> None:
    name, number = made
    place = data.draw(st.integers(0, len(number) - 1))
    wrong = data.draw(st.sampled_from([d for d in "0123456789" if d != number[place]]))
    with pytest.raises(KnownError) as caught:
        CHECKS[name][0](number[:place] + wrong + number[place + 1 :])
    assert caught.value.code == f"{name}-invalid"
    assert caught.value.hint
    assert number not in caught.value.message + caught.value.hint


@pytest.mark.parametrize("name", sorted(CHECKS))
@pytest.mark.parametrize(
    "text", ["", "12", "1" * 20, "abcdefghi", "²²²²²²²²²²²", "٢٦٩٠٥٤٩٥٨٨١", "1234 5678 X"]
)
def test_another_shape_is_refused(name: str, text: str) -> None:
    with pytest.raises(KnownError) as caught:
        CHECKS[name][0](text)
    assert caught.value.code == f"{name}-invalid"


@pytest.mark.parametrize("number", ["750100125", "750712184"])
def test_public_finess_samples_pass(number: str) -> None:
    assert identifiers.check_finess(number) == number


def test_finess_of_corsica_is_checked_by_shape_only() -> None:
    assert identifiers.check_finess("2a 000 0014") == "2A0000014"
    assert identifiers.check_finess("2B0000015") == "2B0000015"
    with pytest.raises(KnownError):
        identifiers.check_finess("2C0000014")


def test_adeli_reads_letters_as_digits() -> None:
    body = "2B234567"
    number = body + luhn_key("22234567")
    assert identifiers.check_adeli(number.lower()) == number
    with pytest.raises(KnownError):
        identifiers.check_adeli(body + str((int(number[-1]) + 1) % 10))


@pytest.mark.parametrize(("body", "key"), [("2690549588157", 80), ("185052A004006", 76)])
def test_nir_key(body: str, key: int) -> None:
    assert identifiers.nir_key(body) == key
