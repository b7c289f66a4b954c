"""The command line: its shapes, its exit codes, and what it says to bad input."""

from __future__ import annotations

import gc
import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
import pytest

from fieldkit import cli, command_line
from fieldkit.commands import system, visits
from fieldkit.services import selftest
from tests.photos import pictures

NIR = "2 69 05 49 588 157 80"


@dataclass
class Said:
    """What one command line gave."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Fieldkit = Callable[..., Said]


@pytest.fixture
def fieldkit(profile: tuple[Path, Path], capsys: pytest.CaptureFixture[str]) -> Fieldkit:
    """Run `fieldkit … --json` on a profile of this test."""
    folder, passphrase = profile

    def run(*arguments: str, plain: bool = False) -> Said:
        options = [
            "--profile",
            str(folder),
            "--passphrase-file",
            str(passphrase),
            *(["--json"] * (not plain)),
        ]
        code = cli.run([*arguments, *options])
        captured = capsys.readouterr()
        return Said(code, captured.out, captured.err)

    return run


@pytest.fixture
def visit(fieldkit: Fieldkit) -> str:
    about = ("--rpps", "10003456786", "--finess", "750100125", "--department", "72")
    return str(fieldkit("visit", "new", "--practice", "Cabinet des Tilleuls", *about).json["visit"])


def test_a_whole_visit(fieldkit: Fieldkit, visit: str, tmp_path: Path) -> None:
    facts = ("os=windows", "software=Vega", "addendum=7", "internet=yes")
    workstation = fieldkit("workstation", "set", visit, *facts).json["id"]
    assert fieldkit("workstation", "set", visit, workstation, "addendum=8").json == {"id": workstation}
    assert fieldkit("note", "add", visit, "Très bon accueil").code == 0
    irritant = ("obstacle", "add", visit, "--theme", "ins", "--gravity", "high", "INSi lent")
    assert fieldkit(*irritant).code == 0
    assert (
        fieldkit("action", "add", visit, "--who", "editeur", "--by", "2026-12-31", "Mettre à jour").code == 0
    )
    photo = tmp_path / "Lecteur de Mme Dupont.jpg"
    photo.write_bytes(pictures.photo())
    made = fieldkit("photo", "add", visit, str(photo), "--caption", "Le lecteur").json["id"]
    shown = fieldkit("visit", "show", visit).json
    assert [(p["id"], p["caption"]) for p in shown["photos"]] == [(made, "Le lecteur")]
    assert shown["workstations"][0]["addendum"] == 8
    assert shown["notes"][0]["text"] == "Très bon accueil"
    assert shown["verdict"] == fieldkit("verdict", visit).json
    assert shown["verdict"]["workstations"][0]["apcv"] == "unknown"
    out = tmp_path / "compte-rendu.pdf"
    assert fieldkit("visit", "report", visit, str(out)).json["file"] == str(out)
    assert out.read_bytes().startswith(b"%PDF-")
    assert fieldkit("visit", "finalise", visit).json["state"] == "finalised"
    assert fieldkit("visit", "list", "--state", "waiting").json["visits"][0]["id"] == visit
    practice = fieldkit("practice", "list").json["practices"][0]["id"]
    assert fieldkit("practice", "show", practice).json["visits"][0]["id"] == visit
    assert fieldkit("note", "add", visit, "Trop tard").json["error"]["code"] == "visit-finalised"


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["vist"], "La commande 'vist' n'existe pas. Vouliez-vous dire 'visit' ?"),
        (["visit", "new"], "--practice"),
        (["visit", "new", "--practice"], "attend une valeur"),
        (["visit", "list", "--state", "perdue"], "ne fait pas partie de"),
        (["visit", "show"], "Il manque l'argument"),
        (["visit", "show", "a", "b"], "Argument en trop"),
        (["--langue"], "L'option '--langue' n'existe pas"),
        (["obstacle", "add", "x", "texte", "--theme", "ins"], "Il manque l'option '--gravity'"),
        (["readers", "--watch", "longtemps"], "n'est pas un nombre"),
    ],
)
def test_a_command_line_that_is_off_says_so_in_french(
    arguments: list[str], says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.run(arguments) == 2
    captured = capsys.readouterr()
    assert says in captured.err
    assert "--help" in captured.err
    assert captured.out == ""


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["visit", "show", "0000"], "record-missing"),
        (["visit", "new", "--practice", "x", "--rpps", "123"], "rpps-invalid"),
        (["visit", "new", "--practice", f"Cabinet {NIR}"], "nir-refused"),
        (["visit", "new", "--practice-id", "0000"], "record-missing"),
        (["workstation", "set", "VISIT", "os=beos"], "not-a-choice"),
        (["workstation", "set", "VISIT", "colour=blue"], "unknown-field"),
        (["workstation", "set", "VISIT", "0000", "os"], "not-a-pair"),
        (["workstation", "set", "VISIT", "os=windows", "os=linux"], "not-a-pair"),
        (["note", "add", "VISIT", f"le patient {NIR}"], "nir-refused"),
        (["note", "add", "VISIT", "  "], "text-missing"),
        (["action", "add", "VISIT", "--who", "ps", "--by", "demain", "x"], "not-a-date"),
        (["photo", "add", "VISIT", "/nowhere/photo.jpg"], "picture-unreadable"),
        (["photo", "add", "VISIT", __file__], "not-a-picture"),
        (["visit", "report", "VISIT", "/nowhere/report.pdf"], "report-unwritable"),
        (["catalogue", "show", "editor:nobody"], "unknown-entry"),
        (["catalogue", "compare", "--profession", "astronautes", "--as-of", "2021-06"], "unknown-profession"),
    ],
)
def test_what_a_user_can_act_on_is_told_with_a_way_out(
    fieldkit: Fieldkit, visit: str, arguments: list[str], code: str
) -> None:
    said = fieldkit(*[visit if a == "VISIT" else a for a in arguments])
    assert said.code == 3
    error = said.json["error"]
    assert error["code"] == code
    assert error["hint"]
    assert error["message"] in said.err
    assert NIR not in said.out + said.err


def test_a_profile_that_is_not_there(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert cli.run(["visit", "list", "--profile", str(tmp_path / "typo"), "--json"]) == 3
    assert json.loads(capsys.readouterr().out)["error"]["code"] == "profile-missing"
    assert not (tmp_path / "typo").exists()


@pytest.mark.skipif(sys.platform != "linux", reason="other systems always have a display")
def test_no_display_is_told(monkeypatch: pytest.MonkeyPatch, fieldkit: Fieldkit) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    said = fieldkit()
    assert (said.code, said.json["error"]["code"]) == (3, "no-display")


def test_the_window_speaks_the_language_asked_for(
    monkeypatch: pytest.MonkeyPatch, fieldkit: Fieldkit
) -> None:
    asked: list[object] = []

    def opened(*given: object) -> int:
        asked.extend(given)
        gc.enable()  # as the window does
        return 0

    monkeypatch.setattr("fieldkit.ui.app.main", opened)
    assert fieldkit("--lang", "en").code == 0
    assert "en" in asked


def test_field_data_are_for_their_owner_only(
    fieldkit: Fieldkit, visit: str, profile: tuple[Path, Path]
) -> None:
    assert {(profile[0] / name).stat().st_mode & 0o077 for name in ("field.db", "key.json")} == {0}


def test_a_wrong_passphrase(fieldkit: Fieldkit, visit: str, profile: tuple[Path, Path]) -> None:
    profile[1].write_text("une autre")
    said = fieldkit("visit", "show", visit)
    assert (said.code, said.json["error"]["code"]) == (3, "passphrase-wrong")


def test_a_damaged_database(fieldkit: Fieldkit, visit: str, profile: tuple[Path, Path]) -> None:
    file = profile[0] / "field.db"
    file.write_bytes(b"\xff" * file.stat().st_size)
    said = fieldkit("visit", "show", visit)
    assert (said.code, said.json["error"]["code"]) == (3, "database-corrupt")


def test_options_are_taken_before_and_after(
    profile: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, passphrase = profile
    before = ["--profile", str(folder), "--passphrase-file", str(passphrase), "--json"]
    assert cli.run([*before, "visit", "new", "--practice", "Cabinet"]) == 0
    monkeypatch.setenv("FIELDKIT_PROFILE", str(folder))
    monkeypatch.setenv("FIELDKIT_PASSPHRASE_FILE", str(passphrase))
    capsys.readouterr()
    assert cli.run(["visit", "list", "--json"]) == 0
    assert len(json.loads(capsys.readouterr().out)["visits"]) == 1


def test_plain_answers_are_for_people(fieldkit: Fieldkit) -> None:
    assert fieldkit("visit", "new", "--practice", "Cabinet du Port", plain=True).code == 0
    assert "Cabinet du Port" in fieldkit("visit", "list", plain=True).out
    assert "AxiSanté" in fieldkit("catalogue", "search", "sante", plain=True).out
    assert "Rien ne correspond" in fieldkit("catalogue", "search", "zzzzzz", plain=True).out
    assert "Genre : Éditeur" in fieldkit("catalogue", "search", "sante", "--facets", plain=True).out
    assert "addendum 7, taux de déploiement" in fieldkit("catalogue", "figures", plain=True).out


def test_other_language(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["vist", "--lang", "en"]) == 2
    assert "No such command" in capsys.readouterr().err


def test_a_bug_is_told_without_content(monkeypatch: pytest.MonkeyPatch, fieldkit: Fieldkit) -> None:
    def broken(*_arguments: object) -> None:
        raise ZeroDivisionError("secret text")

    monkeypatch.setattr("fieldkit.services.visits.list_visits", broken)
    fieldkit("visit", "new", "--practice", "Cabinet")
    said = fieldkit("visit", "list")
    assert said.code == 4
    assert "ZeroDivisionError" in said.err
    assert "secret text" not in said.err
    assert "secret text" in fieldkit("visit", "list", "-v").err


def test_the_contract_lists_only_what_is_there() -> None:
    names = set(command_line.fieldkit.list_commands(click.Context(command_line.fieldkit)))
    assert {c.name for c in (*visits.COMMANDS, *system.COMMANDS)} <= names


def test_selftest_is_good_here_and_says_no_where_a_part_is_missing(
    fieldkit: Fieldkit, monkeypatch: pytest.MonkeyPatch
) -> None:
    good = fieldkit("selftest")
    assert (good.code, good.json["ok"]) == (0, True), good.out
    monkeypatch.setattr(selftest, "_PARTS", ("no_such_part",))
    bad = fieldkit("selftest")
    assert (bad.code, bad.json["ok"]) == (1, False)
    assert [c["ok"] for c in bad.json["checks"]].count(False) == 1
    assert "✘ import no_such_part" in fieldkit("selftest", plain=True).out


def test_sections_of_the_diagnosis_fail_one_by_one(
    fieldkit: Fieldkit, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken() -> None:
        raise OSError("private path")

    monkeypatch.setattr("fieldkit.hardware.usb.devices", broken)
    found = fieldkit("diagnose").json
    assert found.pop("scanners") == {"ok": False, "error": {"code": "bug", "message": "OSError", "hint": ""}}
    assert all(section["ok"] for section in found.values())
    assert found["catalogue"]["found"]["as_of"]
    assert "les périphériques USB" in found["reader_diagnosis"]["found"]["unchecked"]
    text = fieldkit("diagnose", plain=True).out
    assert "Cette partie n'a pas pu être examinée (OSError)." in text
    assert "Catalogue au " in text
    assert "private path" not in text


def test_scan_diagnose(fieldkit: Fieldkit, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = "FK1;azqwm'!\"<09-_.=(;20;bcdfg;1KF"
    received = "FK&mqwaz,ù1%.àç)°:=9méàmbcdfgm&KF"
    wrong = fieldkit("scan", "diagnose", "--expected", expected, "--received", received)
    assert wrong.code == 1
    found = wrong.json
    assert (found["verdict"], found["scanner_layout"], found["computer_layout"]) == ("layout", "us", "fr")
    assert "Keyboard country" in found["remedy"]
    good = fieldkit("scan", "diagnose", "--expected", expected, "--received", expected + "\r")
    assert (good.code, good.json["verdict"]) == (0, "ok")


def test_scan_code_and_sheet(fieldkit: Fieldkit, tmp_path: Path) -> None:
    picture = tmp_path / "code.png"
    made = fieldkit("scan", "code", "long-256", str(picture), "--symbology", "datamatrix")
    assert made.code == 0
    assert (made.json["symbology"], made.json["file"]) == ("datamatrix", str(picture))
    assert made.json["text"].startswith("FK5;p")
    assert picture.read_bytes().startswith(b"\x89PNG")
    assert fieldkit("scan", "code", "long-3", str(picture)).code == 2
    assert fieldkit("scan", "code", "layout", str(tmp_path / "code.txt")).code != 0
    sheet = tmp_path / "planche.pdf"
    assert fieldkit("scan", "sheet", str(sheet)).json["file"] == str(sheet)
    assert sheet.read_bytes().startswith(b"%PDF")


def test_scan_diagnose_never_repeats_a_foreign_code(fieldkit: Fieldkit) -> None:
    payload = "PATIENT-QW-0123456789-AZ"
    for expected in ("FK1;azqwm'!\"<09-_.=(klnb;cb;bbbbb;1KF", payload[::-1]):
        told = fieldkit("scan", "diagnose", "--expected", expected, "--received", payload + "\r")
        assert (told.code, told.json["code"], told.json["suffix"]) == (1, "foreign", "CR")
        assert not [payload[n : n + 4] for n in range(len(payload) - 3) if payload[n : n + 4] in told.out]
