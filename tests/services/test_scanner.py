"""What the Scanner page and the command line get."""

from __future__ import annotations

import json

import pytest

from fieldkit.hardware.scanner import layouts, testcode
from fieldkit.hardware.scanner.decode import decode
from fieldkit.hardware.scanner.simulated import scan
from fieldkit.hardware.scanner.symbol import Symbology
from fieldkit.hardware.scanner.trial import Trial
from fieldkit.services import scanner

CONTRACT = {
    *("verdict", "scanner_layout", "computer_layout", "caps_lock", "prefix", "suffix"),
    *("confidence", "alternatives", "remedy"),
}
US, FR = layouts.load("us"), layouts.load("fr")


def test_a_wrong_layout_as_the_command_line_tells_it() -> None:
    expected = "FK1;azqwm'!\"<09-_.=(;20;bcdfg;1KF"
    told = scanner.as_json(scanner.diagnose_text(expected, "FK&mqwaz,ù1%.àç)°:=9méàmbcdfgm&KF"))
    assert set(told) >= CONTRACT
    assert (told["verdict"], told["scanner_layout"], told["computer_layout"]) == ("layout", "us", "fr")
    assert told["caps_lock"] is False
    assert told["summary"] == (
        "Le lecteur est réglé sur QWERTY États-Unis, l'ordinateur sur AZERTY France (Windows)."
    )
    assert "Keyboard country" in told["remedy"]
    assert told["alternatives"][0] == {
        "scanner_layout": "us",
        "computer_layout": "fr-linux",
        "caps_lock": False,
        "confidence": pytest.approx(0.029, abs=0.01),
    }
    assert json.loads(json.dumps(told, ensure_ascii=False)) == told


@pytest.mark.parametrize("symbology", ["qr", "datamatrix"])
def test_a_new_code_is_drawn_and_good_when_it_comes_back(symbology: Symbology) -> None:
    code = scanner.new_test_code()
    pixels, side = scanner.draw(code, symbology).gray(4)
    [read] = decode(pixels, side, side)
    assert testcode.find(read.text or "") == code
    diagnosis = scanner.diagnose_strokes(code.text, scan(code.text, FR, FR))
    told = scanner.as_json(diagnosis)
    assert (told["verdict"], told["remedy"], told["faults"], told["suffix"]) == ("ok", "", [], "CR")
    assert told["origin"] == "scan"
    states = {aspect["id"]: aspect["state"] for aspect in told["aspects"]}
    assert states.pop("charset") == "untested"
    assert set(states.values()) == {"good"}


def test_aspects_of_a_bad_scan() -> None:
    code = scanner.new_test_code()
    strokes = scan("]Q1" + code.text, US, FR, caps=True, end="\t")
    del strokes[12]
    told = scanner.as_json(scanner.diagnose_strokes(code.text, strokes))
    assert told["faults"] == ["layout", "caps", "lost", "prefix", "suffix"]
    states = {aspect["id"]: aspect["state"] for aspect in told["aspects"]}
    assert states == {
        **dict.fromkeys(("layout", "caps", "keys", "checksum", "prefix", "suffix", "length"), "fix"),
        **dict.fromkeys(("code", "speed"), "good"),
        "charset": "untested",
    }
    assert all(
        aspect["remedy"]
        for aspect in told["aspects"]
        if aspect["state"] == "fix" and aspect["id"] != "checksum"
    )


@pytest.mark.parametrize(
    ("received", "verdict"),
    [("{}", "good"), ("{}\t", "fault"), ("something else altogether", "not-tested"), ("", "not-tested")],
)
def test_the_result_to_keep_with_a_visit(received: str, verdict: str) -> None:
    code = scanner.new_test_code().text
    judged = scanner.diagnose_text(code, received.format(code))
    fields = scanner.test_run_fields(Trial().add(judged), [], [])
    assert (fields["kind"], fields["verdict"]) == ("scanner", verdict)
    assert fields["summary"]
    assert "something else" not in json.dumps(fields, ensure_ascii=False)
