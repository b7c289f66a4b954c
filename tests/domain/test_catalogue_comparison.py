"""Editors side by side, and what changed between two dates."""

from __future__ import annotations

import pytest

from fieldkit.domain.catalogue import Integration, Provenance, Status
from fieldkit.domain.comparison import changes, compare, differs, stance, stated_in_text


def said(
    status: Status = Status.YES,
    value: str = "",
    *,
    service: str = "INSi",
    editor: str = "a",
    prose: str = "",
    basis: str = "explicit",
) -> Integration:
    return Integration(
        holder=editor,
        holder_as_written=editor,
        service=service,
        profession="médecins",
        table_id="T",
        criterion_as_written=service,
        status=status,
        value=value or status,
        value_raw="",
        value_kind="",
        prose_value=prose,
        prose_basis=basis if prose else "",
        note="",
        origin=Provenance("source", "2023-12", "T"),
    )


def test_a_grid_keeps_the_order_of_its_source() -> None:
    facts = [said(service=service, editor=editor) for service in ("z", "b") for editor in ("y", "a")]
    grid = compare(facts)
    assert (grid.services, grid.editors) == (("z", "b"), ("y", "a"))
    assert grid.cell("b", "y") is facts[2]
    assert grid.cell("b", "nobody") is None


@pytest.mark.parametrize(
    ("fact", "expected"),
    [
        (said(Status.YES), True),
        (said(Status.TEXT, "V2"), True),
        (said(Status.NO), False),
        (said(Status.NO, prose="yes"), False),
        (said(Status.UNKNOWN), None),
        (said(Status.UNKNOWN, prose="yes"), True),
        (said(Status.UNKNOWN, prose="no"), False),
        (said(Status.UNKNOWN, prose="yes", basis="interpretation"), None),
    ],
)
def test_unknown_is_not_no(fact: Integration, expected: bool | None) -> None:
    assert stance(fact) is expected


@pytest.mark.parametrize(
    ("before", "after", "changed", "silent"),
    [
        (said(Status.NO), said(Status.YES), 1, 0),
        (said(Status.NO), said(Status.UNKNOWN, prose="yes"), 1, 0),
        (said(Status.TEXT, "V1"), said(Status.TEXT, "V2"), 1, 0),
        (said(Status.TEXT, "V1"), said(Status.UNKNOWN, prose="yes"), 0, 0),
        (said(Status.YES), said(Status.YES), 0, 0),
        (said(Status.YES), said(Status.UNKNOWN), 0, 1),
        (said(Status.UNKNOWN), said(Status.NO), 0, 1),
        (said(Status.NO), said(Status.YES, editor="other"), 0, 0),
    ],
)
def test_lost_is_not_changed(before: Integration, after: Integration, changed: int, silent: int) -> None:
    found, lost = changes(compare([before]), compare([after]))
    assert (len(found), lost) == (changed, silent)


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ([said(Status.YES), said(Status.NO, editor="b")], True),
        ([said(Status.YES), said(Status.YES, editor="b")], False),
        ([said(Status.YES), said(Status.UNKNOWN, editor="b")], False),
        ([said(Status.NO), said(Status.UNKNOWN, editor="b", prose="yes")], True),
        ([said(Status.TEXT, "V1"), said(Status.TEXT, "V2", editor="b")], True),
        ([said(Status.TEXT, "V1"), said(Status.TEXT, "V1", editor="b")], False),
        ([said(Status.UNKNOWN)], False),
    ],
)
def test_known_answers_that_are_not_the_same_differ(facts: list[Integration], expected: bool) -> None:
    assert differs(compare(facts), "INSi") is expected


def test_only_an_outright_text_beside_a_lost_cell_is_stated_in_the_text() -> None:
    assert stated_in_text(said(Status.UNKNOWN, prose="yes"))
    assert not stated_in_text(said(Status.YES, prose="yes"))
    assert not stated_in_text(said(Status.UNKNOWN, prose="yes", basis="interpretation"))
    assert not stated_in_text(said(Status.UNKNOWN))
