"""`fieldkit sync` and `fieldkit conflict`: to the registry and back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from fieldkit.commands.session import Group, session
from fieldkit.errors import KnownError
from fieldkit.i18n import _


@click.group("sync", cls=Group, invoke_without_command=True)
@click.option("--registry", metavar="URL", help=_("Adresse du registre, pour cette fois."))
@click.pass_context
def sync(context: click.Context, registry: str | None) -> int:
    """Envoie ce qui attend, puis reprend ce qui est nouveau. Sans réseau, rien n'est perdu."""
    if context.invoked_subcommand is not None:
        return 0
    from fieldkit.services import sync as service

    with session().open() as profile:
        done = service.run(profile.store, registry)
    session().answer(done)
    return 1 if done["refused"] or done["conflicts"] else 0


@sync.command("status")
def status() -> int:
    """Dit ce qui attend, ce qui a été refusé, et les conflits ouverts."""
    from fieldkit.services import sync as service

    with session().open() as profile:
        found = service.status(profile.store)
    session().answer(found)
    return 1 if found["refused"] or found["conflicts"] else 0


@sync.command("set")
@click.argument("url", metavar="URL")
@click.option(
    "--token-file", type=click.Path(path_type=Path, dir_okay=False), required=True, metavar="FICHIER"
)
def set_(url: str, token_file: Path) -> None:
    """Choisit le registre et le jeton, gardés dans le profil chiffré."""
    from fieldkit.services import sync as service

    token = _read(token_file)
    with session().open(create=True) as profile:
        service.configure(profile.store, url, token)
    session().answer({"registry": url}, lambda answer: str(answer["registry"]))


@click.group("conflict", cls=Group)
def conflict() -> None:
    """Les conflits : deux valeurs pour un champ, toutes deux gardées."""


@conflict.command("list")
def list_() -> None:
    """Liste les conflits, ceux qui attendent une décision d'abord."""
    from fieldkit.services import sync as service

    with session().open() as profile:
        session().answer({"conflicts": service.conflicts(profile.store)})


@conflict.command("settle")
@click.argument("identity", metavar="ID")
@click.argument("choice", metavar="ours|theirs|VALUE")
def settle(identity: str, choice: str) -> None:
    """Règle un conflit : la nôtre, la leur, ou une autre valeur."""
    from fieldkit.services import sync as service

    with session().open() as profile:
        service.settle(profile.store, identity, choice)
    session().answer({"id": identity}, _settled)


def _settled(_answer: Any) -> str:
    return _("Conflit réglé ; la décision partira à la prochaine synchronisation.")


def _read(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise KnownError(
            "token-file",
            _("Le fichier du jeton ne peut pas être lu : {file}").format(file=file),
            _("Vérifiez son chemin ; le jeton tient sur une ligne."),
        ) from error


COMMANDS = [sync, conflict]
