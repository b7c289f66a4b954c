"""A card with a bar chart that is its own table, and a word under it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from fieldkit.ui.widgets.bars import Bars, Line
from fieldkit.ui.widgets.card import Card
from fieldkit.ui.widgets.text import label

_MOST = 8


class BarsCard(Card):
    """Filled by `show_lines` or `show_counts`."""

    def __init__(self, title: str, name: str) -> None:
        super().__init__(title, name)
        self._bars = Bars(f"{name}Bars", title)
        self._words = label("", "caption", wrap=True)
        self.body.addWidget(self._bars)
        self.body.addWidget(self._words)
        self.body.addStretch(1)

    def show_lines(self, lines: Sequence[Line], words: str, whole: int = 0) -> None:
        """Show these bars, and `words` under them."""
        self._bars.show_lines(lines, whole)
        self._words.setText(words)
        self._words.setVisible(bool(words))

    def show_counts(self, counts: Mapping[str, int], none: str) -> None:
        """Show how often each name comes, the most frequent first, or `none` where there is none."""
        often = sorted(counts.items(), key=lambda item: (-item[1], item[0].casefold()))[:_MOST]
        self.show_lines([Line("", "info", name, n) for name, n in often], "" if often else none)
