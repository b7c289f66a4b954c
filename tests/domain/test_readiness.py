"""Verdicts checked by hand, and the promise that unknown is never no."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldkit.domain.conditions import Facts
from fieldkit.domain.readiness import Apcv, Finding, Verdict, judge
from fieldkit.domain.rulesets import OWNERS, Status, applicable, load_ruleset
from fieldkit.i18n import use
from fieldkit.paths import resource

RULESETS = [load_ruleset(p.read_text("utf-8")) for p in sorted(resource("rulesets").glob("*.json"))]
IN_2021, IN_2026 = dt.date(2021, 6, 30), dt.date(2026, 1, 15)

READY: dict[str, Any] = {
    "addendum": 8,
    "apcv_setting": "on",
    "qr_reader": "KAP-eCV",
    "nfc_reader": "none",
    "pro_card": "cps3",
    "card_reader_kind": "standard-pcsc",
    "internet": "yes",
}

VALUES: dict[str, list[str]] = {
    "os": ["windows", "macos", "linux"],
    "os_version": [
        "7",
        "8.1",
        "10.0.19045",
        "10.0.22631",
        "10.13",
        "10.15.7",
        "11",
        "14.2",
        "5.10",
        "2.4",
        "XP",
    ],
    "addendum": ["5", "6", "7", "8", "9", "huit"],
    "addendum_offered": ["7", "8"],
    "card_reader_kind": ["standard-pcsc", "tl-bimode", "tl", "tla", "none"],
    "card_reader_version": ["03.30", "04.00", "?"],
    "card_reader_pcsc": ["active", "activable", "no"],
    "qr_reader": ["KAP-eCV", "none"],
    "nfc_reader": ["SSC-NFC", "none"],
    "apcv_setting": ["on", "off"],
    "internet": ["yes", "no"],
    "pro_card": ["cps2ter", "cps3", "cps4", "ecps", "none"],
    "atsam_version": ["4.4", "4.5", "4.51", "4.6", "autre"],
    "galss_leftovers": ["yes", "no"],
}

some_facts = st.fixed_dictionaries({}, optional={f: st.sampled_from(v) for f, v in VALUES.items()})
days = st.sampled_from([IN_2021, IN_2026])


def verdict(facts: Facts, on: dt.date = IN_2026) -> Verdict:
    return judge(applicable(RULESETS, on), facts)


def finding(criterion: str, facts: Facts, on: dt.date = IN_2026) -> Finding:
    return next(f for f in verdict(facts, on).findings if f.criterion == criterion)


@pytest.mark.parametrize("on", [IN_2021, IN_2026])
def test_without_facts_everything_is_unknown(on: dt.date) -> None:
    shown = verdict({}, on)
    assert {f.status for f in shown.findings} == {Status.UNKNOWN}
    assert shown.apcv is Apcv.UNKNOWN
    assert all(step.before is None and step.owner == "délégué" for step in shown.shortest_path)


def test_before_every_ruleset_nothing_is_claimed() -> None:
    shown = verdict(READY, dt.date(2019, 1, 1))
    assert shown == Verdict((), Apcv.UNKNOWN, ())


@pytest.mark.parametrize(
    ("criterion", "facts", "in_2021", "in_2026"),
    [
        ("software", {"addendum": 8}, "up-to-date", "up-to-date"),
        ("software", {"addendum": "7"}, "up-to-date", "up-to-date"),
        ("software", {"addendum": 6}, "action", "obsolete"),
        ("software", {"addendum": 9}, "unknown", "unknown"),
        ("card-reader", {"card_reader_kind": "standard-pcsc"}, "up-to-date", "up-to-date"),
        ("card-reader", {"card_reader_kind": "none"}, "action", "action"),
        ("card-reader", {"card_reader_kind": "tla"}, "action", "obsolete"),
        ("card-reader", {"card_reader_kind": "tl-bimode"}, "unknown", "unknown"),
        (
            "card-reader",
            {"card_reader_kind": "tl-bimode", "card_reader_version": "03.30"},
            "action",
            "action",
        ),
        ("card-reader", {"card_reader_kind": "tl", "card_reader_version": "03.30"}, "action", "unknown"),
    ],
)
def test_a_criterion_by_vintage(criterion: str, facts: Facts, in_2021: str, in_2026: str) -> None:
    assert finding(criterion, facts, IN_2021).status == in_2021
    assert finding(criterion, facts, IN_2026).status == in_2026


@pytest.mark.parametrize(
    ("kind", "version", "pcsc", "in_2021", "in_2026"),
    [
        ("tl-bimode", "04.00", "active", "up-to-date", "up-to-date"),
        ("tl-bimode", "04.00", "activable", "up-to-date", "action"),
        ("tl-bimode", "04.00", "no", "action", "action"),
        ("tl-bimode", "04.00", None, "unknown", "unknown"),
        ("tl", "03.30", "activable", "action", "action"),
        ("tl", "03.30", "no", "action", "obsolete"),
        ("tl", None, "active", "unknown", "unknown"),
    ],
)
def test_terminals(kind: str, version: str | None, pcsc: str | None, in_2021: str, in_2026: str) -> None:
    facts = {"card_reader_kind": kind, "card_reader_version": version, "card_reader_pcsc": pcsc}
    assert finding("card-reader", facts, IN_2021).status == in_2021
    assert finding("card-reader", facts, IN_2026).status == in_2026


@pytest.mark.parametrize(
    ("os", "version", "expected"),
    [
        ("windows", "7", "action"),
        ("windows", "8", "action"),
        ("windows", "8.1", "up-to-date"),
        ("windows", "10", "up-to-date"),
        ("windows", "10.0.19045", "up-to-date"),
        ("windows", "10.0.22631", "unknown"),  # Windows 11, newer than the list
        ("windows", "11", "unknown"),
        ("windows", None, "unknown"),
        ("macos", "10.13.6", "action"),
        ("macos", "10.14", "up-to-date"),
        ("macos", "11.7", "up-to-date"),
        ("macos", "12.1", "unknown"),
        ("linux", "5.10.0-9-amd64", "up-to-date"),
        ("linux", "2.4", "action"),
        (None, "10", "unknown"),
    ],
)
def test_operating_systems_of_2021(os: str | None, version: str | None, expected: str) -> None:
    assert finding("os", {"os": os, "os_version": version}, IN_2021).status == expected


@pytest.mark.parametrize("os", [None, "windows", "macos", "linux"])
def test_what_the_sources_do_not_publish_is_never_a_pass(os: str | None) -> None:
    found = finding("os", {"os": os, "os_version": "11"})
    assert found.status == Status.UNKNOWN
    assert "critère non publié dans les sources" in found.reason


@pytest.mark.parametrize(
    ("version", "in_2021", "in_2026"),
    [
        ("4.3", "action", "action"),
        ("4.4", "up-to-date", "action"),
        ("4.5", "up-to-date", "action"),
        ("4.51", "up-to-date", "up-to-date"),
        ("5.0", "unknown", "up-to-date"),
        ("récente", "unknown", "unknown"),
    ],
)
def test_atsam(version: str, in_2021: str, in_2026: str) -> None:
    assert finding("atsam", {"atsam_version": version}, IN_2021).status == in_2021
    assert finding("atsam", {"atsam_version": version}, IN_2026).status == in_2026


@pytest.mark.parametrize(
    ("changed", "expected", "path"),
    [
        ({}, "ready", []),
        ({"qr_reader": "none", "nfc_reader": "SSC-NFC"}, "ready", []),
        ({"qr_reader": None, "nfc_reader": "SSC-NFC"}, "ready", []),
        ({"pro_card": "ecps", "card_reader_kind": None}, "ready", []),
        ({"addendum": 7}, "not-yet", ["addendum"]),
        ({"addendum": 7, "addendum_offered": 8}, "not-yet", ["addendum"]),
        ({"addendum": 7, "addendum_offered": 7}, "impossible", []),
        ({"apcv_setting": "off", "internet": "no"}, "not-yet", ["apcv_setting", "internet"]),
        ({"qr_reader": "none"}, "not-yet", ["qr_reader"]),
        ({"qr_reader": "none", "nfc_reader": None}, "unknown", ["nfc_reader"]),
        ({"qr_reader": None, "nfc_reader": None}, "unknown", ["qr_reader"]),
        ({"card_reader_kind": "none"}, "not-yet", ["card_reader_kind"]),
        ({"card_reader_kind": None}, "unknown", ["card_reader_kind"]),
        ({"card_reader_kind": "tla"}, "unknown", ["card_reader_kind"]),
        ({"pro_card": "none"}, "not-yet", ["pro_card"]),
        ({"internet": None}, "unknown", ["internet"]),
        ({"internet": None, "apcv_setting": "off"}, "not-yet", ["apcv_setting", "internet"]),
        ({"addendum": None, "addendum_offered": 7}, "unknown", ["addendum"]),
    ],
)
def test_appli_carte_vitale(changed: dict[str, Any], expected: str, path: list[str]) -> None:
    shown = verdict({**READY, **changed})
    assert shown.apcv == expected
    assert [step.field for step in shown.shortest_path] == path


def test_hardware_is_the_editors_advice() -> None:
    for facts in ({"qr_reader": "none", "nfc_reader": "none"}, {"card_reader_kind": "none"}):
        (step,) = verdict({**READY, **facts}).shortest_path
        assert step.owner == "éditeur"
        assert "éditeur" in step.text


def test_a_finding_cites_its_facts_source_and_date() -> None:
    found = finding("card-reader", {"card_reader_kind": "tl", "card_reader_pcsc": "no", "addendum": 8})
    assert found.facts == {"card_reader_kind": "tl", "card_reader_pcsc": "no"}
    assert found.missing == ("card_reader_version",)
    assert found.reason == "Pas encore renseigné : Version du lecteur."
    assert found.owner == "délégué"
    assert "étude de marché 2023" in found.source
    assert found.as_of == "2023-12"


def test_a_value_without_answer_is_named_as_such() -> None:
    assert finding("software", {"addendum": 9}).reason == (
        "Valeur sans réponse dans les sources : Addendum SESAM-Vitale."
    )
    unread = finding("atsam", {"atsam_version": "récente"})
    assert unread.reason == "Valeur sans réponse dans les sources : Version ATSAM."
    assert unread.missing == ("atsam_version",)


def test_english_on_demand() -> None:
    try:
        use("en")
        assert finding("internet", {"internet": "no"}).title == "Internet access"
    finally:
        use("fr")


@given(some_facts, days)
def test_a_finding_that_asks_says_who_does_what(facts: Facts, on: dt.date) -> None:
    for found in verdict(facts, on).findings:
        assert found.reason
        if found.status != Status.UP_TO_DATE:
            assert found.remedy
            assert found.owner in OWNERS


@given(some_facts, st.data(), days)
def test_learning_a_fact_never_turns_a_finding_round(
    facts: dict[str, str], data: st.DataObject, on: dt.date
) -> None:
    """What is decided stays so, and "ready" and "not ready" are never swapped, whatever is learned."""
    unknown = sorted(set(VALUES) - set(facts))
    learned = data.draw(st.sets(st.sampled_from(unknown)) if unknown else st.just(set()))
    more = facts | {field: data.draw(st.sampled_from(VALUES[field])) for field in sorted(learned)}
    before, after = verdict(facts, on), verdict(more, on)
    for old, new in zip(before.findings, after.findings, strict=True):
        assert old.status in (Status.UNKNOWN, new.status)
    could_become = {
        Apcv.READY: {Apcv.READY},
        Apcv.NOT_YET: {Apcv.NOT_YET, Apcv.IMPOSSIBLE},
        Apcv.IMPOSSIBLE: {Apcv.IMPOSSIBLE},
        Apcv.UNKNOWN: set(Apcv),
    }
    assert after.apcv in could_become[before.apcv]
