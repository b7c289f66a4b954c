"""Readers of cards and of 2D codes as public lists know them, and which one a computer shows.

A reader may show itself on USB in several ways, each a fact of its own: `KnownDevices.by_usb` tells the way,
`by_pcsc_name` the model behind a name that PC/SC gives. What no source states is empty, or None.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from fieldkit.domain.catalogue.products import ProductKind
from fieldkit.domain.catalogue.sources import Provenance
from fieldkit.domain.folding import fold


@dataclass(frozen=True, slots=True)
class Device:
    """One way in which a reader shows itself to a computer.

    `product` is its identifier in the catalogue, empty where the list knows a maker's id without a model.
    `usb` is `VID:PID` in capitals. `names` are how PC/SC calls it, without serial number, slot or instance.
    `interfaces`: those of contact, contactless and sam that a source names. `modes`: pcsc, keyboard, serial,
    hid, hid-pos, snapi, ibm, oem, config. `libccid` is the first version of the free CCID driver that knows
    it.
    """

    product: str
    maker: str
    model: str
    kind: ProductKind
    usb: str
    names: tuple[str, ...]
    slots: int | None
    interfaces: tuple[str, ...]
    modes: tuple[str, ...]
    libccid: str
    note: str
    origin: Provenance


_USB_DIGITS: Final = 4


class KnownDevices:
    """A list of devices, and what can be asked of it."""

    def __init__(self, devices: Iterable[Device]) -> None:
        self.devices = tuple(devices)
        self._by_usb = {device.usb: device for device in reversed(self.devices) if device.usb}
        self._by_name = sorted(
            ((fold(name), device) for device in self.devices for name in device.names),
            key=lambda pair: -len(pair[0]),
        )

    def by_usb(self, vid: str, pid: str) -> Device | None:
        """The device of these hexadecimal numbers, whatever their case; None where no list has it."""
        return self._by_usb.get(f"{vid.upper():0>{_USB_DIGITS}}:{pid.upper():0>{_USB_DIGITS}}")

    def by_pcsc_name(self, name: str) -> Device | None:
        """The device whose name begins `name`, as PC/SC on any system gives it; the longest such name wins."""
        told = f"{fold(name)} "
        return next((device for known, device in self._by_name if told.startswith(f"{known} ")), None)
