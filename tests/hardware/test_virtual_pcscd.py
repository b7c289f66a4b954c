"""The virtual reader that the tests and the demo stand on."""

from __future__ import annotations

import os
from pathlib import Path

import psutil
import pytest

from tests.hardware import virtual_pcscd as room
from tests.hardware.virtual_pcscd import PcscdError, VirtualCard, VirtualPcscd, virtual_pcscd


def running() -> list[int]:
    return [
        p.pid for p in psutil.process_iter(["name"]) if p.info["name"] == "pcscd" and p.status() != "zombie"
    ]


@pytest.mark.pcscd
def test_starts_one_and_stops_it(tmp_path: Path) -> None:
    with virtual_pcscd(tmp_path) as pcscd:
        assert pcscd.ours
        assert len(running()) == 1
        assert pcscd.log.exists()
        card = pcscd.card(0)
        card.insert(b"\x3b\x00")
    assert running() == []
    assert card.commands == []


@pytest.mark.pcscd
def test_uses_the_one_that_runs_and_leaves_it_alone(tmp_path: Path) -> None:
    with virtual_pcscd(tmp_path) as first:
        second = VirtualPcscd(tmp_path / "second")
        second.start()
        assert not second.ours
        with pytest.raises(PcscdError):
            second.kill()
        second.close()
        assert first.ours
        assert len(running()) == 1


@pytest.mark.pcscd
def test_starts_over_what_a_crash_left_behind(tmp_path: Path) -> None:
    with virtual_pcscd(tmp_path) as pcscd:
        pcscd.kill()
        room._PID_FILE.write_text(str(os.getpid()), encoding="ascii")  # a pid that someone else got since
        pcscd.start()
        assert pcscd.ours


@pytest.mark.pcscd
def test_a_card_goes_in_and_out_while_the_daemon_is_killed(tmp_path: Path) -> None:
    with virtual_pcscd(tmp_path) as pcscd, pcscd.card(1) as card:
        card.insert(b"\x3b\x00")
        pcscd.kill()
        card.remove()
        card.remove()
        with pytest.raises(ConnectionRefusedError):
            card.insert(b"\x3b\x00")
        pcscd.start()
        card.insert(b"\x3b\x00")


@pytest.mark.pcscd
def test_one_that_does_not_become_ready_is_not_left_running(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(_pcscd: VirtualPcscd) -> bool:
        raise PcscdError("not ready")

    monkeypatch.setattr(VirtualPcscd, "_ready", never)
    with pytest.raises(PcscdError, match="not ready"), virtual_pcscd(tmp_path):
        pass
    assert running() == []


def test_says_what_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.which", lambda *_args, **_options: None)
    monkeypatch.setattr(room, "_daemon_answers", lambda: False)
    with pytest.raises(PcscdError, match="apt-get install pcscd"):
        VirtualPcscd(tmp_path).start()


def test_does_not_touch_a_pcscd_without_the_virtual_reader(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room, "_daemon_answers", lambda: True)
    monkeypatch.setattr(room, "_slots_open", lambda _port: False)
    with pytest.raises(PcscdError, match="stop it first"):
        VirtualPcscd(tmp_path).start()


def test_a_command_to_a_card_is_noticed() -> None:
    card = VirtualCard(0)
    card.messages += [b"\x04", b"\x01", b"\x00", b"\x02", bytes.fromhex("00A4040000")]
    assert card.commands == [bytes.fromhex("00A4040000")]


def test_there_are_two_slots() -> None:
    with pytest.raises(ValueError, match="slots 0 and 1"):
        VirtualCard(2)
