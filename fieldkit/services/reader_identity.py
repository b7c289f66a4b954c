"""Which reader it is: maker, model, USB id, firmware, from its driver or else from its name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from fieldkit.domain.catalogue import Device as Model
from fieldkit.domain.catalogue import KnownDevices
from fieldkit.hardware.pcsc.asking import ask
from fieldkit.hardware.pcsc.attributes import Attributes, Outcome, Reading
from fieldkit.hardware.pcsc.bench import Bench, Slot
from fieldkit.hardware.pcsc.pairing import Device, paired
from fieldkit.services import devices

Ask = Callable[[str], Reading]
Told = Literal["driver", "model"]

_ANSWERED: Final[frozenset[Outcome]] = frozenset({"read", "refused", "crashed", "timed-out"})
"""All but `occupied`: such a reader is asked again once a slot of it is empty."""


@dataclass(frozen=True, slots=True)
class Identity:
    """A reader; None is "not told". `vid_pid_from`: its driver said so, or its name is that of a known model.

    `serial` is the device's own. `outcome` is how asking its driver ended, None while it was not asked.
    """

    maker: str | None = None
    model: str | None = None
    vid_pid: str | None = None
    vid_pid_from: Told | None = None
    firmware: str | None = None
    serial: str | None = None
    outcome: Outcome | None = None
    code: int = 0

    @property
    def label(self) -> str | None:
        """Maker and model, as far as they are told."""
        return called(self.maker, self.model)


class Identities:
    """Who the readers are, each driver asked once: for as long as the reader stays plugged in."""

    def __init__(self, ask_driver: Ask | None = None, models: KnownDevices | None = None) -> None:
        self._ask = ask_driver or ask
        self._models = models or devices.known()
        self._readings: dict[str, Reading] = {}

    def ask_drivers(self, bench: Bench) -> None:
        """Ask the drivers of readers not asked yet, through an empty slot; takes up to seconds for each.

        Nothing is asked in training: no driver stands behind simulated readers.
        """
        plugged = () if bench.training else _devices(bench)
        for device in plugged:
            empty = next((slot for slot in device.slots if slot.state == "empty"), None)
            if device.name not in self._readings and empty is not None:
                reading = self._ask(empty.raw)
                if reading.outcome in _ANSWERED:
                    self._readings[device.name] = reading
        for gone in self._readings.keys() - {device.name for device in plugged}:
            del self._readings[gone]

    def pending(self, bench: Bench) -> bool:
        """Whether `ask_drivers` would ask something now."""
        return not bench.training and any(
            device.name not in self._readings and any(slot.state == "empty" for slot in device.slots)
            for device in _devices(bench)
        )

    def of(self, bench: Bench) -> dict[Slot, Identity]:
        """What is known of the reader of each slot; virtual readers are nobody's make."""
        found: dict[Slot, Identity] = {}
        for device in _devices(bench):
            identity = self._identity(self._readings.get(device.name), device.slots[0].name)
            found |= dict.fromkeys(device.slots, identity)
        return found

    def _identity(self, reading: Reading | None, name: str) -> Identity:
        told = reading.attributes if reading else Attributes()
        model = self._models.by_usb(*told.vid_pid.split(":")) if told.vid_pid else None
        model = model or self._models.by_pcsc_name(name)
        usb = _usb_of(model, self._models)
        return Identity(
            maker=model.maker if model else told.vendor,
            model=model.model if model else told.model,
            vid_pid=told.vid_pid or usb,
            vid_pid_from="driver" if told.vid_pid else "model" if usb else None,
            firmware=told.firmware,
            serial=told.serial,
            outcome=reading.outcome if reading else None,
            code=reading.code if reading else 0,
        )


def called(maker: str | None, model: str | None) -> str | None:
    """How to call a model; one that bears its maker's name is not named twice."""
    if maker and model and model.startswith(maker):
        return model
    return " ".join(filter(None, (maker, model))) or None


def of(bench: Bench) -> Mapping[Slot, Identity]:
    """Who the readers of one look are; asks their drivers."""
    identities = Identities()
    identities.ask_drivers(bench)
    return identities.of(bench)


def _usb_of(model: Model | None, known: KnownDevices) -> str | None:
    """The USB id of a model that has one only; among several, its name does not tell which is plugged in."""
    ids = {device.usb for device in known.devices if model and device.product == model.product and device.usb}
    return ids.pop() if len(ids) == 1 else None


def _devices(bench: Bench) -> tuple[Device, ...]:
    return paired(slot for slot in bench.readers if not slot.virtual)
