"""A link to a server that counts what it carries; every connection may break after so many bytes on their way up."""

from __future__ import annotations

import contextlib
import math
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit


class Link:
    """Where the link begins, how often it has been cut, and the bytes it has carried, both ways."""

    def __init__(self, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self.cuts = 0
        self.up = 0
        self.down = 0


@contextmanager
def cut_link(url: str, every: float = math.inf) -> Iterator[Link]:
    """A relay to the server at `url`; each of its connections breaks once `every` bytes have gone up."""
    there = urlsplit(url)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        link = Link(listener.getsockname()[1])
        threads: list[threading.Thread] = []

        def serve() -> None:
            with contextlib.suppress(OSError):
                while True:
                    near, _address = listener.accept()
                    relay = threading.Thread(target=_relay, args=(near, there.port, every, link))
                    relay.start()
                    threads.append(relay)

        accepting = threading.Thread(target=serve)
        accepting.start()
        try:
            yield link
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            for thread in [accepting, *threads]:
                thread.join(60)
                assert not thread.is_alive()


def _relay(near: socket.socket, port: int, every: float, link: Link) -> None:
    with near, socket.create_connection(("127.0.0.1", port)) as far:
        down = threading.Thread(target=_pump, args=(far, near, link))
        down.start()
        left = every
        with contextlib.suppress(OSError):
            while left > 0 and (data := near.recv(int(min(left, 1 << 16)))):
                link.up += len(data)
                far.sendall(data)
                left -= len(data)
        link.cuts += left == 0
        for end in (near, far):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
        down.join(60)


def _pump(source: socket.socket, target: socket.socket, link: Link) -> None:
    with contextlib.suppress(OSError):
        while data := source.recv(1 << 16):
            link.down += len(data)
            target.sendall(data)
