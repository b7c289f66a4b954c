"""One thing to say of the readers of a computer."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Final, Literal, get_args

from fieldkit.domain.rulesets import OWNERS

Severity = Literal["error", "warning", "info"]
SEVERITIES: Final[tuple[Severity, ...]] = get_args(Severity)
"""The gravest first: it does not work; it may not work; good to know."""

PS, EDITOR, SUPPORT, DELEGATE = OWNERS


@dataclass(frozen=True, slots=True)
class Finding:
    """`title` is what is wrong, `evidence` what was seen, `remedy` what to do and `owner` (one of `OWNERS`) who does.

    All are in the language in use, `code` is stable. `source` says where a fact of the trade is from,
    with its date; it is empty where all was seen on this computer.
    """

    code: str
    severity: Severity
    title: str
    evidence: str
    remedy: str
    owner: str
    source: str = ""

    def as_dict(self) -> dict[str, str]:
        """Plain values, by field name."""
        return asdict(self)
