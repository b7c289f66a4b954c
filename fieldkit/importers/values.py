"""What stands in a cell of a list: a number, a date, an address… Each raises ValueError with why it is none."""

from __future__ import annotations

import re
from typing import Final

from fieldkit.domain import dates
from fieldkit.domain.catalogue import Status
from fieldkit.domain.folding import fold
from fieldkit.domain.privacy import find_nir
from fieldkit.i18n import _

LONGEST: Final = 4_000

_BLANKS: Final = re.compile(r"[\s\u00a0\u202f\u2009']+")
_NUMBER: Final = re.compile(r"(?P<sign>[<>~≈≤≥]?)(?P<number>\d+(?:[.,]\d+)?)")
_THOUSANDS: Final = re.compile(r"\d{1,3}(?:[.,]\d{3})+")
_EMAIL: Final = re.compile(r"[^\s@;,<>]+@[^\s@;,<>]+\.[^\s@;,<>.]+")
_PHONE: Final = re.compile(r"\+?[\d .()/-]{8,24}")
_USB: Final = re.compile(r"(?:0x)?([0-9a-f]{4})\s*[:/_ -]\s*(?:0x)?([0-9a-f]{4})", re.IGNORECASE)
_CONTROLS: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff\ud800-\udfff]")
_YES: Final = frozenset(("oui", "o", "yes", "y", "vrai", "true", "1", "x"))
_NO: Final = frozenset(("non", "n", "no", "faux", "false", "0"))
_UNKNOWN: Final = frozenset(
    ("inconnu", "nc", "n c", "nr", "nd", "non communique", "non renseigne", "unknown")
)


def clean(cell: str) -> str:
    """`cell` without what cannot be seen; line ends are `\\n`."""
    return _CONTROLS.sub("", cell.replace("\r\n", "\n").replace("\r", "\n"))


def text(cell: str) -> str:
    """Words, without blanks around them."""
    if len(cell) > LONGEST:
        raise ValueError(_("texte de plus de {most} caractères").format(most=LONGEST))
    return cell.strip()


def harmless(cell: str) -> str:
    """`cell` itself, if it holds no social security number."""
    if sum(map(str.isdigit, cell)) >= 13 and find_nir(cell):
        raise ValueError(_("contient un numéro de sécurité sociale"))
    return cell


def date(cell: str) -> str:
    """A year, a month or a day, as ISO."""
    if not cell.strip():
        return ""
    found = dates.read(cell)
    if found is None:
        raise ValueError(_("date non reconnue ; attendu : 2024-01-31, 31/01/2024 ou janvier 2024"))
    return found


def month(cell: str) -> str:
    """A month, as ISO."""
    found = date(cell)[:7]
    if len(found) == 4:
        raise ValueError(_("mois attendu, tel que 2024-01 ou janvier 2024"))
    return found


def count(cell: str) -> tuple[str, int]:
    """A whole number, and what stands before it where it is not exact (`<`)."""
    sign, number = decimal(cell)
    if not number.is_integer():
        raise ValueError(_("nombre entier attendu"))
    return sign, int(number)


def whole(cell: str) -> int | None:
    """A whole number; None where there is none."""
    return count(cell)[1] if cell.strip() else None


def decimal(cell: str) -> tuple[str, float]:
    """A number that is not negative, with the sign before it; blanks between thousands do not count."""
    plain = _BLANKS.sub("", cell).removesuffix("%")
    if plain.startswith("-"):
        raise ValueError(_("nombre négatif"))
    found = _NUMBER.fullmatch(plain)
    if found is None or len(found["number"]) > 15:
        raise ValueError(_("nombre attendu"))
    if _THOUSANDS.fullmatch(found["number"]):
        raise ValueError(_("nombre ambigu : écrivez 1200 ou 1 200, et non 1.200"))
    return found["sign"], float(found["number"].replace(",", "."))


def email(cell: str) -> str:
    """An e-mail address."""
    plain = cell.strip().removeprefix("mailto:")
    if plain and not _EMAIL.fullmatch(plain):
        raise ValueError(_("adresse électronique non reconnue"))
    return plain


def phone(cell: str) -> str:
    """A telephone number, as written."""
    plain = cell.strip()
    if plain and not _PHONE.fullmatch(plain.replace("\u00a0", " ").replace("\u202f", " ")):
        raise ValueError(_("numéro de téléphone non reconnu"))
    return plain


def usb(cell: str) -> str:
    """A USB identity, as `2947:0112`."""
    if not cell.strip():
        return ""
    found = _USB.fullmatch(cell.strip())
    if found is None:
        raise ValueError(_("identifiant USB attendu, tel que 2947:0112"))
    return f"{found[1]}:{found[2]}".upper()


def yes_or_no(cell: str) -> bool | None:
    """Yes, no, or None for not said."""
    word = fold(cell)
    if word in _YES or word in _NO:
        return word in _YES
    if word and word not in _UNKNOWN:
        raise ValueError(_("oui ou non attendu"))
    return None


def answer(cell: str) -> tuple[Status, str]:
    """What a list says of a service: yes, no, unknown, or a yes with more to say (`V2`); and its value."""
    word = fold(cell)
    if word in _YES:
        return Status.YES, "yes"
    if word in _NO:
        return Status.NO, "no"
    if not word or word in _UNKNOWN:
        return Status.UNKNOWN, "unknown"
    return Status.TEXT, text(cell)
