"""The people to reach at companies: personal data, which a delegate can take out and can erase for good."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fieldkit.domain.catalogue import Contact
from fieldkit.errors import KnownError
from fieldkit.i18n import _
from fieldkit.services import exports
from fieldkit.services.catalogue_file import opened
from fieldkit.store import catalogue as store
from fieldkit.store import imports


@dataclass(frozen=True, slots=True)
class Listed:
    """A contact and the present name of its company."""

    contact: Contact
    company: str


def contacts(catalogue: Path) -> list[Listed]:
    """Every contact, by company."""
    database = opened(catalogue)
    names = store.names(database)
    found = [Listed(contact, names[contact.company]) for contact in store.find(database, Contact)]
    return sorted(found, key=lambda listed: (listed.company.casefold(), listed.contact.name.casefold()))


def export(catalogue: Path, out: Path) -> dict[str, Any]:
    """Write every contact to `out`, under titles that an import knows: `{file, rows}`. Raises as `exports.write`."""
    columns = (_("Éditeur"), _("Nom"), _("Fonction"), _("Courriel"), _("Téléphone"))
    rows = (
        (item.company, item.contact.name, item.contact.function, item.contact.email, item.contact.phone)
        for item in contacts(catalogue)
    )
    return {"file": str(out), "rows": exports.write(out, columns, rows, name=_("Contacts"))}


def erase(catalogue: Path, contact: str) -> dict[str, Any]:
    """Erase a contact for good, out of past imports too: `{contact, erased}`. Raises KnownError `unknown-contact`."""
    gone = imports.erase_contact(imports.beside(catalogue), contact)
    if not gone:
        raise KnownError(
            "unknown-contact",
            _("Aucun contact ne porte cet identifiant."),
            _("La fiche de l'éditeur montre ses contacts."),
        )
    opened(catalogue)
    return {"contact": contact, "erased": gone}
