"""What every command shares: the global options, the open profile, and the way to answer."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from fieldkit import i18n, paths
from fieldkit.errors import KnownError
from fieldkit.i18n import _

if TYPE_CHECKING:
    from fieldkit.services.profile import Profile


@dataclass
class Session:
    """The global options of one call."""

    profile: Path | None = None
    passphrase_file: Path | None = None
    json: bool = False
    verbose: bool = False

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
        env = os.environ
        root.obj = Session(
            profile=Path(env["FIELDKIT_PROFILE"]) if env.get("FIELDKIT_PROFILE") else None,
            passphrase_file=Path(env["FIELDKIT_PASSPHRASE_FILE"])
            if env.get("FIELDKIT_PASSPHRASE_FILE")
            else None,
        )
    return root.obj


def _remember(_context: click.Context, option: click.Parameter, value: Any) -> None:
    if value in (None, False):
        return
    if option.name == "lang":
        i18n.use(value)
    elif option.name in _NAMES:
        setattr(session(), option.name, value)


def global_options() -> list[click.Option]:
    """Options that are accepted before or after a command."""
    option = partial(click.Option, expose_value=False, callback=_remember, is_eager=True)
    folder = click.Path(path_type=Path, file_okay=False)
    file = click.Path(path_type=Path, dir_okay=False)
    return [
        option(["--profile"], type=folder, help=_("Dossier du profil (ou FIELDKIT_PROFILE).")),
        option(["--passphrase-file"], type=file, help=_("Fichier qui contient la phrase de passe.")),
        option(["--lang"], type=click.Choice(i18n.LANGUAGES), help=_("Langue.")),
        option(["--json"], is_flag=True, help=_("Répond en JSON.")),
        option(["-v", "--verbose"], is_flag=True, help=_("Dit davantage sur la sortie d'erreur.")),
    ]


class Command(click.Command):
    """A command that takes the global options too."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.params += global_options()


class Group(click.Group):
    """A group whose commands, and itself, take the global options."""

    command_class = Command
    group_class = type

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.params += global_options()
