"""Rulesets as data: conditions are three-valued, files are checked, the right vintage is taken."""

from __future__ import annotations

import copy
import datetime as dt
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldkit.domain.conditions import fact, parse_condition
from fieldkit.domain.fieldwork import WORKSTATION_FACTS
from fieldkit.domain.rulesets import Ruleset, Status, applicable, load_ruleset
from fieldkit.errors import KnownError
from fieldkit.i18n import use
from fieldkit.paths import resource
from tests.examples import examples

SHIPPED = sorted(resource("rulesets").glob("*.json"))

MINIMAL: dict[str, Any] = {
    "id": "demo-1",
    "programme": "demo",
    "title": {"fr": "Démo"},
    "valid_from": "2024-01-01",
    "criteria": [
        {
            "id": "net",
            "title": {"fr": "Réseau", "en": "Network"},
            "source": "Essai",
            "as_of": "2024-01",
            "cases": [
                {"when": {"internet": ["yes"]}, "status": "up-to-date", "reason": {"fr": "Oui."}},
                {
                    "when": {"internet": ["no"]},
                    "status": "action",
                    "reason": {"fr": "Non."},
                    "remedy": {"fr": "Brancher."},
                    "owner": "PS",
                },
            ],
        }
    ],
    "changes": [
        {
            "field": "internet",
            "to": "yes",
            "cost": 1,
            "owner": "PS",
            "text": {"fr": "Brancher."},
            "check": {"fr": "Vérifier."},
        }
    ],
}


@pytest.mark.parametrize(
    ("test", "value", "expected"),
    [
        (["a", "b"], "B", True),
        (["a", "b"], "c", False),
        (["a"], None, None),
        (["a"], "inconnu", None),
        ({"not": ["none"]}, "KAP-eCV", True),
        ({"not": ["none"]}, "None", False),
        ({"not": ["none"]}, " ", None),
        ({"number": {"min": 7, "below": 9}}, 7, True),
        ({"number": {"min": 7, "below": 9}}, "8", True),
        ({"number": {"min": 7, "below": 9}}, "9", False),
        ({"number": {"min": 7, "below": 9}}, "1.40", None),
        ({"number": {"min": 7, "below": 9}}, "sept", None),
        ({"number": {"min": 4.51}}, "4.51", True),
        ({"number": {"min": 4.51}}, "v4,51.02", True),
        ({"number": {"min": 4.51}}, "4.5", False),
        ({"number": {"min": 4.51}}, "4.6", True),
        ({"number": {"min": 4.51}}, "4.51b", None),
        ({"version": {"min": "10.14"}}, "10.9", False),
        ({"version": {"min": "10.14"}}, "10.15.7", True),
        ({"version": {"min": "10.14"}}, "11", True),
        ({"version": {"below": "4"}}, "03.30", True),
        ({"version": {"below": "4"}}, "04.00", False),
        ({"version": {"min": "10"}}, "10 22H2", True),
        ({"version": {"min": "10"}}, "22H2", None),
    ],
)
def test_conditions(test: Any, value: Any, expected: bool | None) -> None:
    assert parse_condition({"f": test}).holds({"f": value}) is expected


def test_a_condition_without_tests_holds() -> None:
    assert parse_condition({}).holds({}) is True


def test_one_false_test_decides_whatever_is_missing() -> None:
    condition = parse_condition({"a": ["x"], "b": ["y"]})
    assert condition.holds({"b": "z"}) is False
    assert condition.holds({"b": "y"}) is None
    assert condition.waits_for({"b": "y"}) == "a"
    assert condition.waits_for({"b": "z"}) is None


@pytest.mark.parametrize(
    "test",
    [
        "a",
        7,
        None,
        [],
        [1],
        {},
        {"not": []},
        {"not": "none"},
        {"not": ["a"], "number": {"min": 1}},
        {"number": {}},
        {"number": {"min": "7"}},
        {"number": {"max": 7}},
        {"number": {"min": -1}},
        {"number": {"min": True}},
        {"version": {"min": 10}},
        {"version": {"min": "dix"}},
        {"near": ["a"]},
    ],
)
def test_a_test_that_is_not_understood_is_refused(test: Any) -> None:
    with pytest.raises(ValueError, match="« f »"):
        parse_condition({"f": test})


@examples(40, 1_000)
@given(
    st.dictionaries(
        st.sampled_from(sorted(WORKSTATION_FACTS)), st.text(max_size=8) | st.integers() | st.none()
    )
)
def test_any_value_is_survived(facts: dict[str, Any]) -> None:
    for path in SHIPPED:
        for criterion in load_ruleset(path.read_text("utf-8")).criteria:
            criterion.decide(facts)


@pytest.mark.parametrize("value", [None, "", "  ", "unknown", "Inconnu"])
def test_unknown_in_every_form(value: str | None) -> None:
    assert fact({"os": value}, "os") is None


