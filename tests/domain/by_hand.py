"""A second idea of every criterion, written by hand from `domain.md` §1.2 and §4 and not from the rulesets.

A criterion of which facts are missing is decided by brute force: it is what all ways to complete the facts
agree on, else unknown.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from fieldkit.domain.rulesets import Ruleset

Known = dict[str, str]

UP_TO_DATE, ACTION, OBSOLETE, UNKNOWN = "up-to-date", "action", "obsolete", "unknown"

ANY: Final[Mapping[str, tuple[str, ...]]] = {
    "os": ("windows", "macos", "linux"),
    "os_version": ("2.4", "5.10", "7", "8.1", "10.0.19045", "10.0.22631", "10.13", "10.15.7", "11", "14.2"),
    "addendum": ("5", "6", "7", "8", "9"),
    "addendum_offered": ("7", "8"),
    "card_reader_kind": ("standard-pcsc", "tl-bimode", "tl", "tla", "none"),
    "card_reader_version": ("03.30", "04.00"),
    "card_reader_pcsc": ("active", "activable", "no"),
    "qr_reader": ("a model", "none"),
    "nfc_reader": ("a model", "none"),
    "apcv_setting": ("on", "off"),
    "internet": ("yes", "no"),
    "pro_card": ("cps2ter", "cps3", "cps4", "ecps", "none"),
    "atsam_version": ("4.3", "4.4", "4.5", "4.51", "5.0"),
    "galss_leftovers": ("yes", "no"),
}
"""What a fact that is missing may turn out to be: at least one value on each side of each bound."""

_CARDS: Final = ("cps2ter", "cps3", "cps4")
_READERS: Final = ("standard-pcsc", "tl-bimode", "tl")


def _parts(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split()[0].split("."))


def _software_2021(addendum: str) -> str:
    n = int(addendum)
    return UP_TO_DATE if n in (7, 8) else ACTION if n < 7 else UNKNOWN


def _software_2023(addendum: str) -> str:
    return {ACTION: OBSOLETE}.get(_software_2021(addendum), _software_2021(addendum))


def _reader_2021(kind: str, version: str, pcsc: str) -> str:
    if kind == "standard-pcsc":
        return UP_TO_DATE
    good = kind in ("tl", "tl-bimode") and _parts(version)[0] >= 4 and pcsc != "no"
    return UP_TO_DATE if good else ACTION


def _reader_2023(kind: str, version: str, pcsc: str) -> str:
    if kind in ("standard-pcsc", "none", "tla"):
        return {"standard-pcsc": UP_TO_DATE, "none": ACTION, "tla": OBSOLETE}[kind]
    if _parts(version)[0] >= 4:
        return UP_TO_DATE if pcsc == "active" else ACTION
    return OBSOLETE if kind == "tl" and pcsc == "no" else ACTION


def _os_2021(os: str, version: str) -> str:
    found = _parts(version)
    if os == "windows":
        return ACTION if found < (8, 1) else UP_TO_DATE if found < (10, 0, 22000) else UNKNOWN
    if os == "macos":
        return ACTION if found < (10, 14) else UP_TO_DATE if found < (12,) else UNKNOWN
    return ACTION if found < (2, 6) else UP_TO_DATE


def _atsam_2021(version: str) -> str:
    n = float(version)  # 4.5 is 4.50
    return ACTION if n < 4.4 else UP_TO_DATE if n < 4.6 else UNKNOWN


def _patient_reader(qr: str, nfc: str) -> str:
    return ACTION if qr == nfc == "none" else UP_TO_DATE


def _pro_card(card: str, kind: str) -> str:
    if card in ("ecps", "none"):
        return UP_TO_DATE if card == "ecps" else ACTION
    return UP_TO_DATE if kind in _READERS else ACTION if kind == "none" else UNKNOWN


_APCV: Final[dict[str, tuple[tuple[str, ...], Callable[..., str]]]] = {
    "apcv-software": (("addendum",), lambda n: UP_TO_DATE if int(n) >= 8 else ACTION),
    "apcv-setting": (("apcv_setting",), lambda s: UP_TO_DATE if s == "on" else ACTION),
    "patient-reader": (("qr_reader", "nfc_reader"), _patient_reader),
    "pro-card": (("pro_card", "card_reader_kind"), _pro_card),
    "internet": (("internet",), lambda s: UP_TO_DATE if s == "yes" else ACTION),
}
_READER = ("card_reader_kind", "card_reader_version", "card_reader_pcsc")
CRITERIA: Final[dict[int, dict[str, tuple[tuple[str, ...], Callable[..., str]]]]] = {
    2021: {
        "software": (("addendum",), _software_2021),
        "card-reader": (_READER, _reader_2021),
        "os": (("os", "os_version"), _os_2021),
        "atsam": (("atsam_version",), _atsam_2021),
        **_APCV,
    },
    2026: {
        "software": (("addendum",), _software_2023),
        "card-reader": (_READER, _reader_2023),
        "galss": (("galss_leftovers",), lambda s: ACTION if s == "yes" else UP_TO_DATE),
        "os": ((), lambda: UNKNOWN),
        "atsam": (("atsam_version",), lambda v: UP_TO_DATE if float(v) >= 4.51 else ACTION),
        **_APCV,
    },
}
"""By the year of a visit: each criterion, the facts it needs and what they come to when all are known."""


def known(facts: Mapping[str, Any]) -> Known:
    """The facts of a workstation as text, those that are known."""
    return {f: str(v) for f, v in facts.items() if v not in (None, "")}


def status(criterion: str, year: int, facts: Known) -> str:
    """What every way to complete `facts` agrees on; unknown where two disagree."""
    needed, decide = CRITERIA[year][criterion]
    return _agreed({decide(*values) for values in _completions(needed, facts)})


def _completions(needed: tuple[str, ...], facts: Known) -> Iterator[tuple[str, ...]]:
    return itertools.product(*((facts[f],) if f in facts else ANY[f] for f in needed))


def _agreed(found: set[str]) -> str:
    return found.pop() if len(found) == 1 else UNKNOWN


def is_ready(facts: Known) -> bool:
    """What `domain.md` §1.2 asks for, in plain Python."""
    card = facts.get("pro_card")
    return (
        int(facts.get("addendum", 0)) >= 8
        and facts.get("apcv_setting") == "on"
        and any(facts.get(device, "none") != "none" for device in ("qr_reader", "nfc_reader"))
        and (card == "ecps" or (card in _CARDS and facts.get("card_reader_kind") in _READERS))
        and facts.get("internet") == "yes"
    )


def is_blocked(facts: Known) -> bool:
    """Whether something needed is known to be missing."""
    card = facts.get("pro_card")
    return (
        int(facts.get("addendum", 8)) < 8
        or facts.get("apcv_setting") == "off"
        or facts.get("qr_reader") == facts.get("nfc_reader") == "none"
        or card == "none"
        or (card in _CARDS and facts.get("card_reader_kind") == "none")
        or facts.get("internet") == "no"
    )


def best_by_brute_force(apcv: Ruleset, facts: Known) -> tuple[int, int] | None:
    """(count, cost) of the best of all sets of changes of `apcv` that lead to ready; None where none does."""
    costs = {c.field: (c.cost if c.field in facts else 0) for c in apcv.changes}
    targets = {c.field: c.to for c in apcv.changes if facts.get(c.field) != c.to}
    if "addendum" in facts and int(facts.get("addendum_offered", 8)) < 8:
        targets.pop("addendum", None)
    best: tuple[int, int] | None = None
    for size in range(len(targets) + 1):
        for fields in itertools.combinations(targets, size):
            if is_ready(facts | {f: targets[f] for f in fields}):
                found = (size, sum(costs[f] for f in fields))
                best = min(best, found) if best else found
    return best


def readiness(apcv: Ruleset, facts: Known) -> str:
    """The verdict on the appli carte Vitale, by brute force."""
    if is_ready(facts):
        return "ready"
    if not is_blocked(facts):
        return "unknown"
    return "impossible" if best_by_brute_force(apcv, facts) is None else "not-yet"
