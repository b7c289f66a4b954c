"""Colours, type and spacing: one light and one dark palette, and the sizes that scale with text.

Everything drawn takes its colours from `colors()`; nothing in a page names one. The palette is our own and
neutral; every pair of text and ground that is used stands in `text_pairs()`, whose contrast a test computes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

from fieldkit.ui.stylesheet import stylesheet

GRID: Final = 8
"""The unit of every margin and gap, in device-independent pixels."""

_FAMILIES: Final = ["Inter", "Segoe UI", "SF Pro Text", "Cantarell", "Noto Sans", "DejaVu Sans"]


@dataclass(frozen=True, slots=True)
class Colors:
    """Colours by what they mean, as `#RRGGBB`."""

    window: str
    sidebar: str
    card: str
    raised: str
    text: str
    muted: str
    border: str
    control: str
    scroll: str
    hover: str
    accent: str
    accent_hover: str
    on_accent: str
    accent_soft: str
    success: str
    success_soft: str
    warning: str
    warning_soft: str
    error: str
    error_soft: str
    info: str
    info_soft: str
    unknown: str
    unknown_soft: str


LIGHT: Final = Colors(
    window="#F7F7F8", sidebar="#EFEFF2", card="#FFFFFF", raised="#FFFFFF",
    text="#1B1D22", muted="#565B66", border="#E1E2E7", control="#868B98", scroll="#C6C9D2", hover="#E6E7EC",
    accent="#4450C4", accent_hover="#3640A8", on_accent="#FFFFFF", accent_soft="#E4E7FB",
    success="#18753C", success_soft="#E9F5EE", warning="#B34000", warning_soft="#FDF1E8",
    error="#CE0500", error_soft="#FDECEC", info="#0063CB", info_soft="#E8F1FC",
    unknown="#565B66", unknown_soft="#EDEEF1",
)  # fmt: skip

DARK: Final = Colors(
    window="#1E1E1E", sidebar="#191919", card="#232324", raised="#29292B",
    text="#EDEDEF", muted="#A6A9B2", border="#353539", control="#75777F", scroll="#4C4D53", hover="#2C2C2F",
    accent="#A3ADFF", accent_hover="#BAC2FF", on_accent="#16182B", accent_soft="#30324A",
    success="#27A658", success_soft="#172119", warning="#FC5D00", warning_soft="#281A12",
    error="#FF5655", error_soft="#2A1818", info="#518FFF", info_soft="#171E2B",
    unknown="#A6A9B2", unknown_soft="#2B2B2E",
)  # fmt: skip

_colors = LIGHT
_scale = 1.0


def colors() -> Colors:
    """The colours in use."""
    return _colors


def scaled(pixels: float) -> int:
    """`pixels` as drawn at 100 % text, for the text size in use."""
    return round(pixels * _scale)


def apply(app: QApplication, theme: str, text_size: int) -> None:
    """Dress `app` in `theme` (`light`, `dark` or `system`) with text at `text_size` percent."""
    global _colors, _scale
    _colors = DARK if theme == "dark" or (theme == "system" and _system_is_dark()) else LIGHT
    _scale = text_size / 100
    font = QFont()
    font.setFamilies(_FAMILIES)
    font.setPixelSize(scaled(14))
    app.setFont(font)
    app.setPalette(_palette(_colors))
    app.setStyleSheet(stylesheet(_colors, _scale))


def text_pairs(palette: Colors) -> list[tuple[str, str, str]]:
    """(what, text colour, ground colour) for every kind of text the window draws."""
    grounds = {name: getattr(palette, name) for name in ("window", "sidebar", "card", "raised", "hover")}
    pairs = [
        (f"{text} on {name}", getattr(palette, text), ground)
        for name, ground in grounds.items()
        for text in ("text", "muted")
    ]
    states = ("success", "warning", "error", "info", "unknown")
    pairs += [(f"{s} on its soft ground", getattr(palette, s), getattr(palette, f"{s}_soft")) for s in states]
    pairs += [(f"text on {s} soft", palette.text, getattr(palette, f"{s}_soft")) for s in (*states, "accent")]
    for ground in ("window", "card"):
        pairs += [(f"{s} on {ground}", getattr(palette, s), grounds[ground]) for s in (*states, "accent")]
    pairs += [("accent on accent soft", palette.accent, palette.accent_soft)]
    pairs += [("primary button", palette.on_accent, palette.accent)]
    pairs += [("primary button, hovered", palette.on_accent, palette.accent_hover)]
    return pairs


def _system_is_dark() -> bool:
    return QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Dark


def _palette(c: Colors) -> QPalette:
    palette = QPalette()
    roles = {
        QPalette.ColorRole.Window: c.window,
        QPalette.ColorRole.WindowText: c.text,
        QPalette.ColorRole.Base: c.card,
        QPalette.ColorRole.AlternateBase: c.window,
        QPalette.ColorRole.Text: c.text,
        QPalette.ColorRole.PlaceholderText: c.muted,
        QPalette.ColorRole.Button: c.card,
        QPalette.ColorRole.ButtonText: c.text,
        QPalette.ColorRole.ToolTipBase: c.raised,
        QPalette.ColorRole.ToolTipText: c.text,
        QPalette.ColorRole.Highlight: c.accent,
        QPalette.ColorRole.HighlightedText: c.on_accent,
        QPalette.ColorRole.Link: c.info,
        QPalette.ColorRole.Accent: c.accent,
    }
    for role, color in roles.items():
        palette.setColor(role, QColor(color))
    for role in (QPalette.ColorRole.Text, QPalette.ColorRole.WindowText, QPalette.ColorRole.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, role, QColor(c.muted))
    return palette
