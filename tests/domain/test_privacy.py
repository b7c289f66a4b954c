"""The NIR guard: found in every spacing, and hardly ever where there is none."""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldkit.domain.clock import new_id
from fieldkit.domain.fieldwork import TYPES, checked
from fieldkit.domain.identifiers import luhn, nir_key
from fieldkit.domain.privacy import find_nir, mask, refuse_nir
from fieldkit.errors import KnownError

GAPS = ["", " ", "\u00a0", "\u202f", ".", "-", "\u2011", "  ", " - ", "\u200e", "      "]


@st.composite
def bodies(draw: st.DrawFn) -> str:
    """The 13 characters of a NIR, Corsica included."""
    month = draw(st.integers(1, 12))
    place = draw(st.sampled_from(["2A", "2B", "2a", "99", *(f"{n:02}" for n in range(1, 96))]))
    return (
        draw(st.sampled_from("123478"))
        + f"{draw(st.integers(0, 99)):02}{month:02}{place}"
        + f"{draw(st.integers(1, 990)):03}{draw(st.integers(1, 999)):03}"
    )


def with_key(body: str) -> str:
    return f"{body}{nir_key(body.upper()):02}"


def printed(number: str) -> list[str]:
    """The groups of the card: X XX XX XX XXX XXX XX."""
    ends = [0, 1, 3, 5, 7, 10, 13, 15]
    return [number[a:b] for a, b in itertools.pairwise(ends) if number[a:b]]


@given(bodies(), st.booleans(), st.sampled_from(["", "NIR:", "n° ", "INS=", "Mme Test "]), st.data())
def test_found_in_the_groups_of_the_card(body: str, key: bool, before: str, data: st.DataObject) -> None:
    groups = printed(with_key(body) if key else body)
    gaps = [data.draw(st.sampled_from(GAPS[1:])) for _ in groups[1:]] + [""]
    found = "".join(group + gap for group, gap in zip(groups, gaps, strict=True))
    assert find_nir(f"{before}{found}, noté") == [(len(before), len(before) + len(found))]


@given(bodies(), st.booleans(), st.integers(1, 5).filter(lambda n: n != 2), st.sampled_from(GAPS))
def test_found_in_even_groups(body: str, key: bool, size: int, gap: str) -> None:
    number = with_key(body) if key else body
    found = gap.join(number[i : i + size] for i in range(0, len(number), size))
    assert find_nir(found) == [(0, len(found))]


@given(bodies(), st.booleans(), st.sampled_from(["/", ",", ":", " / ", " | "]))
def test_found_in_the_groups_of_the_card_whatever_stands_between(body: str, key: bool, gap: str) -> None:
    found = gap.join(printed(with_key(body) if key else body))
    assert find_nir(f"vu {found}.") == [(3, 3 + len(found))]


@given(bodies().filter(lambda b: b[0] in "12"), st.sampled_from([g for g in GAPS if len(g) == 1]))
def test_found_in_pairs_after_the_first_digit(body: str, gap: str) -> None:
    found = gap.join([body[0], *(body[i : i + 2] for i in range(1, 13, 2))])
    assert find_nir(found) == [(0, len(found))]


@given(bodies().filter(lambda b: b[0] in "12"), st.data())
def test_with_its_key_found_in_any_spacing(body: str, data: st.DataObject) -> None:
    found = "".join(c + data.draw(st.sampled_from(GAPS)) for c in with_key(body))
    spans = find_nir(found)
    assert len(spans) == 1
    assert spans[0][0] == 0


@pytest.mark.parametrize(
    "text",
    [
        "2690549588157",
        "269054958815780",
        "2-69-05-49-588-157-81",  # a wrong key does not save what is printed as a NIR
        "269054958815780^^^&1.2.250.1.213.1.4.8&ISO^INS-NIR^^20260101",
        "IS010000000000000000000000S1269054958815780S21.2.250.1.213.1.4.8",
        "185052A004006",
        "1 85 05 2a 004 006 76",
        "２６９０５４９５８８１５７８０",
        "\u202b٢٦٩٠٥٤٩٥٨٨١٥٧\u202c",
        "🙂2690549588157🙂",
    ],
)
def test_known_forms(text: str) -> None:
    assert len(find_nir(text)) == 1


