"""The guard against social security numbers (NIR, INS) in what people type (`domain.md` §5.8).

A NIR is found in any spacing; what is found is never repeated, in a message, a log or a mask.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from fieldkit.domain.identifiers import nir_key
from fieldkit.errors import KnownError
from fieldkit.i18n import _

Span = tuple[int, int]

# Blanks that stay on the line: NBSP, narrow and thin ones, those without width and marks of direction too.
_BLANKS: Final = "\t \u00ad\u00a0\u2000-\u200f\u202a-\u202f\u205f-\u2069\u3000\ufeff"
_RARE: Final = "/,:|;"
_GAP: Final = rf"[{_BLANKS}.·_\-\u2010-\u2015\u2212{_RARE}]{{0,6}}"
_ONE: Final = rf"[{_BLANKS}.·_\-\u2010-\u2015\u2212]"
_BODY: Final = rf"[1-478](?:{_GAP}\d){{4}}{_GAP}(?:\d{_GAP}\d|2{_GAP}[AB])(?:{_GAP}\d){{6}}"
_WITH_KEY: Final = re.compile(rf"(?<!\d)(?=({_BODY}(?:{_GAP}\d){{2}})(?!\d))", re.ASCII | re.IGNORECASE)
_WITHOUT_KEY: Final = re.compile(rf"(?<!\d)(?<!\d[.\-])(?=({_BODY})(?!\d))", re.ASCII | re.IGNORECASE)
# 2 69 05 49 58 81 57, when it is no part of a longer list of pairs, such as a phone number or bytes.
_IN_PAIRS: Final = re.compile(
    rf"(?<![0-9A-F+])(?<![0-9A-F]{_ONE})([12](?:(?P<gap>{_ONE})\d\d)(?:(?P=gap)(?:\d\d|2[AB])){{5}})"
    rf"(?!{_ONE}?[0-9A-F])",
    re.ASCII | re.IGNORECASE,
)
_BREAK: Final = re.compile(r"[\r\n]")
"""Where a line is wrapped, which in a copied message may be within a number."""
# Inside a longer run of digits, as in the text of an INS code.
_INSIDE: Final = re.compile(r"(?=([12]\d{4}(?:\d\d|2[AB])\d{8}))", re.ASCII | re.IGNORECASE)
# What this program writes itself: identities, digests, stamps. Full of digits, and about no person.
_OPAQUE: Final = re.compile(
    r"\b(?:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
    r"|(?=\d*[a-f])[0-9a-f]{32,}"
    r"|\d{13}-[0-9a-f]{4}-[0-9a-f]{16})\b",
    re.ASCII | re.IGNORECASE,
)
_PRINTED_GROUPS: Final = {1, 3, 5, 7, 10, 13}
_EVEN_GROUPS: Final = (1, 3, 4, 5)  # not 2: phone numbers are written so


def find_nir(text: str) -> list[Span]:
    """Where `text` holds a NIR, as (start, end), in order and apart from each other.

    15 characters count where their key is right: in any spacing where they can be nothing else (a man or
    a woman, a month of the year), else, as 13 characters with a possible month do, where they stand
    together, in groups of the card (1 23 45 67 890 123) or in groups of one size; over the end of a line, both
    are asked for. Corsica (2A, 2B) and
    the INS, which has the same form, are found alike.
    """
    readable = _OPAQUE.sub(lambda m: "x" * len(m[0]), _plain_digits(text))
    spans = [m.span(1) for m in _WITH_KEY.finditer(readable) if _is_nir(m[1], _before(m))]
    spans += [m.span(1) for m in _INSIDE.finditer(readable) if _is_strict_nir(m[1])]
    spans += [m.span(1) for m in _WITHOUT_KEY.finditer(readable) if _is_body(m[1], _before(m))]
    wrapped = _WITH_KEY.finditer(_BREAK.sub(" ", readable))
    spans += [m.span(1) for m in wrapped if _is_strict_nir(m[1]) and _grouped(m[1], _before(m))]
    spans += [m.span(1) for m in _IN_PAIRS.finditer(readable) if _is_strict_body(m[1])]
    return _merged(spans)


def refuse_nir(text: str) -> str:
    """`text` itself, if it holds no NIR. Raises KnownError `nir-refused` that shows a masked form only."""
    spans = find_nir(text)
    if spans:
        start, end = spans[0]
        raise KnownError(
            "nir-refused",
            _("Ce texte contient un numéro de sécurité sociale ({masked}) : il n'est pas enregistré.").format(
                masked=mask(text[start:end])
            ),
            _("Effacez ce numéro : aucune donnée de patient ne doit être saisie ici."),
        )
    return text


def mask(found: str) -> str:
    """`found` with every letter and digit hidden; only its length and spacing remain."""
    return re.sub(r"\w", "•", found)


def _plain_digits(text: str) -> str:
    """`text`, same length, with the decimal digits of every script written 0 to 9."""
    if text.isascii():
        return text
    return "".join(c if c.isascii() else str(unicodedata.decimal(c, c)) for c in text)


def _compact(found: str) -> str:
    return re.sub(r"[^0-9A-Z]", "", found.upper())


def _is_nir(found: str, before: str) -> bool:
    return _is_strict_nir(found) or (_key_is_right(_compact(found)) and _grouped(found, before))


def _is_strict_nir(found: str) -> bool:
    number = _compact(found)
    return number[0] in "12" and 1 <= int(number[3:5]) <= 12 and _key_is_right(number)


def _is_body(found: str, before: str) -> bool:
    month = int(_compact(found)[3:5])
    return (1 <= month <= 12 or 20 <= month <= 42 or month >= 50) and _grouped(found, before)


def _is_strict_body(found: str) -> bool:
    number = _compact(found)
    return 1 <= int(number[3:5]) <= 12 and re.fullmatch(r"\d{5}(?:\d\d|2[AB])\d{6}", number) is not None


def _before(match: re.Match[str]) -> str:
    return match.string[max(0, match.start(1) - 12) : match.start(1)]


def _key_is_right(number: str) -> bool:
    return nir_key(number[:13]) == int(number[13:])


def _grouped(found: str, before: str) -> bool:
    """Whether the gaps of `found` are those of the card, or of one kind and between even groups.

    Even groups that go on from others of their size in the text `before` are part of something longer: an IBAN.
    """
    sizes = [len(group) for group in re.findall(r"[0-9A-Z]+", found, re.IGNORECASE)]
    ends = {sum(sizes[: n + 1]) for n in range(len(sizes) - 1)}
    if not ends or ends == {end for end in _PRINTED_GROUPS if end < sum(sizes)}:
        return True
    gaps = re.findall(r"[^0-9A-Z]+", found, re.IGNORECASE)
    signs = {re.sub(f"[{_BLANKS}]", "", gap) for gap in gaps}
    if any(sign in _RARE for sign in signs if sign):
        return False  # lists and times are written so
    even = sizes[0] in _EVEN_GROUPS and len(set(sizes[:-1])) == 1 and sizes[-1] <= sizes[0]
    even = even and re.search(rf"\d{{{sizes[0]}}}{_ONE}$", before) is None
    return len(signs) == 1 and (even or ends <= _PRINTED_GROUPS)


def _merged(spans: list[Span]) -> list[Span]:
    merged: list[Span] = []
    for start, end in sorted(spans):
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged
