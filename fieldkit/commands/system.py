"""`fieldkit diagnose` and `fieldkit selftest`: this machine, and this app."""

from __future__ import annotations

import click

from fieldkit.commands.session import Command, session
from fieldkit.i18n import N_


@click.command(
    "diagnose",
    cls=Command,
    help=N_("Décrit ce poste : système, lecteurs, scanners, composants santé, état de l'application."),
)
def diagnose() -> None:
    from fieldkit.services import diagnose as service
    from fieldkit.services import diagnosis_text

    session().answer(service.diagnose(session().folder), diagnosis_text.whole)


@click.command(
    "selftest",
    cls=Command,
    help=N_("Vérifie que chaque partie de Fieldkit fonctionne ici, dans un profil jetable."),
)
def selftest() -> int:
    from fieldkit.services import selftest as service

    result = service.selftest()
    session().answer(
        result,
        lambda found: "\n".join(
            f"{'✔' if check['ok'] else '✘'} {check['name']}  {check['detail']}" for check in found["checks"]
        ),
    )
    return 0 if result["ok"] else 1


COMMANDS = [diagnose, selftest]
