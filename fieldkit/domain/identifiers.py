"""The numbers that name professionals and places: their shape and check digit (`domain.md` §5.7).

Each `check_…` returns the number as it is kept, without spaces, or raises KnownError with what to do.
"""

from __future__ import annotations

import re
from typing import Final

from fieldkit.errors import KnownError
from fieldkit.i18n import _

_FILLING: Final = re.compile(r"[\s.\-\u2010-\u2015]+")
_ZERO: Final = ord("0")
_DOUBLED: Final = bytes.maketrans(b"0123456789", b"0246813579")
"""A digit twice, its own digits added up: the directory has millions of keys to check."""
_ADELI_LETTERS: Final = str.maketrans("ABCDEF", "123456")


def check_rpps(text: str) -> str:
    """An RPPS: 11 digits, Luhn. Raises KnownError `rpps-invalid`."""
    number = _bare(text)
    if not _digits(number, 11):
        raise KnownError(
            "rpps-invalid",
            _("Un numéro RPPS a 11 chiffres."),
            _("Recopiez-le depuis la carte CPS ou cherchez le professionnel dans l'annuaire."),
        )
    if not luhn(number):
        raise KnownError("rpps-invalid", _("La clé de ce numéro RPPS est fausse."), _reread())
    return number


def check_adeli(text: str) -> str:
    """An ADELI number: 9 characters, the second may be a letter A to F; Luhn with A-F read as 1-6.

    Raises KnownError `adeli-invalid`.
    """
    number = _bare(text)
    if not re.fullmatch(r"[0-9][0-9A-F][0-9]{7}", number):
        raise KnownError(
            "adeli-invalid",
            _("Un numéro ADELI a 9 caractères, par exemple 9 chiffres."),
            _("Recopiez-le depuis la feuille de soins ou la carte du professionnel."),
        )
    if not luhn(number.translate(_ADELI_LETTERS)):
        raise KnownError("adeli-invalid", _("La clé de ce numéro ADELI est fausse."), _reread())
    return number


def check_finess(text: str) -> str:
    """A FINESS number: 9 digits, Luhn; raises KnownError `finess-invalid`.

    Numbers of Corsica begin with 2A or 2B: no public source says how the key applies to the letter, so
    only their shape is checked.
    """
    number = _bare(text)
    if re.fullmatch(r"2[AB][0-9]{7}", number):
        return number
    if not _digits(number, 9):
        raise KnownError(
            "finess-invalid",
            _("Un numéro FINESS a 9 chiffres (2A ou 2B au début pour la Corse)."),
            _("Recopiez-le depuis une facture du cabinet ou l'annuaire FINESS."),
        )
    if not luhn(number):
        raise KnownError("finess-invalid", _("La clé de ce numéro FINESS est fausse."), _reread())
    return number


def check_siren(text: str) -> str:
    """A SIREN: 9 digits, Luhn. Raises KnownError `siren-invalid`."""
    number = _bare(text)
    if not _digits(number, 9):
        raise KnownError("siren-invalid", _("Un numéro SIREN a 9 chiffres."), _reread())
    if not luhn(number):
        raise KnownError("siren-invalid", _("La clé de ce numéro SIREN est fausse."), _reread())
    return number


def check_siret(text: str) -> str:
    """A SIRET: 14 digits, Luhn. Raises KnownError `siret-invalid`."""
    number = _bare(text)
    if not _digits(number, 14):
        raise KnownError("siret-invalid", _("Un numéro SIRET a 14 chiffres."), _reread())
    if not luhn(number):
        raise KnownError("siret-invalid", _("La clé de ce numéro SIRET est fausse."), _reread())
    return number


def luhn(digits: str) -> bool:
    """Whether the last digit of `digits` (0-9 only) is the Luhn key of the others."""
    backwards = digits.encode("ascii")[::-1]
    total = sum(backwards[::2]) + sum(backwards[1::2].translate(_DOUBLED))
    return (total - len(backwards) * _ZERO) % 10 == 0


def nir_key(body: str) -> int:
    """The key, 1 to 97, of the 13 characters of a NIR (upper case; Corsica 2A counts as 19, 2B as 18)."""
    return 97 - int(body.replace("2A", "19", 1).replace("2B", "18", 1)) % 97


def _bare(text: str) -> str:
    return _FILLING.sub("", text).upper()


def _digits(number: str, length: int) -> bool:
    return re.fullmatch(rf"[0-9]{{{length}}}", number) is not None


def _reread() -> str:
    return _("Relisez-le chiffre par chiffre : un chiffre est faux ou deux sont inversés.")
