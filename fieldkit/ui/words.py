"""Dates and answers as a delegate reads them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from fieldkit.i18n import N_, _

_DATE: Final = re.compile(r"\d{4}(-\d{2}){1,2}")

STATUSES: Final = {
    "yes": ("success", N_("oui")),
    "no": ("error", N_("non")),
    "unknown": ("unknown", N_("inconnu")),
}
"""What a source says of an editor and a service: how it looks, and the word."""


def french_date(text: str) -> str:
    """ISO dates, as precise as they are: `2021` stays, `2021-06` is `06/2021`, `2024-01-08` is `08/01/2024`."""
    return _DATE.sub(lambda found: "/".join(reversed(found[0].split("-"))), text)


def source_and_date(fact: Mapping[str, Any]) -> str:
    """Where a fact comes from and of when it is."""
    return _("{source}, {date}").format(source=fact["source"], date=french_date(fact["as_of"]))


def answer(cell: Mapping[str, Any]) -> tuple[str, str]:
    """A cell of the editor tables: how it looks, and its word, which is "inconnu" where the source lost it."""
    if cell["status"] == "text":
        return "success", str(cell["value"])
    look, word = STATUSES[cell["status"]]
    if cell["status"] == "unknown" and cell.get("prose_basis") == "explicit":
        said = _(STATUSES[cell["prose_value"]][1])
        return look, _("{unknown} (texte : {said})").format(unknown=_(word), said=said)
    return look, _(word)
