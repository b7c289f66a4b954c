"""A catalogue of the size of the GIE's own base of companies, made around the real one: always the same.

The base counts 1,450 companies, 5,200 contacts, 1,498 products and 19,038 labellisations (market study
2023). A labellisation is what the model calls a `LabelHolder`: one label that one product or editor holds.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Final

from fieldkit.domain.catalogue import (
    Catalogue,
    Contact,
    Editor,
    EditorLink,
    EditorMention,
    Label,
    LabelHolder,
    LabelType,
    Membership,
    Product,
    ProductKind,
    ProductVersion,
    Provenance,
    Service,
    entry_id,
    latest,
    merged,
    new_label,
)
from fieldkit.domain.folding import slug
from fieldkit.domain.professions import CATEGORIES
from fieldkit.importers import devices, starting_catalogue
from fieldkit.paths import resource

EDITORS: Final = 1_450
CONTACTS: Final = 5_200
PRODUCTS: Final = 1_498
LABELLISATIONS: Final = 19_038
SEED: Final = 20240108

_ORIGIN: Final = Provenance("base fabriquée", "2025-06", "")
_STARTS: Final = (
    *("Médi", "Pharma", "Santé", "Clini", "Vita", "Ortho", "Kiné", "Infir", "Bio", "Cardio"),
    *("Denti", "Audio", "Opti", "Logi", "Télé", "Info", "Néo", "Œil", "Éco", "Alpha"),
)
_ENDS: Final = (
    *("soft", "logic", "data", "gest", "plus", "line", "view", "scan", "care", "net"),
    *("doc", "sys", "tech", "lab", "pro", "link", "desk", "plan", "track", "flow"),
)
_TAILS: Final = (
    "",
    "",
    " Santé",
    " France",
    " Informatique",
    " Médical",
    " Développement",
    " Éditions",
    " & Cie",
)
_SYLLABLES: Final = (
    *("ba", "bel", "cor", "da", "del", "fi", "gal", "ho", "jul", "ka", "lin"),
    *("mar", "nor", "pa", "quin", "ra", "sel", "ti", "vo", "xan", "zé"),
)
_FUNCTIONS: Final = ("support", "direction", "commercial", "produit", "qualité", "interopérabilité")
_FIRST: Final = ["Aline", "Benoît", "Chloé", "Denis", "Émilie", "Farid", "Gaëlle", "Hugo", "Inès", "Jérôme"]
_LAST: Final = [
    "Petit",
    "Martin",
    "Lefèvre",
    "Garçon",
    "Nguyen",
    "Dubois",
    "Moreau",
    "Faure",
    "Roux",
    "Hervé",
]


def make() -> Catalogue:
    """The whole catalogue; every run makes the same."""
    chance = random.Random(SEED)
    start = starting_catalogue.read(resource("catalogue"))
    real = merged(start, devices.as_catalogue(devices.read(resource("devices")), start))
    taken = {slug(editor.name) for editor in real.editors} | {slug(product.name) for product in real.products}
    names = _names(chance, taken)
    editors = [_editor(chance, next(names)) for _more in range(EDITORS - len(latest(real.editors)))]
    companies = [editor.id for editor in (*real.editors, *editors)]
    products = [
        _product(chance, next(names), chance.choice(companies))
        for _more in range(PRODUCTS - len(latest(real.products)))
    ]
    labels = _labels(real.services)
    have = {label.id for label in real.labels}
    extra = Catalogue(
        as_of="2025-06",
        editors=tuple(editors),
        mentions=tuple(_mention(chance, editor) for editor in editors for _role in range(2)),
        links=tuple(_link(chance, editor, editors) for editor in editors[::9]),
        memberships=tuple(
            Membership("editor:feima", editor.id, editor.name, "", _ORIGIN) for editor in editors[::12]
        ),
        contacts=tuple(_contact(chance, number, chance.choice(companies)) for number in range(CONTACTS)),
        products=tuple(products),
        product_versions=tuple(
            ProductVersion(product.id, f"{chance.randrange(1, 20)}.{chance.randrange(10)}", "", "", _ORIGIN)
            for product in products
        ),
        labels=tuple(label for label in labels if label.id not in have),
        label_holders=tuple(
            LabelHolder(
                chance.choice(labels).id,
                chance.choice(products).id,
                chance.choice(CATEGORIES),
                "",
                "",
                _ORIGIN,
            )
            for _more in range(LABELLISATIONS - len(real.label_holders))
        ),
    )
    return merged(real, extra)


def _names(chance: random.Random, taken: set[str]) -> Iterator[str]:
    while True:
        body = chance.choice(_STARTS) + chance.choice((*_ENDS, *_ENDS, "".join(chance.sample(_SYLLABLES, 2))))
        name = "".join(chance.sample(_SYLLABLES, 3)).title() if chance.random() < 0.3 else body
        name += chance.choice(_TAILS)
        if slug(name) in taken:
            name += f" {chance.randrange(2, 10_000)}"
        if slug(name) not in taken:
            taken.add(slug(name))
            yield name


def _editor(chance: random.Random, name: str) -> Editor:
    aliases = (f"{name} SAS",) if chance.random() < 0.2 else ()
    return Editor(entry_id("editor", name), name, aliases, (), "2025-06", "", _ORIGIN)


def _mention(chance: random.Random, editor: Editor) -> EditorMention:
    role = chance.choice(("software_editor", "editor_billing_sesam_vitale", "editor_teleservices"))
    return EditorMention(editor.id, editor.name, role, chance.choice(CATEGORIES), _ORIGIN)


def _link(chance: random.Random, editor: Editor, editors: list[Editor]) -> EditorLink:
    other = chance.choice(editors)
    relation = chance.choice(("acquired_by", "renamed_to", "part_of"))
    return EditorLink(editor.id, relation, other.id, other.name, "stated", "2024", _ORIGIN)


def _contact(chance: random.Random, number: int, company: str) -> Contact:
    name = f"{chance.choice(_FIRST)} {chance.choice(_LAST)}"
    function = chance.choice(_FUNCTIONS)
    return Contact(
        f"contact:{number}",
        company,
        name,
        function,
        f"c{number}@example.org",
        f"01{number:08}",
        True,
        _ORIGIN,
    )


def _product(chance: random.Random, name: str, maker: str) -> Product:
    kind = chance.choice((*ProductKind, ProductKind.BILLING, ProductKind.MEDICAL_RECORD))
    professions = tuple(sorted(chance.sample(CATEGORIES, chance.randrange(1, 4)), key=CATEGORIES.index))
    return Product(
        id=entry_id("product", name),
        name=name,
        editor=maker,
        editor_as_written="",
        editor_basis="stated",
        kind=kind,
        kind_as_written=str(kind).replace("-", " "),
        mobility=chance.choice((True, None, None)),
        professions=professions,
        professions_as_written=", ".join(professions),
        description="logiciel de gestion, de télétransmission et de dossier patient",
        other_mentions="",
        note="",
        origin=_ORIGIN,
    )


def _labels(services: tuple[Service, ...]) -> list[Label]:
    """One label per type, service and version: about what the trade could have given out."""
    versions = ("", "V1", "V2", "addendum 7", "addendum 8")
    by_service = [
        new_label(kind, service, version, _ORIGIN)
        for service in services
        for kind in (LabelType.APPROVAL, LabelType.AUTHORISATION, LabelType.HOMOLOGATION)
        for version in versions
    ]
    pro_ps = next(service for service in services if service.code == "PRO_PS")
    years = [new_label(LabelType.VINTAGE, pro_ps, str(year), _ORIGIN) for year in range(2021, 2027)]
    return list(latest((*by_service, *years)).values())
