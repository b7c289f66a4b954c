"""`fieldkit visit`, `practice`, `workstation`, `note`, `obstacle`, `photo`, `action`, `verdict`: a visit."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from fieldkit.commands import diary
from fieldkit.commands.diary import named
from fieldkit.commands.session import Command, Group, option, session
from fieldkit.domain import fieldwork
from fieldkit.errors import KnownError
from fieldkit.i18n import N_, _


@click.group(
    "visit", cls=Group, help=N_("Les visites : commencer, lister, montrer, finaliser, compte rendu.")
)
def visit() -> None: ...


for made in diary.COMMANDS:
    visit.add_command(made)


@visit.command("new", help=N_("Commence une visite."))
@option("--practice", metavar=N_("NOM"), help=N_("Nom d'un nouveau cabinet."))
@option("--practice-id", metavar="ID", help=N_("Identifiant d'un cabinet connu."))
@option("--rpps")
@option("--finess")
@option("--department", metavar="NN")
@option("--profession")
@option("--template", metavar="ID", help=N_("Pense-bête de la visite : voir « visit templates »."))
def new(practice: str | None, practice_id: str | None, template: str | None, **about: str | None) -> None:
    from fieldkit.services import guidance, visits

    if (practice is None) == (practice_id is None):
        raise click.UsageError(_("Donnez --practice NOM ou --practice-id ID, l'un des deux."))
    if template is not None and guidance.template(template) is None:
        raise click.UsageError(_("Il n'y a pas de pense-bête de ce nom ; « visit templates » les liste."))
    with session().open(create=True) as profile:
        made = visits.new_visit(
            profile.store, practice=practice, practice_id=practice_id, about=about, template=template
        )
    session().answer({"visit": made[0], "practice": made[1]}, lambda answer: str(answer["visit"]))


@visit.command("list", help=N_("Liste les visites, la plus récente d'abord."))
@option("--state", type=click.Choice(["draft", "finalised", "waiting", "sent", "refused"]))
def list_(state: str | None) -> None:
    from fieldkit.services import visits

    with session().open() as profile:
        rows = visits.list_visits(profile.store, state)
    session().answer({"visits": rows}, _table)


@visit.command("show", help=N_("Montre tout d'une visite, son verdict compris."))
@click.argument("identity", metavar="ID")
def show(identity: str) -> None:
    from fieldkit.services import visits

    with session().open() as profile:
        session().answer(visits.show_visit(profile.store, identity))


@visit.command("finalise", help=N_("Fige une visite, et dit ce qui y manque."))
@click.argument("identity", metavar="ID")
def finalise(identity: str) -> None:
    from fieldkit.services import visits

    with session().open() as profile:
        gaps = visits.finalise(profile.store, identity)
    session().answer(
        {"visit": identity, "state": "finalised", "missing": gaps},
        lambda _answer: "\n".join([_("Visite finalisée."), *(gap["text"] for gap in gaps)]),
    )


@visit.command("correct", help=N_("Commence une nouvelle édition d'une visite finalisée, pour la corriger."))
@click.argument("identity", metavar="ID")
def correct(identity: str) -> None:
    from fieldkit.services import editions

    with session().open() as profile:
        made = editions.correct(profile.store, identity)
    _identity(made)


@visit.command("report", help=N_("Écrit le compte rendu d'une visite en PDF."))
@click.argument("identity", metavar="ID")
@click.argument("out", metavar="OUT.pdf", type=click.Path(dir_okay=False, path_type=Path))
def report(identity: str, out: Path) -> None:
    from fieldkit.services import catalogue, reports
    from fieldkit.services.profile import catalogue_path

    with session().open() as profile:
        as_of = catalogue.as_of(catalogue_path(profile.folder))
        written = reports.visit_report(profile.store, identity, out, catalogue_as_of=as_of)
    session().answer({"visit": identity, "file": str(written)}, lambda answer: str(answer["file"]))


@click.group("practice", cls=Group, help=N_("Les cabinets visités."))
def practice() -> None: ...


@practice.command("list", help=N_("Liste les cabinets."))
def list_practices() -> None:
    from fieldkit.services import visits

    with session().open() as profile:
        session().answer({"practices": visits.list_practices(profile.store)})


@practice.command("show", help=N_("Montre un cabinet, ses postes, son matériel et ses visites."))
@click.argument("identity", metavar="ID")
def show_practice(identity: str) -> None:
    from fieldkit.services import visits

    with session().open() as profile:
        session().answer(visits.show_practice(profile.store, identity))


@click.group("workstation", cls=Group, help=N_("Les postes de travail d'un cabinet."))
def workstation() -> None: ...


@workstation.command(
    "set",
    help=N_(
        "Note des faits d'un poste ; sans WORKSTATION, un nouveau poste. Une valeur vide rend le fait inconnu."
    ),
)
@click.argument("visit_id", metavar="VISIT")
@click.argument("facts", metavar="[WORKSTATION] FIELD=VALUE...", nargs=-1, required=True)
def set_workstation(visit_id: str, facts: tuple[str, ...]) -> None:
    from fieldkit.services import visits

    identity, pairs = (None, facts) if "=" in facts[0] else (facts[0], facts[1:])
    with session().open() as profile:
        made = visits.set_workstation(profile.store, visit_id, identity, _pairs(pairs))
    _identity(made)


@practice.command("set", help=N_("Note des faits d'un cabinet. Une valeur vide rend le fait inconnu."))
@click.argument("identity", metavar="ID")
@click.argument("facts", metavar="FIELD=VALUE...", nargs=-1, required=True)
def set_practice(identity: str, facts: tuple[str, ...]) -> None:
    from fieldkit.services import visits

    with session().open() as profile:
        visits.set_practice(profile.store, identity, _pairs(facts))
    _identity(identity)


@workstation.command(
    "confirm",
    help=N_(
        "Confirme des faits repris d'une visite précédente ; sans FIELD, tous ceux du poste, et sans WORKSTATION, "
        "de tous les postes."
    ),
)
@click.argument("visit_id", metavar="VISIT")
@click.argument("workstation_id", metavar="[WORKSTATION]", required=False)
@click.argument("fields", metavar="[FIELD]...", nargs=-1)
def confirm(visit_id: str, workstation_id: str | None, fields: tuple[str, ...]) -> None:
    from fieldkit.services import between_visits, visits

    with session().open() as profile:
        pending = visits.show_visit(profile.store, visit_id)["carried"]
        wanted = {workstation_id: pending.get(workstation_id, {})} if workstation_id else pending
        facts = {w: [f for f in found if not fields or f in fields] for w, found in wanted.items()}
        between_visits.confirm(profile.store, visit_id, facts)
        left = visits.show_visit(profile.store, visit_id)["carried"]
    session().answer({"confirmed": sum(map(len, facts.values())), "left": left})


@workstation.command(
    "import",
    help=N_(
        "Prend les faits qu'a relevés « fieldkit diagnose --json » sur le poste ; sans --workstation, un nouveau."
    ),
)
@click.argument("visit_id", metavar="VISIT")
@click.argument("file", metavar="FICHIER", type=click.Path(dir_okay=False, exists=True, path_type=Path))
@option("--workstation", "workstation_id", metavar="ID")
@option("--dry-run", is_flag=True, help=N_("Montre ce qui serait noté, sans rien noter."))
def import_probe(visit_id: str, file: Path, workstation_id: str | None, dry_run: bool) -> None:
    from fieldkit.services import probe

    found = probe.read(file)
    with session().open() as profile:
        rows = probe.preview(profile.store, visit_id, workstation_id, found)
        identity = workstation_id
        if not dry_run:
            changes = probe.take(profile.store, visit_id, workstation_id, found)
            ((_type, identity),) = changes.records
    session().answer(
        {
            "id": identity,
            "made_at": found.made_at,
            "facts": rows,
            "choices": found.choices,
            "silent": list(found.silent),
        }
    )


@visit.command("changes", help=N_("Dit ce qui a changé depuis la dernière visite finalisée au même cabinet."))
@click.argument("identity", metavar="ID")
def changes(identity: str) -> None:
    from fieldkit.services import between_visits, visits

    with session().open() as profile:
        shown = visits.show_visit(profile.store, identity)
        since = between_visits.since_last(profile.store, identity, shown)
    session().answer(since or {"visit": None, "date": None, "changes": []})


@click.group("note", cls=Group, help=N_("Les notes libres."))
def note() -> None: ...


@note.command("add", help=N_("Ajoute une note à une visite."))
@click.argument("visit_id", metavar="VISIT")
@click.argument("text")
def add_note(visit_id: str, text: str) -> None:
    _add(visit_id, "note", {"text": text})


@click.group("obstacle", cls=Group, help=N_("Les irritants."))
def obstacle() -> None: ...


@obstacle.command("add", help=N_("Ajoute un irritant à une visite."))
@click.argument("visit_id", metavar="VISIT")
@click.argument("text")
@option("--theme", type=click.Choice(fieldwork.THEMES), required=True)
@option("--gravity", type=click.Choice(fieldwork.GRAVITIES), required=True)
@option("--product", help=N_("Produit ou service concerné."))
def add_obstacle(visit_id: str, **fields: str) -> None:
    _add(visit_id, "obstacle", fields)


@obstacle.command("answers", help=N_("Cherche les réponses connues à un irritant, avec leur source."))
@click.argument("text", default="")
@option("--theme", type=click.Choice(fieldwork.THEMES))
def known_answers(text: str, theme: str | None) -> None:
    from fieldkit.services import guidance

    rows = [
        {
            "id": answer.id,
            "themes": answer.themes,
            "title": str(answer.title),
            "text": str(answer.text),
            "source": answer.source,
            "as_of": answer.as_of,
            "action": answer.action and {"who": answer.action.who, "text": str(answer.action.text)},
        }
        for answer in guidance.answers(theme, text)
    ]
    session().answer({"answers": rows}, _told)


def _told(answer: dict[str, Any]) -> str:
    said = [
        f"{row['title']}\n  {row['text']}\n  ({row['source']}, {row['as_of']})" for row in answer["answers"]
    ]
    return "\n".join(said) or _("Aucune réponse connue.")


@click.group("photo", cls=Group, help=N_("Les photos."))
def photo() -> None: ...


@photo.command(
    "add", help=N_("Ajoute une photo à une visite, sans son nom, son lieu ni ses autres métadonnées.")
)
@click.argument("visit_id", metavar="VISIT")
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path))
@option("--caption", metavar=N_("TEXTE"), help=N_("Légende, imprimée sous la photo."))
def add_photo(visit_id: str, file: Path, caption: str | None) -> None:
    from fieldkit.services import photos

    with session().open() as profile:
        kept = photos.encode(photos.read(file))
        made = photos.add(profile.store, visit_id, kept, caption)
    _identity(made)


@click.group("action", cls=Group, help=N_("Les suites : qui fait quoi, et pour quand."))
def action() -> None: ...


@action.command("add", help=N_("Ajoute une action à une visite."))
@click.argument("visit_id", metavar="VISIT")
@click.argument("text")
@option("--who", type=click.Choice(fieldwork.OWNERS), required=True)
@option("--by", metavar="DATE", required=True)
def add_action(visit_id: str, **fields: str) -> None:
    _add(visit_id, "follow_up", fields)


@action.command("done", help=N_("Note qu'une action est faite, aussi après la visite ; --not la rouvre."))
@click.argument("identity", metavar="ID")
@option("--not", "undone", is_flag=True)
def done(identity: str, *, undone: bool) -> None:
    from fieldkit.services import visits

    with session().open() as profile:
        visits.set_part(profile.store, "follow_up", identity, {"done": not undone})
    _identity(identity)


@click.command(
    "verdict",
    cls=Command,
    help=N_("Dit si les postes d'une visite sont prêts, pourquoi, et le plus court chemin pour l'être."),
)
@click.argument("visit_id", metavar="VISIT")
def verdict(visit_id: str) -> None:
    from fieldkit.services import visits

    with session().open() as profile:
        session().answer(visits.verdict(profile.store, visit_id))


def _add(visit_id: str, part: str, fields: dict[str, Any]) -> None:
    from fieldkit.services import visits

    if not fields["text"].strip():
        raise KnownError("text-missing", _("Le texte est vide."), _("Écrivez-le entre guillemets, à la fin."))
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
    return "\n".join(f"{v['date']}  {v['state']:9}  {named(v)}  {v['id']}" for v in answer["visits"])


COMMANDS = [visit, practice, workstation, note, obstacle, photo, action, verdict]
