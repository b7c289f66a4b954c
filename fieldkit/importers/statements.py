"""What a row of each list states, as facts of the catalogue."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Final

from fieldkit.domain.catalogue import (
    PRO_PS,
    Contact,
    DeploymentFigure,
    Device,
    Editor,
    EditorLink,
    FormerEditor,
    Integration,
    Label,
    LabelHolder,
    LabelType,
    MarketFigure,
    Product,
    ProductKind,
    ProductVersion,
    new_label,
    read_kind,
)
from fieldkit.domain.catalogue.figures import COHORT
from fieldkit.domain.catalogue.products import READERS
from fieldkit.domain.folding import fold, slug
from fieldkit.domain.professions import CATEGORIES, categories_in, category
from fieldkit.i18n import _
from fieldkit.importers import values
from fieldkit.importers.rows import Fact, Row

_OTHERS: Final = ("autres", "autre", "autres logiciels", "autres editeurs")
_MODES: Final = (
    (" pc sc ", "pcsc"),
    (" pcsc ", "pcsc"),
    (" ccid ", "pcsc"),
    (" clavier ", "keyboard"),
    (" serie ", "serial"),
    (" rs232 ", "serial"),
    (" hid pos ", "hid-pos"),
)
_INTERFACES: Final = (("sans contact", "contactless"), ("nfc", "contactless"), ("fente", "contact"))
_YEAR: Final = re.compile(r"\b20\d\d\b")
_SHARED: Final = (
    "accueil", "assistance", "bonjour", "commercial", "contact", "dpo", "editeur", "hotline", "info", "infos",
    "sav", "secretariat", "service", "client", "clients", "support", "technique", "vente", "ventes",
)  # fmt: skip
_TOTALS: Final = ("total", "total general", "ensemble", "sous total")
_ALL_PROFESSIONS: Final = "SESAM-Vitale, tous PS"
_ALL: Final = ("", "tous", "toutes", "tous ps", "ensemble", "total")


@dataclass(frozen=True, slots=True)
class Statement:
    """The fact that a row is about, and those that come with it: a new editor, the label that is held."""

    main: Fact
    others: tuple[Fact, ...] = ()


def read(shape: str, row: Row) -> Statement:
    """What `row` of a list of this shape states. Raises RefusedError; the faults are in the row."""
    for name in row.titles:
        row.read(name, values.harmless, "")
    main, *others = _READERS[shape](row)
    row.ready()
    return Statement(main, (*row.new, *others))


def _market(row: Row) -> list[Fact]:
    written = row.needed("product")
    scope = row.text("profession")
    sign, number = row.read("count", values.count, ("", 0))
    month = row.read("month", values.month, "") or row.origin.as_of[:7]
    if len(month) < 7 and not row.cells.get("month"):
        row.refuse("month", _("aucun mois : indiquez la date de cette table"))
    row.origin = replace(row.origin, as_of=month)
    if fold(written) in _TOTALS:
        row.refuse("product", _("ligne de total"))
    kind, editor, entity = COHORT, "", written
    if fold(written) not in (*_OTHERS, *_TOTALS):
        kind, editor = "product", row.editor()
        entity = row.product(ProductKind.BILLING, "logiciel en télétransmission", editor)
    figure = MarketFigure(
        scope=_ALL_PROFESSIONS if fold(scope) in _ALL else scope,
        entity_type=kind,
        entity=entity,
        entity_as_written=" · ".join(filter(None, (written, row.text("editor")))),
        metric="professionals",
        qualifier=sign,
        value=str(number),
        value_as_written=row.text("count"),
        unit="PS",
        note="",
        origin=row.origin,
    )
    return [("market_figures", figure), *_other_maker(row, entity, editor)]


def _solutions(row: Row) -> list[Fact]:
    row.needed("product")
    editor, lane, version = row.editor(), row.text("lane"), row.text("version")
    product = row.product(ProductKind.OTHER, lane, editor)
    since, until = row.date("since"), row.date("until")
    label = _label(row, row.service(), lane)
    held = [
        LabelHolder(label.id, product, profession, since, until, row.origin)
        for profession in _professions(row)
    ]
    main, *others = [("label_holders", holder) for holder in held]
    facts: list[Fact] = [main, *others, ("labels", label), *_other_maker(row, product, editor)]
    return [*facts, *_version(row, product, since if version else "")]


def _label(row: Row, service: str, lane: str) -> Label:
    """The label that a row says is held; of a PRO-PS vintage the year is in its words."""
    kind = row.read("label", _label_type, LabelType.LISTING)
    if kind is LabelType.VINTAGE:
        year = _YEAR.search(f"{row.text('label')} {lane} {row.text('version')}")
        if year is None:
            row.refuse("label", _("millésime sans année"))
        return new_label(kind, row.names.services.get(PRO_PS), year[0] if year else "", row.origin)
    return new_label(kind, row.names.services.get(service), lane, row.origin)


def _readers(row: Row) -> list[Fact]:
    editor = row.editor()
    written = row.needed("product")
    kind = read_kind(row.text("kind"))
    if kind not in READERS:
        kind = read_kind(f"lecteur {row.text('kind')}")
        if not any(word in fold(row.text("kind")) for word in ("carte", "contact", "nfc", "vitale", "fente")):
            row.refuse("kind", _("type attendu : lecteur de cartes, lecteur QR ou lecteur combiné"))
    product = row.product(kind, row.text("kind"), editor)
    described = _described(row, product, written, editor, kind, row.text("kind"))
    row.new[:] = [fact for fact in row.new if fact[0] != "products"]
    device = Device(
        product=product,
        maker=row.text("editor"),
        model=described.name,
        kind=kind,
        usb=row.read("usb", values.usb, "") or row.read("vid", lambda vid: _usb(row, vid), ""),
        names=(),
        slots=row.read("slots", values.whole, None),
        interfaces=tuple(code for word, code in _INTERFACES if word in fold(row.text("kind"))),
        modes=tuple(code for word, code in _MODES if word in f" {fold(row.text('mode'))} "),
        libccid=row.text("driver"),
        note=row.text("note"),
        origin=row.origin,
    )
    return [("products", described), ("devices", device), *_version(row, product, "")]


def _products(row: Row) -> list[Fact]:
    editor = row.editor()
    written = row.needed("product")
    kind = read_kind(row.needed("kind"))
    product = row.product(kind, row.text("kind"), editor)
    described = _described(row, product, written, editor, kind, row.text("kind"))
    described = replace(
        described,
        mobility=row.read("mobility", values.yes_or_no, None),
        professions=tuple(categories_in(row.text("profession"))),
        professions_as_written=row.text("profession"),
        description=row.text("description"),
    )
    row.new[:] = [fact for fact in row.new if fact[0] != "products"]
    facts: list[Fact] = [("products", described), *_version(row, product, row.date("version_date"))]
    if row.text("former"):
        former = row.editor("former")
        facts.append(("former_editors", FormerEditor(product, former, row.text("former"), row.origin)))
    return facts


def _contacts(row: Row) -> list[Fact]:
    row.needed("editor")
    company = row.editor()
    name, function = row.text("name"), row.text("function")
    email, phone = row.read("email", values.email, ""), row.read("phone", values.phone, "")
    if not (name or email or phone):
        row.refuse("email", _("ni nom, ni courriel, ni téléphone"))
    personal = bool(name or (email and not _is_shared(email, function)))
    about = slug(" ".join(filter(None, (company.partition(":")[2], name or function or email or phone))))
    contact = Contact(f"contact:{about}", company, name, function, email, phone, personal, row.origin)
    return [("contacts", contact)]


def _is_shared(email: str, function: str) -> bool:
    """Whether an address is that of a function (`support@…`): any other may be a person's name."""
    words = fold(email.partition("@")[0]).split()
    return set(words) <= {*_SHARED, *fold(function).split()}


