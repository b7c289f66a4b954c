"""`fieldkit publications`, `catalogue update`, `directory update`: what the registry publishes, on this laptop."""

from __future__ import annotations

from typing import Any, Final

import click

from fieldkit.commands.session import Command, Group, agree, option, session
from fieldkit.errors import KnownError
from fieldkit.i18n import N_, _, ngettext

_SOURCE: Final = option(
    "--from",
    "source",
    metavar=N_("DOSSIER|URL"),
    help=N_("Une clé USB, un dossier, ou l'adresse d'un registre."),
)


@click.group(
    "publications",
    cls=Group,
    help=N_("À qui ce profil fait confiance pour mettre à jour catalogue et annuaire."),
)
def publications() -> None: ...


@publications.command("trust", help=N_("Fait confiance à une source, une fois son empreinte comparée."))
@_SOURCE
@option(
    "--fingerprint", metavar=N_("EMPREINTE"), help=N_("Celle que la personne qui tient le registre a donnée.")
)
def trust(source: str | None, fingerprint: str | None) -> None:
    from fieldkit.services import publications as service

    root = service.look_at(source or _registry())
    told = service.grouped(root.fingerprint)
    if fingerprint is None:
        click.echo(_("Empreinte : {fingerprint}").format(fingerprint=told), err=True)
        agree(_("Est-ce celle que vous a donnée la personne qui tient le registre ?"))
    elif not service.same(fingerprint, root):
        raise service.other_fingerprint()
    chosen = service.trust(session().folder, root)
    answer = {"source": chosen.source, "fingerprint": chosen.fingerprint}
    session().answer(answer, lambda _answer: _("Source acceptée : {source}").format(source=chosen.source))


@publications.command("status", help=N_("Dit d'où viennent les mises à jour et quelles éditions sont là."))
def status() -> None:
    from fieldkit.services import publications as service

    session().answer(service.status(session().folder))


@click.command("update", cls=Command, help=N_("Met le catalogue à jour depuis le registre ou une clé USB."))
@_SOURCE
def update_catalogue(source: str | None) -> None:
    from fieldkit.services import catalogue_update

    session().answer(catalogue_update.update(session().folder, source), _catalogue)


@click.command(
    "undo-update", cls=Command, help=N_("Revient à l'édition du catalogue d'avant la dernière mise à jour.")
)
def undo_update() -> None:
    from fieldkit.services import catalogue_update

    session().answer(catalogue_update.undo(session().folder), _undone)


@click.command("update", cls=Command, help=N_("Met l'annuaire à jour depuis le registre ou une clé USB."))
@option(
    "--department", "departments", multiple=True, metavar="NN", help=N_("Département ; sinon, les vôtres.")
)
@_SOURCE
def update_directory(departments: tuple[str, ...], source: str | None) -> int:
    from fieldkit import settings
    from fieldkit.services import directory_update

    folder = session().folder
    wanted = departments or settings.load(folder).departments
    done = directory_update.update(folder, wanted, source, narrower=bool(departments))
    session().answer(done, _directory)
    return 1 if done["import"] and done["import"]["refused"] else 0


def _registry() -> str:
    """The registry of this profile, which is in its encrypted part."""
    from fieldkit.services import sync

    with session().open() as profile:
        address = sync.status(profile.store)["registry"]
    if address:
        return str(address)
    raise KnownError(
        "registry-not-set",
        _("Aucun registre n'est configuré pour ce profil."),
        _("Donnez son adresse ou un dossier avec --from."),
    )


def _catalogue(done: dict[str, Any]) -> str:
    edition = _("Catalogue au {as_of}, édition n° {number}").format(**done["edition"])
    if not done["changed"]:
        return _("{edition} : déjà à jour.").format(edition=edition)
    added = ngettext("{n} fait ajouté", "{n} faits ajoutés", done["added"]).format(n=done["added"])
    removed = ngettext("{n} retiré", "{n} retirés", done["removed"]).format(n=done["removed"])
    return _("{edition} : {added}, {removed} ; {bytes} octets reçus.").format(
        edition=edition, added=added, removed=removed, bytes=done["bytes"]
    )


def _undone(done: dict[str, Any]) -> str:
    if done["edition"] is None:
        return _("Le catalogue est de nouveau celui de l'application, avec vos imports.")
    return _("Catalogue au {as_of}, édition n° {number}").format(**done["edition"])


def _directory(done: dict[str, Any]) -> str:
    lines = [
        _("Annuaire du département {department} : extraction du {as_of}").format(department=code, **edition)
        for code, edition in done["editions"].items()
    ]
    if not done["changed"]:
        return "\n".join([*lines, _("Déjà à jour.")])
    kept = done["import"]["kept"]
    return "\n".join([*lines, ngettext("{n} ligne gardée", "{n} lignes gardées", kept).format(n=kept)])


COMMANDS = [publications]
