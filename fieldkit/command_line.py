"""The command line (`cli.md`): every screen's work as a command."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import click

from fieldkit import __version__, cli
from fieldkit.commands import (
    bench,
    catalogue,
    directory,
    publications,
    registry,
    rulesets,
    sync,
    system,
    visits,
)
from fieldkit.commands.session import Group, Option, session
from fieldkit.i18n import N_, _

_ABOUT: Final = N_("Le banc d'essai du délégué du numérique en santé. Sans commande : ouvre la fenêtre.")


@click.group(cls=Group, invoke_without_command=True, help=_ABOUT)
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
        return cli.DONE
    chosen = session()
    return cli.open_window(chosen.folder, chosen.passphrase_file, chosen.language)


for module in (catalogue, directory, bench, visits, rulesets, sync, publications, registry, system):
    for command in module.COMMANDS:
        fieldkit.add_command(command)


def run(given: Sequence[str]) -> int:
    """Run one command line and return its exit code. Raises what the command itself raises."""
    try:
        result = fieldkit.main(list(given), prog_name="fieldkit", standalone_mode=False)
        return result if isinstance(result, int) else cli.DONE
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message(), err=True)
        return cli.USAGE
    except click.UsageError as error:
        where = error.ctx.command_path if error.ctx else "fieldkit"
        click.echo(
            f"{error.format_message()}\n" + _("Aide : {command} --help").format(command=where), err=True
        )
        return cli.USAGE
    except click.ClickException as error:
        click.echo(error.format_message(), err=True)
        return cli.USAGE
    except click.Abort as error:
        raise KeyboardInterrupt from error
