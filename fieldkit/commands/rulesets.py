"""`fieldkit ruleset`: which rules the verdicts rest on, and one more from a file."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import click

from fieldkit.commands.session import Group, session
from fieldkit.i18n import N_


@click.group("ruleset", cls=Group, help=N_("Les règles sur lesquelles reposent les verdicts."))
def ruleset() -> None: ...


@ruleset.command("list", help=N_("Liste les jeux de règles, et dit lesquels valent aujourd'hui."))
def list_() -> None:
    from fieldkit.services import rulesets

    today = dt.date.today()  # noqa: DTZ011  the delegate's own day
    session().answer({"rulesets": rulesets.told(session().folder, today)}, _table)


@ruleset.command("check", help=N_("Vérifie un fichier de règles sans rien changer."))
@click.argument("file", metavar="FICHIER", type=click.Path(dir_okay=False, exists=True, path_type=Path))
def check(file: Path) -> None:
    from fieldkit.services import rulesets

    made = rulesets.read(file)
    session().answer({"id": made.id, "title": str(made.title)}, lambda answer: str(answer["title"]))


@ruleset.command("add", help=N_("Ajoute un jeu de règles au profil ; il vaut aussitôt."))
@click.argument("file", metavar="FICHIER", type=click.Path(dir_okay=False, exists=True, path_type=Path))
def add(file: Path) -> None:
    from fieldkit.paths import ensure_folder
    from fieldkit.services import rulesets

    made = rulesets.add(ensure_folder(session().folder), file)
    session().answer({"id": made.id, "title": str(made.title)}, lambda answer: str(answer["title"]))


def _table(answer: dict[str, Any]) -> str:
    return "\n".join(
        f"✘ {r['file']}  {r['problem']}"
        if r["problem"]
        else f"{'✔' if r['in_force'] else ' '} {r['valid_from']}  {r['title']}  {r['file']}"
        for r in answer["rulesets"]
    )


COMMANDS = [ruleset]
