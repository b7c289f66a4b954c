"""Children that misbehave, for `Eye`: they are run in processes of their own."""

from __future__ import annotations

import os
import threading
from multiprocessing.connection import Connection

from fieldkit.hardware.scanner.sight.child import NoCamera, Step
from fieldkit.hardware.scanner.sight.seen import Sight


def hangs(pipe: Connection) -> None:
    """Hangs in a decoder."""
    pipe.send(Step("ready"))
    pipe.recv()
    pipe.send(Step("decoding"))
    threading.Event().wait()


def crashes(pipe: Connection) -> None:
    """Dies in a decoder, as a fault in a library ends a process."""
    pipe.send(Step("ready"))
    pipe.recv()
    pipe.send(Step("decoding"))
    os.abort()


def stops_early(pipe: Connection) -> None:
    """Never says that it is ready."""
    pipe.close()


def one_frame_then_hangs(pipe: Connection) -> None:
    """A decoder that hangs at the second frame of each watch."""
    pipe.send(Step("ready"))
    pipe.recv()
    pipe.send(Step("opening"))
    pipe.send(Step("waiting"))
    pipe.recv()
    pipe.send(Step("decoding"))
    pipe.send(Sight(size=(1, 1)))
    hangs_now(pipe)


def hangs_now(pipe: Connection) -> None:
    """Hangs at the next request."""
    pipe.recv()
    pipe.send(Step("decoding"))
    threading.Event().wait()


def never_opens(pipe: Connection) -> None:
    """A driver that hangs while the camera opens."""
    pipe.send(Step("ready"))
    pipe.recv()
    pipe.send(Step("opening"))
    pipe.send(NoCamera("busy"))
