"""Why publications are not taken: each doubt with its own sentence, and what to do where they came from."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from typing import Final

from tuf.api import exceptions as tuf

from fieldkit.errors import KnownError
from fieldkit.i18n import N_, _

_KEEPER: Final = N_("Prévenez la personne qui tient le registre.")
_AGAIN: Final = N_("Recopiez le dossier en entier sur une clé vide, puis recommencez.")
_OLD_KEY: Final = N_(
    "Vérifiez d'abord la date de ce poste. Si elle est juste, demandez une copie récente sur la clé : "
    "une ancienne copie ne sert plus après cette date."
)

_DOUBTS: Final[dict[str, tuple[str, str, str]]] = {
    "publications-none": (
        N_("Il n'y a pas de publications à cet endroit."),
        N_("Le registre n'en propose pas encore : demandez à la personne qui le tient."),
        N_("Choisissez le dossier qui contient « metadata » et « targets »."),
    ),
    "publications-unsigned": (
        N_("La signature n'est pas celle à laquelle ce profil fait confiance. Rien n'a été changé."),
        N_("N'insistez pas, et prévenez la personne qui tient le registre."),
        N_("N'utilisez pas cette clé, et prévenez la personne qui tient le registre."),
    ),
    "publications-expired": (
        N_("La signature a expiré : il existe peut-être des éditions plus récentes. Rien n'a été changé."),
        N_(
            "Vérifiez d'abord la date de ce poste. Si elle est juste, demandez à la personne qui tient le "
            "registre de signer de nouveau."
        ),
        _OLD_KEY,
    ),
    "publications-older": (
        N_("Ces publications sont plus anciennes que celles que ce poste a déjà vues. Rien n'a été changé."),
        N_("Recommencez plus tard ; si cela dure, prévenez la personne qui tient le registre."),
        N_("Prenez la copie la plus récente, ou mettez à jour depuis le registre."),
    ),
    "publications-mixed": (
        N_("Ces publications ne vont pas ensemble : une partie est ancienne, ou abîmée. Rien n'a été changé."),
        N_("Recommencez dans quelques minutes ; si cela dure, prévenez la personne qui tient le registre."),
        _AGAIN,
    ),
    "publications-cut": (
        N_("Un fichier s'arrête avant la fin. Rien n'a été changé."),
        N_("Recommencez quand la connexion est meilleure."),
        _AGAIN,
    ),
    "publications-damaged": (
        N_("Un fichier n'est pas celui qui a été signé : il est abîmé, ou quelqu'un l'a modifié. Rien n'a été changé."),
        N_("Recommencez ; si cela se répète, prévenez la personne qui tient le registre."),
        _AGAIN,
    ),
    "publications-too-long": (
        N_("Un fichier est plus long que ce qui a été signé : sa lecture a été arrêtée. Rien n'a été changé."),
        _KEEPER,
        _AGAIN,
    ),
    "publications-incomplete": (
        N_("Il manque un fichier annoncé. Rien n'a été changé."),
        N_("Recommencez dans quelques minutes ; si cela dure, prévenez la personne qui tient le registre."),
        _AGAIN,
    ),
    "publications-unreadable": (
        N_("Ce dossier ne peut pas être lu jusqu'au bout. Rien n'a été changé."),
        _KEEPER,
        N_("Rebranchez la clé, ou copiez le dossier sur cet ordinateur, puis recommencez."),
    ),
    "edition-unreadable": (
        N_("Cette édition est bien signée, mais cette version de Fieldkit ne sait pas la lire. Rien n'a été changé."),
        N_("Installez la version récente ; si c'est déjà fait, prévenez la personne qui tient le registre."),
        N_("Installez la version récente ; si c'est déjà fait, prévenez la personne qui tient le registre."),
    ),
}  # fmt: skip


def doubt(code: str, *, folder: bool) -> KnownError:
    """A doubt by its code; `folder` where the publications came on a key and not from a registry."""
    message, from_registry, from_folder = _DOUBTS[code]
    return KnownError(code, _(message), _(from_folder if folder else from_registry))


def disk_full() -> KnownError:
    """There is no room for what is new."""
    return KnownError(
        "disk-full",
        _("Il n'y a plus assez de place sur ce disque, ou le profil est protégé. Rien n'a été changé."),
        _("Libérez de la place, puis recommencez la mise à jour."),
    )


@contextmanager
def explained(*, folder: bool, mismatch: str, missing: str) -> Iterator[None]:
    """Tell what the verification of publications, or the disk, refuses.

    `mismatch` is the doubt where bytes are not those that were announced, `missing` where there are none.
    """
    try:
        yield
    except tuf.RepositoryError as error:
        raise doubt(_of(error, mismatch), folder=folder) from error
    except tuf.DownloadLengthMismatchError as error:
        raise doubt("publications-too-long", folder=folder) from error
    except tuf.DownloadHTTPError as error:
        code = missing if error.status_code == HTTPStatus.NOT_FOUND else "publications-unreadable"
        raise doubt(code, folder=folder) from error
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EACCES, errno.EPERM):
            raise disk_full() from error
        raise


def _of(error: tuf.RepositoryError, mismatch: str) -> str:
    match error:
        case tuf.ExpiredMetadataError():
            return "publications-expired"
        case tuf.UnsignedMetadataError():
            return "publications-unsigned"
        case tuf.BadVersionNumberError():
            return "publications-older"
        case tuf.LengthOrHashMismatchError():
            return mismatch
    return "publications-damaged"
