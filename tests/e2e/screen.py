"""A virtual screen with a real keyboard: Xvfb, its layout, and key events through XTEST."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from fieldkit.hardware.scanner import layouts

SHIFT: Final = 50
ALTGR: Final = 108
"""X key codes of the left Shift and of AltGr."""


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

    def press(self, layout: str, text: str, pause_ms: int = 4) -> None:
        """Press the keys that type `text` on a keyboard of `layout`, whatever layout this screen has.

        So types a person at a keyboard that fits the computer, and a scanner set to another one.
        """
        command = ["xdotool"]
        for key in layouts.press(layouts.load(layout), text):
            held = [str(code) for code, on in ((SHIFT, key.shift), (ALTGR, key.altgr)) if on]
            command += [word for code in held for word in ("keydown", code)]
            command += ["key", "--delay", "0", str(key.x11_keycode)]
            command += [word for code in reversed(held) for word in ("keyup", code)]
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
        server.wait(60)
