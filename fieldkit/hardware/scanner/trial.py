"""All readings of one scanner at one workstation, and what they say together."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final, Literal

from fieldkit.hardware.scanner.aspects import Aspect, aspects
from fieldkit.hardware.scanner.diagnosis import Diagnosis
from fieldkit.hardware.scanner.hypotheses import Settings

Outcome = Literal["good", "fault", "unstable", "not-tested"]

SERIES: Final = 5
"""Readings of the same code that make a figure of reliability."""


@dataclass(frozen=True, slots=True)
class Shot:
    """One reading that counts, and the symbology it was shown in ("" where that is not known)."""

    diagnosis: Diagnosis
    symbology: str = ""

    @property
    def what(self) -> tuple[str, str]:
        """What was read, and by which way in: later readings of the same take the place of earlier ones."""
        test = self.diagnosis.test
        return self.diagnosis.interface, test.kind if test else ""

    @property
    def intact(self) -> bool:
        """Whether every character was sent, whatever the layouts made of it."""
        way = self.diagnosis.way
        return way is not None and not way.damaged and not way.cut


@dataclass(frozen=True, slots=True)
class Reliability:
    """How many of the last readings of the same code came whole: `whole` of `done`, `wanted` in a series."""

    whole: int
    done: int
    wanted: int = SERIES

    @property
    def finished(self) -> bool:
        """Whether the series is complete: before that it is no figure."""
        return self.done >= self.wanted


@dataclass(frozen=True, slots=True)
class Trial:
    """The readings, oldest first; those of something else than our codes are only counted."""

    shots: tuple[Shot, ...] = ()
    others: int = 0

    def add(self, diagnosis: Diagnosis, symbology: str = "") -> Trial:
        """The trial with one more reading."""
        if not diagnosis.told:
            return replace(self, others=self.others + 1)
        return replace(self, shots=(*self.shots, Shot(diagnosis, symbology)))

    @property
    def latest(self) -> tuple[Shot, ...]:
        """The last reading of each kind of code by each way in."""
        return tuple({shot.what: shot for shot in self.shots}.values())

    @property
    def settings(self) -> Settings | None:
        """The layouts, as the last code A told them, else the last code of another kind."""
        told = [shot.diagnosis for shot in self.shots if shot.diagnosis.settings]
        probed = [diagnosis for diagnosis in told if diagnosis.probed]
        return (probed or told)[-1].settings if told else None

    @property
    def lengths(self) -> tuple[int, ...]:
        """The lengths, in characters, of the long codes whose last reading came whole."""
        return tuple(sorted(shot.diagnosis.test.tested_length for shot in self.latest
                            if shot.intact and shot.diagnosis.test and shot.diagnosis.test.tested_length))  # fmt: skip

    @property
    def symbologies(self) -> tuple[str, ...]:
        """The symbologies that were read."""
        return tuple(sorted({shot.symbology for shot in self.shots if shot.symbology}))

    @property
    def interfaces(self) -> tuple[str, ...]:
        """The ways in that were tried: keyboard, serial, camera, image."""
        return tuple(sorted({shot.diagnosis.interface for shot in self.shots}))

    @property
    def aspects(self) -> tuple[Aspect, ...]:
        """Every aspect as the last readings tell it: what is to be mended in one of them is to be mended."""
        return _worst(aspect for shot in self.latest for aspect in aspects(shot.diagnosis))

    @property
    def reliability(self) -> Reliability:
        """The last readings of the code that was read last, without a reading of another between."""
        same: list[Shot] = []
        for shot in reversed(self.shots):
            if shot.what != self.shots[-1].what or len(same) == SERIES:
                break
            same.append(shot)
        return Reliability(sum(shot.intact for shot in same), len(same))

    @property
    def unstable(self) -> bool:
        """Whether the same code came whole at one reading and damaged at another, in the last of them."""
        seen: dict[tuple[str, str], list[bool]] = {}
        for shot in self.shots:
            seen.setdefault(shot.what, []).append(shot.intact)
        return any(len(set(whole[-SERIES:])) > 1 for whole in seen.values())

    @property
    def outcome(self) -> Outcome:
        """`good` only where each way in was proven: layouts told apart, where a keyboard stood in between."""
        if self.unstable:
            return "unstable"
        if any(shot.diagnosis.faults for shot in self.latest):
            return "fault"
        proven = {shot.diagnosis.interface for shot in self.latest
                  if shot.diagnosis.probed and shot.diagnosis.verdict == "ok"}  # fmt: skip
        return "good" if self.shots and proven.issuperset(self.interfaces) else "not-tested"


_RANK: Final = {"untested": 0, "good": 1, "fix": 2}


def _worst(found: Iterable[Aspect]) -> tuple[Aspect, ...]:
    kept: dict[str, Aspect] = {}
    for aspect in found:
        known = kept.get(aspect.id)
        if known is None or _RANK[aspect.state] >= _RANK[known.state]:
            kept[aspect.id] = aspect
    return tuple(kept.values())
