"""`fieldkit diagnose` and `fieldkit selftest`: this machine, and this app."""

from __future__ import annotations

import click

from fieldkit.commands.session import Command, option, session
from fieldkit.i18n import N_, _


@click.command(
    "diagnose",
    cls=Command,
    help=N_("Décrit ce poste : système, lecteurs, scanners, composants santé, état de l'application."),
)
@option("--what", is_flag=True, help=N_("Dit seulement ce qui serait relevé, et ce qui ne l'est jamais."))
def diagnose(what: bool) -> None:
    from fieldkit.services import diagnose as service
    from fieldkit.services import diagnosis_text, probe

    if what:
        session().answer(probe.what(), _what)
        return
    session().answer(service.diagnose(session().folder), diagnosis_text.whole)


def _what(answer: dict[str, list[str]]) -> str:
    told = [_("Sera relevé :"), *(f"  + {text}" for text in answer["reads"])]
    return "\n".join([*told, _("Ne l'est jamais :"), *(f"  - {text}" for text in answer["leaves"])])


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
