"""Codes that come as bytes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldkit.hardware.scanner import advice, testcode
from fieldkit.hardware.scanner.aspects import aspects
from fieldkit.hardware.scanner.wire import diagnose_bytes

A = testcode.with_nonce("klnb")


@pytest.mark.parametrize("kind", testcode.KINDS)
@pytest.mark.parametrize(
    ("end", "verdict"), [("\r", "ok"), ("\r\n", "ok"), ("\n", "ok"), ("", "suffix"), ("\t", "suffix")]
)
def test_a_code_and_its_end(kind: testcode.Kind, end: str, verdict: str) -> None:
    code = testcode.with_nonce("klnb", kind)
    found = diagnose_bytes(code.text, (code.text + end).encode())
    assert (found.code, found.verdict) == ("current", verdict)
    assert {"layout", "caps"}.isdisjoint(aspect.id for aspect in aspects(found))


def test_no_end_is_due_from_a_camera() -> None:
    assert diagnose_bytes(A.text, A.text.encode(), interface="camera").verdict == "ok"


@pytest.mark.parametrize("kind", testcode.KINDS)
@pytest.mark.parametrize(("nonce", "seen"), [("pbdf", "kept"), ("bbdf", "stale")])
def test_other_codes_of_ours(kind: testcode.Kind, nonce: str, seen: str) -> None:
    other = testcode.with_nonce(nonce, kind)
    found = diagnose_bytes(A.text, f"]Q1{other.text}\r".encode())
    assert (found.code, found.test, found.prefix, found.faults) == (seen, other, "]Q1", ("prefix",))


@given(st.integers(24, 600))
def test_a_byte_lost_and_a_code_cut(place: int) -> None:
    code = testcode.with_nonce("pknb", "long-1024")
    data = (code.text + "\r").encode()
    lost = diagnose_bytes(A.text, data[:place] + data[place + 1 :])
    assert (lost.verdict, lost.way and lost.way.lost) == ("lost", 1)
    assert diagnose_bytes(A.text, data[:place]).verdict == "truncated"


@pytest.mark.parametrize(("page", "missing"), [("utf-8", ""), ("cp1252", ""), ("latin-1", "œ€")])
def test_accents_and_their_character_set(page: str, missing: str) -> None:
    code = testcode.with_nonce("klnb", "accents")
    found = diagnose_bytes(code.text, code.text.encode(page, "replace") + b"\r")
    assert found.verdict == "ok"
    assert found.accents is not None
    assert (found.character_set, found.accents.missing) == (page, missing)


def test_a_wrong_speed_is_told() -> None:
    noise = bytes((37 * n) % 256 | 0x80 for n in range(60))
    found = diagnose_bytes(A.text, noise)
    assert (found.code, found.garbled) == ("foreign", True)
    assert "Baud rate" in advice.remedy(found)


@given(st.binary(max_size=300))
def test_any_bytes_are_foreign_and_leave_no_trace(data: bytes) -> None:
    found = diagnose_bytes(A.text, data)
    assert found.code in ("foreign", "none")
    assert (found.prefix, found.test, found.way) == ("", None, None)
    assert aspects(found)


@given(st.text("ABCDEFabcdef0123456789-_.", min_size=9, max_size=80), st.booleans())
def test_a_foreign_code_beside_ours_is_not_shown(stray: str, before: bool) -> None:
    text = stray + A.text if before else A.text + stray
    found = diagnose_bytes(A.text, (text + "\r").encode())
    assert stray not in repr(found)
    assert found.prefix in ("", "…")