def _editors(row: Row) -> list[Fact]:
    written = row.needed("editor")
    editor = row.editor()
    row.new[:] = [fact for fact in row.new if fact[0] != "editors"]
    known = row.names.editors.get(editor)
    alias = row.text("alias")
    described = Editor(
        editor,
        known.name if known else written,
        (alias,) if alias else (),
        (),
        row.origin.as_of,
        row.text("note"),
        row.origin,
    )
    facts: list[Fact] = [("editors", described)]
    if row.text("group"):
        group = row.editor("group")
        link = EditorLink(editor, "part_of", group, row.text("group"), "stated", "", row.origin)
        facts.append(("links", link))
    return facts


def _integrations(row: Row) -> list[Fact]:
    editor = row.editor()
    product = row.product(ProductKind.OTHER, "", editor) if row.text("product") else ""
    if not (editor or product or row.faults):
        row.refuse("editor", _("ni éditeur ni logiciel"))
    row.needed("service")
    status, value = row.read("value", values.answer, values.answer(""))
    profession, *more = _professions(row)
    fact = Integration(
        holder=product or editor,
        holder_as_written=row.text("product") or row.text("editor"),
        service=row.service(),
        profession=profession,
        table_id="",
        criterion_as_written=row.text("service"),
        status=status,
        value=value,
        value_raw=row.text("value"),
        value_kind="",
        prose_value="",
        prose_basis="",
        note="",
        origin=replace(row.origin, as_of=row.date("date") or row.origin.as_of),
    )
    also = [replace(fact, profession=name) for name in more]
    return [("integrations", item) for item in (fact, *also)]


