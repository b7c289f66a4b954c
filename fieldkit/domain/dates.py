"""Dates as precise as their source: `2021`, `2023-Q4`, `2021-06`, `2024-01-08`; and how people write them."""

from __future__ import annotations

import datetime as dt
import re
from typing import Final

from fieldkit.domain.folding import fold

_ISO: Final = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")
_QUARTER: Final = re.compile(r"(?:19|20)\d\d-Q[1-4]")
_MONTHS: Final = (
    ("janvier", "janv", "jan"),
    ("fevrier", "fevr", "fev"),
    ("mars", "mar"),
    ("avril", "avr"),
    ("mai",),
    ("juin",),
    ("juillet", "juil"),
    ("aout", "aou"),
    ("septembre", "sept", "sep"),
    ("octobre", "oct"),
    ("novembre", "nov"),
    ("decembre", "dec"),
)
_NAMED: Final = {name: number for number, names in enumerate(_MONTHS, start=1) for name in names}
_CLOCK: Final = re.compile(r"[T ]\d{2}:\d{2}.*")
_YEARS: Final = range(1950, 2101)
_WRITTEN: Final = (
    re.compile(r"(?P<y>\d{4})(?:[-/. ](?P<m>\d{1,2})(?:[-/. ](?P<d>\d{1,2}))?)?"),
    re.compile(r"(?:(?P<d>\d{1,2})[-/. ])?(?P<m>\d{1,2})[-/. ](?P<y>\d{4})"),
    re.compile(r"(?P<y>\d{4})(?P<m>\d{2})(?P<d>\d{2})?"),
    re.compile(r"(?:(?P<d>\d{1,2})(?:er)? )?(?P<m>[a-z]{3,9}) (?P<y>\d{4})"),
)
_INSIDE: Final = (
    re.compile(r"(?<!\d)(?P<y>20\d\d)[-_. ]?(?P<m>0[1-9]|1[0-2])(?:[-_. ]?(?P<d>[0-2]\d|3[01]))?(?!\d)"),
    re.compile(r"(?<!\d)(?:(?P<d>[0-2]?\d|3[01])[-_./ ])?(?P<m>0[1-9]|1[0-2])[-_./ ](?P<y>20\d\d)(?!\d)"),
    re.compile(rf"\b(?:(?P<d>\d{{1,2}}) )?(?P<m>{'|'.join(_NAMED)}) (?P<y>20\d\d)\b"),
)


def is_date(text: str) -> bool:
    """Whether `text` is a year, a quarter, a month or a day that exists, or several (`2021-06 / 2023-12`)."""
    return all(_is_one(part) for part in text.split(" / "))


def read(text: str) -> str | None:
    """`08/01/2024`, `janvier 2024`, `202401`… as an ISO date of the same precision; None where it is none."""
    plain = _CLOCK.sub("", text.strip())
    for pattern in _WRITTEN:
        found = pattern.fullmatch(plain) or pattern.fullmatch(fold(plain))
        if found is not None:
            return _iso(found["y"], found["m"], found["d"])
    return None


def inside(text: str) -> str | None:
    """The first date in a file's name or a title; None where there is none."""
    for pattern in _INSIDE:
        for found in pattern.finditer(text if "[-_" in pattern.pattern else fold(text)):
            iso = _iso(found["y"], found["m"], found["d"])
            if iso is not None:
                return iso
    return None


def _is_one(text: str) -> bool:
    found = _ISO.fullmatch(text)
    if found is None:
        return _QUARTER.fullmatch(text) is not None
    return _iso(found[1], found[2], found[3]) is not None


def _iso(year: str, month: str | None, day: str | None) -> str | None:
    number = _NAMED.get(month, 0) if month and month.isalpha() else int(month or 1)
    try:
        date = dt.date(int(year), number, int(day or 1))
    except ValueError:
        return None
    if date.year not in _YEARS:
        return None
    return date.isoformat()[: 10 if day else 7 if month else 4]
