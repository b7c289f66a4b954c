"""The readers as the screens and the command line get them."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from fieldkit.hardware.pcsc.errors import COMM_ERROR
from fieldkit.hardware.pcsc.scard import AbsentScard
from fieldkit.hardware.simulated import SimulatedScard, Step
from fieldkit.services import readers
from fieldkit.services.readers import Bench, Event, ReaderWatch, bench_json, event_json, list_readers, watch
from tests.hardware.pcsc.backends import CPS3, READERS, VITALE, real


def bench_with(*cards: bytes, held: bool = False) -> Bench:
    service = SimulatedScard(READERS)
    for reader, atr in zip(READERS, cards, strict=False):
        service.do("insert", reader, atr)
        if held:
            service.do("hold", reader)
    return list_readers(service)


@pytest.mark.pcscd
def test_a_real_reader_from_its_service_to_json(tmp_path: Path) -> None:
    with real(tmp_path) as backend:
        backend.insert(0, CPS3)
        arrived = threading.Event()

        def on_event(event: Event) -> None:
            if event.kind == "card-inserted":
                arrived.set()
                following.stop()

        following = ReaderWatch(on_event=on_event)
        following.run(20)
        assert arrived.is_set()
        told = bench_json(list_readers())
    assert told == {
        "service": "running",
        "fault": None,
        "readers": [
            {
                "name": "KAPELSE KAP-GO",
                "device": "KAPELSE KAP-GO",
                "slot": 0,
                "interface": "contact",
                "virtual": False,
                "state": "present",
                "state_text": "Carte CPS3 : elle répond.",
                "atr": "3B AC 00 40 2A 00 12 25 00 64 80 00 03 10 00 90 00",
                "atr_text": "3B AC 00 40 2A 00 12 25 00 64 80 00 03 10 00 90 00",
                "card": {"family": "cps3", "health": True, "label": "Carte CPS3"},
                "maker": None,
                "model": None,
                "vid_pid": None,
                "vid_pid_from": None,
                "firmware": None,
                "serial": None,
                "changed_at": None,
                "insertions": 0,
                "answer_ms": None,
                "fault": None,
            },
            {
                "name": "KAPELSE KAP-GO",
                "device": "KAPELSE KAP-GO",
                "slot": 1,
                "interface": "contact",
                "virtual": False,
                "state": "empty",
                "state_text": "Vide : insérez une carte.",
                "atr": None,
                "atr_text": None,
                "card": None,
                "maker": None,
                "model": None,
                "vid_pid": None,
                "vid_pid_from": None,
                "firmware": None,
                "serial": None,
                "changed_at": None,
                "insertions": 0,
                "answer_ms": None,
                "fault": None,
            },
        ],
    }


def test_events_in_the_shape_of_the_command_line() -> None:
    script = [Step(0.02, "insert", READERS[1], VITALE), Step(0.02, "remove", READERS[1])]
    lines: list[dict[str, object]] = []

    def on_event(event: Event) -> None:
        lines.append(event_json(event))
        if event.kind == "card-removed":
            following.stop()

    following = ReaderWatch(on_event=on_event, scard=SimulatedScard(READERS, script))
    following.run()
    told = [json.loads(json.dumps(line)) for line in lines]
    assert all(isinstance(line.pop("t_ms"), int) for line in told)
    vitale = {"family": "vitale2", "health": True, "label": "Carte Vitale 2"}
    assert told[0] == {
        "event": "service",
        "name": None,
        "slot": None,
        "state": "running",
        "atr": None,
        "card": None,
        "already": False,
        "text": "Le service de cartes à puce fonctionne.",
    }
    assert [line["text"] for line in told[1:3]] == [
        "KAPELSE KAP-GO, fente 1 : lecteur visible.",
        "KAPELSE KAP-GO, fente 2 : lecteur visible.",
    ]
    assert told[3] == {
        "event": "card-inserted",
        "name": "KAPELSE KAP-GO",
        "slot": 1,
        "state": "present",
        "atr": "3B 75 13 00 00 45 09 EA 90 00",
        "card": vitale,
        "already": False,
        "text": "KAPELSE KAP-GO, fente 2 : carte insérée. Carte Vitale 2.",
    }
    assert (told[4]["event"], told[4]["state"], told[4]["card"]) == ("card-removed", "empty", vitale)
    assert len(told) == 5


def test_a_card_already_in_is_not_called_inserted() -> None:
    service = SimulatedScard(READERS[:1])
    service.do("insert", READERS[0])
    texts: list[str] = []
    watch(0.02, lambda event: texts.append(readers.event_text(event)), service)
    assert texts[-1] == "KAPELSE KAP-GO, fente 1 : carte déjà en place. Carte sans réponse."


def test_every_state_has_its_sentence() -> None:
    present, mute = bench_with(CPS3, b"").readers
    held, _ = bench_with(CPS3, held=True).readers
    assert readers.state_text(present) == "Carte CPS3 : elle répond."
    assert readers.state_text(mute) == "Une carte est insérée, mais elle ne répond pas."
    assert readers.state_text(held) == "Carte CPS3 : un autre programme la tient pour lui seul."
    contactless = list_readers(SimulatedScard(["KAPELSE KAP-eCV 00 00"])).readers[0]
    assert readers.state_text(contactless) == "Rien n'est posé sur la zone sans contact."


def test_what_is_wrong_comes_with_what_to_do() -> None:
    told = json.loads(json.dumps(bench_json(bench_with(b""))))
    fault = told["readers"][0]["fault"]
    assert (fault["code"], fault["name"]) == ("0x80100066", "SCARD_W_UNRESPONSIVE_CARD")
    assert fault["message"] == "La carte ne répond pas."
    assert told["readers"][0]["card"] is None, "a card that does not answer may well be a health card"
    assert fault["hint"].startswith("Retournez la carte")


def test_a_computer_without_card_service_is_told_so() -> None:
    told = bench_json(list_readers(AbsentScard()))
    assert (told["service"], told["readers"]) == ("absent", [])
    assert isinstance(told["fault"], dict)
    assert told["fault"]["message"] == "Aucun service de cartes à puce n'est installé sur cet ordinateur."
    assert readers.service_text("absent") == "Aucun service de cartes à puce n'est installé."


def test_a_stopped_service_is_told_so() -> None:
    service = SimulatedScard(READERS)
    service.do("stop")
    bench = list_readers(service)
    assert (bench.service, bench.readers) == ("stopped", ())
    assert readers.service_text(bench.service) == "Le service de cartes à puce est arrêté."


def test_a_watch_follows_the_bench_until_it_is_stopped() -> None:
    service = SimulatedScard(READERS)
    benches: list[Bench] = []

    def on_bench(bench: Bench) -> None:
        benches.append(bench)
        match len(benches):
            case 1:
                service.do("insert", READERS[0], CPS3)
            case 2:
                service.fail("list_readers", COMM_ERROR)
                service.do("remove", READERS[0])
            case _ if bench.service == "running" and bench.readers[0].state == "empty":
                following.stop()

    following = ReaderWatch(on_bench, scard=service)
    following.run()
    assert [bench.service for bench in benches][:2] == ["running", "running"]
    assert "stopped" in [bench.service for bench in benches]
    assert benches[-1].readers[0].insertions == 1


def test_asking_for_the_service_does_not_load_the_drivers() -> None:
    code = "import sys, fieldkit.services.readers; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert {"smartcard", "PySide6", "sqlite3"}.isdisjoint(done.stdout.split())


@pytest.mark.parametrize(
    ("cards", "verdict"), [((), "not-tested"), ((CPS3,), "good"), ((CPS3, VITALE), "good"), ((b"",), "fault")]
)
def test_what_the_readers_see_makes_a_test_run(cards: tuple[bytes, ...], verdict: str) -> None:
    fields = readers.test_run_fields(bench_with(*cards))
    assert (fields["kind"], fields["verdict"]) == ("readers", verdict)
    assert fields["summary"]
    assert VITALE.hex(" ").upper() not in json.dumps(fields)
    assert "3B" not in json.dumps(fields)


def test_a_virtual_reader_that_ails_is_no_fault_of_the_bench() -> None:
    service = SimulatedScard([*READERS, "Windows Hello for Business 1"])
    service.do("insert", "Windows Hello for Business 1")
    assert readers.test_run_fields(list_readers(service))["verdict"] == "not-tested"
    service.do("insert", READERS[0], CPS3)
    assert readers.test_run_fields(list_readers(service))["verdict"] == "good"


def test_no_service_is_a_fault_of_the_bench() -> None:
    fields = readers.test_run_fields(list_readers(AbsentScard()))
    assert fields["verdict"] == "fault"
    assert "service" in str(fields["summary"])
