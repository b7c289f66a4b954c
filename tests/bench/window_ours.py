"""The app as a user starts it, with a watch on its first page."""

from __future__ import annotations

import sys
from functools import partial
from typing import TYPE_CHECKING

from fieldkit import cli

if TYPE_CHECKING:
    from fieldkit.ui.main_window import MainWindow


def watch(window: MainWindow) -> object:
    """Called when the window is painted; only now may the bench import what it needs of Qt."""
    from tests.bench.first_page import FirstPage

    return FirstPage(window)


cli.open_window = partial(cli.open_window, on_painted=watch)
sys.exit(cli.run([]))
