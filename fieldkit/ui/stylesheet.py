"""The style sheet: how each kind of control looks, in the colours and the text size in use.

Widgets say what they are through dynamic properties (`role` for text, `kind` for buttons and frames); only
this file says how that looks.
"""

from __future__ import annotations

from string import Template
from typing import TYPE_CHECKING

from fieldkit.paths import resource

if TYPE_CHECKING:
    from fieldkit.ui.theme import Colors

_SHEET = Template("""
QMainWindow, QWidget[kind="page"], QScrollArea, QStackedWidget { background: $window; border: none; }
QScrollArea > QWidget > QWidget[kind="page"] { background: $window; }
QLabel { background: transparent; }
QLabel[role="title"] { font-size: ${title}px; font-weight: 600; }
QLabel[role="section"] { font-size: ${section}px; font-weight: 600; }
QLabel[role="strong"] { font-weight: 600; }
QLabel[role="muted"] { color: $muted; }
QLabel[role="caption"] { color: $muted; font-size: ${caption}px; }
QLabel[role="figure"] { font-size: ${figure}px; font-weight: 600; }
QLabel[role="step"] { font-size: ${step}px; font-weight: 600; }
QLabel[role="lead"] { font-size: ${lead}px; }
QLabel[role="key"] { color: $muted; font-size: ${caption}px; }
QLabel[role="mono"], QPlainTextEdit[role="mono"], QLineEdit[role="mono"] {
  font-family: "JetBrains Mono", "Cascadia Mono", "SF Mono", "DejaVu Sans Mono", monospace; }
QLabel[state="success"] { color: $success; } QLabel[state="warning"] { color: $warning; }
QLabel[state="error"] { color: $error; } QLabel[state="info"] { color: $info; }
QLabel[state="unknown"] { color: $unknown; }

QFrame[kind="card"] { background: $card; border: 1px solid $border; border-radius: 10px; }
QFrame[kind="line"] { background: $border; border: none; max-height: 1px; min-height: 1px; }
QFrame[kind="sidebar"] { background: $sidebar; border: none; border-right: 1px solid $border; }
QFrame[kind="sidebarInside"] { background: $sidebar; border: none; }
QFrame[kind="topbar"] { background: $window; border: none; border-bottom: 1px solid $border; }
QFrame[kind="popup"] { background: $raised; border: 1px solid $border; border-radius: 10px; }
QFrame[kind="badge"] { border-radius: ${badge}px; border: none; }
QFrame[kind="badge"][state="success"], QFrame[kind="banner"][state="success"] { background: $success_soft; }
QFrame[kind="badge"][state="warning"], QFrame[kind="banner"][state="warning"] { background: $warning_soft; }
QFrame[kind="badge"][state="error"], QFrame[kind="banner"][state="error"] { background: $error_soft; }
QFrame[kind="badge"][state="info"], QFrame[kind="banner"][state="info"] { background: $info_soft; }
QFrame[kind="badge"][state="unknown"], QFrame[kind="banner"][state="unknown"] { background: $unknown_soft; }
QFrame[kind="banner"] { border-radius: 10px; border: 1px solid $border; }
QFrame[kind="banner"][state="error"] { border-color: $error; }
QFrame[kind="banner"][state="warning"] { border-color: $warning; }
QFrame[kind="banner"][state="success"] { border-color: $success; }
QFrame[kind="banner"][state="info"] { border-color: $info; }
QFrame[kind="capture"] { background: $card; border: 2px dashed $control; border-radius: 10px; }
QFrame[kind="capture"][listening="true"] { border: 2px solid $accent; background: $accent_soft; }

QPushButton { background: $card; color: $text; border: 1px solid $control; border-radius: 7px;
  padding: 7px 15px; min-height: ${line}px; }
QPushButton:hover { background: $hover; }
QPushButton:pressed { background: $border; }
QPushButton:focus { border: 2px solid $accent; padding: 6px 14px; }
QPushButton:disabled { color: $muted; border-color: $border; background: $window; }
QPushButton[kind="primary"] { background: $accent; color: $on_accent; border-color: $accent;
  font-weight: 600; }
QPushButton[kind="primary"]:hover { background: $accent_hover; }
QPushButton[kind="primary"]:focus { border: 2px solid $text; }
QPushButton[kind="primary"]:disabled { background: $unknown_soft; color: $muted; border-color: $border; }
QPushButton[kind="quiet"] { background: transparent; border-color: transparent; }
QPushButton[kind="quiet"]:hover { background: $hover; }
QPushButton[kind="quiet"]:focus { border: 2px solid $accent; }
QPushButton[kind="nav"] { background: transparent; border: 1px solid transparent; text-align: left;
  padding: 7px 11px; min-height: ${nav_line}px; border-radius: 7px; }
QPushButton[kind="nav"]:hover { background: $hover; }
QPushButton[kind="nav"]:checked { background: $accent_soft; color: $accent; font-weight: 600; }
QPushButton[kind="nav"]:focus { border: 2px solid $accent; padding: 6px 10px; }
QPushButton[kind="row"] { background: transparent; border: 1px solid transparent; border-radius: 7px;
  padding: 0; text-align: left; }
QPushButton[kind="row"]:hover { background: $hover; }
QPushButton[kind="row"]:focus { border: 2px solid $accent; padding: 0; }
QPushButton[kind="segment"] { border-color: $border; text-align: left; padding: 9px 15px; }
QPushButton[kind="segment"]:checked { border: 2px solid $accent; padding: 8px 14px; background: $accent_soft;
  font-weight: 600; }

QLineEdit, QPlainTextEdit, QTextEdit, QComboBox, QSpinBox, QDateEdit { background: $card; color: $text;
  border: 1px solid $control; border-radius: 7px; padding: 6px 11px; min-height: ${line}px;
  selection-background-color: $accent; selection-color: $on_accent; }
QLineEdit:focus, QPlainTextEdit:focus, QTextEdit:focus, QComboBox:focus, QSpinBox:focus, QDateEdit:focus {
  border: 2px solid $accent; padding: 5px 10px; }
QLineEdit:disabled, QPlainTextEdit:disabled, QComboBox:disabled { color: $muted; background: $window; }
QCheckBox { spacing: 8px; }
QCheckBox::indicator { width: ${box}px; height: ${box}px; background: $card; border: 1px solid $control;
  border-radius: 5px; }
QCheckBox::indicator:hover { background: $hover; }
QCheckBox::indicator:checked { background: $accent; border-color: $accent; image: url("$tick"); }
QCheckBox::indicator:focus { border: 2px solid $accent; }
QCheckBox::indicator:checked:focus { border: 2px solid $text; }
QCheckBox::indicator:disabled { background: $window; border-color: $border; }
QTextBrowser, QTextBrowser:focus { border: 1px solid $border; border-radius: 10px; padding: 0; }
QTextBrowser:focus { border-color: $accent; }
QLineEdit[readOnly="true"], QPlainTextEdit[readOnly="true"] { background: $window; }
QComboBox::drop-down { border: none; width: ${arrow_room}px; }
QComboBox::down-arrow { image: url("$chevron"); width: ${arrow}px; height: ${arrow}px; }
QComboBox QAbstractItemView { background: $raised; border: 1px solid $border; padding: 4px; outline: none;
  selection-background-color: $accent_soft; selection-color: $text; }

QListView, QTreeView, QTableView { background: $card; color: $text; border: 1px solid $border;
  border-radius: 10px; outline: none; padding: 4px; gridline-color: $border;
  selection-background-color: $accent_soft; selection-color: $text; }
QListView:focus, QTreeView:focus, QTableView:focus { border-color: $accent; }
QListView::item { border-radius: 7px; padding: 6px 8px; }
QListView::item:hover { background: $hover; }
QListView::item:selected { background: $accent_soft; color: $text; }
QTableView::item { padding: 4px 8px; border: none; }
QTableView::item:selected { background: $accent_soft; color: $text; }
QFrame[kind="popup"] QListView, QFrame[kind="card"] QTableView, QFrame[kind="card"] QListView {
  border: none; background: transparent; padding: 0; }
QHeaderView { background: transparent; border: none; }
QHeaderView::section { background: $window; color: $muted; border: none; border-bottom: 1px solid $border;
  padding: 6px 8px 6px 11px; font-size: ${caption}px; font-weight: 600; }
QAbstractScrollArea::corner { background: transparent; border: none; }
QTableCornerButton::section { background: $window; border: none; border-bottom: 1px solid $border; }

QTabWidget::pane { border: none; border-top: 1px solid $border; top: -1px; }
QTabBar { background: transparent; }
QTabBar::tab { background: transparent; color: $muted; border: none; border-bottom: 2px solid transparent;
  padding: 9px 4px; margin-right: 20px; font-weight: 500; }
QTabBar::tab:hover { color: $text; }
QTabBar::tab:selected { color: $text; border-bottom: 2px solid $accent; font-weight: 600; }
QTabBar::tab:focus { color: $accent; }
QTabBar::scroller { width: ${scroller}px; }
QTabBar QToolButton { background: $card; border: 1px solid $control; border-radius: 5px; }

QStatusBar { background: $sidebar; border-top: 1px solid $border; color: $muted; }
QStatusBar::item { border: none; }
QStatusBar QLabel { color: $muted; font-size: ${caption}px; padding: 2px 8px; }
QToolTip { background: $raised; color: $text; border: 1px solid $border; padding: 6px 8px; }
QSplitter::handle { background: transparent; }
QProgressBar { background: $unknown_soft; border: none; border-radius: 3px; max-height: 6px;
  min-height: 6px; }
QProgressBar::chunk { background: $accent; border-radius: 3px; }
QScrollBar:vertical { background: transparent; width: 12px; margin: 2px; }
QScrollBar:horizontal { background: transparent; height: 12px; margin: 2px; }
QScrollBar::handle { background: $scroll; border-radius: 4px; min-height: 32px; min-width: 32px; }
QScrollBar::handle:hover { background: $control; }
QScrollBar::add-line, QScrollBar::sub-line, QScrollBar::add-page, QScrollBar::sub-page {
  background: transparent; border: none; width: 0; height: 0; }
""")


def stylesheet(colors: Colors, scale: float) -> str:
    """The sheet for these colours, with text sizes multiplied by `scale`."""
    sizes = {"title": 24, "section": 16, "caption": 12.5, "figure": 30, "step": 30, "lead": 17}
    sizes |= {"badge": 9, "line": 20, "nav_line": 22, "arrow": 14, "arrow_room": 30, "scroller": 26}
    named = {name: getattr(colors, name) for name in colors.__dataclass_fields__}
    pixels = {name: round(size * scale) for name, size in sizes.items()}
    pixels["box"] = pixels["section"]
    tick = "tick.svg" if colors.on_accent == "#FFFFFF" else "tick-dark.svg"
    drawings = {"chevron": "chevron-down.svg", "tick": tick}
    paths = {name: resource("icons", file).as_posix() for name, file in drawings.items()}
    return _SHEET.substitute(named, **pixels, **paths)
