"""One row of a list: what stands in its cells, and what is wrong with them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from fieldkit.domain.catalogue import Editor, Product, ProductKind, Provenance
from fieldkit.i18n import _
from fieldkit.importers import values
from fieldkit.importers.matching import NEW, SKIP, Names

T = TypeVar("T")

Fact = tuple[str, Any]
"""A fact and the list of the catalogue that it belongs to."""


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a row is refused: `column` is the title of its column in the file."""

    column: str
    reason: str


class RefusedError(Exception):
    """The row cannot be read; its faults are noted."""


@dataclass(slots=True)
class Row:
    """The cells of a row by field; `line` is its number in the file, from 1.

    Every fault is noted, so that a person sees all of them at once; `new` gathers the editors and products
    that the row brings with it.
    """

    line: int
    cells: Mapping[str, str]
    titles: Mapping[str, str]
    names: Names
    origin: Provenance
    faults: list[Fault] = field(default_factory=list)
    new: list[Fact] = field(default_factory=list)

    def read(self, name: str, reader: Callable[[str], T], otherwise: T) -> T:
        """What `reader` makes of the cell of a field; a fault of it is noted, and gives `otherwise`."""
        try:
            return reader(self.cells.get(name, ""))
        except ValueError as error:
            self.refuse(name, str(error))
            return otherwise

    def text(self, name: str) -> str:
        """The words in a cell."""
        return self.read(name, values.text, "")

    def needed(self, name: str) -> str:
        """The words in a cell that must not be empty."""
        written = self.text(name)
        if not written:
            self.refuse(name, _("case vide"))
        return written

    def date(self, name: str) -> str:
        """The date in a cell; empty where there is none."""
        return self.read(name, values.date, "")

    def refuse(self, name: str, reason: str) -> None:
        """Note that the cell of a field is wrong."""
        fault = Fault(self.titles.get(name, name), reason)
        if fault not in self.faults:
            self.faults.append(fault)

    def editor(self, name: str = "editor") -> str:
        """The identifier of the editor that a cell names; empty where it names none or one must ask."""
        written = self.text(name)
        found = self._entry("editor", name, written, "") if written else ""
        if found != NEW:
            return found
        made = self.names.new_id("editor", written)
        if made == "editor:":
            self.refuse(name, _("nom illisible"))
            return ""
        self.new.append(("editors", Editor(made, written, (), (), self.origin.as_of, "", self.origin)))
        return made

    def product(self, kind: ProductKind, kind_as_written: str, editor: str, name: str = "product") -> str:
        """The identifier of the product that a cell names, made by `editor`, as `editor` does."""
        written = self.text(name)
        found = self._entry("product", name, written, editor) if written else ""
        if found != NEW:
            return found
        made = self.names.new_id("product", written, editor)
        if made == "product:":
            self.refuse(name, _("nom illisible"))
            return ""
        described = Product(
            made, written, editor, self.text("editor"), "stated" if editor else "", kind, kind_as_written,
            None, (), self.text("profession"), "", "", "", self.origin,
        )  # fmt: skip
        self.new.append(("products", described))
        return made

    def service(self, name: str = "service") -> str:
        """The identifier of the service that a cell names; empty where it names none or one must ask."""
        written = self.text(name)
        found = self._entry("service", name, written, "") if written else ""
        if found == NEW:
            self.refuse(name, _("service que le catalogue n'a pas"))
            return ""
        return found

    def ready(self) -> None:
        """Raise RefusedError if a fault has been noted."""
        if self.faults:
            raise RefusedError

    def _entry(self, kind: str, name: str, written: str, maker: str) -> str:
        found = self.names.look_up(kind, written, self.line, maker)
        if found is None:
            self.refuse(name, _UNCONFIRMED[kind]())
        elif found == SKIP:
            self.refuse(name, _("laissé de côté, comme demandé"))
        elif found == NEW or self.names.has(found):
            return found
        else:
            self.refuse(name, _("la correspondance demandée n'existe pas dans le catalogue"))
        return ""


_UNCONFIRMED: Mapping[str, Callable[[], str]] = {
    "editor": lambda: _("éditeur inconnu du catalogue : à confirmer"),
    "product": lambda: _("produit inconnu du catalogue : à confirmer"),
    "service": lambda: _("service inconnu du catalogue : à confirmer"),
}