def _deployment(row: Row) -> list[Fact]:
    topic = row.needed("topic")
    sign, number = row.read("value", values.decimal, ("", 0.0))
    percent = row.cells.get("value", "").rstrip().endswith("%")
    services = {fold(item.label): item.id for item in row.names.services.values()}
    figure = DeploymentFigure(
        topic=topic,
        metric=row.needed("metric"),
        qualifier=sign,
        value=number,
        value_as_written=row.text("value"),
        unit=row.text("unit") or ("%" if percent else "count"),
        service=services.get(fold(topic), ""),
        origin=replace(row.origin, as_of=row.date("date") or row.origin.as_of),
    )
    return [("deployment_figures", figure)]


def _described(
    row: Row, product: str, written: str, editor: str, kind: ProductKind, kind_as_written: str
) -> Product:
    """The product as this list describes it; its present name where the catalogue has it."""
    known = row.names.products.get(product)
    return Product(
        product, known.name if known else written, editor, row.text("editor"), "stated" if editor else "", kind,
        kind_as_written, None, (), "", "", "", "", row.origin,
    )  # fmt: skip


def _other_maker(row: Row, product: str, editor: str) -> list[Fact]:
    """A second description of a known product whose list gives it to another editor than is known."""
    known = row.names.products.get(product)
    if known is None or editor in ("", known.editor):
        return []
    changed = replace(
        known, editor=editor, editor_as_written=row.text("editor"), editor_basis="stated", origin=row.origin
    )
    return [("products", changed)]


def _version(row: Row, product: str, date: str) -> list[Fact]:
    version = row.text("version")
    return [("product_versions", ProductVersion(product, version, date, "", row.origin))] if version else []


def _professions(row: Row) -> list[str]:
    """The categories that a cell names, one at least; the empty one is for all."""
    written = row.text("profession")
    if fold(written) in _ALL:
        return [""]
    one = category(written)
    found = [one] if one else categories_in(written)
    if not found:
        known = ", ".join(CATEGORIES)
        row.refuse("profession", _("profession inconnue ; connues : {known}").format(known=known))
    return found or [""]


def _label_type(cell: str) -> LabelType:
    if not cell.strip():
        return LabelType.LISTING
    for kind in LabelType:
        if fold(kind) in fold(cell):
            return kind
    raise ValueError(_("type attendu : {types}").format(types=", ".join(LabelType)))


def _usb(row: Row, vid: str) -> str:
    return values.usb(f"{vid}:{row.cells.get('pid', '')}") if vid.strip() else ""


_READERS: Final[Mapping[str, Callable[[Row], list[Fact]]]] = {
    "market": _market,
    "solutions": _solutions,
    "readers": _readers,
    "products": _products,
    "contacts": _contacts,
    "editors": _editors,
    "integrations": _integrations,
    "deployment": _deployment,
}
