"""What one reading of a test code says, as a value."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from fieldkit.hardware.scanner.alignment import Alignment
from fieldkit.hardware.scanner.hypotheses import Explanation, Settings
from fieldkit.hardware.scanner.informative import Accents, Fate
from fieldkit.hardware.scanner.testcode import TestCode
from fieldkit.hardware.scanner.timing import Timing

Fault = Literal["layout", "caps", "alt", "lost", "truncated", "prefix", "suffix"]
Verdict = Fault | Literal["ok", "unreadable"]
CodeSeen = Literal["current", "kept", "stale", "foreign", "none"]
Interface = Literal["keyboard", "serial", "camera", "image"]


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """What one reading of a test code says. The text received is nowhere in it.

    `code` tells what came: the code expected (`current`), one that was made to be kept, on paper or in a file
    (`kept`, as good), an old picture of another (`stale`), something that is not ours (`foreign`), nothing
    (`none`); `test` is our code, where it is one. `best` is the most plausible explanation, `alternatives`
    those that leave as few faults over, `way` counts the faults. `prefix` and `suffix` are what came around
    the code: the suffix is named (`CR`, `LF`, `CRLF`, `TAB`, or "" for none), at most 8 other characters are
    shown, more are "…". `length` counts the keys or characters that came, suffix and informative piece apart,
    `expected_length` those that were due. `captured` is False for a bare text, where a missing suffix proves
    nothing; `conclusive` is False where the expected text has no letter, since digits alone prove no layout;
    `probed` is False for codes other than A, whose characters do not tell all layouts apart. `alt`: the
    characters came as Alt numbers. `garbled`: bytes that are no text, as at a wrong speed. `character_set`
    names what accents came in, where bytes tell. `faults` come in the order to mend them.
    """

    code: CodeSeen
    suffix: str
    length: int
    expected_length: int
    captured: bool
    interface: Interface = "keyboard"
    timing: Timing | None = None
    test: TestCode | None = None
    best: Explanation | None = None
    alternatives: tuple[Explanation, ...] = ()
    way: Alignment | None = None
    prefix: str = ""
    conclusive: bool = True
    probed: bool = True
    alt: bool = False
    garbled: bool = False
    accents: Accents | None = None
    character_set: str = ""
    controls: tuple[tuple[str, Fate], ...] = ()
    faults: tuple[Fault, ...] = ()

    @property
    def ours(self) -> bool:
        """Whether a test code of ours came, an old one or the right one: only then may its text be shown."""
        return self.code in ("current", "kept", "stale")

    @property
    def told(self) -> bool:
        """Whether the reading counts: the code on screen came, or one made to be kept."""
        return self.code in ("current", "kept")

    @property
    def verdict(self) -> Verdict:
        """The fault to mend first, `ok` for none, `unreadable` where the reading proves nothing."""
        if not self.told:
            return "unreadable"
        if self.faults:
            return self.faults[0]
        return "ok" if self.conclusive else "unreadable"

    @property
    def settings(self) -> Settings | None:
        """The most plausible scanner layout, computer layout and Caps Lock state."""
        return self.best.settings if self.best else None

    @property
    def confidence(self) -> float:
        """How sure the settings are, 0 to 1: their share of the odds, less what they leave unexplained."""
        if self.best is None or not self.conclusive:
            return 0.0
        return self.best.share * max(0.0, 1 - self.best.way.damaged / max(1, self.expected_length))
