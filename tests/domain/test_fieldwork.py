"""Fields accept what they should, and say what to do about the rest."""

from __future__ import annotations

from typing import Any

import pytest

from fieldkit.domain import fieldwork
from fieldkit.errors import KnownError


def test_a_workstation_has_the_fields_of_the_contract_and_one_more() -> None:
    assert set(fieldwork.WORKSTATION_FACTS) - {"addendum_offered"} == {
        *("os", "os_version", "software", "software_version", "addendum"),
        *("card_reader", "card_reader_kind", "card_reader_version", "card_reader_pcsc"),
        *("qr_reader", "qr_reader_mode", "nfc_reader", "apcv_setting", "internet", "pro_card"),
        *("atsam_version", "cryptolib_version", "fsv_version", "galss_leftovers"),
    }


@pytest.mark.parametrize(
    ("record_type", "field", "given", "kept"),
    [
        ("workstation", "addendum", " 8 ", 8),
        ("workstation", "os", "windows", "windows"),
        ("workstation", "software", "Vega", "Vega"),
        ("workstation", "software", "  ", None),
        ("workstation", "os", None, None),
        ("practice", "department", "2a", "2A"),
        ("practice", "department", "974", "974"),
        ("follow_up", "by", "2026-12-01", "2026-12-01"),
        ("follow_up", "done", 1, True),
        ("test_run", "details", {"slots": ["CPS3"]}, {"slots": ["CPS3"]}),
    ],
)
def test_values_are_normalised(record_type: str, field: str, given: Any, kept: Any) -> None:
    assert fieldwork.checked(record_type, {field: given}) == {field: kept}


@pytest.mark.parametrize(
    ("record_type", "field", "given", "code"),
    [
        ("workstation", "colour", "blue", "unknown-field"),
        ("workstation", "os", "beos", "not-a-choice"),
        ("workstation", "addendum", "huit", "not-a-number"),
        ("follow_up", "by", "31/02/2026", "not-a-date"),
        ("practice", "department", "Sarthe", "not-a-department"),
        ("practice", "rpps", "10000000000", "rpps-invalid"),
        ("note", "text", "x" * 20_001, "text-too-long"),
        ("note", "text", "le patient 2 69 05 49 588 157 80", "nir-refused"),
        ("practice", "name", "269054958815780", "nir-refused"),
        ("test_run", "details", {"a": [{"b": "185052A00400676"}]}, "nir-refused"),
    ],
)
def test_what_is_refused_says_what_to_do(record_type: str, field: str, given: Any, code: str) -> None:
    with pytest.raises(KnownError) as caught:
        fieldwork.checked(record_type, {field: given})
    assert caught.value.code == code
    assert caught.value.hint
    assert str(given) not in caught.value.message + caught.value.hint


def test_every_text_field_refuses_a_nir() -> None:
    nir = "2 69 05 49 588 157 80"
    for record_type, fields in fieldwork.TYPES.items():
        for name, spec in fields.items():
            try:
                kept = spec.check(nir)
            except KnownError:
                continue
            assert not isinstance(kept, str), f"{record_type}.{name} keeps a NIR"


@pytest.mark.parametrize("digest", ["", "abc", "g" * 64, "AB" * 32, "ab" * 33])
def test_a_photo_is_linked_by_a_whole_digest(digest: str) -> None:
    assert fieldwork.checked("photo", {"sha256": "ab" * 32}) == {"sha256": "ab" * 32}
    if not digest:
        assert fieldwork.checked("photo", {"sha256": digest}) == {"sha256": None}
        return
    with pytest.raises(KnownError) as caught:
        fieldwork.checked("photo", {"sha256": digest})
    assert caught.value.code == "not-a-digest"
