"""`fieldkit directory`: practitioners and their places of work, offline."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from fieldkit.commands.publications import update_directory
from fieldkit.commands.session import Group, option, session
from fieldkit.i18n import N_, _, ngettext

if TYPE_CHECKING:
    from fieldkit.services.directory_import import OnProgress, Progress

_EVERY_S: Final = 0.1


def _path() -> Path:
    from fieldkit.services import profile

    return profile.directory_path(session().folder)


@click.group("directory", cls=Group, help=N_("Professionnels et lieux d'exercice, hors ligne."))
def directory() -> None: ...


@directory.command(
    "import", help=N_("Importe l'extraction PS_LibreAcces de l'Annuaire Santé (.zip ou .txt).")
)
@click.argument("files", metavar=N_("FICHIER"), nargs=-1, required=True, type=click.Path(path_type=Path))
@option("--department", "departments", multiple=True, metavar="NN", help=N_("Ne garde que ce département."))
@option("--progress", is_flag=True, hidden=True)
def import_(files: tuple[Path, ...], departments: tuple[str, ...], progress: bool) -> int:
    from fieldkit.services import directory_import

    answer = directory_import.import_files(_path(), files, departments, _teller(progress))
    session().answer(answer, _imported)
    return 1 if answer["refused"] else 0


@directory.command(
    "search", help=N_("Cherche un nom, une commune, une profession, un numéro RPPS ou FINESS.")
)
@click.argument("text")
@option("--department", metavar="NN")
@option("--profession")
@option("--limit", type=click.IntRange(1, 500), default=20, show_default=True)
def search(text: str, **options: Any) -> None:
    from fieldkit.services import directory as service

    session().answer(service.search(_path(), text, **options), _results)


@directory.command("show", help=N_("Montre le professionnel de numéro RPPS, avec ses lieux d'exercice."))
@click.argument("identity", metavar="RPPS")
def show(identity: str) -> None:
    from fieldkit.services import directory as service

    session().answer(service.practitioner(_path(), identity))


@directory.command("status", help=N_("Dit d'où vient l'annuaire et de quel jour il date."))
def status() -> None:
    from fieldkit.services import directory as service

    session().answer(service.status(_path()))


def _teller(progress: bool) -> OnProgress:
    """Nothing, or a line of JSON at each step for the window; writing to nobody ends the import."""
    last = 0.0

    def tell(now: Progress) -> None:
        from dataclasses import asdict

        nonlocal last
        if progress and time.monotonic() - last > _EVERY_S:
            last = time.monotonic()
            print(json.dumps({"progress": asdict(now)}), flush=True)  # noqa: T201  not for a person

    return tell


def _imported(answer: dict[str, Any]) -> str:
    kept = ngettext("{n} ligne gardée", "{n} lignes gardées", answer["kept"]).format(n=answer["kept"])
    read = ngettext("sur {n} lue", "sur {n} lues", answer["read"]).format(n=answer["read"])
    refused = ngettext("{n} refusée", "{n} refusées", answer["refused"]).format(n=answer["refused"])
    lines = [f"{kept} {read}, {refused} ({answer['seconds']} s, {answer['peak_mb']} Mo)"]
    if answer["set_aside"]:
        words = ngettext(
            "{n} numéro FINESS ou SIRET faux laissé de côté.",
            "{n} numéros FINESS ou SIRET faux laissés de côté.",
            answer["set_aside"],
        )
        lines.append(words.format(n=answer["set_aside"]))
    for title, names in (
        (_("Colonnes absentes : {names}."), answer["missing_columns"]),
        (_("Colonnes inconnues : {names}."), answer["unknown_columns"]),
    ):
        if names:
            lines.append(title.format(names=", ".join(names)))
    if answer["reordered"]:
        lines.append(_("Les colonnes sont dans un autre ordre que prévu : elles ont été lues par leur nom."))
    lines += [
        f"  {row['file']}, {row['row']} : {row['column']} {row['reason']}" for row in answer["problems"]
    ]
    return "\n".join(lines)


def _results(found: dict[str, Any]) -> str:
    if not found["results"]:
        return _("Rien ne correspond à cette recherche.")
    return "\n".join(
        f"{row['name']}  {row['detail']}  ({row['source']}, {row['as_of'] or '?'})  {row['id']}"
        for row in found["results"]
    )


directory.add_command(update_directory)

COMMANDS = [directory]
