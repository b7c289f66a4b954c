"""`fieldkit catalogue`: editors, products and services, offline."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from fieldkit.commands.session import Group, session
from fieldkit.i18n import _


def _path() -> Path:
    from fieldkit.services import profile

    return profile.catalogue_path(session().folder)


@click.group("catalogue", cls=Group)
def catalogue() -> None:
    """Éditeurs, produits et services, hors ligne."""


@catalogue.command("search")
@click.argument("text")
@click.option("--kind", type=click.Choice(["editor", "product", "service", "label"]))
@click.option("--profession")
@click.option("--service")
@click.option("--as-of", metavar="AAAA-MM")
@click.option("--limit", type=click.IntRange(1, 500), default=20, show_default=True)
def search(text: str, **options: Any) -> None:
    """Cherche TEXT partout dans le catalogue."""
    from fieldkit.services import catalogue as service

    session().answer(service.search(_path(), text, **options), _results)


@catalogue.command("show")
@click.argument("identity", metavar="ID")
def show(identity: str) -> None:
    """Montre la fiche ID, chaque fait avec sa source et sa date."""
    from fieldkit.services import catalogue as service

    session().answer(service.show(_path(), identity))


@catalogue.command("compare")
@click.option("--profession", required=True)
@click.option("--as-of", required=True, metavar="AAAA-MM")
@click.option("--and", "and_", metavar="AAAA-MM")
def compare(profession: str, as_of: str, and_: str | None) -> None:
    """Compare les services des éditeurs d'une profession, à une date ou entre deux."""
    from fieldkit.services import catalogue as service

    session().answer(service.compare(_path(), profession, as_of, and_))


def _results(found: dict[str, Any]) -> str:
    if not found["results"]:
        return _("Rien ne correspond à cette recherche.")
    lines = [
        f"{row['name']}  [{row['kind']}]  {row['detail']}  ({row['source']}, {row['as_of']})  {row['id']}"
        for row in found["results"]
    ]
    return "\n".join(lines)


COMMANDS = [catalogue]
