"""What the name of a reader tells: its model without the serial number, its slot, how it talks to cards.

The three systems name readers each in their own way (domain.md §3.3); the shape of the name tells which.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Literal

Interface = Literal["contact", "contactless", "sam", "unknown"]


@dataclass(frozen=True, slots=True)
class ReaderName:
    """`friendly`: maker and model, never a serial number. `slot`: which slot of the device, from 0."""

    friendly: str
    slot: int
    interface: Interface
    virtual: bool


_PCSC_LITE: Final = re.compile(r"(?P<name>.*?) [01][0-9A-F] (?P<slot>0[0-9A-F])")
"""Number of the reader, number of the slot; pcsc-lite knows 16 readers, so both stay small."""
_SERIAL: Final = re.compile(r" ?\([^()]*\)$")
_INTERFACE_STRING: Final = re.compile(r" ?\[(?P<text>.*)\]$")
_TERMINAL_SLOT: Final = re.compile(r"\bTL\b.* (?P<ordinal>[1-9])$")
"""Kapelse terminals name their two contact slots `TL <model> 1` and `TL <model> 2`."""

_NUMBERED_SLOT: Final = re.compile(r"(?P<name>.+?)(?: (?P<a>[1-9]) \d{1,2}|\((?P<b>[1-9])\))")
"""`Ingenico TL TELIUM 1 0` on Windows, `Ingenico TL TELIUM(1)` on macOS."""
_INSTANCE: Final = re.compile(r"(?P<name>.+) (?P<slot>\d{1,2})")
"""`… Reader 0`, `… Reader 1` on Windows; no number, then ` 01`, ` 02` on macOS."""

_TOKENS: Final = re.compile(r"[^\W_]+")
_CONTACTLESS_TOKEN: Final = re.compile(r"\d*cl|picc|cless|contactless|nfc")
_CONTACT_TOKEN: Final = re.compile(r"contact|contacted|icc")
_CONTACT_MODELS: Final = ("kap-go", "es-kap-ad", "ssc-hv")
_CONTACTLESS_MODELS: Final = ("kap-ecv",)
_VIRTUAL: Final = re.compile(r"virtual|windows hello|yubikey|\brdp\b|\bremote\b|\bvpcd\b", re.IGNORECASE)


def parse(raw: str) -> ReaderName:
    """What `raw`, a name as PC/SC gives it, tells. A name of no known shape is taken as it is."""
    name = " ".join(raw.split())
    if lite := _PCSC_LITE.fullmatch(name):
        return _pcsc_lite(lite["name"], int(lite["slot"], 16))
    if numbered := _NUMBERED_SLOT.fullmatch(name):
        return _named(numbered["name"], int(numbered["a"] or numbered["b"]) - 1, name)
    if instance := _INSTANCE.fullmatch(name):
        return _named(instance["name"], int(instance["slot"]), name)
    return _named(name, 0, name)


def _pcsc_lite(described: str, slot: int) -> ReaderName:
    """pcsc-lite describes a device as `model [interface string] (serial)`, either part being optional."""
    described = _SERIAL.sub("", described)
    interface = _INTERFACE_STRING.search(described)
    model = _INTERFACE_STRING.sub("", described)
    if interface is None:
        return _named(model, slot, model)
    terminal = _TERMINAL_SLOT.search(interface["text"])
    if terminal is None:
        return _named(model, slot, f"{interface['text']} {model}")
    return ReaderName(model, int(terminal["ordinal"]) - 1, "contact", _is_virtual(model))


def _named(friendly: str, slot: int, told: str) -> ReaderName:
    return ReaderName(friendly, slot, _interface(told), _is_virtual(told))


def _interface(told: str) -> Interface:
    """Words first; then the models whose interface is public (CCID readers list, domain.md §3.1, §3.3)."""
    lower = told.lower()
    tokens = _TOKENS.findall(lower)
    if "sam" in tokens:
        return "sam"
    if any(_CONTACTLESS_TOKEN.fullmatch(token) for token in tokens):
        return "contactless"
    if any(model in lower for model in _CONTACTLESS_MODELS):
        return "contactless"
    if any(_CONTACT_TOKEN.fullmatch(token) for token in tokens):
        return "contact"
    if any(model in lower for model in _CONTACT_MODELS):
        return "contact"
    return "unknown"


def _is_virtual(told: str) -> bool:
    return _VIRTUAL.search(told) is not None
