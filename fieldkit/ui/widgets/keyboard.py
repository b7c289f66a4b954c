"""Where the keyboard is."""

from __future__ import annotations

from PySide6.QtWidgets import QApplication, QComboBox, QLineEdit, QPlainTextEdit


def someone_types() -> bool:
    """Whether the keyboard is in a field: what only now arrives must not take it away."""
    return isinstance(QApplication.focusWidget(), (QLineEdit, QPlainTextEdit, QComboBox))
