"""`fieldkit readers` and `fieldkit scan`: the live bench."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

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
    from fieldkit.services import reader_identity

    bench = service.list_readers(scard)
    session().answer(service.bench_json(bench, reader_identity.of(bench)), _bench)
    return 0 if bench.service == "running" else 1


@click.command(
    "reader-attributes",
    cls=Command,
    hidden=True,
    help=N_("Interroge le pilote d'un lecteur vide, nommé sur l'entrée standard (processus à part)."),
)
def reader_attributes() -> None:
    from fieldkit.services import readers as service

    click.echo(service.attributes_of(sys.stdin.buffer.read().decode()))


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
    "decode",
    help=N_(
        "Lit les codes de chaque IMAGE. Le texte n'est donné que pour nos codes de test : un autre est "
        "peut-être celui d'un assuré."
    ),
)
@click.argument("images", metavar="IMAGE…", type=click.Path(path_type=Path), nargs=-1, required=True)
def decode(images: tuple[Path, ...]) -> int:
    from fieldkit.services import pictures

    exit_code = 0
    for found in pictures.decode_files(images):
        session().answer(found, _decoded)
        if "error" in found:
            exit_code = 3
        elif not found["codes"]:
            exit_code = max(exit_code, 1)
    return exit_code


def _decoded(found: dict[str, Any]) -> str:
    lines = [code["label"] for code in found["codes"]] or [_("Aucun code.")]
    if "error" in found:
        lines = [found["error"]["message"], f"→ {found['error']['hint']}"]
    return "\n".join([f"{found['file']}  ({found['took_ms']:g} ms)", *(f"  {line}" for line in lines)])


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


def _bench(bench: dict[str, Any]) -> str:
    from fieldkit.services import diagnosis_text, readers, training

    mark = [training.mark()] if "training" in bench else []
    lines = diagnosis_text.bench_lines(bench)
    return "\n".join([*mark, readers.service_text(bench["service"]), *lines])


def _event(event: dict[str, object]) -> str:
    from fieldkit.services import training

    return f"[{training.mark()}] {event['text']}" if "training" in event else str(event["text"])


COMMANDS = [readers, reader_attributes, scan]
