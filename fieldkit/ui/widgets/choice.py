"""A list to choose from, which shrinks rather than widen its page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtWidgets import QComboBox

from fieldkit.i18n import _


def choice(name: str, title: str, choices: Mapping[Any, str], *, every: str = "") -> QComboBox:
    """A combo box found as `name`; its data are the keys of `choices`, whose words are message ids.

    With `every`, a first line of those words stands for no choice (data None).
    """
    box = QComboBox()
    box.setObjectName(name)
    box.setAccessibleName(title)
    box.setMinimumContentsLength(6)
    box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    if every:
        box.addItem(every, None)
    for value, words in choices.items():
        box.addItem(_(words), value)
    return box
