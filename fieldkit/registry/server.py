"""The registry as a process: listens, says where, and stops when asked to."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from types import FrameType

import uvicorn
from sqlalchemy import Engine

from fieldkit.errors import KnownError
from fieldkit.i18n import _
from fieldkit.registry.app import create_app
from fieldkit.registry.identity import Identity

GRACE_SECONDS = 10


class Server(uvicorn.Server):
    """A server on `engine`, with attachments in `folder`; `ready` is told its address once it accepts connections."""

    def __init__(
        self,
        engine: Engine,
        folder: Path,
        host: str,
        port: int,
        ready: Callable[[str], None] | None = None,
        identity: Identity | None = None,
        publications: Path | None = None,
    ) -> None:
        config = uvicorn.Config(
            create_app(engine, folder, identity=identity, publications=publications),
            log_config=None,
            access_log=False,
            server_header=False,
            lifespan="off",
            timeout_graceful_shutdown=GRACE_SECONDS,
        )
        super().__init__(config)
        self._socket = _listen(host, port)
        self._ready = ready
        shown = f"[{host}]" if ":" in host else host
        self.url = f"http://{shown}:{self._socket.getsockname()[1]}"

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, then say so."""
        await super().startup(sockets)
        if self._ready is not None:
            self._ready(self.url)

    def serve_forever(self) -> None:
        """Serve until SIGTERM, Ctrl+C or `should_exit`; requests under way are answered first."""
        if threading.current_thread() is threading.main_thread():
            signal.signal(signal.SIGTERM, _end)  # uvicorn raises the signal again when it has stopped
        with self._socket, contextlib.suppress(KeyboardInterrupt):
            self.run(sockets=[self._socket])


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # asyncio turns Nagle's algorithm off only where the protocol is named: 40 ms a request without.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        if os.name == "posix":  # elsewhere it would let two registries share the port
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        return listener
    except (OSError, OverflowError) as error:
        listener.close()
        raise KnownError(
            "port-unusable",
            _("Le registre ne peut pas écouter sur {host}, port {port}.").format(host=host, port=port),
            _("Ce port est peut-être déjà pris : choisissez-en un autre avec --port."),
        ) from error


def _end(_signal: int, _frame: FrameType | None) -> None:
    sys.exit(0)
