"""The readers that travel with the app (`resources/devices`), as devices and as facts of the catalogue."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from fieldkit.domain.catalogue import (
    Catalogue,
    Device,
    Editor,
    EditorMention,
    Product,
    ProductKind,
    Provenance,
    entry_id,
)
from fieldkit.errors import KnownError
from fieldkit.i18n import _

_CARD_READERS: Final = "card_readers.json"
_SCANNERS: Final = "scanners.json"

_CALLED: Final = {
    ProductKind.CARD_READER: "lecteur de cartes",
    ProductKind.QR_READER: "lecteur de QR code",
    ProductKind.COMBINED_READER: "lecteur combiné, cartes et QR code",
}


def fingerprint(folder: Path) -> str:
    """A digest of the lists in `folder`: it changes when, and only when, one does."""
    return hashlib.sha256(b"".join(path.read_bytes() for path in _files(folder))).hexdigest()


def read(folder: Path) -> tuple[Device, ...]:
    """Every device of the lists in `folder`, card readers first.

    Raises KnownError `devices-damaged` where a list is missing or is not what it should be.
    """
    try:
        cards, scanners = (json.loads(path.read_text(encoding="utf-8")) for path in _files(folder))
        readers = tuple(_card_readers(cards))
        known = {device.usb for device in readers}
        return readers + tuple(device for device in _scanners(scanners) if device.usb not in known)
    except (OSError, KeyError, TypeError, ValueError) as error:
        raise KnownError(
            "devices-damaged",
            _("La liste des lecteurs livrée avec l'application est illisible ({detail}).").format(
                detail=error
            ),
            _("Réinstallez l'application ; vos visites ne sont pas touchées."),
        ) from error


def as_catalogue(devices: Sequence[Device], known: Catalogue) -> Catalogue:
    """`devices` as facts of the catalogue: products, their makers where `known` lacks them, and themselves."""
    sold = {device.product: device for device in reversed(devices) if device.product}
    makers = {device.maker: device.origin for device in reversed(devices) if device.product}
    have = {editor.id for editor in known.editors}
    new = {name: origin for name, origin in makers.items() if entry_id("editor", name) not in have}
    return Catalogue(
        as_of=known.as_of,
        editors=tuple(
            Editor(entry_id("editor", name), name, (), (), origin.as_of, "", origin)
            for name, origin in sorted(new.items())
        ),
        mentions=tuple(
            EditorMention(entry_id("editor", name), name, "equipment_maker", "", origin)
            for name, origin in sorted(makers.items())
        ),
        products=tuple(_product(device) for device in sorted(sold.values(), key=lambda item: item.product)),
        devices=tuple(device for device in devices if device.product),
    )


def _files(folder: Path) -> tuple[Path, Path]:
    return folder / _CARD_READERS, folder / _SCANNERS


def _product(device: Device) -> Product:
    return Product(
        id=device.product,
        name=device.model,
        editor=entry_id("editor", device.maker),
        editor_as_written=device.maker,
        editor_basis="stated",
        kind=device.kind,
        kind_as_written=_CALLED[device.kind],
        mobility=None,
        professions=(),
        professions_as_written="",
        description=device.note,
        other_mentions="",
        note="",
        origin=device.origin,
    )


def _card_readers(listed: dict[str, Any]) -> Iterator[Device]:
    for row in listed["readers"]:
        source = listed["sources"][row["source"]]
        for usb in row["usb"] or ("",):
            yield Device(
                product=_product_id(row["maker"], row["model"]),
                maker=row["maker"],
                model=row["model"],
                kind=ProductKind(row["kind"]),
                usb=usb,
                names=tuple(row["names"]),
                slots=row.get("slots"),
                interfaces=tuple(row.get("interfaces", ())),
                modes=tuple(row["modes"]),
                libccid=row.get("libccid", ""),
                note=row.get("note", ""),
                origin=Provenance(source["source"], source["as_of"], row["locator"]),
            )


def _scanners(listed: dict[str, Any]) -> Iterator[Device]:
    for maker in listed["makers"]:
        name = maker["maker"].partition(" (")[0]
        modes = maker.get("mode_by_last_byte", {})
        families = maker.get("model_by_first_byte", {})
        products = maker["products"] | {
            first + last: [model, mode] for first, model in families.items() for last, mode in modes.items()
        }
        for pid, (model, mode) in products.items():
            yield Device(
                product=_product_id(name, model) if model else "",
                maker=name,
                model=model,
                kind=ProductKind.QR_READER,
                usb=f"{maker['vid']}:{pid}",
                names=(),
                slots=None,
                interfaces=(),
                modes=(mode,) if mode else (),
                libccid="",
                note=maker["maker"] if maker["maker"] != name else "",
                origin=Provenance(listed["source"], listed["as_of"], maker["vid"]),
            )


def _product_id(maker: str, model: str) -> str:
    """Models of two makers may share a name; a model that bears its maker's is not named twice."""
    return entry_id("product", model if model.startswith(maker) else f"{maker} {model}")
