"""Where `fieldkit` starts: alone it opens the window, with words after it it is the command line (`cli.md`).

The command line is read in only when there is one: the window opens without it.
"""

from __future__ import annotations

import gc
import gettext
import logging
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from fieldkit import i18n, paths
from fieldkit.errors import KnownError
from fieldkit.i18n import _

if TYPE_CHECKING:
    from fieldkit.ui.main_window import MainWindow

DONE, ANSWER_NO, USAGE, KNOWN, BUG = range(5)


def run(arguments: Sequence[str] | None = None) -> int:
    """Run `fieldkit` with these words after it and return its exit code; nothing is raised."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    verbose = bool({"-v", "--verbose"} & set(given))
    _speak(given)
    # Libraries' warnings are for those who ask; without a handler Python would print them.
    logging.getLogger().addHandler(logging.StreamHandler() if verbose else logging.NullHandler())
    try:
        if not given:
            folder = paths.named("FIELDKIT_PROFILE") or paths.default_profile()
            return open_window(folder, paths.named("FIELDKIT_PASSPHRASE_FILE"))
        from fieldkit import command_line

        return command_line.run(given)
    except KnownError as error:
        _tell(error, as_json="--json" in given)
        return KNOWN
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        return DONE
    except Exception as error:  # noqa: BLE001  the command line's edge: a bug is told, not thrown at the user
        _tell_bug(error, verbose=verbose)
        return BUG


def main() -> None:
    """Entry point of the `fieldkit` command."""
    sys.exit(run())


def open_window(
    folder: Path,
    passphrase_file: Path | None = None,
    language: str | None = None,
    on_painted: Callable[[MainWindow], object] | None = None,
) -> int:
    """Open the window as `ui.app.main` does, and return its exit code. Raises KnownError `no-display`."""
    _needs_a_display()
    gc.disable()  # nothing that starts the window is garbage yet; the window sets it going again
    from fieldkit.ui import app

    return app.main(folder, passphrase_file, language, on_painted)


def _needs_a_display() -> None:
    """Without a display Qt would end the process in its own words."""
    there = any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"))
    if sys.platform == "linux" and not there:
        raise KnownError(
            "no-display",
            _("Il n'y a pas d'écran ici : la fenêtre ne peut pas s'ouvrir."),
            _("Ouvrez une session graphique, ou utilisez les commandes : fieldkit --help"),
        )


def _speak(given: Sequence[str]) -> None:
    """Choose the language before anything is said; click's own words come from our catalogue too."""
    asked = given[given.index("--lang") + 1 :][:1] if "--lang" in given else []
    os.environ["LANGUAGE"] = i18n.use(asked[0] if asked else None)
    gettext.bindtextdomain("messages", str(paths.resource("i18n")))


def _tell(error: KnownError, *, as_json: bool) -> None:
    import click

    if as_json:
        import json

        click.echo(json.dumps({"error": error.as_dict()}, ensure_ascii=False))
    click.echo(error.message, err=True)
    if error.hint:
        click.echo(f"→ {error.hint}", err=True)


def _tell_bug(error: Exception, *, verbose: bool) -> None:
    import click

    if verbose:
        import traceback

        traceback.print_exception(error)
    kind = type(error).__name__
    click.echo(_("Fieldkit a rencontré un défaut ({kind}). Rien n'a été perdu.").format(kind=kind), err=True)
    click.echo("→ " + _("Recommencez avec -v et envoyez le texte affiché à l'équipe."), err=True)
