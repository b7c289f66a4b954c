"""The command line (`cli.md`): every screen's work as a command, and `fieldkit` alone opens the window."""

from __future__ import annotations

import gc
import gettext
import json
import logging
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Final

import click

from fieldkit import __version__, i18n, paths
from fieldkit.commands.session import Group, Option, session
from fieldkit.errors import KnownError
from fieldkit.i18n import N_, _

DONE, ANSWER_NO, USAGE, KNOWN, BUG = range(5)

_ROOMS: Final = ("catalogue", "bench", "visits", "sync", "registry", "system")


class Commands(Group):
    """Every command, read in when one is asked for: the window opens without them."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        self._read_in()
        return super().list_commands(ctx)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        self._read_in()
        return super().get_command(ctx, cmd_name)

    def _read_in(self) -> None:
        for room in _ROOMS if not self.commands else ():
            for command in import_module(f"fieldkit.commands.{room}").COMMANDS:
                self.add_command(command)


_ABOUT: Final = N_("Le banc d'essai du délégué du numérique en santé. Sans commande : ouvre la fenêtre.")


@click.group(cls=Commands, invoke_without_command=True, help=_ABOUT)
@click.version_option(
    __version__,
    prog_name="fieldkit",
    message="%(prog)s %(version)s",
    cls=Option,
    help=N_("Donne la version."),
)
@click.pass_context
def fieldkit(context: click.Context) -> int:
    if context.invoked_subcommand is not None:
        return DONE
    _needs_a_display()
    gc.disable()  # nothing that starts the window is garbage yet; the window sets it going again
    from fieldkit.ui import app

    chosen = session()
    return app.main(chosen.folder, chosen.passphrase_file, chosen.language)


def run(arguments: Sequence[str] | None = None) -> int:
    """Run one command line and return its exit code; nothing is raised."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    as_json, verbose = "--json" in given, bool({"-v", "--verbose"} & set(given))
    _speak(given)
    # Libraries' warnings are for those who ask; without a handler Python would print them.
    logging.getLogger().addHandler(logging.StreamHandler() if verbose else logging.NullHandler())
    try:
        result = fieldkit.main(given, prog_name="fieldkit", standalone_mode=False)
        return result if isinstance(result, int) else DONE
    except KnownError as error:
        _tell(error, as_json=as_json)
        return KNOWN
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message(), err=True)
        return USAGE
    except click.UsageError as error:
        where = error.ctx.command_path if error.ctx else "fieldkit"
        click.echo(
            f"{error.format_message()}\n" + _("Aide : {command} --help").format(command=where), err=True
        )
        return USAGE
    except click.ClickException as error:
        click.echo(error.format_message(), err=True)
        return USAGE
    except (KeyboardInterrupt, click.Abort):
        return 130
    except BrokenPipeError:
        return DONE
    except Exception as error:  # noqa: BLE001  the command line's edge: a bug is told, not thrown at the user
        _tell_bug(error, verbose=verbose)
        return BUG


def main() -> None:
    """Entry point of the `fieldkit` command."""
    sys.exit(run())


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
    if as_json:
        click.echo(json.dumps({"error": error.as_dict()}, ensure_ascii=False))
    click.echo(error.message, err=True)
    if error.hint:
        click.echo(f"→ {error.hint}", err=True)


def _tell_bug(error: Exception, *, verbose: bool) -> None:
    if verbose:
        import traceback

        traceback.print_exception(error)
    kind = type(error).__name__
    click.echo(_("Fieldkit a rencontré un défaut ({kind}). Rien n'a été perdu.").format(kind=kind), err=True)
    click.echo("→ " + _("Recommencez avec -v et envoyez le texte affiché à l'équipe."), err=True)
