"""`fieldkit catalogue`: editors, products and services, offline."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from fieldkit.commands.session import Group, option, session
from fieldkit.i18n import N_, _


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


COMMANDS = [catalogue]
