"""`fieldkit readers` and `fieldkit scan`: the live bench."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from fieldkit.commands.session import Command, Group, option, session
from fieldkit.errors import KnownError
from fieldkit.i18n import N_, _

if TYPE_CHECKING:
    from fieldkit.hardware.scanner.symbol import Symbology
    from fieldkit.hardware.scanner.testcode import Kind

KINDS: Final = ("layout", "accents", "control", "long-64", "long-256", "long-512", "long-1024")
"""The kinds of test code, as `hardware.scanner.testcode` names them."""


@click.command(
    "readers",
    cls=Command,
    help=N_("Les lecteurs de cartes et ce qu'ils voient. Aucune carte n'est interrogée."),
)
@option("--watch", metavar=N_("SECONDES"), type=click.FloatRange(0), help=N_("Suit les lecteurs en direct."))
def readers(watch: float | None) -> int:
    from fieldkit.services import readers as service

    if watch is not None:
        service.watch(watch, lambda event: session().answer(service.event_json(event), _event))
        return 0
    bench = service.list_readers()
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


@scan.command(
    "code", help=N_("Écrit un code de test dans OUT (.png ou .svg), à lire sur un téléphone ou sur papier.")
)
@click.argument("kind", metavar=N_("GENRE"), type=click.Choice(KINDS))
@click.argument("out", type=click.Path(path_type=Path, dir_okay=False))
@option(
    "--symbology", type=click.Choice(["qr", "datamatrix"]), default="qr", help=N_("QR code ou Data Matrix.")
)
@option("--eci", is_flag=True, help=N_("Le code annonce que son texte est en UTF-8."))
def code(kind: Kind, out: Path, symbology: Symbology, eci: bool) -> int:
    from fieldkit.services import scanner_codes

    session().answer(scanner_codes.write_code(kind, symbology, out, eci=eci), _written)
    return 0


@scan.command("sheet", help=N_("Écrit la planche de codes de test dans OUT (PDF de deux pages A4)."))
@click.argument("out", type=click.Path(path_type=Path, dir_okay=False))
def sheet(out: Path) -> int:
    from fieldkit.services import scanner_codes

    session().answer(scanner_codes.write_sheet(out), _written)
    return 0


def _written(answer: dict[str, object]) -> str:
    return str(answer["file"])


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
    return str(event["text"])


COMMANDS = [readers, scan]
