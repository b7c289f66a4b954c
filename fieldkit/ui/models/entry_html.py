"""The card of a catalogue entry as rich text: sections of facts, each with its source and date."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from html import escape
from itertools import groupby
from typing import Any, Final

from fieldkit.i18n import N_, _
from fieldkit.ui.lookup import KINDS
from fieldkit.ui.theme import colors, scaled
from fieldkit.ui.words import answer, french_date, source_and_date

Fact = Mapping[str, Any]

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


def entry_html(card: Mapping[str, Any]) -> str:
    """The whole card; links to other entries are `entry:ID`."""
    parts = [
        f'<p class="kind">{escape(_(KINDS[card["kind"]]))}</p><p class="title">{escape(card["name"])}</p>',
        _section(_("Noms"), (_row(_(_NAMES[f["kind"]]), _value(f), f) for f in card["names"])),
        _section(_("Présentation"), (_row(_(_ABOUT[f["field"]]), _about(f), f) for f in card["about"])),
        _section(_("Groupe et liens"), (_row("", _link(f), f) for f in card["group"])),
        _section(_("Logiciels et produits"), (_row(_kind(f), _value(f), f) for f in card["products"])),
        _section(_("Labellisations"), (_row(f.get("profession", ""), _value(f), f) for f in card["labels"])),
        _section(_("Détenue par"), (_row(f["profession"], _value(f), f) for f in card.get("holders", ()))),
        _section(_("Chiffres"), (_row(_measure(f), _number(f), f) for f in card["figures"])),
        _section(_("Jalons"), (_row(french_date(f["date"]), _value(f), f) for f in card["milestones"])),
        _integration(card["integration"], by_editor=card["kind"] == "service"),
    ]
    return f"<html><head><style>{_style()}</style></head><body>{''.join(parts)}</body></html>"


def _section(title: str, rows: Iterable[str]) -> str:
    inside = "".join(rows)
    return f'<p class="section">{escape(title)}</p><table width="100%">{inside}</table>' if inside else ""


def _row(name: str, value: str, fact: Fact) -> str:
    told = f'<td class="name" width="24%">{escape(name)}</td>'
    return (
        f'<tr>{told}<td width="40%">{value}</td><td class="source">{escape(source_and_date(fact))}</td></tr>'
    )


def _value(fact: Fact) -> str:
    text = escape(str(fact["value"]))
    return f'<a href="entry:{escape(fact["id"])}">{text}</a>' if fact.get("id") else text


def _about(fact: Fact) -> str:
    profession = fact.get("profession")
    return _value(fact) + (f" ({escape(profession)})" if profession else "")


def _kind(fact: Fact) -> str:
    return _("auparavant") if fact["former"] else str(fact["kind"])


def _link(fact: Fact) -> str:
    words = {"editor": _("édité par"), "previous_editor": _("auparavant")}
    if fact["relation"] in words:
        return f"{escape(words[fact['relation']])} {_value(fact)}"
    told = escape(fact["text"])
    linked = f'<a href="entry:{escape(fact["id"])}">{told}</a>' if fact["id"] else told
    ours = _("(notre lecture des sources)")
    return f"{linked} {escape(ours)}" if fact["inferred"] else linked


def _measure(fact: Fact) -> str:
    return f"{fact['metric']}, {fact['topic']}" if fact["topic"] else str(fact["metric"])


def _number(fact: Fact) -> str:
    return f"<b>{escape(' '.join(filter(None, (fact['qualifier'], fact['as_written'], fact['unit']))))}</b>"


def _integration(cells: Iterable[Fact], *, by_editor: bool) -> str:
    """Grouped by profession, date and source, which are said once for the group; two answers to a line."""

    def place(cell: Fact) -> tuple[str, str, str]:
        return cell["as_of"], cell["profession"], cell["source"]

    groups = groupby(sorted(cells, key=place, reverse=True), key=place)
    parts = []
    for (_when, profession, _source), found in groups:
        members = list(found)
        title = profession[:1].upper() + profession[1:] or _("Toutes professions")
        told = [_answer(cell, "editor" if by_editor else "label") for cell in members]
        lines = [told[n : n + 2] for n in range(0, len(told), 2)]
        rows = "".join(f"<tr>{''.join(pair)}</tr>" for pair in lines)
        heading = f'{escape(title)} <span class="source">{escape(source_and_date(members[0]))}</span>'
        parts.append(f'<p class="group">{heading}</p><table width="100%">{rows}</table>')
    title = _("Services proposés")
    return f'<p class="section">{escape(title)}</p>{"".join(parts)}' if parts else ""


def _answer(cell: Fact, name: str) -> str:
    look, word = answer(cell)
    title = escape(cell[name])
    if name == "editor":
        title = f'<a href="entry:{escape(cell["editor_id"])}">{title}</a>'
    size = scaled(15)
    drawing = f'<img src="state:{look}" width="{size}" height="{size}" style="vertical-align: middle">'
    return f'<td width="29%">{title}</td><td width="20%">{drawing}&nbsp;{escape(word)}</td>'


def _style() -> str:
    c = colors()
    return f"""
        body {{ color: {c.text}; }}
        p.title {{ font-size: {scaled(22)}px; font-weight: 600; margin: 0 0 4px 0; }}
        p.section {{ font-size: {scaled(15)}px; font-weight: 600; margin: 20px 0 6px 0; }}
        p.group {{ font-size: {scaled(14)}px; font-weight: 600; margin: 12px 0 4px 0; }}
        p.kind {{ color: {c.accent}; font-size: {scaled(12.5)}px; font-weight: 600; margin: 0 0 2px 0; }}
        table {{ border-collapse: collapse; border-style: none; }}
        td {{ padding: 5px 10px 5px 0; border-bottom: 1px solid {c.border}; vertical-align: top; }}
        td.name {{ color: {c.muted}; }}
        .source {{ color: {c.muted}; font-size: {scaled(12)}px; font-weight: 400; }}
        a {{ color: {c.info}; text-decoration: none; }}
    """
