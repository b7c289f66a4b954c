"""`fieldkit sync` and `fieldkit conflict`: to the registry and back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from fieldkit.commands.session import Group, option, session
from fieldkit.errors import KnownError
from fieldkit.i18n import N_, _


@click.group(
    "sync",
    cls=Group,
    invoke_without_command=True,
    help=N_("Envoie ce qui attend, puis reprend ce qui est nouveau. Sans réseau, rien n'est perdu."),
)
@option("--registry", metavar="URL", help=N_("Adresse du registre, pour cette fois."))
@option(
    "--check", is_flag=True, help=N_("Compare aussi toutes les fiches à celles du registre, et les répare.")
)
@click.pass_context
def sync(context: click.Context, registry: str | None, check: bool) -> int:
    if context.invoked_subcommand is not None:
        return 0
    from fieldkit.services import sync as service

    with session().open() as profile:
        done = service.run(profile.store, registry, check=check)
    session().answer(done)
    return 1 if done["refused"] or done["conflicts"] else 0


@sync.command("status", help=N_("Dit ce qui attend, ce qui a été refusé, et les conflits ouverts."))
def status() -> int:
    from fieldkit.services import sync as service

    with session().open() as profile:
        found = service.status(profile.store)
    session().answer(found)
    return 1 if found["refused"] or found["conflicts"] else 0


@sync.command("set", help=N_("Choisit le registre et le jeton, gardés dans le profil chiffré."))
@click.argument("url", metavar="URL")
@option("--token-file", type=click.Path(path_type=Path, dir_okay=False), required=True, metavar=N_("FICHIER"))
def set_(url: str, token_file: Path) -> None:
    from fieldkit.services import sync as service

    token = _read(token_file)
    with session().open(create=True) as profile:
        service.configure(profile.store, url, token)
    session().answer({"registry": url}, lambda answer: str(answer["registry"]))


@sync.command("sign-in", help=N_("Vous identifie dans le navigateur, auprès de votre organisme."))
@click.argument("url", metavar="[URL]", required=False)
@option("--no-browser", is_flag=True, help=N_("N'ouvre pas le navigateur : donne seulement l'adresse."))
@option("--now", is_flag=True, help=N_("Synchronise aussitôt."))
def sign_in(url: str | None, no_browser: bool, now: bool) -> int:
    import webbrowser

    from fieldkit.services import sign_in as service
    from fieldkit.services import sync as synchro

    def show(address: str) -> None:
        click.echo(_("Identifiez-vous à cette adresse :") + "\n" + address, err=True)
        if not no_browser:
            webbrowser.open(address)

    with session().open(create=True) as profile:
        address = url or synchro.status(profile.store)["registry"] or ""
        known = service.sign_in(profile.store, address, show)
        answer = {"registry": known.registry, "name": known.name, "kept": known.kept}
        if now:
            answer["sync"] = synchro.run(profile.store)
    session().answer(answer, _signed_in)
    return 0


@sync.command("sign-out", help=N_("Oublie votre connexion. Ce qui attend d'être envoyé reste sur ce poste."))
def sign_out() -> None:
    from fieldkit.services import sign_in as service

    with session().open() as profile:
        service.sign_out(profile.store)
    session().answer({"signed_out": True}, lambda _answer: _("Vous êtes déconnecté ; rien n'est perdu."))


def _signed_in(answer: dict[str, Any]) -> str:
    who = _("Vous êtes connecté à {registry} en tant que {name}.").format(**answer)
    if answer["kept"]:
        return who
    return (
        who
        + " "
        + _("Ce poste n'a pas de trousseau pour garder la connexion : elle finit avec cette commande.")
    )


_secret = option(
    "--secret-file",
    type=click.Path(path_type=Path, dir_okay=False),
    required=True,
    metavar=N_("FICHIER"),
    help=N_("Fichier de la phrase de passe de l'export, qui n'est pas celle du profil."),
)


@sync.command(
    "export-unsent", help=N_("Met dans un fichier chiffré tout ce qui n'est pas parti, photos comprises.")
)
@click.argument("file", metavar=N_("FICHIER"), type=click.Path(path_type=Path, dir_okay=False))
@_secret
def export_unsent(file: Path, secret_file: Path) -> None:
    from fieldkit.services import queue

    secret = _read_secret(secret_file)
    with session().open() as profile:
        session().answer({"file": str(file), **queue.export_unsent(profile.store, file, secret)})


@sync.command("import-unsent", help=N_("Reprend ici un tel fichier. Rien n'arrive deux fois au registre."))
@click.argument("file", metavar=N_("FICHIER"), type=click.Path(path_type=Path, dir_okay=False))
@_secret
def import_unsent(file: Path, secret_file: Path) -> None:
    from fieldkit.services import queue

    secret = _read_secret(secret_file)
    with session().open(create=True) as profile:
        session().answer({"file": str(file), **queue.import_unsent(profile.store, file, secret)})


@sync.command("aside", help=N_("Met de côté un changement qui attend, et ceux qui en dépendent."))
@click.argument("seq", metavar="N", type=int)
def aside(seq: int) -> None:
    from fieldkit.services import queue

    with session().open() as profile:
        session().answer({"aside": queue.set_aside(profile.store, seq)})


@sync.command("take-back", help=N_("Remet dans la file un changement mis de côté."))
@click.argument("identity", metavar="ID")
def take_back(identity: str) -> None:
    from fieldkit.services import queue

    with session().open() as profile:
        session().answer({"back": queue.take_back(profile.store, identity)})


@sync.command("retry", help=N_("Remet dans la file un changement que le registre a refusé."))
@click.argument("seq", metavar="N", type=int)
def retry(seq: int) -> None:
    from fieldkit.services import queue

    with session().open() as profile:
        queue.send_again(profile.store, seq)
    session().answer({"id": seq}, lambda _answer: _("Il partira à la prochaine synchronisation."))


@click.group(
    "conflict", cls=Group, help=N_("Les conflits : deux valeurs pour un champ, toutes deux gardées.")
)
def conflict() -> None: ...


@conflict.command("list", help=N_("Liste les conflits, ceux qui attendent une décision d'abord."))
def list_() -> None:
    from fieldkit.services import duplicates as pairs
    from fieldkit.services import sync as service

    with session().open() as profile:
        found = {"conflicts": service.conflicts(profile.store), "duplicates": pairs.duplicates(profile.store)}
    session().answer(found)


@conflict.command("settle", help=N_("Règle un conflit : la nôtre, la leur, ou une autre valeur."))
@click.argument("identity", metavar="ID")
@click.argument("choice", metavar="ours|theirs|VALUE")
def settle(identity: str, choice: str) -> None:
    from fieldkit.services import sync as service

    with session().open() as profile:
        service.settle(profile.store, identity, choice)
    session().answer({"id": identity}, _settled)


@conflict.command("merge", help=N_("Réunit deux fiches faites pour la même chose : la première reste."))
@click.argument("keep", metavar="ID")
@click.argument("drop", metavar="ID")
def merge(keep: str, drop: str) -> None:
    from fieldkit.services import duplicates

    with session().open() as profile:
        duplicates.merge(profile.store, keep, drop)
    session().answer({"id": keep, "merged": drop}, _settled)


@conflict.command("apart", help=N_("Dit que deux fiches qui se ressemblent sont bien deux choses."))
@click.argument("one", metavar="ID")
@click.argument("other", metavar="ID")
def apart(one: str, other: str) -> None:
    from fieldkit.services import duplicates

    with session().open() as profile:
        duplicates.tell_apart(profile.store, one, other)
    session().answer({"ids": [one, other]}, _settled)


@conflict.command("separate", help=N_("Défait la réunion d'un cabinet avec un autre."))
@click.argument("identity", metavar="ID")
def separate(identity: str) -> None:
    from fieldkit.services import duplicates

    with session().open() as profile:
        duplicates.separate(profile.store, identity)
    session().answer({"id": identity}, _settled)


def _settled(_answer: Any) -> str:
    return _("Conflit réglé ; la décision partira à la prochaine synchronisation.")


def _read_secret(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8").rstrip("\r\n")
    except (OSError, UnicodeDecodeError) as error:
        raise KnownError(
            "secret-file",
            _("Le fichier de la phrase de passe ne peut pas être lu : {file}").format(file=file),
            _("Vérifiez son chemin ; la phrase tient sur une ligne."),
        ) from error


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
