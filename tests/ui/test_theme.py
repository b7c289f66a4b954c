"""Both palettes can be read, and text scales."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication

from fieldkit.ui import theme
from fieldkit.ui.theme import DARK, LIGHT, Colors


def luminance(color: str) -> float:
    """Relative luminance, as WCAG 2.2 defines it."""

    def linear(part: float) -> float:
        return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4

    red, green, blue = (linear(int(color[n : n + 2], 16) / 255) for n in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Contrast ratio, 1 to 21."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_the_measure_itself() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
def test_every_text_stands_out_from_its_ground(palette: Colors) -> None:
    weak = {what: contrast(text, ground) for what, text, ground in theme.text_pairs(palette)}
    assert {what: ratio for what, ratio in weak.items() if ratio < 4.5} == {}


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
def test_the_edge_of_a_control_can_be_seen(palette: Colors) -> None:
    assert contrast(palette.control, palette.card) >= 3
    assert contrast(palette.accent, palette.card) >= 3


def test_dark_and_light_are_taken_as_asked(qapp: QApplication) -> None:
    theme.apply(qapp, "dark", 100)
    assert theme.colors() is DARK
    assert qapp.palette().color(QPalette.ColorRole.Window) == QColor(DARK.window)
    theme.apply(qapp, "light", 100)
    assert theme.colors() is LIGHT


def test_text_follows_the_size_chosen(qapp: QApplication) -> None:
    theme.apply(qapp, "light", 200)
    assert qapp.font().pixelSize() == 28
    assert theme.scaled(10) == 20
    theme.apply(qapp, "light", 100)
    assert theme.scaled(10) == 10
