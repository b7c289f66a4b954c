"""A browser without a window: it goes where a sign-in sends it, and follows the provider back."""

from __future__ import annotations

import threading
from collections.abc import Callable

import httpx

from tests.registry.caller import LOOPBACK


class Browser:
    """Give `show` to a sign-in; what it saw last is in `page`."""

    def __init__(self, change: Callable[[str], str] = lambda url: url) -> None:
        """`change` is made to the address of the way back, as somebody hostile might."""
        self._change = change
        self.address = ""
        self.page: httpx.Response | None = None
        self._threads: list[threading.Thread] = []

    def show(self, address: str) -> None:
        """Go to an address, as another process would."""
        self.address = address
        self._threads.append(threading.Thread(target=self._go, name="browser"))
        self._threads[-1].start()

    def close(self) -> None:
        """Wait until it has seen its page."""
        for thread in self._threads:
            thread.join(60)

    def _go(self) -> None:
        back = httpx.get(self.address, **LOOPBACK)
        assert back.status_code == 302
        self.page = httpx.get(self._change(back.headers["Location"]), **LOOPBACK)
