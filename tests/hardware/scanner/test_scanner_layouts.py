"""The layout tables against the measured maps, and against the script that makes them."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldkit import i18n
from fieldkit.hardware.scanner import testcode
from fieldkit.hardware.scanner.hypotheses import Settings
from fieldkit.hardware.scanner.keyboard import DeadKeys
from fieldkit.hardware.scanner.layouts import LAYOUT_IDS, Key, dead_mark, load, press
from fieldkit.paths import resource

ROOT = Path(__file__).resolve().parents[3]

# hardware.md §2, "US scanner on Windows French, the whole map"; what is not listed arrives unchanged.
US_TO_FR = dict(
    zip(
        "!\"#$%&'()*,-./0123456789:;<>?@AMQWZ\\]^_`amqwz|}",
        "1%3457ù908;):!à&é\"'(-è_çMm./§2Q?AZW<$6°²q,azw>£",
        strict=True,
    )
)
US_TO_FR_MAC = US_TO_FR | dict(zip("+/68=?\\`|}~", "_=§!-+@<#*>", strict=True))


def render(scanner: str, computer: str, text: str, dead: DeadKeys = DeadKeys.JOIN) -> str:
    return Settings(load(scanner), load(computer), caps=False, dead=dead).render(text)


def printable() -> list[str]:
    return [chr(code) for code in range(33, 127) if chr(code) not in "[{~"]


@pytest.mark.parametrize("character", printable())
def test_us_scanner_on_windows_french(character: str) -> None:
    assert render("us", "fr", character) == US_TO_FR.get(character, character)


@pytest.mark.parametrize("character", [*printable(), "~"])
def test_us_scanner_on_mac_french(character: str) -> None:
    assert render("us", "fr-mac", character) == US_TO_FR_MAC.get(character, character)


def test_us_scanner_on_windows_french_meets_dead_keys_and_a_silent_one() -> None:
    french = load("fr")
    marks = [dead_mark(french.cell(load("us").keys_for(character)[0])) for character in "[{"]
    assert marks == ["\u0302", "\u0308"]
    assert render("us", "fr", "~") == ""
    assert render("us", "fr", "[e{i[x") == "êï^x"


@pytest.mark.parametrize("layout_id", LAYOUT_IDS)
def test_every_layout_types_the_whole_test_code(layout_id: str) -> None:
    text = testcode.with_nonce("bdfh").text
    assert render(layout_id, layout_id, text) == text
    assert load(layout_id).source.startswith("xkb-data ")


@given(st.sampled_from(LAYOUT_IDS), st.data())
def test_a_scanner_set_as_its_computer_types_what_it_reads(layout_id: str, data: st.DataObject) -> None:
    layout = load(layout_id)
    alphabet = sorted(layout.typed_by)
    text = data.draw(st.text(st.sampled_from(alphabet), max_size=40))
    assert render(layout_id, layout_id, text) == text


def test_a_character_the_layout_lacks_is_left_out() -> None:
    assert press(load("us"), "aéb") == press(load("us"), "ab")


def test_keys_are_given_as_xdotool_wants_them() -> None:
    assert [key.x11_keycode for key in press(load("us"), "aqzwm123;\r")] == [
        *(38, 24, 52, 25, 58, 10, 11, 12, 47, 36)
    ]
    assert press(load("us"), "A\t") == (Key(30, shift=True), Key(15))
    assert press(load("fr"), "@") == (Key(11, altgr=True),)


def test_names_follow_the_language(monkeypatch: pytest.MonkeyPatch) -> None:
    assert load("de").name == "QWERTZ Allemagne"
    monkeypatch.setattr(i18n, "_language", "en")
    assert load("de").name == "QWERTZ Germany"


def test_an_unknown_layout_is_refused() -> None:
    with pytest.raises(KeyError):
        load("../catalogue/editors")


def test_the_tables_are_those_the_script_makes(tmp_path: Path) -> None:
    script = ROOT / "packaging" / "build_layouts.py"
    try:
        subprocess.run([sys.executable, script, tmp_path], check=True, capture_output=True, timeout=60)
    except subprocess.CalledProcessError as error:
        pytest.skip(f"no xkb-data or libxkbcommon here: {error.stderr.decode()[-200:]}")
    made = {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in tmp_path.glob("*.json")}
    assert set(made) == set(LAYOUT_IDS)
    for layout_id, table in made.items():
        if table["source"] != load(layout_id).source:
            pytest.skip(f"another xkb-data here: {table['source']}")
        assert {int(place): tuple(cells) for place, cells in table["keys"].items()} == dict(
            load(layout_id).keys
        )


def test_every_layout_is_listed_once() -> None:
    files = {path.stem for path in resource("layouts").glob("*.json")}
    assert sorted(files) == sorted(LAYOUT_IDS)
