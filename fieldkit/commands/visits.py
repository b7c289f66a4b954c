"""`fieldkit visit`, `practice`, `workstation`, `note`, `obstacle`, `action`, `verdict`: a visit, written up."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from fieldkit.commands.session import Command, Group, session
from fieldkit.domain import fieldwork
from fieldkit.errors import KnownError
from fieldkit.i18n import _


@click.group("visit", cls=Group)
def visit() -> None:
    """Les visites : commencer, lister, montrer, finaliser, compte rendu."""


@visit.command("new")
@click.option("--practice", metavar="NOM", help=_("Nom d'un nouveau cabinet."))
@click.option("--practice-id", metavar="ID", help=_("Identifiant d'un cabinet connu."))
@click.option("--rpps")
@click.option("--finess")
@click.option("--department", metavar="NN")
@click.option("--profession")
def new(practice: str | None, practice_id: str | None, **about: str | None) -> None:
    """Commence une visite."""
    from fieldkit.services import visits

    if (practice is None) == (practice_id is None):
        raise click.UsageError(_("Donnez --practice NOM ou --practice-id ID, l'un des deux."))
    with session().open(create=True) as profile:
        made = visits.new_visit(profile.store, practice=practice, practice_id=practice_id, about=about)
    session().answer({"visit": made[0], "practice": made[1]}, lambda answer: str(answer["visit"]))


@visit.command("list")
@click.option("--state", type=click.Choice(["draft", "finalised", "waiting", "sent", "refused"]))
def list_(state: str | None) -> None:
    """Liste les visites, la plus récente d'abord."""
    from fieldkit.services import visits

    with session().open() as profile:
        rows = visits.list_visits(profile.store, state)
    session().answer({"visits": rows}, _table)


@visit.command("show")
@click.argument("identity", metavar="ID")
def show(identity: str) -> None:
    """Montre tout d'une visite, son verdict compris."""
    from fieldkit.services import visits

    with session().open() as profile:
        session().answer(visits.show_visit(profile.store, identity))


@visit.command("finalise")
@click.argument("identity", metavar="ID")
def finalise(identity: str) -> None:
    """Fige une visite, et dit ce qui y manque."""
    from fieldkit.services import visits

    with session().open() as profile:
        gaps = visits.finalise(profile.store, identity)
    session().answer(
        {"visit": identity, "state": "finalised", "missing": gaps},
        lambda _answer: "\n".join([_("Visite finalisée."), *(gap["text"] for gap in gaps)]),
    )


@visit.command("report")
@click.argument("identity", metavar="ID")
@click.argument("out", metavar="OUT.pdf", type=click.Path(dir_okay=False, path_type=Path))
def report(identity: str, out: Path) -> None:
    """Écrit le compte rendu d'une visite en PDF."""
    from fieldkit.services import catalogue, reports
    from fieldkit.services.profile import catalogue_path

    with session().open() as profile:
        as_of = catalogue.as_of(catalogue_path(profile.folder))
        written = reports.visit_report(profile.store, identity, out, catalogue_as_of=as_of)
    session().answer({"visit": identity, "file": str(written)}, lambda answer: str(answer["file"]))


@click.group("practice", cls=Group)
def practice() -> None:
    """Les cabinets visités."""


@practice.command("list")
def list_practices() -> None:
    """Liste les cabinets."""
    from fieldkit.services import visits

    with session().open() as profile:
        session().answer({"practices": visits.list_practices(profile.store)})


@practice.command("show")
@click.argument("identity", metavar="ID")
def show_practice(identity: str) -> None:
    """Montre un cabinet, ses postes, son matériel et ses visites."""
    from fieldkit.services import visits

    with session().open() as profile:
        session().answer(visits.show_practice(profile.store, identity))


@click.group("workstation", cls=Group)
def workstation() -> None:
    """Les postes de travail d'un cabinet."""


@workstation.command("set")
@click.argument("visit_id", metavar="VISIT")
@click.argument("facts", metavar="[WORKSTATION] FIELD=VALUE...", nargs=-1, required=True)
def set_workstation(visit_id: str, facts: tuple[str, ...]) -> None:
    """Note des faits d'un poste ; sans WORKSTATION, un nouveau poste. Une valeur vide rend le fait inconnu."""
    from fieldkit.services import visits

    identity, pairs = (None, facts) if "=" in facts[0] else (facts[0], facts[1:])
    with session().open() as profile:
        made = visits.set_workstation(profile.store, visit_id, identity, _pairs(pairs))
    _identity(made)


@click.group("note", cls=Group)
def note() -> None:
    """Les notes libres."""


@note.command("add")
@click.argument("visit_id", metavar="VISIT")
@click.argument("text")
def add_note(visit_id: str, text: str) -> None:
    """Ajoute une note à une visite."""
    _add(visit_id, "note", {"text": text})


@click.group("obstacle", cls=Group)
def obstacle() -> None:
    """Les irritants."""


@obstacle.command("add")
@click.argument("visit_id", metavar="VISIT")
@click.argument("text")
@click.option("--theme", type=click.Choice(fieldwork.THEMES), required=True)
@click.option("--gravity", type=click.Choice(fieldwork.GRAVITIES), required=True)
def add_obstacle(visit_id: str, **fields: str) -> None:
    """Ajoute un irritant à une visite."""
    _add(visit_id, "obstacle", fields)


@click.group("action", cls=Group)
def action() -> None:
    """Les suites : qui fait quoi, et pour quand."""


@action.command("add")
@click.argument("visit_id", metavar="VISIT")
@click.argument("text")
@click.option("--who", type=click.Choice(fieldwork.OWNERS), required=True)
@click.option("--by", metavar="DATE", required=True)
def add_action(visit_id: str, **fields: str) -> None:
    """Ajoute une action à une visite."""
    _add(visit_id, "follow_up", fields)


@click.command("verdict", cls=Command)
@click.argument("visit_id", metavar="VISIT")
def verdict(visit_id: str) -> None:
    """Dit si les postes d'une visite sont prêts, pourquoi, et le plus court chemin pour l'être."""
    from fieldkit.services import visits

    with session().open() as profile:
        session().answer(visits.verdict(profile.store, visit_id))


def _add(visit_id: str, part: str, fields: dict[str, Any]) -> None:
    from fieldkit.services import visits

    with session().open() as profile:
        made = visits.add_part(profile.store, visit_id, part, fields)
    _identity(made)


def _identity(made: str) -> None:
    session().answer({"id": made}, lambda answer: str(answer["id"]))


def _pairs(texts: tuple[str, ...]) -> dict[str, str]:
    pairs = dict(text.partition("=")[::2] for text in texts if "=" in text)
    if len(pairs) != len(texts) or not pairs:
        raise KnownError(
            "not-a-pair",
            _("Chaque fait s'écrit CHAMP=VALEUR, et un champ ne vient qu'une fois."),
            _('Par exemple : os=windows addendum=8 "software=Vega".'),
        )
    return pairs


def _table(answer: dict[str, Any]) -> str:
    if not answer["visits"]:
        return _("Aucune visite pour l'instant.")
    return "\n".join(
        f"{v['date']}  {v['state']:9}  {v['practice']['name']}  {v['id']}" for v in answer["visits"]
    )


COMMANDS = [visit, practice, workstation, note, obstacle, action, verdict]
