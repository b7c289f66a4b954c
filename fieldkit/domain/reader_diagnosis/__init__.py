"""Why a card reader does not do what it should: rules over what was seen, in plain Python.

`facts` is what was seen, `finding` what is said of it; `cards`, `readers` and `computer` hold the rules.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from fieldkit.domain.reader_diagnosis import cards, computer, readers
from fieldkit.domain.reader_diagnosis.facts import Situation
from fieldkit.domain.reader_diagnosis.finding import SEVERITIES, Finding

Rule = Callable[[Situation], Iterator[Finding]]

RULES: Final[tuple[Rule, ...]] = (
    computer.service,
    computer.remote_session,
    readers.on_usb_only,
    readers.none_visible,
    readers.galss,
    readers.held,
    readers.programs,
    readers.unavailable,
    readers.driver_trouble,
    cards.mute,
    cards.damaged,
    cards.places,
    cards.agent,
    readers.contactless,
    readers.virtual,
    computer.cryptolib,
    computer.sesam_ini,
)
"""All rules; each looks at the situation on its own."""


def by_severity(findings: list[Finding]) -> list[Finding]:
    """The gravest first; within a severity as the rules stand."""
    return sorted(findings, key=lambda finding: SEVERITIES.index(finding.severity))
