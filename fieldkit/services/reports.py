"""Reports as files: what the screens and the command line call to print or to keep a visit."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from fieldkit.errors import KnownError
from fieldkit.i18n import _
from fieldkit.paths import replace_file
from fieldkit.reports import visit
from fieldkit.reports.typography import NO_BREAK, day
from fieldkit.services import photos, visits
from fieldkit.store.fieldwork import FieldStore


@dataclass(frozen=True, slots=True)
class Material:
    """What a report on a visit is made from, read in one go: the visit, and its photos by digest."""

    shown: Mapping[str, Any]
    photos: Mapping[str, bytes]

    @property
    def made_at(self) -> dt.datetime:
        """The moment that the report bears: that of the finalising, so that it is the same whenever it is made."""
        finalised: str | None = self.shown["finalised_at"]
        return (dt.datetime.fromisoformat(finalised) if finalised else dt.datetime.now(dt.UTC)).astimezone()


def material(store: FieldStore, visit_id: str) -> Material:
    """What the report on a visit is made from. Raises KnownError `record-missing`."""
    shown = visits.show_visit(store, visit_id)
    return Material(shown, photos.small(store, [photo["sha256"] for photo in shown["photos"]]))


def pdf(about: Material, catalogue_as_of: dt.date | None = None) -> bytes:
    """The report as PDF.

    `catalogue_as_of` is the date of the product catalogue in use (`services.catalogue.as_of`), which the
    report states.
    """
    return visit.pdf(
        about.shown,
        made_at=about.made_at,
        catalogue_as_of=catalogue_as_of,
        photos=about.photos,
    )


def pages(about: Material, catalogue_as_of: dt.date | None = None, *, ppi: float) -> list[bytes]:
    """The pages of that PDF as PNG of so many pixels per inch."""
    return visit.pages(
        about.shown,
        made_at=about.made_at,
        catalogue_as_of=catalogue_as_of,
        photos=about.photos,
        ppi=ppi,
    )


def letter(about: Material) -> str:
    """The address (`mailto:`) of a message that goes with the report; whom it goes to is the delegate's."""
    about_whom = {
        "cabinet": about.shown["practice"].get("name") or _("votre cabinet"),
        "date": day(about.shown["date"]),
    }
    subject = _("Compte rendu de visite – {cabinet} – {date}").format(**about_whom)
    body = _(
        "Bonjour,\n\nVous trouverez ci-joint le compte rendu de ma visite du {date}.\n\nBien cordialement,\n{delegate}"
    ).format(date=about_whom["date"], delegate=about.shown["delegate"] or "")
    return f"mailto:?subject={_quoted(subject)}&body={_quoted(body)}"


def _quoted(text: str) -> str:
    return quote(text.replace(NO_BREAK, " ").replace("\n", "\r\n"), safe="")


def visit_report(
    store: FieldStore, visit_id: str, out: Path, *, catalogue_as_of: dt.date | None = None
) -> Path:
    """Write the report on a visit to `out`, in the place of any other file, and return `out`.

    Raises KnownError `record-missing` or `report-unwritable`; what was at `out` is then untouched.
    """
    write_file(out, pdf(material(store, visit_id), catalogue_as_of))
    return out


def write_file(out: Path, content: bytes) -> None:
    """Write `content` to `out`, whole or not at all. Raises KnownError `report-unwritable`."""
    try:
        replace_file(out, content)
    except OSError as error:
        raise KnownError(
            "report-unwritable",
            _("Le fichier ne peut pas être enregistré à cet endroit."),
            _(
                "Fermez-le s'il est ouvert, vérifiez la place libre et vos droits, ou choisissez un autre dossier."
            ),
        ) from error
