"""The rules on card readers: each says what it must, and nothing where it cannot know."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldkit.domain.reader_diagnosis import RULES, by_severity
from fieldkit.domain.reader_diagnosis.facts import (
    AskedFacts,
    Computer,
    DriverFacts,
    Fault,
    GalssFacts,
    Situation,
    SlotFacts,
    System,
    UsbFacts,
)
from fieldkit.domain.reader_diagnosis.finding import SEVERITIES, Finding
from fieldkit.domain.rulesets import OWNERS

NOTHING = Computer("linux", (), (), (), "", (), (), ())
KAP_GO = UsbFacts("Kapelse KAP-GO", "2947:0103", "Kapelse KAP-GO", frozenset({"0B"}), "", "1.5.5")
OLD_LIBCCID = DriverFacts("libccid", "1.5.2", frozenset({"2947:0101"}))
NO_SERVICE = Fault("SCARD_E_NO_SERVICE", "Le service ne répond pas.", "Démarrez-le.")


def slot(number: int = 1, **facts: Any) -> SlotFacts:
    usual: dict[str, Any] = {
        "place": f"KAP-GO, fente {number}",
        "device": "KAP-GO",
        "number": number,
        "interface": "contact",
        "virtual": False,
        "state": "empty",
        "vid_pid": "2947:0103",
        "model": "Kapelse KAP-GO",
    }
    return SlotFacts(**{**usual, **facts})


CONTACTLESS = slot(3, interface="contactless", place="KAP-GO, fente 3")


def situation(*slots: SlotFacts, system: System = "linux", **computer: Any) -> Situation:
    return Situation(replace(NOTHING, system=system, **computer), "running", None, slots)


def told(at: Situation) -> dict[str, Finding]:
    """All findings by code."""
    return {finding.code: finding for rule in RULES for finding in rule(at)}


def test_a_good_bench_has_nothing_to_be_said_of() -> None:
    assert told(situation(slot(1), slot(2), CONTACTLESS)) == {}


def test_a_service_that_is_away_is_told_with_its_code_and_how_to_start_it() -> None:
    found = told(Situation(NOTHING, "stopped", NO_SERVICE))
    assert set(found) == {"service-stopped"}
    finding = found["service-stopped"]
    assert (finding.severity, finding.owner) == ("error", "délégué")
    assert (finding.title, finding.remedy) == (NO_SERVICE.message, NO_SERVICE.hint)
    assert "SCARD_E_NO_SERVICE" in finding.evidence
    assert set(told(Situation(NOTHING, "absent", NO_SERVICE))) == {"service-absent"}
    assert told(Situation(NOTHING, "running", NO_SERVICE))["service-refuses"].owner == "support AM"


def test_no_service_on_a_windows_computer_without_reader_is_hardly_a_fault() -> None:
    windows = replace(NOTHING, system="windows")
    assert told(Situation(windows, "stopped", NO_SERVICE))["service-stopped"].severity == "warning"
    plugged = replace(windows, usb=(KAP_GO,))
    assert told(Situation(plugged, "stopped", NO_SERVICE))["service-stopped"].severity == "error"


@pytest.mark.parametrize(("usb", "words"), [((), "n'est branché"), (None, "n'est visible")])
def test_no_reader_at_all(usb: tuple[UsbFacts, ...] | None, words: str) -> None:
    found = told(situation(usb=usb))
    assert set(found) == {"no-reader"}
    assert words in found["no-reader"].title


@pytest.mark.parametrize(
    ("device", "drivers", "system", "code", "words"),
    [
        (KAP_GO, (OLD_LIBCCID,), "linux", "driver-too-old", "libccid 1.5.5 ou plus récent"),
        (KAP_GO, (), "linux", "driver-too-old", "libccid"),
        (KAP_GO, (OLD_LIBCCID,), "macos", "driver-too-old", "pilote du fabricant"),
        (KAP_GO, None, "linux", "reader-not-listed", "systemctl restart pcscd"),
        (KAP_GO, None, "macos", "reader-not-listed", "Autoriser"),
        (replace(KAP_GO, kinds=None), None, "windows", "reader-not-listed", "Gestionnaire"),
        (
            replace(KAP_GO, kinds=None, problem="CM_PROB_FAILED_INSTALL"),
            None,
            "windows",
            "driver-problem",
            "pilote du fabricant",
        ),
        (replace(KAP_GO, kinds=frozenset({"02", "0A"})), None, "linux", "reader-not-pcsc-mode", "GALSS"),
    ],
)
def test_a_reader_on_usb_that_is_not_in_pcsc(
    device: UsbFacts, drivers: tuple[DriverFacts, ...] | None, system: System, code: str, words: str
) -> None:
    found = told(situation(system=system, usb=(device,), drivers=drivers))
    assert set(found) == {code}
    finding = found[code]
    assert finding.severity == "error"
    assert "Kapelse KAP-GO" in finding.title
    assert "2947:0103" in finding.evidence
    assert words in finding.remedy
    if device.problem:
        assert device.problem in finding.evidence
    if drivers and system == "linux":
        assert "libccid 1.5.2" in finding.evidence


def test_a_driver_that_knows_the_reader_is_not_blamed() -> None:
    driver = DriverFacts("libccid", "1.6.0", frozenset({"2947:0103"}))
    assert set(told(situation(usb=(KAP_GO,), drivers=(OLD_LIBCCID, driver)))) == {"reader-not-listed"}


@pytest.mark.parametrize(
    ("beside", "missing"),
    [
        (slot(1), False),
        (slot(1, vid_pid=None, model=None), False),  # nobody knows whose slot that is
        (slot(1, vid_pid="08E6:3437", model="Gemalto PC Twin"), True),
        (slot(1, vid_pid=None, model="Ingenico TL Telium"), True),
        (slot(1, vid_pid=None, model="Kapelse KAP-GO"), False),
        (slot(1, virtual=True, vid_pid=None, model=None), True),
    ],
    ids=["itself", "unknown", "another", "another-model", "its-model", "virtual"],
)
def test_a_reader_is_missing_only_where_no_slot_may_be_its(beside: SlotFacts, missing: bool) -> None:
    assert ("reader-not-listed" in told(situation(beside, usb=(KAP_GO,), drivers=None))) == missing


def test_what_usb_does_not_tell_is_not_missing() -> None:
    assert "reader-not-listed" not in told(situation(slot(), usb=None))
    stopped = Situation(replace(NOTHING, usb=(KAP_GO,)), "stopped", NO_SERVICE)
    assert set(told(stopped)) == {"service-stopped"}


PSS = GalssFacts(("PSSINW64.DLL",), serial=True, pss=True)


def test_a_reader_in_galss_mode_and_what_galss_leaves_behind() -> None:
    alone = told(situation(galss=(PSS,)))["galss-mode"]
    assert (alone.severity, alone.owner) == ("error", "éditeur")
    assert "PSSINW64.DLL" in alone.evidence
    assert "série" in alone.evidence
    beside = told(situation(slot(), CONTACTLESS, galss=(PSS,)))
    assert beside["galss-leftover"].severity == "warning"
    assert "31/12/2021" in beside["galss-leftover"].remedy
    pcsc = GalssFacts((), serial=False, pss=False)
    assert told(situation(galss=(pcsc,)))["galss-leftover"].severity == "info"


def test_who_holds_the_card() -> None:
    held = told(situation(slot(state="exclusive"), CONTACTLESS, programs=("Pyxvital", "Weda")))
    assert set(held) == {"held-exclusive"}
    assert held["held-exclusive"].severity == "error"
    assert "Pyxvital, Weda" in held["held-exclusive"].evidence
    shared = told(situation(slot(state="in-use"), CONTACTLESS))
    assert (set(shared), shared["held-shared"].severity) == ({"held-shared"}, "info")
    assert "Aucun programme connu" in shared["held-shared"].evidence
    idle = told(situation(slot(), CONTACTLESS, programs=("Pyxvital",)))
    assert (set(idle), idle["reader-programs"].evidence) == ({"reader-programs"}, "Pyxvital")


@pytest.mark.parametrize(
    ("facts", "code", "severity"),
    [
        ({"state": "mute"}, "card-mute", "warning"),
        ({"state": "present", "damaged": True}, "answer-damaged", "warning"),
        ({"state": "unavailable"}, "reader-unavailable", "error"),
        ({"state": "present", "family": "agent"}, "agent-card", "info"),
    ],
)
def test_what_a_slot_shows(facts: dict[str, Any], code: str, severity: str) -> None:
    found = told(situation(slot(2, **facts), CONTACTLESS))
    assert set(found) == {code}
    assert found[code].severity == severity
    assert "fente 2" in found[code].title


@pytest.mark.parametrize(("outcome", "words"), [("crashed", "code -11"), ("timed-out", "à temps")])
def test_a_driver_that_crashes_or_hangs_is_a_finding(outcome: str, words: str) -> None:
    found = told(situation(slot(), CONTACTLESS, asked=(AskedFacts("KAP-GO", outcome, -11),)))
    assert words in found[f"driver-{outcome}"].evidence
    assert told(situation(slot(), CONTACTLESS, asked=(AskedFacts("KAP-GO", "read"),))) == {}


def test_contactless_is_missing_only_where_every_slot_tells_what_it_is() -> None:
    missing = told(situation(slot(1), slot(2, interface="sam")))["contactless-missing"]
    assert "QR code (vivement recommandé)" in missing.remedy
    assert missing.source
    unsure = told(situation(slot(1), slot(2, interface="unknown", device="PC Twin")))
    assert set(unsure) == {"contactless-unknown"}
    assert "PC Twin" in unsure["contactless-unknown"].evidence
    assert "jamais le téléphone d'un patient" in unsure["contactless-unknown"].remedy


def test_virtual_readers_are_named_and_never_taken_for_real_ones() -> None:
    hello = slot(1, virtual=True, device="Windows Hello", interface="contactless")
    found = told(situation(hello))
    assert set(found) == {"virtual-readers", "no-reader"}
    assert found["virtual-readers"].evidence == "Windows Hello"
    away = slot(1, virtual=True, device="Windows Hello", state="unavailable")
    assert "reader-unavailable" not in told(situation(away))


def test_a_remote_session_is_told() -> None:
    assert "RDP" in told(situation(slot(), CONTACTLESS, remote="RDP"))["remote-session"].evidence


def cards(pro: int, vitale: int, *usual: str) -> Situation:
    """A CPS3 and a Vitale 2 in these slots; `usual` were the first cards in them."""
    first, second = usual or ("cps3", "vitale2")
    return situation(
        slot(pro, state="present", family="cps3", usual=first),
        slot(vitale, state="present", family="vitale2", usual=second),
        CONTACTLESS,
    )


@pytest.mark.parametrize(("pro", "vitale"), [(1, 2), (2, 1)])
def test_the_places_of_the_cards_are_told_without_taking_sides(pro: int, vitale: int) -> None:
    found = told(cards(pro, vitale))
    assert set(found) == {"cards-places"}
    assert found["cards-places"].severity == "info"
    assert f"CPS en fente {pro}, carte Vitale en fente {vitale}" in found["cards-places"].evidence


def test_cards_that_changed_places_are_noticed() -> None:
    assert told(cards(2, 1, "vitale2", "cps3"))["cards-swapped"].severity == "warning"
    assert set(told(cards(1, 2, "vitale2", "vitale2"))) == {"cards-places"}
    other_reader = situation(
        slot(1, state="present", family="cps3"),
        slot(1, state="present", family="vitale2", device="PC Twin"),
        CONTACTLESS,
    )
    assert told(other_reader) == {}


def test_cryptolib() -> None:
    old = told(situation(slot(), CONTACTLESS, cryptolib=("5.1.4",)))
    assert (set(old), old["cryptolib-old"].owner) == ({"cryptolib-old"}, "éditeur")
    assert told(situation(slot(), CONTACTLESS, cryptolib=("5.2.2", "5.2.2"))) == {}
    both = told(situation(slot(), CONTACTLESS, cryptolib=("5.2.2", "5.0")))
    assert set(both) == {"cryptolib-old", "cryptolib-several"}


def test_sesam_ini() -> None:
    found = told(situation(slot(), CONTACTLESS, sesam_without_mgc=("/Windows/sesam.ini",)))
    assert found["sesam-ini"].evidence == "/Windows/sesam.ini"


slots = st.builds(
    slot,
    number=st.integers(1, 3),
    interface=st.sampled_from(["contact", "contactless", "sam", "unknown"]),
    virtual=st.booleans(),
    state=st.sampled_from(["empty", "present", "mute", "in-use", "exclusive", "unavailable"]),
    family=st.sampled_from([None, "cps3", "vitale2", "agent", "other"]),
    vid_pid=st.sampled_from([None, "2947:0103", "08E6:3437"]),
)
computers = st.builds(
    Computer,
    system=st.sampled_from(["windows", "macos", "linux"]),
    usb=st.sampled_from([None, (), (KAP_GO,), (replace(KAP_GO, kinds=None),)]),
    drivers=st.sampled_from([None, (), (OLD_LIBCCID,)]),
    programs=st.sampled_from([None, (), ("Weda",)]),
    remote=st.sampled_from([None, "", "RDP"]),
    galss=st.sampled_from([None, (), (PSS,)]),
    cryptolib=st.sampled_from([None, (), ("5.2",), ("4", "5.2.2")]),
    sesam_without_mgc=st.sampled_from([None, (), ("/x",)]),
    asked=st.sampled_from([(), (AskedFacts("KAP-GO", "crashed", 1),)]),
)
situations = st.builds(
    Situation,
    computers,
    service=st.sampled_from(["running", "stopped", "absent"]),
    fault=st.sampled_from([None, NO_SERVICE]),
    slots=st.lists(slots, max_size=4).map(tuple),
)


@given(situations)
def test_whatever_was_seen_each_finding_is_whole(at: Situation) -> None:
    findings = by_severity([finding for rule in RULES for finding in rule(at)])
    ranks = [SEVERITIES.index(finding.severity) for finding in findings]
    assert ranks == sorted(ranks)
    for finding in findings:
        assert finding.owner in OWNERS
        assert all((finding.title, finding.evidence, finding.remedy))
        assert "{" not in finding.title + finding.evidence + finding.remedy
        assert finding.as_dict()["code"] == finding.code


@given(situations)
def test_what_could_not_be_told_is_never_held_against_a_computer(at: Situation) -> None:
    blind = replace(at, computer=Computer(at.computer.system))
    allowed = {finding.code for rule in RULES for finding in rule(at)} | {"no-reader", "service-stopped"}
    assert {finding.code for rule in RULES for finding in rule(blind)} <= allowed
