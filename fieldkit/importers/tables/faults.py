"""What can be wrong with a file that should hold a table, and the way out of each."""

from __future__ import annotations

from pathlib import Path

from fieldkit.errors import KnownError
from fieldkit.i18n import _


def missing(path: Path) -> KnownError:
    """The file cannot be opened."""
    return KnownError(
        "table-unreadable",
        _("Le fichier {name} ne peut pas être lu.").format(name=path.name),
        _(
            "Vérifiez qu'il existe et que vous avez le droit de l'ouvrir ; fermez-le s'il est ouvert ailleurs."
        ),
    )


def empty(path: Path) -> KnownError:
    """There is nothing in it."""
    return KnownError(
        "table-empty",
        _("Le fichier {name} est vide.").format(name=path.name),
        _("Téléchargez-le de nouveau, ou choisissez-en un autre."),
    )


def too_big(path: Path, most_mb: int) -> KnownError:
    """More than any table of the trade."""
    return KnownError(
        "table-too-big",
        _("Le fichier {name} dépasse {most} Mo : ce n'est pas une table du catalogue.").format(
            name=path.name, most=most_mb
        ),
        _("Vérifiez le fichier choisi. L'extraction de l'Annuaire Santé s'importe depuis la page Annuaire."),
    )


def not_a_table(path: Path) -> KnownError:
    """A picture, a PDF, a program…"""
    return KnownError(
        "table-wrong-kind",
        _("Le fichier {name} n'est pas une table, quel que soit son nom.").format(name=path.name),
        _("Formats lus : CSV, XLSX, XLS, ODS, et le JSON que Fieldkit exporte."),
    )


def incomplete(path: Path) -> KnownError:
    """Cut short, or somebody is still writing it."""
    return KnownError(
        "table-incomplete",
        _("Le fichier {name} est incomplet : tronqué, ou encore en cours d'écriture.").format(name=path.name),
        _("Attendez la fin de la copie ou du téléchargement, puis recommencez."),
    )


def unclosed(path: Path, line: int) -> KnownError:
    """A quote is opened and never closed."""
    return KnownError(
        "table-incomplete",
        _(
            "Le fichier {name} est incomplet : un guillemet ouvert à la ligne {line} n'est jamais fermé."
        ).format(name=path.name, line=line),
        _("Attendez la fin de la copie ou du téléchargement, ou corrigez cette ligne."),
    )


def damaged(path: Path) -> KnownError:
    """A workbook that does not hold together."""
    return KnownError(
        "table-damaged",
        _("Le classeur {name} est endommagé.").format(name=path.name),
        _("Ouvrez-le dans un tableur et enregistrez-le de nouveau, ou téléchargez-le encore une fois."),
    )


def encrypted(path: Path) -> KnownError:
    """A password is asked for."""
    return KnownError(
        "table-encrypted",
        _("Le classeur {name} est protégé par un mot de passe.").format(name=path.name),
        _("Enregistrez-en une copie sans mot de passe, puis importez cette copie."),
    )


def bomb(path: Path) -> KnownError:
    """Small on the disk, enormous once opened."""
    return KnownError(
        "table-bomb",
        _("Le classeur {name} deviendrait énorme une fois ouvert : il n'a pas été lu.").format(
            name=path.name
        ),
        _("Ce fichier est piégé ou abîmé. Demandez-en un autre à qui vous l'a donné."),
    )
