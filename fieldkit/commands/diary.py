"""`fieldkit visit templates|export|week|calendar`: what helps to plan visits and to look back on them."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import click

from fieldkit.commands.session import DAY, Command, option, session
from fieldkit.i18n import N_, _


@click.command("templates", cls=Command, help=N_("Liste les pense-bêtes proposés pour une visite."))
def templates() -> None:
    from fieldkit.services import guidance

    rows = [{"id": t.id, "title": str(t.title), "professions": t.professions} for t in guidance.templates()]
    session().answer(
        {"templates": rows}, lambda _answer: "\n".join(f"{row['id']:16}{row['title']}" for row in rows)
    )


@click.command(
    "export",
    cls=Command,
    help=N_("Écrit une liste, visits, follow_ups, practices ou obstacles, dans un fichier."),
)
@click.argument("kind", type=click.Choice(["visits", "follow_ups", "practices", "obstacles"]))
@click.argument("out", metavar="OUT.csv|OUT.xlsx|OUT.json", type=click.Path(dir_okay=False, path_type=Path))
@option("--department", metavar="NN")
@option("--profession")
def export(kind: str, out: Path, department: str | None, profession: str | None) -> None:
    from fieldkit.services import catalogue_search, exports, lists
    from fieldkit.services.narrowing import Narrowing

    known = catalogue_search.known_profession(profession) if profession else None
    today = dt.datetime.now().date()  # noqa: DTZ005  the delegate's own day
    with session().open() as profile:
        listing = lists.listing(profile.store, kind, today, Narrowing(department, known))
    count = exports.write(out, listing.columns, (line.cells for line in listing.lines), name=listing.name)
    session().answer({"lines": count, "file": str(out)}, lambda answer: str(answer["file"]))


@click.command(
    "week", cls=Command, help=N_("Les visites d'une semaine, jour par jour ; --from JOUR en choisit une.")
)
@option("--from", "day", type=DAY, metavar=N_("JOUR"), help=N_("Un jour de la semaine."))
def week(day: dt.date | None) -> None:
    from fieldkit.services import agenda

    with session().open() as profile:
        days = agenda.week(profile.store, day or dt.datetime.now().date())  # noqa: DTZ005  the delegate's own day
    session().answer(
        {"days": [{"date": day.isoformat(), "visits": rows} for day, rows in days]},
        lambda answer: "\n".join(
            f"{day['date']}  {v['time'] or '     '}  {named(v)}  {v['id']}"
            for day in answer["days"]
            for v in day["visits"]
        ),
    )


@click.command(
    "calendar", cls=Command, help=N_("Écrit un agenda .ics des visites, sans le contenu d'aucune.")
)
@click.argument("out", metavar="OUT.ics", type=click.Path(dir_okay=False, path_type=Path))
@option("--from", "first", type=DAY, metavar=N_("JOUR"), help=N_("Premier jour ; sinon tous."))
@option("--to", "last", type=DAY, metavar=N_("JOUR"), help=N_("Dernier jour ; sinon tous."))
def calendar(out: Path, first: dt.date | None, last: dt.date | None) -> None:
    from fieldkit.services import agenda

    span = first or dt.date.min, last or dt.date.max
    with session().open() as profile:
        count = agenda.write_calendar(profile.store, out, *span)
    session().answer({"visits": count, "file": str(out)}, lambda answer: str(answer["file"]))


def named(row: dict[str, Any]) -> str:
    """The practice of a visit, with the edition where it is not the first."""
    name = row["practice"]["name"]
    return name if row["edition"] == 1 else _("{name} (édition {n})").format(name=name, n=row["edition"])


COMMANDS = [templates, export, week, calendar]
