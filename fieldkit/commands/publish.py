"""`fieldkit registry publish`: what laptops receive, for the person who runs the registry."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from fieldkit.commands.session import Group, option, session
from fieldkit.i18n import N_, _, ngettext

if TYPE_CHECKING:
    from fieldkit.registry.publisher import Workshop

_FOLDER: Final = click.Path(path_type=Path, file_okay=False)
_FILE: Final = click.Path(path_type=Path, dir_okay=False)
_WHERE: Final = option(
    "--publications", "folder", type=_FOLDER, required=True, metavar=N_("DOSSIER"),
    help=N_("Dossier publié, à servir ou à copier sur une clé USB."),
)  # fmt: skip
_KEYS: Final = [
    option(
        "--keys", type=_FOLDER, required=True, multiple=True, metavar=N_("DOSSIER"),
        help=N_("Dossier des clés, hors du dossier publié ; plusieurs fois s'il y en a plusieurs."),
    ),
    option(
        "--keys-passphrase", type=_FILE, metavar=N_("FICHIER"), help=N_("Phrase de passe qui chiffre les clés.")
    ),
]  # fmt: skip


def _signed(command: Any) -> Any:
    for part in (_WHERE, *_KEYS):
        command = part(command)
    return command


def _at(folder: Path, keys: tuple[Path, ...], passphrase: Path | None) -> Workshop:
    from fieldkit.services import publishing

    return publishing.workshop(folder, keys, passphrase)


@click.group(
    "publish", cls=Group, help=N_("Publie le catalogue et l'annuaire, signés, pour tous les postes.")
)
def publish() -> None: ...


@publish.command("init", help=N_("Crée les clés et un dossier de publications vide."))
@_signed
@option(
    "--root-keys", type=click.IntRange(1, 9), default=3, show_default=True, help=N_("Nombre de clés racines.")
)
@option(
    "--threshold", type=click.IntRange(1, 9), default=2, show_default=True,
    help=N_("Combien de clés racines il faut pour changer de clés."),
)  # fmt: skip
def init(
    folder: Path, keys: tuple[Path, ...], keys_passphrase: Path | None, root_keys: int, threshold: int
) -> None:
    from fieldkit.services import publishing

    told = publishing.begin(_at(folder, keys, keys_passphrase), root_keys, threshold)
    session().answer(told, _begun)


@publish.command("catalogue", help=N_("Publie le catalogue du profil, ou celui d'un export JSON."))
@click.argument("file", metavar=N_("[FICHIER]"), type=_FILE, required=False)
@_signed
def catalogue(file: Path | None, folder: Path, keys: tuple[Path, ...], keys_passphrase: Path | None) -> None:
    from fieldkit.services import profile, publishing

    own = profile.catalogue_path(session().folder)
    told = publishing.publish_catalogue(_at(folder, keys, keys_passphrase), own, file)
    session().answer(told, _catalogue)


@publish.command("directory", help=N_("Publie l'extraction FICHIER de l'Annuaire Santé, par département."))
@click.argument("file", metavar=N_("FICHIER"), type=_FILE)
@option("--department", "departments", multiple=True, metavar="NN", help=N_("Ne publie que ce département."))
@_signed
def directory(
    file: Path,
    departments: tuple[str, ...],
    folder: Path,
    keys: tuple[Path, ...],
    keys_passphrase: Path | None,
) -> None:
    from fieldkit.services import publishing

    at = _at(folder, keys, keys_passphrase)
    done = publishing.publish_directory(at, file, departments, _tell)
    session().answer(done, _directory)


@publish.command("refresh", help=N_("Signe de nouveau ce qui est publié, pour repousser l'expiration."))
@_signed
def refresh(folder: Path, keys: tuple[Path, ...], keys_passphrase: Path | None) -> None:
    from fieldkit.services import publishing

    session().answer(publishing.refresh(_at(folder, keys, keys_passphrase)), _status)


@publish.command("root", help=N_("Signe une nouvelle racine : avec les mêmes clés, ou d'autres."))
@option(
    "--replace", "replaced", multiple=True, metavar=N_("CLÉ"), help=N_("Clé à remplacer : root-1, timestamp…")
)
@_signed
def root(
    replaced: tuple[str, ...], folder: Path, keys: tuple[Path, ...], keys_passphrase: Path | None
) -> None:
    from fieldkit.services import publishing

    session().answer(publishing.new_root(_at(folder, keys, keys_passphrase), replaced), _status)


@publish.command("status", help=N_("Dit ce qui est publié, jusqu'à quand, et l'empreinte à communiquer."))
@_WHERE
def status(folder: Path) -> None:
    from fieldkit.services import publishing

    session().answer(publishing.status(folder), _status)


def _tell(department: str) -> None:
    click.echo(_("Département {code}…").format(code=department), err=True)


def _begun(told: dict[str, Any]) -> str:
    return "\n".join(
        (
            _status(told),
            _("Rangez maintenant les clés root-… ailleurs, hors de tout réseau, et gardez-en une copie."),
            _(
                "Donnez l'empreinte aux délégués par un autre chemin que le registre : de vive voix, sur papier."
            ),
        )
    )


def _status(told: dict[str, Any]) -> str:
    from fieldkit.services.publications import grouped

    lines = [_("Empreinte : {fingerprint}").format(fingerprint=grouped(told["fingerprint"]))]
    lines += [
        _("{line} : édition n° {number}, au {as_of}").format(line=line, **edition)
        for line, edition in told["editions"].items()
    ]
    until = min(told["expires"].values())[:10]
    return "\n".join([*lines, _("À signer de nouveau avant le {day}.").format(day=until)])


def _catalogue(told: dict[str, Any]) -> str:
    lines = [_("Catalogue publié : édition n° {number}, au {as_of}.").format(**told["edition"])]
    if n := told["left_out"]:
        words = ngettext(
            "{n} contact n'est pas publié : il reste à qui l'a importé.",
            "{n} contacts ne sont pas publiés : ils restent à qui les a importés.",
            n,
        )
        lines.append(words.format(n=n))
    return "\n".join(lines)


def _directory(told: dict[str, Any]) -> str:
    n = len(told["editions"])
    lines = [ngettext("{n} département publié.", "{n} départements publiés.", n).format(n=n)]
    if n := told["left_out"]:
        words = ngettext("{n} ligne sans département.", "{n} lignes sans département.", n)
        lines.append(words.format(n=n))
    return "\n".join(lines)
