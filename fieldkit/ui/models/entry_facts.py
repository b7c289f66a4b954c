"""The rows of a card's sections: names, labels, versions, readers, people to call."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import Final

from fieldkit.i18n import N_, _
from fieldkit.ui.models.entry_parts import Fact, Row, link, quiet, told, unknown
from fieldkit.ui.words import french_date

_NAMES: Final = {
    "current": N_("Nom"),
    "later": N_("Nom suivant"),
    "former": N_("Ancien nom"),
    "alias": N_("Autre nom"),
    "written": N_("Écrit aussi"),
    "full": N_("Nom complet"),
    "code": N_("Code"),
}
_ABOUT: Final = {
    "role": N_("Rôle"),
    "federation": N_("Fédération"),
    "equipment": N_("Équipement"),
    "kind": N_("Nature"),
    "professions": N_("Professions"),
    "description": N_("Description"),
    "what_it_is": N_("Description"),
    "audience": N_("Pour qui"),
    "amendment": N_("Avenant"),
    "service": N_("Service"),
}

_INTERFACES: Final = {"contact": N_("à contact"), "contactless": N_("sans contact"), "sam": N_("module SAM")}
_MODES: Final = {
    "pcsc": "PC/SC",
    "keyboard": N_("clavier"),
    "hid": "HID",
    "hid-pos": "HID-POS",
    "serial": N_("port série"),
    "snapi": "SNAPI",
    "ibm": "IBM",
    "oem": "OEM",
    "config": N_("configuration"),
}


def name_rows(names: Iterable[Fact]) -> list[Row]:
    """The names in the order of their dates."""
    by_date = sorted(names, key=lambda fact: str(fact["as_of"]))
    return [Row(_(_NAMES[fact["kind"]]), told(fact), fact) for fact in by_date]


def about_rows(facts: Iterable[Fact]) -> list[Row]:
    """What one source says alike for several professions is one row, the professions in turn."""
    rows: dict[tuple[object, ...], list[Fact]] = {}
    for fact in facts:
        same = (fact["field"], fact["value"], fact["source"], fact["as_of"])
        rows.setdefault(same, []).append(fact)
    return [
        Row(_(_ABOUT[alike[0]["field"]]), told(alike[0]) + _professions(alike), alike[0])
        for alike in sorted(rows.values(), key=lambda alike: str(alike[0]["field"]))
    ]


def product_rows(products: Iterable[Fact]) -> list[Row]:
    """Products with their kind, those that another makes now last."""
    before = _("auparavant")
    return [
        Row("", f"{told(fact)} {quiet(before if fact['former'] else str(fact['kind']))}", fact)
        for fact in products
    ]


def label_rows(labels: Iterable[Fact]) -> list[Row]:
    """Labels (or their holders) with their days; the profession is the name of the row."""
    return [Row(fact.get("profession", ""), f"{told(fact)}{_days(fact)}", fact) for fact in labels]


def vintage_rows(vintages: Iterable[Fact]) -> list[Row]:
    """PRO-PS vintages, and who holds them."""
    return [
        Row(str(fact["value"]), link(escape(fact["holder"]), fact["holder_id"]) + _days(fact), fact)
        for fact in vintages
    ]


def version_rows(versions: Iterable[Fact]) -> list[Row]:
    """Versions of a product, with their day."""
    rows = []
    for fact in versions:
        day = escape(french_date(fact["date"])) if fact["date"] else unknown()
        note = f" {quiet(fact['note'])}" if fact["note"] else ""
        rows.append(Row(str(fact["value"]), f"{day}{note}", fact))
    return rows


def device_rows(devices: Iterable[Fact]) -> list[Row]:
    """What is known of a reader, for each of its USB ids."""
    return [Row(fact["usb"] or _("USB inconnu"), _device(fact), fact) for fact in devices]


def milestone_rows(milestones: Iterable[Fact]) -> list[Row]:
    """What happened to a service, by day."""
    return [Row(french_date(fact["date"]), told(fact), fact) for fact in milestones]


def contact_rows(contacts: Iterable[Fact]) -> list[Row]:
    """Whom to call; a person's data is marked as such."""
    rows, personal = [], quiet(_("(donnée personnelle)"))
    for fact in contacts:
        ways = [escape(fact[way]) for way in ("email", "phone") if fact[way]]
        mark = f" {personal}" if fact["personal"] else ""
        value = "<br>".join([(escape(str(fact["value"])) or unknown()) + mark, *(ways or [unknown()])])
        rows.append(Row(fact["function"], value, fact))
    return rows


def _professions(facts: Sequence[Fact]) -> str:
    names = dict.fromkeys(fact["profession"] for fact in facts if fact.get("profession"))
    return f" ({escape(', '.join(names))})" if names else ""


def _days(fact: Fact) -> str:
    since, until = fact.get("since"), fact.get("until")
    words = [_("depuis {date}").format(date=french_date(since))] if since else []
    words += [_("jusqu'à {date}").format(date=french_date(until))] if until else []
    return f" {quiet(', '.join(words))}" if words else ""


def _device(fact: Fact) -> str:
    """What a source says of a reader, a line each; slots and interfaces are told even when it is silent."""
    slots = fact["slots"]
    told = _("inconnu") if slots is None else str(slots)
    lines = [
        _("Fentes : {n}").format(n=told),
        _("Interface : {names}").format(names=_words(_INTERFACES, fact["interfaces"]) or _("inconnu")),
        _("Mode : {names}").format(names=_words(_MODES, fact["modes"])) if fact["modes"] else "",
        _("Nommé : {names}").format(names=", ".join(fact["names"])) if fact["names"] else "",
        _("Pilote : libccid {version} ou plus récent").format(version=fact["libccid"])
        if fact["libccid"]
        else "",
    ]
    note = quiet(fact["note"]) if fact["note"] else ""
    return "<br>".join(filter(None, [*map(escape, lines), note]))


def _words(known: Mapping[str, str], codes: Iterable[str]) -> str:
    return ", ".join(_(known[code]) if code in known else code for code in codes)
