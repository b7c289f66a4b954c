"""Several readings of one scanner, taken together."""

from __future__ import annotations

import pytest

from fieldkit.hardware.scanner import testcode
from fieldkit.hardware.scanner.diagnose import diagnose
from fieldkit.hardware.scanner.diagnosis import Diagnosis
from fieldkit.hardware.scanner.layouts import load
from fieldkit.hardware.scanner.simulated import scan
from fieldkit.hardware.scanner.trial import Trial
from fieldkit.hardware.scanner.wire import diagnose_bytes
from fieldkit.services import scanner

US, FR = load("us"), load("fr")


def read(kind: testcode.Kind = "layout", scanner_layout: str = "fr", *, drop: bool = False) -> Diagnosis:
    code = testcode.with_nonce("klnb", kind)
    strokes = scan(code.text, load(scanner_layout), FR)
    if drop:
        del strokes[14]
    return diagnose(code.text, strokes=strokes)


def trial(*readings: Diagnosis) -> Trial:
    made = Trial()
    for reading in readings:
        made = made.add(reading, "qr")
    return made


def test_nothing_read_is_not_tested() -> None:
    assert trial().outcome == "not-tested"
    foreign = diagnose(testcode.with_nonce("klnb").text, received="SOMETHING-ELSE-ALTOGETHER")
    seen = trial(foreign)
    assert (seen.outcome, seen.others, seen.shots) == ("not-tested", 1, ())


@pytest.mark.parametrize(
    ("readings", "outcome"),
    [
        ([read()], "good"),
        ([read(), read("long-64")], "good"),
        ([read("long-64")], "not-tested"),
        ([read(scanner_layout="us")], "fault"),
        ([read(scanner_layout="us"), read()], "good"),
        ([read(), read(scanner_layout="us")], "fault"),
        ([read(), read("long-256", drop=True)], "fault"),
        ([read(), read(drop=True)], "unstable"),
    ],
    ids=lambda value: value if isinstance(value, str) else str(len(value)),
)
def test_what_they_say_together(readings: list[Diagnosis], outcome: str) -> None:
    assert trial(*readings).outcome == outcome


def test_a_camera_does_not_vouch_for_a_keyboard() -> None:
    code = testcode.with_nonce("klnb").text
    seen = diagnose_bytes(code, code.encode(), interface="camera")
    assert trial(seen).outcome == "good"
    assert trial(read("long-64"), seen).outcome == "not-tested"
    assert trial(read("long-64"), read(), seen).outcome == "good"


def test_five_readings_make_a_figure() -> None:
    whole = trial(*[read()] * 4)
    assert not whole.reliability.finished
    kept = trial(*[read()] * 4, read(drop=True)).reliability
    assert (kept.whole, kept.done, kept.finished) == (4, 5, True)


def test_a_series_begins_again_with_another_code() -> None:
    kept = trial(*[read()] * 5, read("long-64")).reliability
    assert (kept.whole, kept.done) == (1, 1)


def test_only_lengths_that_came_whole_are_tested() -> None:
    seen = trial(read("long-64"), read("long-256"), read("long-512", drop=True))
    assert seen.lengths == (64, 256)


def test_a_fault_of_one_code_is_not_hidden_by_another() -> None:
    states = {aspect.id: aspect.state for aspect in trial(read("long-64", drop=True), read()).aspects}
    assert (states["keys"], states["layout"]) == ("fix", "good")


def test_what_is_attached_to_a_visit() -> None:
    serial = diagnose_bytes(
        testcode.with_nonce("klnb").text, testcode.with_nonce("klnb").text.encode() + b"\r"
    )
    seen = trial(*[read(scanner_layout="us")] * 5, read("long-1024", scanner_layout="us")).add(
        serial, "datamatrix"
    )
    fields = scanner.test_run_fields(seen, ["Zebra DS2208 (05E0:1200)"], [])
    details = fields["details"]
    assert fields["verdict"] == "fault"
    assert "QWERTY" in fields["summary"]
    assert "1024" in fields["summary"]
    assert details["interfaces"] == ["keyboard", "serial"]
    assert details["scanners"] == ["Zebra DS2208 (05E0:1200)"]
    assert (details["scanner_layout"], details["computer_layout"]) == ("us", "fr")
    assert (details["tested_lengths"], details["symbologies"]) == ([1024], ["datamatrix", "qr"])
    assert {"layout", "suffix", "keys", "charset"} <= {aspect["id"] for aspect in details["aspects"]}
