"""A scanner that follows a script: the strokes a window would receive, for training mode and tests."""

from __future__ import annotations

from fieldkit.hardware.scanner.keyboard import DeadKeys, Modifiers, Stroke, pieces
from fieldkit.hardware.scanner.layouts import Layout, press


def scan(
    text: str,
    scanner: Layout,
    computer: Layout,
    *,
    caps: bool = False,
    end: str = "\r",
    gap_ms: float = 8.0,
    scan_codes: bool = True,
) -> list[Stroke]:
    """The strokes of one scan of `text`, received without an input method; `end` is CR, TAB or none."""
    keys = press(scanner, text + end)
    texts = pieces(keys, computer, caps, DeadKeys.RAW)
    strokes = []
    for number, (key, piece) in enumerate(zip(keys, texts, strict=True)):
        modifiers = Modifiers.SHIFT if key.shift else Modifiers.NONE
        if key.altgr:
            modifiers |= Modifiers.ALTGR
        if caps:
            modifiers |= Modifiers.CAPS_LOCK
        strokes.append(Stroke(piece, key.position if scan_codes else None, modifiers, number * gap_ms))
    return strokes
