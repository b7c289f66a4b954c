"""`fieldkit registry`: the central service, for the person who runs it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from fieldkit.commands.session import Group, option, session
from fieldkit.i18n import N_, _

_PLACE = [
    option("--database", metavar="URL", help=N_("sqlite:///… ou postgresql+psycopg://…")),
    option(
        "--data",
        metavar=N_("DOSSIER"),
        type=click.Path(path_type=Path, file_okay=False),
        help=N_("Dossier du registre."),
    ),
]


def _placed(command: Any) -> Any:
    for place in _PLACE:
        command = place(command)
    return command


@click.group("registry", cls=Group, help=N_("Le registre central : servir, jetons, consultation."))
def registry() -> None: ...


@registry.command("serve", help=N_("Sert le registre jusqu'à Ctrl+C ; le port 0 prend un port libre."))
@_placed
@option("--host", default="127.0.0.1", show_default=True)
@option("--port", type=click.IntRange(0, 65535), default=8000, show_default=True)
def serve(database: str | None, data: Path | None, host: str, port: int) -> None:
    from fieldkit.services import registry as service

    def ready(address: str) -> None:
        session().answer({"registry": address}, lambda answer: str(answer["registry"]))

    service.serve(database, host, port, data, ready)


@registry.group("token", cls=Group, help=N_("Les jetons des délégués."))
def token() -> None: ...


@token.command("create", help=N_("Crée un jeton pour U ; il n'est montré qu'une fois."))
@_placed
@option("--user", required=True, metavar="U")
@option("--scope", "scopes", required=True, multiple=True, metavar="dept:NN")
@option("--days", type=click.IntRange(1), metavar="N")
def create(
    user: str, scopes: tuple[str, ...], days: int | None, database: str | None, data: Path | None
) -> None:
    from fieldkit.services import registry as service

    made = service.create_token(user, scopes, days, database=database, data=data)
    answer = {"token": made, "user": user, "scopes": list(scopes), "days": days}
    session().answer(answer, lambda told: str(told["token"]))


@token.command("revoke", help=N_("Met fin à un jeton, donné lui-même ou par son identifiant."))
@_placed
@click.argument("which", metavar="TOKEN|ID")
def revoke(which: str, database: str | None, data: Path | None) -> None:
    from fieldkit.services import registry as service

    service.revoke_token(which, database=database, data=data)
    session().answer({"revoked": True}, lambda _answer: _("Jeton révoqué."))


@registry.command(
    "new-epoch", help=N_("À lancer après une restauration : les postes renverront ce qui manque.")
)
@_placed
def new_epoch(database: str | None, data: Path | None) -> None:
    from fieldkit.services import registry as service

    made = service.new_epoch(database=database, data=data)
    session().answer({"epoch": made}, lambda answer: str(answer["epoch"]))


@registry.command("show", help=N_("Montre les enregistrements d'un TYPE, ou celui qui porte ID."))
@_placed
@click.argument("kind", metavar="TYPE")
@click.argument("identity", metavar="[ID]", required=False)
def show(kind: str, identity: str | None, database: str | None, data: Path | None) -> None:
    from fieldkit.services import registry as service

    session().answer(service.show(kind, identity, database=database, data=data))


COMMANDS = [registry]
