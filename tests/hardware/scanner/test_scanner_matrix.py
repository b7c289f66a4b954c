"""Every scanner layout × computer layout × Caps Lock, by strokes and by text alone.

Seen with the 16 layouts, 512 combinations: the true settings are always among the answers and no garbled
code is called good. By strokes 236 combinations are unlike any other, by text 212; all of them are named
first, but for one by text whose look-alike comes from another treatment of dead keys.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable
from dataclasses import dataclass, replace
from functools import partial
from itertools import product

import pytest

from fieldkit.hardware.scanner import layouts, testcode
from fieldkit.hardware.scanner.diagnose import diagnose
from fieldkit.hardware.scanner.diagnosis import Diagnosis
from fieldkit.hardware.scanner.hypotheses import Explanation, Settings
from fieldkit.hardware.scanner.keyboard import DeadKeys, Modifiers
from fieldkit.hardware.scanner.simulated import scan

CODE = testcode.with_nonce("klnb").text
ALL = [
    Settings(scanner, computer, caps)
    for scanner, computer, caps in product(layouts.every(), layouts.every(), (False, True))
]
Triple = tuple[str, str, bool]


@dataclass(frozen=True)
class Case:
    """One combination: what arrived, whether the computer got the code unharmed, and what we said."""

    settings: Settings
    arrived: Hashable
    right: bool
    diagnosis: Diagnosis

    @property
    def answers(self) -> list[Triple]:
        best = self.diagnosis.best
        return [triple(other.settings) for other in ((best,) if best else ()) + self.diagnosis.alternatives]


def triple(settings: Settings) -> Triple:
    return settings.scanner.id, settings.computer.id, settings.caps


def by_strokes(settings: Settings, *, lock_known: bool = True) -> Case:
    seen = Modifiers.NONE if lock_known else Modifiers.CAPS_LOCK
    strokes = [
        replace(stroke, modifiers=stroke.modifiers & ~seen)
        for stroke in scan(CODE, settings.scanner, settings.computer, caps=settings.caps)
    ]
    arrived = tuple((stroke.text, stroke.scan_code, stroke.modifiers) for stroke in strokes)
    return Case(settings, arrived, settings.render(CODE) == CODE, diagnose(CODE, strokes=strokes))


def by_text(settings: Settings, dead: DeadKeys) -> Case:
    text = replace(settings, dead=dead).render(CODE)
    return Case(settings, text, text == CODE, diagnose(CODE, received=text))


@pytest.mark.parametrize(
    ("read", "at_least_distinct"),
    [
        pytest.param(by_strokes, 230, id="strokes"),
        pytest.param(partial(by_strokes, lock_known=False), 230, id="strokes-lock-unknown"),
        pytest.param(partial(by_text, dead=DeadKeys.JOIN), 205, id="text-windows-macos"),
        pytest.param(partial(by_text, dead=DeadKeys.SKIP), 205, id="text-x11"),
        pytest.param(partial(by_text, dead=DeadKeys.RAW), 205, id="text-raw"),
    ],
)
def test_full_matrix(read: Callable[[Settings], Case], at_least_distinct: int) -> None:
    cases = [read(settings) for settings in ALL]
    assert [case for case in cases if triple(case.settings) not in case.answers] == []
    assert [case for case in cases if (case.diagnosis.verdict == "ok") != case.right] == []
    look_alikes = Counter(case.arrived for case in cases)
    distinct = [case for case in cases if look_alikes[case.arrived] == 1]
    assert len(distinct) >= at_least_distinct
    first = sum(case.answers[0] == triple(case.settings) for case in distinct)
    assert first >= 0.99 * len(distinct)


@pytest.mark.parametrize("end", ["\r", "\t", ""])
def test_the_verdict_of_equal_layouts_depends_on_the_suffix_only(end: str) -> None:
    for layout in layouts.every():
        verdict = diagnose(CODE, strokes=scan(CODE, layout, layout, end=end)).verdict
        assert verdict == ("ok" if end == "\r" else "suffix"), layout.id


def test_strokes_without_scan_codes_are_judged_by_their_text() -> None:
    strokes = scan(CODE, layouts.load("us"), layouts.load("fr-mac"), scan_codes=False)
    diagnosis = diagnose(CODE, strokes=strokes)
    assert (diagnosis.verdict, diagnosis.suffix, diagnosis.confidence > 0.8) == ("layout", "CR", True)
    assert diagnosis.settings is not None
    assert triple(diagnosis.settings) == ("us", "fr-mac", False)


@pytest.mark.parametrize(
    ("system", "computer"), [("windows", "fr"), ("linux", "fr-linux"), ("macos", "fr"), (None, "fr")]
)
def test_layouts_of_the_system_come_first_among_equals(system: str | None, computer: str) -> None:
    strokes = scan(CODE, layouts.load("us"), layouts.load("fr"))
    best = diagnose(CODE, strokes=strokes, system=system).best
    assert isinstance(best, Explanation)
    assert best.settings.computer.id == computer


def test_shares_of_the_odds_add_up() -> None:
    diagnosis = diagnose(CODE, received=CODE)
    assert diagnosis.best is not None
    shares = [other.share for other in (diagnosis.best, *diagnosis.alternatives)]
    assert sum(shares) == pytest.approx(1)
    assert shares == sorted(shares, reverse=True)
