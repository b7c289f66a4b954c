"""What became of accents and control characters on their way: told, and never a reason to call a scan bad."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from fieldkit.hardware.scanner.keyboard import Modifiers, Stroke
from fieldkit.hardware.scanner.layouts import Layout
from fieldkit.hardware.scanner.testcode import ACCENTS, CONTROLS

Charset = Literal["intact", "partial", "none", "utf8-as-latin", "latin-as-utf8", "dos", "other"]
Fate = Literal["kept", "dropped", "changed"]

_PAGES: Final = ("cp1252", "iso8859-15", "latin-1", "cp850", "cp437")
_ANCHORS: Final = re.compile("b(.{0,8}?)c(.{0,8}?)d(.{0,8}?)e", re.DOTALL | re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Accents:
    """How the accented characters of code B arrived: in one word, and which of them did not."""

    charset: Charset
    missing: str = ""


def accents(got: str) -> Accents:
    """Judge what arrived in the place of ACCENTS."""
    missing = "".join(character for character in ACCENTS if character not in got)
    if got == ACCENTS:
        return Accents("intact")
    if not got:
        return Accents("none", missing)
    if got in {_misread(ACCENTS, "utf-8", page) for page in _PAGES}:
        return Accents("utf8-as-latin", missing)
    if got in {_misread(ACCENTS, page, "utf-8") for page in _PAGES}:
        return Accents("latin-as-utf8", missing)
    if got in {_misread(ACCENTS, one, other) for one in _PAGES for other in _PAGES}:
        return Accents("dos", missing)
    if got and all(character in ACCENTS for character in got):
        return Accents("partial", missing)
    return Accents("other", missing)


def accents_in_bytes(got: bytes) -> tuple[Accents, str]:
    """The same for bytes, with the character set they came in, "" where it is none we know."""
    for page in ("utf-8", *_PAGES):
        if got == ACCENTS.encode(page, "replace"):
            lost = "".join(c for c in ACCENTS if c.encode(page, "replace") == b"?")
            return Accents("partial" if lost else "intact", lost), page
    return accents(got.decode("utf-8", "replace")), ""


def controls(got: str) -> tuple[tuple[str, Fate], ...]:
    """What became of GS, RS and EOT in what arrived in the place of CONTROL_PROBE; () where it cannot be told."""
    found = _ANCHORS.search(got)
    if found is None:
        return ()
    return tuple(
        (name, "kept" if piece == character else "changed" if piece else "dropped")
        for (name, character), piece in zip(CONTROLS.items(), found.groups(), strict=True)
    )


def with_controls(strokes: Sequence[Stroke], scanner: Layout) -> str:
    """What the scanner meant by `strokes`, Ctrl and a key being the control character it stands for."""
    return "".join(_meant(stroke, scanner) for stroke in strokes)


def is_control(stroke: Stroke) -> bool:
    """Whether a stroke is a control character other than those that end a scan."""
    return bool(stroke.text) and ord(stroke.text[0]) < 32 and stroke.text not in "\r\n\t"


def _meant(stroke: Stroke, scanner: Layout) -> str:
    if is_control(stroke):
        return stroke.text
    key = stroke.key
    character = stroke.text if key is None else scanner.cell(key)
    held = Modifiers.CONTROL in stroke.modifiers and Modifiers.ALTGR not in stroke.modifiers
    return chr(ord(character.upper()) & 0x1F) if held and len(character) == 1 else character


def _misread(text: str, written: str, read: str) -> str:
    return text.encode(written, "replace").decode(read, "replace")
