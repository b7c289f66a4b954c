"""Three-valued tests of facts: true, false, or undecided because a fact is missing or unreadable.

Unknown is never no: a test whose fact is not known answers None, and a list of tests answers None
unless one of them is false. Learning a fact can decide a test, never turn its answer round.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from fieldkit.i18n import _

Facts = Mapping[str, Any]
"""Field of a workstation -> value (`cli.md`, "Fields of a workstation"); what is missing is unknown."""

Test = Callable[[str], bool | None]
Order = Callable[[str], tuple[int, ...] | None]

_UNKNOWN: Final = ("", "unknown", "inconnu")
_ENDS: Final = r"(?![.,]?[0-9A-Za-z])"


def fact(facts: Facts, field: str) -> str | None:
    """The value of `field` as text, or None where it is not known."""
    value = facts.get(field)
    text = "" if value is None else str(value).strip()
    return None if text.casefold() in _UNKNOWN else text


@dataclass(frozen=True, slots=True)
class Condition:
    """All of its tests, each on one field; without tests it always holds."""

    tests: tuple[tuple[str, Test], ...]

    def holds(self, facts: Facts) -> bool | None:
        """Whether all tests hold; None where that cannot be said yet."""
        answers = [_answer(test, fact(facts, field)) for field, test in self.tests]
        if False in answers:
            return False
        return None if None in answers else True

    def waits_for(self, facts: Facts) -> str | None:
        """The first field to learn before it can be said; None where it holds or does not."""
        if self.holds(facts) is not None:
            return None
        return next(field for field, test in self.tests if _answer(test, fact(facts, field)) is None)

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields looked at."""
        return tuple(field for field, _test in self.tests)


def parse_condition(raw: Mapping[str, Any]) -> Condition:
    """A condition from its data: `{field: test}`, where a test is one of

    - `["a", "b"]`: the value is one of these; `{"not": ["a"]}`: it is none of these
    - `{"number": {"min": 7, "below": 9}}`: a number, whole where the bounds are whole
    - `{"version": {"min": "10.14"}}`: a dotted version, compared part by part

    `min` is included, `below` is not; one of them is enough. Raises ValueError for anything else.
    """
    return Condition(tuple((field, _parse_test(field, test)) for field, test in raw.items()))


def _answer(test: Test, value: str | None) -> bool | None:
    return None if value is None else test(value)


def _parse_test(field: str, raw: Any) -> Test:
    test: Test | None = None
    match raw:
        case list() if _are_texts(raw):
            test = _one_of(raw)
        case {"not": list(values), **rest} if not rest and _are_texts(values):
            test = _none_of(values)
        case {"version": dict(bounds), **rest} if not rest and _are_bounds(bounds, str):
            test = _between(_version, bounds)
        case {"number": dict(bounds), **rest} if not rest and _are_bounds(bounds, int, float):
            whole = all(type(bound) is int for bound in bounds.values())
            test = _between(_whole if whole else _decimal, bounds)
    if test is None:
        raise ValueError(_("la condition sur « {field} » n'est pas comprise").format(field=field))
    return test


def _are_texts(raw: list[Any]) -> bool:
    return bool(raw) and all(isinstance(item, str) for item in raw)


def _are_bounds(raw: Mapping[str, Any], *kinds: type) -> bool:
    return (
        bool(raw) and raw.keys() <= {"min", "below"} and all(type(bound) in kinds for bound in raw.values())
    )


def _one_of(values: list[str]) -> Test:
    wanted = frozenset(value.casefold() for value in values)
    return lambda value: value.casefold() in wanted


def _none_of(values: list[str]) -> Test:
    among = _one_of(values)
    return lambda value: not among(value)


def _between(order: Order, bounds: Mapping[str, Any]) -> Test | None:
    """The test of `bounds` in `order`, or None where they cannot be read in it."""
    places = {name: order(str(bound)) for name, bound in bounds.items()}
    if None in places.values():
        return None
    low, high = places.get("min"), places.get("below")

    def test(value: str) -> bool | None:
        place = order(value)
        if place is None:
            return None
        return (low is None or place >= low) and (high is None or place < high)

    return test


def _whole(text: str) -> tuple[int, ...] | None:
    return (int(text),) if re.fullmatch(r"[0-9]{1,9}", text) else None


def _decimal(text: str) -> tuple[int, ...] | None:
    """`4.51`, also as the beginning of `v4.51.02`. Minors have two digits: 4.5 is 4.50, older than 4.51."""
    match = re.match(rf"v?(\d{{1,9}})(?:[.,](\d{{1,9}}))?(?:\.\d+)*{_ENDS}", text, re.ASCII | re.IGNORECASE)
    return (int(match[1]), int((match[2] or "").ljust(9, "0"))) if match else None


def _version(text: str) -> tuple[int, ...] | None:
    """The leading numbers of `10.15.7`, `v04.00`, `10 22H2`; zeros at the end do not count."""
    match = re.match(rf"v?(\d{{1,9}}(?:\.\d{{1,9}})*){_ENDS}", text, re.ASCII | re.IGNORECASE)
    if match is None:
        return None
    parts = [int(part) for part in match[1].split(".")]
    while parts and parts[-1] == 0:
        parts.pop()
    return tuple(parts)