@pytest.mark.parametrize(
    "text",
    [
        "",
        "269054958815781",  # a wrong key: could be any serial of 15 digits
        "2691549588157",  # month 15
        "026905495881578",
        "3B 8F 80 01 00 31 B8 64 04 B0 EC C1 73 94 01 80 82 90 00 0E",
        "3B 75 13 00 00 43 09 EA 90 00",
        "fsv-1.40.1413, GALSS v3.45, mica 4.01.00",
        "192.168.101.254 10.0.22631",
        "1767225600000-0000-1234567890123456",  # a sync stamp
        "a1b2690549588157" * 4,  # a digest
    ],
)
def test_other_numbers_pass(text: str) -> None:
    assert find_nir(text) == []
    assert refuse_nir(text) == text


def test_a_right_key_by_chance_in_odd_groups_is_not_enough() -> None:
    for body in ("7850552004006", "1855552004006"):
        n = with_key(body)
        assert find_nir(f"{n[:2]} {n[2:6]} {n[6:]}") == []
        assert find_nir(n) == [(0, 15)]


@given(bodies(), bodies())
def test_two_are_two(one: str, two: str) -> None:
    assert len(find_nir(f"{with_key(one)} puis {with_key(two)}")) == 2


@given(bodies())
def test_the_error_repeats_nothing(body: str) -> None:
    groups = printed(with_key(body))
    with pytest.raises(KnownError) as caught:
        refuse_nir(f"Patient {' '.join(groups)} vu")
    assert caught.value.code == "nir-refused"
    assert "• •• •• •• ••• ••• ••" in caught.value.message
    assert not any(c.isdigit() for c in caught.value.message + caught.value.hint)


def test_a_mask_keeps_only_the_spacing() -> None:
    assert mask("1 85 05 2A\u00a0004") == "• •• •• ••\u00a0•••"


def _digits(rng: random.Random, n: int) -> str:
    return "".join(rng.choices("0123456789", k=n))


def _keyed(rng: random.Random, n: int, first: str = "") -> str:
    """`n` digits with a right Luhn key: an RPPS, a FINESS, a SIREN, a SIRET."""
    body = first + _digits(rng, n - 1 - len(first))
    return next(body + key for key in "0123456789" if luhn(body + key))


def _phone(rng: random.Random) -> str:
    number, gap = f"0{rng.randint(1, 9)}{_digits(rng, 8)}", rng.choice(["", " ", ".", "-", "\u00a0"])
    pairs = gap.join(number[i : i + 2] for i in range(0, 10, 2))
    return rng.choice([pairs, f"+33 {pairs[1:]}", f"0033{number[1:]}", f"+33(0){number[1:]}"])


def _phones(rng: random.Random) -> str:
    return rng.choice([" / ", ", ", " ou ", " "]).join(_phone(rng) for _ in range(2))


def _siret(rng: random.Random) -> str:
    n = _keyed(rng, 14)
    return rng.choice([n, f"{n[:3]} {n[3:6]} {n[6:9]} {n[9:]}", f"{n[:9]} {n[9:]}"])


def _rpps(rng: random.Random) -> str:
    n = _keyed(rng, 11, "1")
    return rng.choice([n, f"{n[:2]} {n[2:5]} {n[5:8]} {n[8:]}"])


def _finess(rng: random.Random) -> str:
    n = _keyed(rng, 9)
    return rng.choice([n, f"{n[:2]} {n[2:8]} {n[8]}", f"{n[:3]} {n[3:6]} {n[6:]}"])


def _date(rng: random.Random) -> str:
    y, m, d = rng.randint(1950, 2030), rng.randint(1, 12), rng.randint(1, 28)
    clock = f"{rng.randint(0, 23):02}:{rng.randint(0, 59):02}"
    forms = [f"{d:02}/{m:02}/{y}", f"{y}-{m:02}-{d:02} {clock}", f"{d}.{m}.{y}", f"{y}{m:02}{d:02}120000"]
    return rng.choice([*forms, f"{d}/{m}/{y % 100:02}, {clock}", f"du {d}/{m} au {d + 1}/{m}/{y}"])


