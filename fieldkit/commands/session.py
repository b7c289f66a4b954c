"""What every command shares: the global options, the open profile, and the way to answer."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from fieldkit import i18n, paths
from fieldkit.errors import KnownError
from fieldkit.i18n import N_, _

if TYPE_CHECKING:
    from fieldkit.services.profile import Profile


@dataclass
class Session:
    """The global options of one call."""

    profile: Path | None = None
    passphrase_file: Path | None = None
    json: bool = False
    verbose: bool = False
    language: str | None = None

    @property
    def folder(self) -> Path:
        """The folder of the profile: the one asked for, else the system's place for it."""
        return self.profile or paths.default_profile()

    @contextmanager
    def open(self, *, create: bool = False) -> Iterator[Profile]:
        """The open profile. Without `create`, a folder named on the command line must hold one.

        Raises KnownError `profile-missing`, or those of `services.profile.open_profile`.
        """
        from fieldkit.services import profile

        if self.profile and not create and not profile.exists(self.folder):
            raise KnownError(
                "profile-missing",
                _("Il n'y a pas de profil dans {folder}.").format(folder=self.folder),
                _("Vérifiez le chemin ; « fieldkit visit new » y crée un profil avec sa première visite."),
            )
        opened = profile.open_profile(self.folder, passphrase_file=self.passphrase_file)
        try:
            yield opened
        finally:
            opened.close()

    def answer(self, value: Any, text: Callable[[Any], str] | None = None) -> None:
        """Print the answer: as one JSON object, or as `text` makes it (else indented JSON)."""
        if self.json:
            click.echo(json.dumps(value, ensure_ascii=False, default=str))
        elif text is not None:
            click.echo(text(value))
        else:
            click.echo(json.dumps(value, ensure_ascii=False, default=str, indent=2))


_NAMES = {"profile", "passphrase_file", "json", "verbose"}


def session() -> Session:
    """The session of the running command."""
    root = click.get_current_context().find_root()
    if not isinstance(root.obj, Session):
        root.obj = Session(paths.named("FIELDKIT_PROFILE"), paths.named("FIELDKIT_PASSPHRASE_FILE"))
    return root.obj


def _remember(_context: click.Context, option: click.Parameter, value: Any) -> None:
    if value in (None, False):
        return
    if option.name == "lang":
        session().language = i18n.use(value)
    elif option.name in _NAMES:
        setattr(session(), option.name, value)


class _Told:
    """Help is a message id where it is defined, and told in the language in use."""

    _help: str | None = None

    @property
    def help(self) -> str | None:
        """What it is for."""
        return self._help and _(self._help)

    @help.setter
    def help(self, message: str | None) -> None:
        self._help = message


class Option(_Told, click.Option):
    """An option whose help and metavar are message ids."""

    def make_metavar(self, ctx: click.Context) -> str:
        return _(super().make_metavar(ctx))


option = partial(click.option, cls=Option)


class Day(click.ParamType[dt.date]):
    """A day, as AAAA-MM-JJ."""

    name = "day"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> dt.date:
        """The date; a usage error where it is none."""
        if isinstance(value, dt.date):
            return value
        try:
            return dt.date.fromisoformat(value)
        except ValueError:
            self.fail(_("{value} n'est pas un jour : écrivez AAAA-MM-JJ.").format(value=value), param, ctx)


DAY: Final = Day()


def agree(question: str) -> None:
    """Go on where the person says yes; no is what is understood otherwise. Raises Abort."""
    asked = _("{question} [o/N]").format(question=question)
    said = click.prompt(asked, default="", show_default=False, prompt_suffix=" ", err=True)
    if said.strip().casefold() not in ("o", "oui", "y", "yes"):
        raise click.Abort


def global_options() -> list[click.Option]:
    """Options that are accepted before or after a command."""
    eager = partial(Option, expose_value=False, callback=_remember, is_eager=True)
    folder = partial(eager, type=click.Path(path_type=Path, file_okay=False), metavar=N_("DOSSIER"))
    file = partial(eager, type=click.Path(path_type=Path, dir_okay=False), metavar=N_("FICHIER"))
    return [
        folder(["--profile"], help=N_("Dossier du profil (ou FIELDKIT_PROFILE).")),
        file(["--passphrase-file"], help=N_("Fichier qui contient la phrase de passe.")),
        eager(["--lang"], type=click.Choice(i18n.LANGUAGES), help=N_("Langue.")),
        eager(["--json"], is_flag=True, help=N_("Répond en JSON.")),
        eager(["-v", "--verbose"], is_flag=True, help=N_("Dit davantage sur la sortie d'erreur.")),
    ]


class Command(_Told, click.Command):
    """A command that takes the global options too."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.params += global_options()


class Group(Command, click.Group):
    """A group whose commands, and itself, take the global options."""

    command_class = Command
    group_class = type
