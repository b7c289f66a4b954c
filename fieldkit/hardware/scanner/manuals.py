"""What Honeywell, Zebra, Datalogic and Newland call a setting in their manuals.

Settings are named, never set: a programming barcode printed from memory could ruin somebody's scanner.
Sources are in resources/devices/scanner_settings.json.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from typing import Any

from fieldkit.paths import resource


def names(setting: str) -> Mapping[str, str]:
    """What each maker calls `setting` (`layout`, `delay`…): maker → words; empty where we know none."""
    known = _settings()
    makers: dict[str, str] = known["makers"]
    return {makers[maker]: words for maker, words in known["settings"].get(setting, {}).items()}


def in_words(setting: str, maker: str = "") -> str:
    """`names` in one line, of all makers, or of the one that `maker` begins with the name of."""
    known = names(setting)
    own = {name: words for name, words in known.items() if maker.startswith(name)}
    gap = "\u00a0"  # so that no line breaks between a mark and its word
    return " · ".join(f"{name}{gap}: «{gap}{words}{gap}»" for name, words in (own or known).items())


@cache
def _settings() -> dict[str, Any]:
    path = resource("devices", "scanner_settings.json")
    known: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return known