def _iban(rng: random.Random) -> str:
    n = f"FR{_digits(rng, 25)}"
    return " ".join(n[i : i + 4] for i in range(0, 27, 4))


def _version(rng: random.Random) -> str:
    """Of a system, a browser, a driver, a health component."""
    forms = [
        f"10.0.{rng.randint(10240, 26200)}.{rng.randint(1, 6999)}",
        f"{rng.randint(80, 140)}.0.{rng.randint(3900, 7200)}.{rng.randint(1, 250)}",
        f"{rng.randint(20, 32)}.0.{rng.randint(1, 101)}.{rng.randint(1000, 9999)}",
        f"1.40.{rng.randint(1, 14)}.{rng.randint(0, 99):02}",
        f"fsv-1.40.{rng.randint(10, 14)}{rng.randint(0, 99):02}, ATSAM 4.{rng.randint(30, 60)}",
    ]
    return rng.choice(forms)


_HARMLESS: dict[str, Callable[[random.Random], str]] = {
    "phone": _phone,
    "two phones": _phones,
    "SIRET": _siret,
    "RPPS": _rpps,
    "FINESS": _finess,
    "date": _date,
    "IBAN": _iban,
    "version": _version,
    "bytes": lambda rng: " ".join(f"{rng.randrange(256):02X}" for _ in range(rng.randint(2, 20))),
    "serial of 12": lambda rng: _digits(rng, 12),
    "serial of 14": lambda rng: _digits(rng, 14),
}
_MOST = {"IBAN": 0.001, "two phones": 0.001}
"""The share that may be refused; none where it is not here."""


@pytest.mark.parametrize("kind", _HARMLESS)
def test_harmless_numbers_pass(kind: str) -> None:
    """10,000 of each, alone in a sentence."""
    rng = random.Random(f"20260131 {kind}")
    refused = [text for text in (f"Vu : {_HARMLESS[kind](rng)}." for _ in range(10_000)) if find_nir(text)]
    assert len(refused) / 10_000 <= _MOST.get(kind, 0), refused[:5]


def test_harmless_numbers_in_one_sentence_pass() -> None:
    """5,000 sentences with one of each: not one in a thousand is refused."""
    rng = random.Random(20260131)
    sentences = (
        f"Visite du {_date(rng)}, RPPS {_rpps(rng)}, FINESS {_finess(rng)}, SIRET {_siret(rng)}, "
        f"tél. {_phone(rng)}, 72000 Le Mans, poste {new_id()}."
        for _ in range(5_000)
    )
    assert [text for text in sentences if find_nir(text)] == []


@pytest.mark.parametrize("record", TYPES)
def test_no_field_of_any_record_keeps_a_nir(record: str) -> None:
    """In the text itself, and inside what holds texts; a field that takes no text refuses it anyway."""
    for field, about in TYPES[record].items():
        if field == "done":  # yes or no, whatever is given
            assert checked(record, {field: "vu 2690549588157"}) == {field: True}
            continue
        nested = ["x", {"y": "2 69 05 49 588 157 80"}]
        deep = about.check.__name__ == "_guarded"
        for value in ("vu 2690549588157", "1 85 05 2A 004 006", *([nested] if deep else [])):
            with pytest.raises(KnownError):
                checked(record, {field: value})


@pytest.mark.parametrize("wrap", ["\n", "\r\n", "\n "])
def test_a_number_that_goes_on_in_the_next_line_is_found(wrap: str) -> None:
    for text in (f"2 69 05{wrap}49 588 157 80", f"Patiente : 2 69 05 49 588 157{wrap}80."):
        with pytest.raises(KnownError) as refused:
            refuse_nir(text)
        assert not any(c.isdigit() for c in str(refused.value).split("(")[1])
    assert find_nir(f"2 69 05{wrap}49 588 157 81") == []  # its key is wrong: two numbers, one below the other