@pytest.mark.parametrize("path", SHIPPED, ids=lambda p: p.name)
def test_shipped_rulesets_are_whole(path: Any) -> None:
    """Known fields only, both languages, a way to find out, a source and its date everywhere."""
    ruleset = load_ruleset(path.read_text("utf-8"))
    fields = {f for c in ruleset.criteria for f in c.fields} | {c.field for c in ruleset.changes}
    assert fields - set(WORKSTATION_FACTS) <= {"addendum_offered"}
    texts = [ruleset.title, ruleset.notice]
    for criterion in ruleset.criteria:
        texts += [criterion.title, *(case.reason for case in criterion.cases)]
        texts += [case.remedy for case in criterion.cases if case.status != Status.UP_TO_DATE]
        if criterion.fields:
            texts.append(criterion.find_out)
        assert criterion.source
        assert criterion.as_of
    texts += [text for change in ruleset.changes for text in (change.text, change.check)]
    assert all(text.fr and text.en for text in texts)


def test_there_are_three_rulesets() -> None:
    found = {load_ruleset(path.read_text("utf-8")).id for path in SHIPPED}
    assert {"pro-ps-2021", "pro-ps-2023", "apcv-2020"} <= found


def test_texts_follow_the_language() -> None:
    ruleset = load_ruleset(json.dumps(MINIMAL))
    try:
        use("en")
        assert str(ruleset.criteria[0].title) == "Network"
        assert str(ruleset.title) == "Démo"  # no English: French rather than nothing
    finally:
        use("fr")
    assert str(ruleset.criteria[0].title) == "Réseau"


def _vintage(programme: str, day: str) -> Ruleset:
    return load_ruleset(
        json.dumps(MINIMAL | {"id": f"{programme}-{day}", "programme": programme, "valid_from": day})
    )


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2020-09-30", []),
        ("2020-10-01", ["apcv-2020-10-01"]),
        ("2021-01-01", ["pro-ps-2021-01-01", "apcv-2020-10-01"]),
        ("2022-12-31", ["pro-ps-2021-01-01", "apcv-2020-10-01"]),
        ("2023-01-01", ["pro-ps-2023-01-01", "apcv-2020-10-01"]),
        ("2026-06-01", ["pro-ps-2023-01-01", "apcv-2020-10-01"]),
    ],
)
def test_the_vintage_of_the_day(day: str, expected: list[str]) -> None:
    rulesets = [
        _vintage("pro-ps", "2023-01-01"),
        _vintage("apcv", "2020-10-01"),
        _vintage("pro-ps", "2021-01-01"),
    ]
    assert [r.id for r in applicable(rulesets, dt.date.fromisoformat(day))] == expected


def _break(where: tuple[Any, ...], value: Any) -> str:
    raw = copy.deepcopy(MINIMAL)
    inside: Any = raw
    for key in where[:-1]:
        inside = inside[key]
    if value is None:
        del inside[where[-1]]
    else:
        inside[where[-1]] = value
    return json.dumps(raw)


@pytest.mark.parametrize(
    ("where", "value", "named"),
    [
        (("id",), None, "« id »"),
        (("title",), "Démo", "« title »"),
        (("title",), {"en": "Demo"}, "« fr »"),
        (("valid_from",), "2024", "« valid_from »"),
        (("criteria",), [], "critère"),
        (("criteria",), [7], "objet"),
        (("criteria",), MINIMAL["criteria"] * 2, "« id »"),
        (("criteria", 0, "source"), "", "« source »"),
        (("criteria", 0, "cases"), [], "cas"),
        (("criteria", 0, "cases", 0, "status"), "fine", "« fine »"),
        (("criteria", 0, "cases", 1, "remedy"), None, "« remedy »"),
        (("criteria", 0, "cases", 1, "owner"), "Bob", "« Bob »"),
        (("criteria", 0, "cases", 1, "when"), {"internet": "no"}, "« internet »"),
        (("criteria", 0, "cases", 1, "remedi"), {"fr": "x"}, "« remedi »"),
        (("changes", 0, "cost"), -1, "« cost »"),
        (("changes", 0, "unles"), {}, "« unles »"),
    ],
)
def test_a_faulty_ruleset_says_where(where: tuple[Any, ...], value: Any, named: str) -> None:
    with pytest.raises(KnownError) as caught:
        load_ruleset(_break(where, value))
    assert caught.value.code == "ruleset-invalid"
    assert named in caught.value.message


@pytest.mark.parametrize("text", ["", "{", "[]", "null", "7"])
def test_what_is_no_ruleset_is_refused(text: str) -> None:
    with pytest.raises(KnownError) as caught:
        load_ruleset(text)
    assert caught.value.code == "ruleset-invalid"
