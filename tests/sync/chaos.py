"""A bad network between laptops and a registry: it delays, cuts, swallows answers, repeats requests, or answers itself.

An HTTP proxy on asyncio, in a thread of its own. What happens to each request is drawn by lot from a seed.
"""

from __future__ import annotations

import asyncio
import random
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Final
from urllib.parse import urlsplit

FATES: Final = ("pass", "delay", "cut request", "cut answer", "swallow answer", "repeat", "portal")
PORTAL: Final = (
    b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\n\r\n"
    b"<html><body>Bienvenue ! Acceptez les conditions.</body></html>"
)
"""What a hotel's network says before one has signed in."""
LONGEST_DELAY: Final = 0.02
PATIENCE: Final = 20


class Chaos:
    """The way to the registry at `url`; of 100 requests, `share` meet with something."""

    def __init__(self, url: str, seed: int, share: int) -> None:
        self._port = urlsplit(url).port
        self._chance = random.Random(seed)
        self.share = share
        """Set to 0, the network works again."""
        self.met: Counter[str] = Counter()
        """How often each fate was met."""
        self.url = ""

    async def serve(self, near: asyncio.StreamReader, back: asyncio.StreamWriter) -> None:
        """Take one request from a laptop, and do to it what the lot says."""
        with suppress(OSError, asyncio.IncompleteReadError):
            request = await _message(near)
            fate = self._chance.choice(FATES[1:]) if self._chance.randrange(100) < self.share else "pass"
            self.met[fate] += 1
            answer = await self._meet(fate, request)
            if fate == "cut answer":
                answer = answer[: self._chance.randrange(len(answer) or 1)]
            back.write(answer)
            await back.drain()
        back.close()

    async def _meet(self, fate: str, request: bytes) -> bytes:
        if fate == "portal":
            return PORTAL
        if fate == "cut request":
            return await self._ask(request[: self._chance.randrange(len(request))], whole=False)
        if fate == "delay":
            await asyncio.sleep(self._chance.random() * LONGEST_DELAY)
        answer = await self._ask(request)
        if fate == "repeat":
            return self._chance.choice([answer, await self._ask(request)])
        return b"" if fate == "swallow answer" else answer

    async def _ask(self, request: bytes, *, whole: bool = True) -> bytes:
        there, onward = await asyncio.open_connection("127.0.0.1", self._port)
        try:
            onward.write(request)
            await onward.drain()
            return await there.read() if whole else b""
        finally:
            onward.close()


async def _message(near: asyncio.StreamReader) -> bytes:
    """One request, which says how long it is; it is sent on as the only one of its connection."""
    head = await near.readuntil(b"\r\n\r\n")
    lines = [line for line in head[:-4].split(b"\r\n") if not line.lower().startswith(b"connection:")]
    lengths = [line.split(b":")[1] for line in lines if line.lower().startswith(b"content-length:")]
    body = await near.readexactly(int(lengths[0])) if lengths else b""
    return b"\r\n".join([*lines, b"Connection: close", b"", body])


@contextmanager
def chaos(url: str, seed: int, share: int = 50) -> Iterator[Chaos]:
    """A bad network to the registry at `url`, until the block ends."""
    network = Chaos(url, seed, share)
    loop = asyncio.new_event_loop()
    server = loop.run_until_complete(asyncio.start_server(network.serve, "127.0.0.1", 0, limit=1 << 25))
    network.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    thread = threading.Thread(target=loop.run_forever, name="chaos")
    thread.start()
    try:
        yield network
    finally:
        asyncio.run_coroutine_threadsafe(_end(server), loop).result(PATIENCE)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(PATIENCE)
        loop.close()


async def _end(server: asyncio.Server) -> None:
    server.close()
    await server.wait_closed()
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)
