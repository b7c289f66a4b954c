"""Which reader it is: maker, model, USB id, firmware, from its driver or else from its name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from fieldkit.hardware.pcsc.asking import ask
from fieldkit.hardware.pcsc.attributes import Attributes, Outcome, Reading
from fieldkit.hardware.pcsc.bench import Bench, Slot
from fieldkit.hardware.pcsc.models import Models, ReaderModel, load
from fieldkit.hardware.pcsc.pairing import Device, paired
from fieldkit.paths import resource

Ask = Callable[[str], Reading]
Told = Literal["driver", "model"]

_ANSWERED: Final[frozenset[Outcome]] = frozenset({"read", "crashed", "timed-out"})


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


class Identities:
    """Who the readers are, each driver asked once: for as long as the reader stays plugged in."""

    def __init__(self, ask: Ask = ask, models: Models | None = None) -> None:
        self._ask = ask
        self._models = known_models() if models is None else models
        self._readings: dict[str, Reading] = {}

    def ask_drivers(self, bench: Bench) -> None:
        """Ask the drivers of readers not asked yet, through an empty slot; takes up to seconds for each."""
        devices = _devices(bench)
        for device in devices:
            empty = next((slot for slot in device.slots if slot.state == "empty"), None)
            if device.name not in self._readings and empty is not None:
                reading = self._ask(empty.raw)
                if reading.outcome in _ANSWERED:
                    self._readings[device.name] = reading
        for gone in self._readings.keys() - {device.name for device in devices}:
            del self._readings[gone]

    def of(self, bench: Bench) -> dict[Slot, Identity]:
        """What is known of the reader of each slot; virtual readers are nobody's make."""
        found: dict[Slot, Identity] = {}
        for device in _devices(bench):
            identity = self._identity(self._readings.get(device.name), device.slots[0].name)
            found |= dict.fromkeys(device.slots, identity)
        return found

    def _identity(self, reading: Reading | None, name: str) -> Identity:
        told = reading.attributes if reading else Attributes()
        model = (self._models.by_id(told.vid_pid) if told.vid_pid else None) or self._models.by_name(name)
        return Identity(
            maker=model.maker if model else told.vendor,
            model=model.model if model else told.model,
            vid_pid=told.vid_pid or (model.vid_pid if model else None),
            vid_pid_from=_source(told, model),
            firmware=told.firmware,
            serial=told.serial,
            outcome=reading.outcome if reading else None,
            code=reading.code if reading else 0,
        )


def known_models() -> Models:
    """The models in the file of devices."""
    return load(resource("devices", "card_readers.json"))


def of(bench: Bench) -> Mapping[Slot, Identity]:
    """Who the readers of one look are; asks their drivers."""
    identities = Identities()
    identities.ask_drivers(bench)
    return identities.of(bench)


def _source(told: Attributes, model: ReaderModel | None) -> Told | None:
    if told.vid_pid:
        return "driver"
    return "model" if model and model.vid_pid else None


def _devices(bench: Bench) -> tuple[Device, ...]:
    return paired(slot for slot in bench.readers if not slot.virtual)
