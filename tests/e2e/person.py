"""A person at the app: types on a French keyboard, looks at the screen, waits until something is there."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, Self

from tests.e2e.screen import Screen

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_S = 60.0


class Person:
    """Drives one running app by key events only, and sees it through its peep-hole."""

    def __init__(self, screen: Screen, profile: Path, passphrase_file: Path, log: Path) -> None:
        self.screen = screen
        self._socket = profile / "peephole"
        self._socket.unlink(missing_ok=True)
        command = [
            sys.executable,
            "-m",
            "tests.e2e.probe",
            str(self._socket),
            str(profile),
            str(passphrase_file),
        ]
        self._log = log
        with log.open("ab") as output:
            self._app = subprocess.Popen(
                command, cwd=ROOT, env=screen.environment, stdout=output, stderr=output
            )
        self._line: Any = None

    def __enter__(self) -> Self:
        self.wait_for("the peep-hole", self._connect)
        self.wait_for("a window", lambda: self.ask("window"))
        self.take_keyboard()
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def wait_until_closed(self) -> None:
        """Wait until a person closes the window, or Ctrl+C."""
        with suppress(KeyboardInterrupt):
            self._app.wait()

    def close(self) -> None:
        """End the app in good order."""
        if self._app.poll() is None:
            self._app.terminate()
            try:
                self._app.wait(60)
            except subprocess.TimeoutExpired:
                self._app.kill()
                self._app.wait()

    def kill(self) -> None:
        """End the app as a power cut would."""
        self._app.send_signal(signal.SIGKILL)
        self._app.wait()

    def take_keyboard(self) -> None:
        """Give the keyboard to the app's window."""
        self.screen.focus(self.ask("window"))

    def ask(self, what: str, **details: str) -> Any:
        """One question through the peep-hole."""
        self._line.write(json.dumps({"ask": what, **details}).encode() + b"\n")
        self._line.flush()
        try:
            return json.loads(self._line.readline())
        except (TimeoutError, ValueError) as error:
            raise AssertionError(f"the app does not answer: {self._last_words()}") from error

    def picture(self, file: Path) -> None:
        """Keep what the screen shows."""
        self.ask("picture", file=str(file))

    def keys(self, *keys: str) -> None:
        """Press keys by name: `F3`, `ctrl+k`, `Tab`, `Return`."""
        self.screen.keys(*keys)

    def type(self, text: str) -> None:
        """Type text, letter by letter, on the French keyboard of the screen."""
        self.screen.press("fr-linux", text, pause_ms=15)

    def texts(self) -> list[str]:
        """Every name and value on the screen."""
        return [t for w in self.ask("widgets") for t in (w["name"], w["value"], *w["inside"]) if t]

    def find(self, **like: Any) -> dict[str, Any] | None:
        """The first widget on the screen with these properties (`object`, `kind`, `name`, `focus`…)."""
        for widget in self.ask("widgets"):
            if all(widget[k] == v for k, v in like.items()):
                return dict(widget)
        return None

    def sees(self, *words: str) -> str:
        """Wait until a text with all these words is on the screen, and return it."""

        def look() -> str | None:
            return next((t for t in self.texts() if all(w.lower() in t.lower() for w in words)), None)

        return str(self.wait_for(f"« {' … '.join(words)} »", look))

    def sees_not(self, *words: str) -> None:
        """Wait until no text with all these words is on the screen."""

        def gone() -> bool:
            return not any(all(w.lower() in t.lower() for w in words) for t in self.texts())

        self.wait_for(f"no « {' … '.join(words)} »", gone)

    def reaches(self, name: str) -> None:
        """Press Tab until the control of this object name has the keyboard."""
        self.wait_for(f"the control {name}", lambda: self.find(object=name))
        for _step in range(120):
            if self.find(object=name, focus=True):
                return
            self.keys("Tab")
        raise AssertionError(f"Tab never reaches {name}")

    def fills(self, name: str, text: str) -> None:
        """Go to a field and type into it."""
        self.reaches(name)
        self.type(text)

    def picks(self, name: str, choice: str) -> None:
        """Go to a box of choices, and down it to `choice`."""
        self.reaches(name)
        for _step in range(40):
            shown = self.find(object=name)
            if shown and shown["value"] == choice:
                return
            self.keys("Down")
        raise AssertionError(f"{name} does not offer {choice}")

    def activates(self, name: str) -> None:
        """Go to a button and press it."""
        self.reaches(name)
        self.keys("space")

    def wait_for(self, what: str, look: Callable[[], Any]) -> Any:
        """Look until there is something; fails with what was awaited, and the app's last words."""
        deadline = time.monotonic() + PATIENCE_S
        while True:
            found = look()
            if found:
                return found
            if self._app.poll() is not None:
                raise AssertionError(f"the app ended ({self._app.returncode}): {self._last_words()}")
            if time.monotonic() > deadline:
                raise AssertionError(f"not on the screen within {PATIENCE_S:.0f} s: {what}")
            time.sleep(0.02)  # between two looks

    def _connect(self) -> bool:
        connection = socket.socket(socket.AF_UNIX)
        try:
            connection.connect(str(self._socket))
        except OSError:
            connection.close()
            return False
        connection.settimeout(PATIENCE_S)
        self._line = connection.makefile("rwb")
        return True

    def _last_words(self) -> str:
        return self._log.read_text(errors="replace")[-800:]
