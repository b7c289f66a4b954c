"""`fieldkit readers` and `fieldkit scan`: the live bench."""

from __future__ import annotations

import sys

import click

from fieldkit.commands.session import Command, Group, option, session
from fieldkit.errors import KnownError
from fieldkit.i18n import N_, _


@click.command(
    "readers",
    cls=Command,
    help=N_("Les lecteurs de cartes et ce qu'ils voient. Aucune carte n'est interrogée."),
)
@option("--watch", metavar=N_("SECONDES"), type=click.FloatRange(0), help=N_("Suit les lecteurs en direct."))
@option(
    "--training",
    metavar=N_("ENTRAÎNEMENT"),
    help=N_("Montre des lecteurs simulés qui suivent un scénario, marqués comme tels."),
)
def readers(watch: float | None, training: str | None) -> int:
    from fieldkit.services import readers as service
    from fieldkit.services import training as scenarios

    scard = scenarios.start(training) if training else None
    if watch is not None:
        mark = {"training": True} if training else {}
        service.watch(watch, lambda event: session().answer(service.event_json(event) | mark, _event), scard)
        return 0
    bench = service.list_readers(scard)
    session().answer(service.bench_json(bench))
    return 0 if bench.service == "running" else 1


@click.group("scan", cls=Group, help=N_("Les lecteurs de QR codes."))
def scan() -> None: ...


@scan.command(
    "diagnose",
    help=N_("Dit pourquoi RECEIVED n'est pas EXPECTED : disposition, Verr. Maj., préfixe, suffixe, perte."),
)
@option("--expected", required=True, help=N_("Le texte du code de test."))
@option("--received", help=N_("Ce que l'ordinateur a reçu ; sinon lu sur l'entrée standard."))
def diagnose(expected: str, received: str | None) -> int:
    from fieldkit.services import scanner

    found = scanner.diagnose_text(expected, _standard_input() if received is None else received)
    session().answer(
        scanner.as_json(found), lambda answer: f"{answer['summary']}\n{answer['remedy']}".strip()
    )
    return 0 if found.verdict == "ok" else 1


def _standard_input() -> str:
    text = sys.stdin.buffer.read()
    try:
        return text.decode("utf-8")
    except UnicodeDecodeError:
        raise KnownError(
            "not-text",
            _("Ce qui a été reçu n'est pas du texte en UTF-8."),
            _("Enregistrez-le en UTF-8, ou donnez-le avec --received."),
        ) from None


def _event(event: dict[str, object]) -> str:
    from fieldkit.services import training

    return f"[{training.mark()}] {event['text']}" if "training" in event else str(event["text"])


COMMANDS = [readers, scan]
