"""The diagnosis from what the machine shows to what is said: sections and rules fail one by one."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from fieldkit.domain.reader_diagnosis import RULES
from fieldkit.domain.reader_diagnosis.facts import Situation
from fieldkit.hardware.pcsc.attributes import Attributes, Reading
from fieldkit.hardware.pcsc.bench import Event
from fieldkit.hardware.simulated import SimulatedScard
from fieldkit.hardware.usb import UsbDevice
from fieldkit.services import diagnosis_text, reader_identity, readers
from fieldkit.services.diagnose import diagnose as diagnose_computer
from fieldkit.services.reader_diagnosis import Diagnosis, card_readers, diagnose, surroundings
from fieldkit.services.reader_identity import Identities, Identity
from fieldkit.services.readers import Bench, bench_json, list_readers, watch
from tests.hardware.pcsc.backends import CPS3, VITALE

KAP_GO = ("KAPELSE KAP-GO [00012345 TL KAP-GO 1] 00 00", "KAPELSE KAP-GO [00012345 TL KAP-GO 2] 01 00")
SILENT: dict[str, Callable[[], Any]] = {
    "usb": tuple,
    "drivers": tuple,
    "programs": tuple,
    "remote": str,
    "galss": tuple,
    "cryptolib": tuple,
    "sesam_without_mgc": tuple,
}


class Drivers:
    """Answers in the place of drivers, and keeps whom it asked."""

    def __init__(self, *readings: Reading) -> None:
        self.readings = list(readings)
        self.asked: list[str] = []

    def __call__(self, name: str) -> Reading:
        self.asked.append(name)
        return self.readings.pop(0)


def bench(*cards: bytes | None, names: tuple[str, ...] = KAP_GO) -> Bench:
    service = SimulatedScard(names)
    for name, atr in zip(names, cards, strict=False):
        if atr is not None:
            service.do("insert", name, atr)
    return list_readers(service)


def about(seen: Bench, drivers: Drivers | None = None, **sections: Callable[[], Any]) -> Diagnosis:
    identities = Identities(drivers or Drivers(Reading("read")))
    return diagnose(seen, surroundings(seen, identities, SILENT | sections))


def codes(diagnosis: Diagnosis) -> list[str]:
    return [finding.code for finding in diagnosis.findings]


def test_findings_come_in_order_of_severity() -> None:
    usb = card_readers([UsbDevice("2947", "0112", "KAP-eCV", frozenset({"0B"}))])
    found = about(bench(CPS3, b""), usb=lambda: usb, programs=lambda: ("Weda",))
    assert codes(found) == ["driver-too-old", "card-mute", "reader-programs", "contactless-missing"]
    assert found.unchecked == ()
    assert json.loads(json.dumps(found.as_dict()))["findings"][0]["title"].startswith("Kapelse KAP-eCV")


def test_sections_fail_one_by_one() -> None:
    def broken() -> None:
        raise OSError("secret")

    found = about(bench(b""), usb=broken, galss=broken)
    assert "card-mute" in codes(found)
    assert found.unchecked == ("les périphériques USB", "galss.ini")
    assert "secret" not in str(found)


def test_rules_fail_one_by_one() -> None:
    def broken_rule(_situation: Situation) -> Iterator[Any]:
        return iter([1 // 0])

    seen = bench(b"")
    around = surroundings(seen, Identities(Drivers(Reading("read"))), SILENT)
    found = diagnose(seen, around, (), [broken_rule, *RULES])
    assert "card-mute" in codes(found)
    assert found.unchecked == ("la règle « broken_rule » (défaut de Fieldkit)",)


def test_this_very_computer_can_be_looked_at() -> None:
    found = surroundings(list_readers(SimulatedScard()), Identities(Drivers()))
    assert found.computer.programs is not None
    assert found.computer.remote is not None


def test_cards_that_change_places_are_noticed_from_the_events() -> None:
    service = SimulatedScard(KAP_GO)
    events: list[Event] = []

    def on_event(event: Event) -> None:
        events.append(event)

    around = surroundings(list_readers(service), Identities(Drivers(Reading("read"))), SILENT)
    for first, second, told in (
        (CPS3, VITALE, "cards-places"),
        (VITALE, CPS3, "cards-swapped"),
        (CPS3, VITALE, "cards-places"),  # put back: nothing is wrong any more
    ):
        service.do("insert", KAP_GO[0], first)
        service.do("insert", KAP_GO[1], second)
        watch(0.02, on_event, service)
        found = codes(diagnose(list_readers(service), around, events))
        assert [code for code in found if code.startswith("cards-")] == [told]


def test_a_crashing_driver_is_told_and_the_reader_keeps_its_name() -> None:
    seen = bench()
    found = about(seen, Drivers(Reading("crashed", code=-11)))
    assert "driver-crashed" in codes(found)


def test_each_reader_is_asked_once_through_an_empty_slot() -> None:
    told = Attributes("KAPELSE", "KAP-GO", "3.12", "00012345", "2947:0103")
    drivers = Drivers(Reading("read", told))
    identities = Identities(drivers)
    both_full, one_empty = bench(CPS3, VITALE), bench(CPS3)
    assert not identities.pending(both_full)
    identities.ask_drivers(both_full)
    assert drivers.asked == []
    assert identities.pending(one_empty)
    identities.ask_drivers(one_empty)
    identities.ask_drivers(bench())
    assert drivers.asked == [KAP_GO[1]]
    assert not identities.pending(one_empty)
    who = set(identities.of(one_empty).values())
    assert who == {Identity("Kapelse", "KAP-GO", "2947:0103", "driver", "3.12", "00012345", "read")}
    identities.ask_drivers(bench(names=()))
    assert identities.pending(one_empty), "unplugged, it is asked again: it may be another one"


def test_a_slot_that_was_not_empty_after_all_is_asked_again() -> None:
    drivers = Drivers(Reading("occupied"), Reading("read"))
    identities = Identities(drivers)
    identities.ask_drivers(bench())
    assert identities.pending(bench())
    identities.ask_drivers(bench())
    assert len(drivers.asked) == 2


@pytest.mark.parametrize(
    ("name", "maker", "model", "vid_pid"),
    [
        ("KAPELSE KAP-GO 00 00", "Kapelse", "KAP-GO", "2947:0103"),
        ("Ingenico TL TELIUM 1 0", "Olaqin", None, None),
        ("AF Care One 00 00", "AF Care", "AF Care One", None),
        ("Nobody's Reader 0", None, None, None),
    ],
)
def test_what_the_name_alone_tells(
    name: str, maker: str | None, model: str | None, vid_pid: str | None
) -> None:
    (who,) = Identities(Drivers()).of(bench(names=(name,))).values()
    assert (who.maker, who.vid_pid) == (maker, vid_pid)
    assert model is None or who.model == model
    assert who.vid_pid_from == ("model" if vid_pid else None)


def test_virtual_readers_are_nobodys_and_are_not_asked() -> None:
    identities = Identities(Drivers())
    seen = bench(names=("Virtual PCD 00 00",))
    identities.ask_drivers(seen)
    assert identities.of(seen) == {}


def test_only_card_readers_among_usb_devices_are_kept() -> None:
    devices = [
        UsbDevice("2947", "0103", ""),
        UsbDevice("1EAB", "1C06", "Scanner", frozenset({"02"})),
        UsbDevice("1234", "5678", "Unheard Of", frozenset({"0B"})),
        UsbDevice("046D", "C52B", "Mouse", frozenset({"03"})),
        UsbDevice("1050", "0407", "YubiKey OTP+FIDO+CCID", frozenset({"03", "0B"})),
    ]
    assert [(found.label, found.model) for found in card_readers(devices)] == [
        ("Kapelse KAP-GO", "Kapelse KAP-GO"),
        ("Unheard Of", None),
    ]


def test_the_text_says_all_and_holds_no_serial_number() -> None:
    seen = bench(CPS3)
    told = Attributes("KAPELSE", "KAP-GO", "3.12", "00012345", "2947:0103")
    identities = Identities(Drivers(Reading("read", told)))
    around = surroundings(seen, identities, SILENT)
    found = diagnose(seen, around)
    lines = [
        *diagnosis_text.bench_lines(bench_json(seen, identities.of(seen))),
        *diagnosis_text.finding_lines(found.as_dict()),
    ]
    text = "\n".join(lines)
    assert "00012345" not in text
    for words in ("KAPELSE KAP-GO, fente 1 (à contact) : Carte CPS3", "USB 2947:0103, version 3.12", "→ "):
        assert words in text
    assert "00012345" in diagnosis_text.identity_text(identities.of(seen)[seen.readers[0]])
    assert diagnosis_text.identity_text(None) == "non communiqué"
    assert "d'après le modèle" in diagnosis_text.identity_text(
        Identities(Drivers()).of(bench())[bench().readers[0]]
    )
    guessed = Identities(Drivers())
    (line, *_) = [
        told
        for told in diagnosis_text.bench_lines(bench_json(bench(), guessed.of(bench())))
        if "2947:0103" in told
    ]
    assert line == "  USB 2947:0103 d'après le modèle, version non communiquée"
    assert list(diagnosis_text.finding_lines({"findings": [], "unchecked": []})) == ["Rien à signaler."]


def test_what_leaves_the_computer_holds_no_number_of_a_card_or_a_reader(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    told = Attributes("KAPELSE", "KAP-GO", "3.12", "00012345", "2947:0103")
    monkeypatch.setattr(reader_identity, "ask", Drivers(Reading("read", told)))
    service = SimulatedScard(KAP_GO)
    service.do("insert", KAP_GO[0], bytes.fromhex("3B6F0000805A0A070620042C11223344829000"))
    monkeypatch.setattr(readers, "load", lambda: service)
    found = diagnose_computer(tmp_path)
    for text in (json.dumps(found), diagnosis_text.whole(found)):
        assert "KAPELSE KAP-GO" in text
        assert "3B 6F 00 00" in text
        assert "11 22 33 44" not in text
        assert "00012345" not in text


def test_drivers_are_asked_by_the_real_child_unless_told_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    drivers = Drivers(Reading("refused", code=1))
    monkeypatch.setattr(reader_identity, "ask", drivers)
    who = reader_identity.of(bench())
    assert drivers.asked == [KAP_GO[0]]
    assert {identity.outcome for identity in who.values()} == {"refused"}
