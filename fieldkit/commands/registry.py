"""`fieldkit registry`: the central service, for the person who runs it."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import click

from fieldkit.commands.publish import publish
from fieldkit.commands.session import DAY, Group, agree, option, session
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
@option(
    "--oidc-issuer",
    metavar="URL",
    help=N_("Fournisseur d'identité (OpenID Connect) qui répond des délégués."),
)
@option("--oidc-client-id", metavar="ID", help=N_("Nom de Fieldkit chez ce fournisseur."))
@option(
    "--oidc-audience",
    metavar="URI",
    help=N_("À qui s'adressent ses jetons d'accès ; sinon, le jeton d'identité sert."),
)
@option("--oidc-scope", metavar="TEXT", help=N_("Ce qui lui est demandé (openid profile offline_access)."))
@option("--oidc-prompt", metavar="TEXT", help=N_("Ce qu'il demande à la personne (login consent)."))
@option(
    "--oidc-port",
    metavar="N",
    type=click.IntRange(1, 65535),
    help=N_("Port du retour sur le poste, s'il le compare."),
)
@option(
    "--publications",
    metavar=N_("DOSSIER"),
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    help=N_("Dossier de « registry publish », servi sous /publications."),
)
def serve(
    database: str | None, data: Path | None, host: str, port: int, publications: Path | None, **oidc: Any
) -> None:
    from fieldkit.services import registry as service
    from fieldkit.sync.protocol import OpenId

    told = {name.removeprefix("oidc_"): value for name, value in oidc.items() if value}
    if told and not told.keys() >= {"issuer", "client_id"}:
        raise click.UsageError(_("--oidc-issuer et --oidc-client-id vont ensemble."))
    openid = OpenId(**told) if told else None

    def ready(address: str) -> None:
        session().answer({"registry": address}, lambda answer: str(answer["registry"]))

    service.serve(database, host, port, data, ready, openid, publications)


@registry.group("token", cls=Group, help=N_("Les jetons des délégués."))
def token() -> None: ...


@token.command("create", help=N_("Crée un jeton pour U ; il n'est montré qu'une fois."))
@_placed
@option("--user", required=True, metavar="U")
@option("--scope", "scopes", required=True, multiple=True, metavar="dept:NN")
@option("--days", type=click.IntRange(1, 3_650), metavar="N")
@option("--role", type=click.Choice(["reader", "writer"]), default="writer", show_default=True)
def create(
    user: str, scopes: tuple[str, ...], days: int | None, role: str, database: str | None, data: Path | None
) -> None:
    from fieldkit.services import registry as service

    made = service.create_token(user, scopes, days, role, database=database, data=data)
    answer = {"token": made, "user": user, "scopes": list(scopes), "days": days, "role": role}
    session().answer(answer, lambda told: str(told["token"]))


@token.command("revoke", help=N_("Met fin à un jeton, donné lui-même ou par son identifiant."))
@_placed
@click.argument("which", metavar="TOKEN|ID")
def revoke(which: str, database: str | None, data: Path | None) -> None:
    from fieldkit.services import registry as service

    service.revoke_token(which, database=database, data=data)
    session().answer({"revoked": True}, lambda _answer: _("Jeton révoqué."))


@registry.group("grant", cls=Group, help=N_("Les droits par périmètre."))
def grant() -> None: ...


@grant.command("set", help=N_("Donne à U un droit sur un périmètre, jusqu'à une date ou sans fin."))
@_placed
@option("--user", required=True, metavar="U")
@option("--scope", required=True, metavar="dept:NN")
@option("--role", type=click.Choice(["reader", "writer"]), default="writer", show_default=True)
@option("--until", type=DAY, metavar=N_("AAAA-MM-JJ"), help=N_("Dernier jour du droit."))
def set_grant(
    user: str, scope: str, role: str, until: dt.date | None, database: str | None, data: Path | None
) -> None:
    from fieldkit.services import registry as service

    service.set_grant(user, scope, role, until, database=database, data=data)
    answer = {"user": user, "scope": scope, "role": role, "until": until and until.isoformat()}
    session().answer(answer, lambda _answer: _("Droit donné."))


@grant.command("end", help=N_("Retire à U un droit sur un périmètre."))
@_placed
@option("--user", required=True, metavar="U")
@option("--scope", required=True, metavar="dept:NN")
def end_grant(user: str, scope: str, database: str | None, data: Path | None) -> None:
    from fieldkit.services import registry as service

    service.end_grant(user, scope, database=database, data=data)
    session().answer({"ended": True}, lambda _answer: _("Droit retiré."))


@registry.command("audit", help=N_("Vérifie le journal, ligne après ligne."))
@_placed
@option("--known", default="", metavar="HEAD", help=N_("Une empreinte notée lors d'une vérification passée."))
def audit(known: str, database: str | None, data: Path | None) -> None:
    from fieldkit.services import registry as service

    found = service.check_audit(known, database=database, data=data)
    sentence = _("Journal intact : {rows} lignes, empreinte {head}.")
    session().answer(found, lambda told: sentence.format(**told))


@registry.command(
    "new-epoch", help=N_("À lancer après une restauration : les postes renverront ce qui manque.")
)
@_placed
def new_epoch(database: str | None, data: Path | None) -> None:
    from fieldkit.services import registry as service

    made = service.new_epoch(database=database, data=data)
    session().answer({"epoch": made}, lambda answer: str(answer["epoch"]))


@registry.command("erase", help=N_("Efface pour toujours un cabinet (ID) ou une personne (RPPS), partout."))
@_placed
@click.argument("wanted", metavar="ID|RPPS|U")
@option(
    "--account", is_flag=True, help=N_("Efface le compte du délégué U : jetons, droits, brouillons, nom.")
)
@option("--dry-run", is_flag=True, help=N_("Dit ce qui serait effacé, sans rien effacer."))
@option("--yes", is_flag=True, help=N_("N'attend pas de confirmation."))
def erase(
    wanted: str, account: bool, dry_run: bool, yes: bool, database: str | None, data: Path | None
) -> None:
    from fieldkit.services import registry as service

    work = service.erase_account if account else service.erase
    found = work(wanted, dry_run=True, database=database, data=data)
    if not dry_run:
        if not yes:
            counts = ", ".join(f"{kind} {n}" for kind, n in found["erased"].items())
            agree(_("Effacer pour toujours : {counts} ?").format(counts=counts))
        found = work(wanted, database=database, data=data)
    session().answer(found)


@registry.command("show", help=N_("Montre les enregistrements d'un TYPE, ou celui qui porte ID."))
@_placed
@click.argument("kind", metavar="TYPE")
@click.argument("identity", metavar="[ID]", required=False)
def show(kind: str, identity: str | None, database: str | None, data: Path | None) -> None:
    from fieldkit.services import registry as service

    session().answer(service.show(kind, identity, database=database, data=data))


registry.add_command(publish)

COMMANDS = [registry]
