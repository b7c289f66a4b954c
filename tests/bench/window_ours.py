"""The app as a user starts it, from its command line on, with a watch on its first page."""

from __future__ import annotations

import sys
from functools import partial

from fieldkit import cli
from fieldkit.commands.session import Session, session


def watched() -> Session:
    """The session, asked for when the window is about to be made: until then all goes as for a user."""
    from fieldkit.ui import app
    from tests.bench.first_page import FirstPage

    app.main = partial(app.main, on_painted=FirstPage)
    return session()


cli.session = watched  # type: ignore[attr-defined]
sys.exit(cli.run([argument for argument in sys.argv[1:] if argument != "--close"]))
