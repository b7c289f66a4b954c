"""The lists that can be imported: their columns, the names these go by, and how a list is recognised."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from fieldkit.domain.catalogue import flat
from fieldkit.domain.folding import fold
from fieldkit.i18n import N_
from fieldkit.importers.tables import Sheet

OWN: Final = "catalogue"
"""Our own export, of every kind of fact."""

_DEEPEST: Final = 3
_LOOKED_AT: Final = 25


@dataclass(frozen=True, slots=True)
class Field:
    """One thing that a row may say: `names` are headers of it, folded."""

    name: str
    title: str
    names: tuple[str, ...] = ()
    required: bool = False


@dataclass(frozen=True, slots=True)
class Shape:
    """A kind of list; `source` is how its facts name it, empty for the name of the file.

    Of the fields in `one_of` a list needs at least one.
    """

    name: str
    title: str
    source: str
    fields: tuple[Field, ...]
    one_of: tuple[str, ...] = ()

    def field(self, name: str) -> Field:
        """The field of a name."""
        return next(field for field in self.fields if field.name == name)

    def missing(self, given: Collection[str]) -> list[str]:
        """The titles of the fields that a list must have and that are not `given`."""
        needed = [field for field in self.fields if field.required and field.name not in given]
        if self.one_of and not set(self.one_of) & set(given):
            needed.append(self.field(self.one_of[0]))
        return [field.title for field in needed]


def _field(name: str, title: str, names: str = "", *, required: bool = False) -> Field:
    found = [fold(title), *(fold(part) for part in names.split(","))]
    return Field(name, title, tuple(filter(None, found)), required)


_EDITOR_NAMES: Final = (
    "nom éditeur, nom de l'éditeur, éditeur de logiciel, éditeur du logiciel, société, nom société, industriel, "
    "entreprise, raison sociale, fournisseur, editor, company, éditeur nom, société éditrice, nom de l'industriel"
)
_PRODUCT_NAMES: Final = (
    "nom logiciel, nom du logiciel, produit, nom du produit, solution, nom de la solution, nom solution, "
    "solution logicielle, nom commercial, software, product, logiciel nom, intitulé de la solution"
)
_PROFESSION_NAMES: Final = (
    "catégorie, catégorie ps, catégorie de ps, profession, professions, profession de santé, spécialité, "
    "catégorie de professionnel, catégorie de professionnels de santé, catégorie professionnelle, profil"
)

SHAPES: Final = (
    Shape(
        "market",
        N_("PS en télétransmission par logiciel"),
        "PS en télétransmission par logiciel",
        (
            _field("month", N_("Mois"), "période, date, mois de référence, mois année, mois facturation"),
            _field("profession", N_("Catégorie de PS"), _PROFESSION_NAMES, required=True),
            _field("editor", N_("Éditeur"), _EDITOR_NAMES),
            _field("product", N_("Logiciel"), _PRODUCT_NAMES, required=True),
            _field(
                "count",
                N_("Nombre de PS"),
                "nb ps, nb de ps, nombre ps, effectif, effectifs, ps, nb, nombre, nombre de professionnels, "
                "nombre de professionnels de santé, ps en télétransmission, nombre de ps en télétransmission, "
                "nb ps en télétransmission",
                required=True,
            ),
        ),
    ),
    Shape(
        "solutions",
        N_("Solutions référencées"),
        "Liste de solutions référencées",
        (
            _field("product", N_("Solution"), _PRODUCT_NAMES + ", logiciel", required=True),
            _field("editor", N_("Éditeur"), _EDITOR_NAMES, required=True),
            _field(
                "lane",
                N_("Couloir ou type"),
                "couloir, couloir ségur, type, type de solution, type de logiciel, dispositif, domaine, secteur, "
                "catégorie de solution, profil ségur, dsr",
            ),
            _field("label", N_("Type de labellisation"), "labellisation, label, nature"),
            _field("service", N_("Service"), "code service, téléservice, fonction"),
            _field(
                "version",
                N_("Version"),
                "version de la solution, version référencée, numéro de version, n° de version, version du logiciel, "
                "solution version, version logiciel, solution référencée version",
            ),
            _field("profession", N_("Profession"), _PROFESSION_NAMES),
            _field(
                "since",
                N_("Date de référencement"),
                "date, référencée le, référencé le, date de début, depuis, date d'obtention, date référencement, "
                "date de labellisation, date d'agrément, date d'autorisation, date d'homologation",
                required=True,
            ),
            _field("until", N_("Date de fin"), "fin, valable jusqu'au, jusqu'au, date de fin de validité"),
        ),
    ),
    Shape(
        "readers",
        N_("Lecteurs"),
        "Liste de lecteurs",
        (
            _field("editor", N_("Fabricant"), "fabriquant, constructeur, marque, équipementier, maker, "
                   + _EDITOR_NAMES, required=True),
            _field("product", N_("Modèle"), "lecteur, nom du lecteur, modèle de lecteur, référence, model, "
                   "nom du modèle, produit, désignation", required=True),
            _field("kind", N_("Type de lecteur"), "type, genre, kind, nature, catégorie", required=True),
            _field("mode", N_("Mode de connexion"), "mode, modes, connexion, connectique, interface, liaison"),
            _field("usb", N_("Identifiant USB"), "usb, usb id, id usb, vid pid, vid:pid, usb vid pid"),
            _field("vid", N_("VID USB"), "vid, usb vid, vendor id, idvendor"),
            _field("pid", N_("PID USB"), "pid, usb pid, product id, idproduct"),
            _field("slots", N_("Nombre de fentes"), "fentes, slots, nb de fentes, emplacements"),
            _field("driver", N_("Pilote minimal"), "pilote, driver, version du pilote, libccid"),
            _field("version", N_("Version"), "version logicielle, firmware, micrologiciel, version du lecteur"),
            _field("note", N_("Note"), "remarque, remarques, commentaire, observations"),
        ),
    ),
    Shape(
        "contacts",
        N_("Contacts d'éditeurs"),
        "Contacts",
        (
            _field("editor", N_("Éditeur"), _EDITOR_NAMES, required=True),
            _field("name", N_("Nom"), "name, contact, nom du contact, nom et prénom, nom prénom, interlocuteur"),
            _field("function", N_("Fonction"), "function, rôle, poste, service, qualité, titre"),
            _field("email", N_("Courriel"), "e-mail, email, mail, adresse e-mail, adresse électronique, mél"),
            _field("phone", N_("Téléphone"), "phone, tel, tél, numéro de téléphone, téléphone fixe, mobile, portable"),
        ),
        ("email", "phone", "name"),
    ),
    Shape(
        "products",
        N_("Produits"),
        "",
        (
            _field("product", N_("Produit"), _PRODUCT_NAMES + ", logiciel", required=True),
            _field("editor", N_("Éditeur"), _EDITOR_NAMES, required=True),
            _field("kind", N_("Genre"), "type, nature, type de produit, kind", required=True),
            _field("profession", N_("Professions"), _PROFESSION_NAMES),
            _field("mobility", N_("Mobilité"), "solution de mobilité, mobile"),
            _field("version", N_("Version"), "numéro de version, n° de version"),
            _field("version_date", N_("Date de la version"), "date de version, date version"),
            _field("former", N_("Ancien éditeur"), "éditeur précédent, ancien nom de l'éditeur"),
            _field("description", N_("Description"), "descriptif, commentaire"),
        ),
    ),
    Shape(
        "editors",
        N_("Éditeurs"),
        "",
        (
            _field("editor", N_("Éditeur"), _EDITOR_NAMES + ", nom", required=True),
            _field("alias", N_("Autre nom"), "alias, sigle, nom d'usage, nom commercial, enseigne", required=True),
            _field("group", N_("Groupe"), "maison mère, groupe d'appartenance, société mère"),
            _field("note", N_("Note"), "remarque, commentaire"),
        ),
    ),
    Shape(
        "integrations",
        N_("Services intégrés"),
        "",
        (
            _field("editor", N_("Éditeur"), _EDITOR_NAMES),
            _field("product", N_("Logiciel"), _PRODUCT_NAMES),
            _field("service", N_("Service"), "code service, téléservice, code, fonction", required=True),
            _field("profession", N_("Profession"), _PROFESSION_NAMES),
            _field("value", N_("Réponse"), "valeur, intégré, intégration, statut, disponible, oui non", required=True),
            _field("date", N_("Date"), "mois, période, au"),
        ),
        ("product", "editor"),
    ),
    Shape(
        "deployment",
        N_("Indicateurs de déploiement"),
        "",
        (
            _field("topic", N_("Sujet"), "thème, service, dispositif, domaine", required=True),
            _field("metric", N_("Indicateur"), "mesure, libellé, intitulé", required=True),
            _field("value", N_("Valeur"), "nombre, taux, résultat", required=True),
            _field("unit", N_("Unité"), "unité de mesure"),
            _field("date", N_("Date"), "mois, période, au"),
        ),
    ),
)  # fmt: skip

BY_NAME: Final[Mapping[str, Shape]] = {shape.name: shape for shape in SHAPES}


@dataclass(frozen=True, slots=True)
class Header:
    """Where the titles of a sheet stand: its rows of facts begin at index `start`."""

    start: int
    titles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Recognised:
    """A list that was recognised: which field stands in which column, counted from 0."""

    shape: str
    header: Header
    columns: Mapping[str, int]


def headers(sheet: Sheet) -> Iterator[Header]:
    """Every way to read the top of `sheet` as titles, over one to three rows, the fewest first.

    `sheet` is already filled.
    """
    top = sheet.rows[:_LOOKED_AT]
    for last in range(len(top)):
        if any(top[last]):
            for depth in range(1, min(_DEEPEST, last + 1) + 1):
                rows = top[last - depth + 1 : last + 1]
                if all(any(row) for row in rows):
                    yield Header(last + 1, _titles(rows))


def likely_header(sheet: Sheet) -> Header:
    """The titles of a list that nobody knows: the first of the fullest rows at the top."""
    top = sheet.rows[:_LOOKED_AT]
    fullest = max((sum(1 for cell in row if cell.strip()) for row in top), default=0)
    for last, row in enumerate(top):
        distinct = {cell.strip() for cell in row if cell.strip()}
        if len(distinct) >= max(1, 0.8 * fullest):
            return Header(last + 1, _titles([row]))
    return Header(0, ())


def recognise(sheet: Sheet) -> Recognised | None:
    """The list that the titles of `sheet` announce: that of the most columns; None where none does."""
    best: tuple[tuple[int, int, int], Recognised] | None = None
    for header in headers(sheet):
        if {flat.KIND, *flat.ORIGIN} <= set(header.titles):
            return Recognised(
                OWN, header, {title: place for place, title in enumerate(header.titles) if title}
            )
        for rank, shape in enumerate(SHAPES):
            columns = _columns(shape, header.titles)
            if not shape.missing(columns):
                score = (len(columns), -header.start, -rank)
                if best is None or score > best[0]:
                    best = score, Recognised(shape.name, header, columns)
    return best[1] if best else None


def _columns(shape: Shape, titles: Sequence[str]) -> dict[str, int]:
    """The column of each field of `shape` that `titles` name; the first of two."""
    found: dict[str, int] = {}
    folded = [{fold(title), *(fold(part) for part in title.split("\n"))} for title in titles]
    for field in sorted(shape.fields, key=lambda field: not field.required):
        for name in field.names:
            place = next(
                (n for n, names in enumerate(folded) if name in names and n not in found.values()), None
            )
            if place is not None:
                found[field.name] = place
                break
    return found


def _titles(rows: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """One title a column: the parts of several rows on lines of their own, each part once."""
    width = max(len(row) for row in rows)
    parts = [
        [row[column].strip() for row in rows if column < len(row) and row[column].strip()]
        for column in range(width)
    ]
    return tuple("\n".join(dict.fromkeys(part)) for part in parts)
