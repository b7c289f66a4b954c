"""Readers as public lists know them, to put a name on what a computer shows."""

from __future__ import annotations

from functools import lru_cache

from fieldkit.domain.catalogue import KnownDevices
from fieldkit.importers import devices
from fieldkit.paths import resource


@lru_cache(maxsize=1)
def known() -> KnownDevices:
    """Every reader of the lists that travel with the app: ask `by_usb(vid, pid)` or `by_pcsc_name(name)`.

    A device's `product` opens its card (`services.catalogue.show`). Raises KnownError `devices-damaged`.
    """
    return KnownDevices(devices.read(resource("devices")))
