"""`fieldkit catalogue`: editors, products and services, offline."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any, Final

import click

from fieldkit.commands.publications import undo_update, update_catalogue
from fieldkit.commands.session import Group, option, session
from fieldkit.i18n import N_, _, ngettext

_FILE: Final = click.Path(path_type=Path, dir_okay=False)


def _path() -> Path:
    from fieldkit.services import profile

    return profile.catalogue_path(session().folder)


@click.group("catalogue", cls=Group, help=N_("Éditeurs, produits et services, hors ligne."))
def catalogue() -> None: ...


@catalogue.command("search", help=N_("Cherche TEXT partout dans le catalogue."))
@click.argument("text")
@option("--kind", metavar="editor|product|service|label|card-reader…")
@option("--profession")
@option("--service")
@option("--as-of", metavar=N_("AAAA-MM"))
@option("--mobility", type=click.Choice(["yes", "no"]))
@option("--vintage", metavar=N_("AAAA"))
@option("--federation")
@click.option("--facets", is_flag=True, help=N_("Compte aussi ce que donnerait chaque filtre."))
@option("--limit", type=click.IntRange(1, 500), default=20, show_default=True)
def search(text: str, **options: Any) -> None:
    from fieldkit.services import catalogue as service

    session().answer(service.search(_path(), text, **options), _results)


@catalogue.command("show", help=N_("Montre la fiche ID, chaque fait avec sa source et sa date."))
@click.argument("identity", metavar="ID")
def show(identity: str) -> None:
    from fieldkit.services import catalogue as service

    session().answer(service.show(_path(), identity))


@catalogue.command(
    "compare", help=N_("Compare les services des éditeurs d'une profession, à une date ou entre deux.")
)
@option("--profession", required=True)
@option("--as-of", required=True, metavar=N_("AAAA-MM"))
@option("--and", "and_", metavar=N_("AAAA-MM"))
@click.option("--differences", is_flag=True, help=N_("Ne garde que les services où les réponses diffèrent."))
def compare(profession: str, as_of: str, and_: str | None, differences: bool) -> None:
    from fieldkit.services import catalogue as service

    session().answer(service.compare(_path(), profession, as_of, and_, differences=differences))


@catalogue.command("figures", help=N_("Donne les indicateurs nationaux dans le temps, avec leur source."))
@click.option("--everything", is_flag=True, help=N_("Donne aussi ceux qui ne parlent pas du déploiement."))
def figures(everything: bool) -> None:
    from fieldkit.services import catalogue as service

    session().answer({"series": service.figures(_path(), everything=everything)}, _figures)


_FACETS = {
    "kind": N_("Genre"),
    "profession": N_("Profession"),
    "service": N_("Service"),
    "mobility": N_("Mobilité"),
    "vintage": N_("Millésime PRO-PS"),
    "federation": N_("Fédération"),
    "date": N_("Date"),
}


@catalogue.command(
    "import", help=N_("Importe la table FICHIER dans le catalogue : CSV, XLSX, XLS, ODS ou JSON.")
)
@click.argument("file", metavar=N_("FICHIER"), type=_FILE)
@option("--mapping", type=_FILE, metavar=N_("FICHIER"), help=N_("Colonnes et noms confirmés, en JSON."))
@option("--dry-run", is_flag=True, help=N_("Montre ce qui changerait, sans rien changer."))
def import_(file: Path, mapping: Path | None, dry_run: bool) -> int:
    from fieldkit.services import catalogue_imports as service

    chosen = service.choices_in(mapping) if mapping else None
    seen = service.preview(_path(), service.look_at(_path(), file, chosen))
    done = service.answer(seen, None) if dry_run else service.apply(_path(), seen)
    session().answer(done, _imported)
    return 1 if done["refused"] else 0


@catalogue.command("undo-import", help=N_("Annule l'import NUMÉRO."))
@click.argument("number", metavar=N_("NUMÉRO"), type=int)
def undo_import(number: int) -> None:
    from fieldkit.services import catalogue_imports as service

    session().answer(service.undo(_path(), number), _undone)


@catalogue.command("imports", help=N_("Liste les imports, le plus récent d'abord."))
def imports() -> None:
    from fieldkit.services import catalogue_imports as service

    made = [dataclasses.asdict(item) for item in service.history(_path())]
    session().answer({"imports": made}, _history)


@catalogue.command("erase-contact", help=N_("Efface pour de bon le contact ID, des imports passés aussi."))
@click.argument("contact", metavar="ID")
def erase_contact(contact: str) -> None:
    from fieldkit.services import contacts as service

    session().answer(service.erase(_path(), contact), lambda _done: _("Contact effacé."))


@catalogue.command("export", help=N_("Exporte tout le catalogue dans SORTIE : .csv, .xlsx ou .json."))
@click.argument("out", metavar=N_("SORTIE"), type=_FILE)
def export(out: Path) -> None:
    from fieldkit.services import catalogue_export as service

    session().answer(service.export(_path(), out), _exported)


def _results(found: dict[str, Any]) -> str:
    if not found["results"]:
        return _("Rien ne correspond à cette recherche.")
    lines = [
        f"{row['name']}  [{row['kind']}]  {row['detail']}  ({row['source']}, {row['as_of']})  {row['id']}"
        for row in found["results"]
    ]
    counted = [
        f"{_(_FACETS[facet])} : " + ", ".join(f"{choice['label']} {choice['count']}" for choice in choices)
        for facet, choices in found.get("facets", {}).items()
        if choices
    ]
    return "\n".join(lines + counted)


def _figures(found: dict[str, Any]) -> str:
    return "\n".join(
        f"{line['topic']}, {line['metric']} : "
        + " ; ".join(
            f"{point['as_of']} {point['qualifier']}{point['as_written']} {line['unit']} ({point['source']})"
            for point in line["points"]
        )
        for line in found["series"]
    )


def _imported(done: dict[str, Any]) -> str:
    refused = len({(fault.get("sheet"), fault["row"]) for fault in done["refused"]})
    counted = (
        ngettext("{n} ajoutée", "{n} ajoutées", done["added"]).format(n=done["added"]),
        ngettext("{n} modifiée", "{n} modifiées", done["changed"]).format(n=done["changed"]),
        ngettext("{n} inchangée", "{n} inchangées", done["unchanged"]).format(n=done["unchanged"]),
        ngettext("{n} refusée", "{n} refusées", refused).format(n=refused),
    )
    lines = [", ".join(counted)]
    lines += [
        _("ligne {row}, {column} : {reason}").format(**fault)
        if fault["column"]
        else _("ligne {row} : {reason}").format(**fault)
        for fault in done["refused"]
    ]
    if done["import_id"] is not None:
        lines.append(_("Import n° {n}.").format(n=done["import_id"]))
    return "\n".join(lines)


def _undone(done: dict[str, Any]) -> str:
    removed, restored = done["removed"], done["restored"]
    return _("Import n° {n} annulé : {removed}, {restored}.").format(
        n=done["import_id"],
        removed=ngettext("{n} fait retiré", "{n} faits retirés", removed).format(n=removed),
        restored=ngettext("{n} rétabli", "{n} rétablis", restored).format(n=restored),
    )


def _history(found: dict[str, Any]) -> str:
    if not found["imports"]:
        return _("Aucun import.")
    state = {True: "", False: _(" (annulé)")}
    return "\n".join(
        f"{item['id']}  {item['made_at'][:10]}  {item['name']}{state[item['applied']]}"
        for item in found["imports"]
    )


def _exported(done: dict[str, Any]) -> str:
    rows, people = done["rows"], done["personal"]
    told = ngettext("{n} ligne dans {file}", "{n} lignes dans {file}", rows).format(n=rows, file=done["file"])
    warned = ngettext(
        "Attention : {n} contact est une donnée personnelle.",
        "Attention : {n} contacts sont des données personnelles.",
        people,
    )
    return told + ("\n" + warned.format(n=people) if people else "")


catalogue.add_command(update_catalogue)
catalogue.add_command(undo_update)

COMMANDS = [catalogue]
