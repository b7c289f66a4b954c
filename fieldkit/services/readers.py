"""The card readers of this computer: a look, a watch, and both in the shapes of the command line."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from fieldkit.hardware.pcsc.atr import spaced
from fieldkit.hardware.pcsc.bench import Bench, Event, Service, Slot, SlotState
from fieldkit.hardware.pcsc.cards import CardClass, Family, shown
from fieldkit.hardware.pcsc.errors import Fault
from fieldkit.hardware.pcsc.monitor import Monitor
from fieldkit.hardware.pcsc.pairing import device_of
from fieldkit.hardware.pcsc.readers import Interface
from fieldkit.hardware.pcsc.scard import Scard, load
from fieldkit.hardware.pcsc.words import answer_text, event_text, place_text, service_text, state_text
from fieldkit.i18n import _
from fieldkit.services import training

if TYPE_CHECKING:
    from fieldkit.services.reader_identity import Identity

__all__ = [
    "Bench",
    "CardClass",
    "Event",
    "Family",
    "Fault",
    "Interface",
    "ReaderWatch",
    "Service",
    "Slot",
    "SlotState",
    "answer_text",
    "bench_json",
    "event_json",
    "event_text",
    "list_readers",
    "place_text",
    "service_text",
    "shown",
    "state_text",
    "test_run_fields",
    "watch",
]


def list_readers(scard: Scard | None = None) -> Bench:
    """The readers as they are now; a service that does not answer is told in the bench, never raised."""
    return _monitor(scard).look()


def watch(seconds: float, on_event: Callable[[Event], None], scard: Scard | None = None) -> None:
    """Call `on_event` for what is there and for all that happens during `seconds`."""
    ReaderWatch(on_event=on_event, scard=scard).run(seconds)


class ReaderWatch:
    """A watch that runs in the thread that calls `run`, where the callbacks are called too.

    `on_bench` gets the whole bench at once and after each change, `on_event` each thing that happens.
    """

    def __init__(
        self,
        on_bench: Callable[[Bench], None] | None = None,
        on_event: Callable[[Event], None] | None = None,
        scard: Scard | None = None,
    ) -> None:
        self._monitor = _monitor(scard)
        self._on_bench = on_bench
        self._on_event = on_event

    def run(self, seconds: float | None = None) -> None:
        """Watch for `seconds`, or until `stop`. A fault of the card service is a bench, not an exception."""
        for change in self._monitor.watch(seconds):
            if self._on_bench is not None:
                self._on_bench(change.bench)
            if self._on_event is not None:
                for event in change.events:
                    self._on_event(event)

    def stop(self) -> None:
        """End `run` from any thread; returns at once, and `run` within a second, mostly much sooner."""
        self._monitor.stop()


def bench_json(bench: Bench, who: Mapping[Slot, Identity] | None = None) -> dict[str, Any]:
    """The shape of `readers` in cli.md, with `training` where the readers are simulated.

    `atr` is for this computer alone, `atr_text` the part of it that may leave it. `who` is what is known of
    the readers (`reader_identity.of`); what nobody told is null.
    """
    known = who or {}
    return {
        "service": bench.service,
        "readers": [_slot_json(slot, known.get(slot)) for slot in bench.readers],
        "fault": _fault_json(bench.fault),
        **({"training": True} if bench.training else {}),
    }


def event_json(event: Event) -> dict[str, object]:
    """The shape of one line of `readers --watch` in cli.md."""
    return {
        "t_ms": event.t_ms,
        "event": event.kind,
        "name": event.slot and event.slot.name,
        "slot": event.slot and event.slot.slot,
        "state": event.state,
        "atr": _atr_json(event.atr),
        "card": _card_json(event.card),
        "already": event.already,
        "text": event_text(event),
    }


def seen_as_facts(bench: Bench) -> dict[str, tuple[str, ...]]:
    """The readers of this computer as facts of a workstation: field -> the devices it may be.

    A simulated reader, a virtual one, or one whose interface nobody knows, is no fact.
    """
    fields = {"contact": "card_reader", "contactless": "nfc_reader"}
    seen: dict[str, dict[str, None]] = {}
    for slot in () if bench.training else bench.readers:
        field = fields.get(slot.interface)
        if field and not slot.virtual:
            seen.setdefault(field, {})[device_of(slot)] = None
    return {field: tuple(names) for field, names in seen.items()}


def test_run_fields(bench: Bench) -> dict[str, object]:
    """The fields of a `test_run` that say what the readers see; visit, workstation and time are the caller's.

    Good where a health card answers and none is mute; not tested where no card is in; what ails a virtual reader is
    no fault of the bench. No ATR is kept.
    Raises KnownError `training-result` where the readers are simulated.
    """
    training.refuse(bench.training)
    mute = any(slot.state in ("mute", "unavailable") for slot in bench.readers if not slot.virtual)
    answering = [slot for slot in bench.readers if slot.card is not None and slot.card.health]
    verdict = "good" if answering else "not-tested"
    if bench.fault is not None or not bench.readers or mute:
        verdict = "fault"
    seen = [f"{place_text(slot)} : {state_text(slot)}" for slot in bench.readers]
    summary = bench.fault.message if bench.fault else " ".join(seen) or _("Aucun lecteur n'est visible.")
    slots = [
        {
            "name": slot.name,
            "slot": slot.slot,
            "interface": slot.interface,
            "state": slot.state,
            "family": slot.card and slot.card.family,
            "insertions": slot.insertions,
        }
        for slot in bench.readers
    ]
    return {
        "kind": "readers",
        "verdict": verdict,
        "summary": summary,
        "details": {"service": bench.service, "slots": slots},
    }


def _monitor(scard: Scard | None) -> Monitor:
    return Monitor(scard or load(), training=training.is_training(scard))


def _slot_json(slot: Slot, who: Identity | None) -> dict[str, object]:
    return {
        "name": slot.name,
        "device": device_of(slot),
        "slot": slot.slot,
        "interface": slot.interface,
        "virtual": slot.virtual,
        "state": slot.state,
        "state_text": state_text(slot),
        "atr": _atr_json(slot.atr),
        "atr_text": shown(slot.atr) or None,
        "card": _card_json(slot.card),
        "maker": who and who.maker,
        "model": who and who.model,
        "vid_pid": who and who.vid_pid,
        "vid_pid_from": who and who.vid_pid_from,
        "firmware": who and who.firmware,
        "serial": who and who.serial,
        "changed_at": slot.changed_at and slot.changed_at.isoformat(timespec="milliseconds"),
        "insertions": slot.insertions,
        "answer_ms": slot.answer_ms,
        "fault": _fault_json(slot.fault),
    }


def attributes_of(name: str) -> str:
    """What the driver of a slot tells, asked in this very process, as the child's answer to `asking.ask`."""
    from fieldkit.hardware.pcsc import asking, attributes

    return asking.answer(attributes.read(name))


def _atr_json(atr: bytes) -> str | None:
    return spaced(atr) if atr else None


def _card_json(card: CardClass | None) -> dict[str, object] | None:
    if card is None:
        return None
    return {"family": card.family, "health": card.health, "label": card.label}


def _fault_json(fault: Fault | None) -> dict[str, str] | None:
    return None if fault is None else fault.as_dict()
