"""The widgets of the bench alone, on an X server of test_scanner_live.py: prints the verdict on each scan.

Usage: bench_listener.py CODE zone|field
"""

from __future__ import annotations

import json
import sys

from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from fieldkit.hardware.scanner.diagnose import diagnose
from fieldkit.hardware.scanner.keyboard import Stroke
from fieldkit.ui.widgets.key_capture import KeyCapture
from fieldkit.ui.widgets.plain_field import PlainField


def main(expected: str, where: str) -> int:
    app = QApplication([])
    window = QWidget()
    column = QVBoxLayout(window)
    zone, field = KeyCapture(), PlainField()
    column.addWidget(zone)
    column.addWidget(field)

    def by_strokes(strokes: list[Stroke]) -> None:
        tell(expected, strokes=strokes)

    def by_text(text: str, _timing: object) -> None:
        tell(expected, received=text)

    zone.scanned.connect(by_strokes)
    field.received.connect(by_text)
    zone.paused.connect(lambda paused: say({"ready": not paused}))
    field.focused.connect(lambda focused: say({"ready": focused}))
    (zone if where == "zone" else field).setFocus()
    window.show()
    say({"window": int(window.winId())})
    return app.exec()


def tell(expected: str, *, strokes: list[Stroke] | None = None, received: str | None = None) -> None:
    found = diagnose(expected, strokes=strokes, received=received, system="linux")
    answers = [found.best, *found.alternatives] if found.best else []
    say(
        {
            "code": found.code,
            "faults": list(found.faults),
            "suffix": found.suffix,
            "answers": [(a.settings.scanner.id, a.settings.computer.id, a.settings.caps) for a in answers],
            "origin": found.timing.origin if found.timing else None,
        }
    )


def say(message: dict[str, object]) -> None:
    sys.stdout.write(json.dumps(message) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
