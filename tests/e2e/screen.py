"""A virtual screen with a real keyboard: Xvfb, its layout, and key events through XTEST."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Screen:
    """A running X server. `display` is what DISPLAY wants, such as `:99`."""

    display: str

    @property
    def environment(self) -> dict[str, str]:
        """What a program needs to draw on this screen, and to leave the real one alone."""
        own = {"DISPLAY": self.display, "QT_QPA_PLATFORM": "xcb", "QT_LOGGING_RULES": "qt.qpa.*=false"}
        kept = {k: v for k, v in os.environ.items() if k not in ("WAYLAND_DISPLAY", "XAUTHORITY")}
        return {**kept, **own}

    def layout(self, name: str, variant: str = "") -> None:
        """Give the keyboard another layout, such as `fr`."""
        command = ["setxkbmap", "-display", self.display, name, *(["-variant", variant] if variant else [])]
        subprocess.run(command, check=True, capture_output=True)

    def keys(self, *keys: str, delay_ms: int = 12) -> None:
        """Press keys one after the other: names such as `Return` or `ctrl+k`, or X key codes such as `24`."""
        command = ["xdotool", "key", "--delay", str(delay_ms), *keys]
        subprocess.run(command, check=True, capture_output=True, env=self.environment)

    def strokes(self, strokes: Sequence[tuple[int, Sequence[int]]], pause_ms: int = 4) -> None:
        """Press X key codes, each with the key codes of modifiers held: what a scanner or a typist sends."""
        command = ["xdotool"]
        for code, held in strokes:
            for modifier in held:
                command += ["keydown", str(modifier)]
            command += ["key", "--delay", "0", str(code)]
            for modifier in reversed(held):
                command += ["keyup", str(modifier)]
            command += ["sleep", str(pause_ms / 1000)]
        subprocess.run(command, check=True, capture_output=True, env=self.environment)

    def focus(self, window: int) -> None:
        """Give the keyboard to a window, as a window manager would."""
        command = ["xdotool", "windowfocus", "--sync", str(window)]
        subprocess.run(command, check=True, capture_output=True, env=self.environment)


@contextmanager
def virtual_screen(log: Path, width: int = 1280, height: int = 720) -> Iterator[Screen]:
    """A new X server on a free display, stopped at the end."""
    read, write = os.pipe()
    # Without -noreset the server forgets the layout when its last client leaves.
    size = f"{width}x{height}x24"
    command = ["Xvfb", "-displayfd", str(write), "-noreset", "-nolisten", "tcp", "-screen", "0", size]
    with log.open("wb") as output:
        server = subprocess.Popen(command, pass_fds=[write], stdout=output, stderr=output)
    os.close(write)
    try:
        with os.fdopen(read) as pipe:
            number = pipe.readline().strip()  # comes when the server accepts clients, or ends when it dies
        if not number:
            raise RuntimeError(f"Xvfb did not start: {log.read_text(errors='replace')[-500:]}")
        yield Screen(f":{number}")
    finally:
        server.terminate()
        server.wait(10)
