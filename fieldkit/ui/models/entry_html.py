"""The card of a catalogue entry as rich text: sections of facts, each with its source and date."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any, Final

from fieldkit.i18n import N_, _
from fieldkit.ui.lookup import KINDS
from fieldkit.ui.models.entry_figures import figures_html
from fieldkit.ui.models.entry_integration import integration_html
from fieldkit.ui.models.entry_parts import Fact, Row, Sources, link, quiet, table, told
from fieldkit.ui.models.entry_style import style
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


def entry_html(card: Mapping[str, Any], *, charts_across: int = 2) -> str:
    """The whole card; links to other entries are `entry:ID`, drawings those of `EntryCard`."""
    sources = Sources()
    by_editor = card["kind"] == "service"
    sections = {
        _("Noms"): table(_names(card["names"]), sources),
        _("Groupe et liens"): table([Row("", _link(fact), fact) for fact in card["group"]], sources),
        _("Qui le propose") if by_editor else _("Services proposés"): integration_html(
            card["integration"], sources, by_editor=by_editor
        ),
        _("Labellisations"): table(
            [Row(fact.get("profession", ""), told(fact), fact) for fact in card["labels"]], sources
        ),
        _("Détenue par"): table(
            [Row(fact["profession"], told(fact), fact) for fact in card.get("holders", ())], sources
        ),
        _("Logiciels et produits"): table(
            [Row("", f"{told(fact)}&nbsp; {quiet(_kind(fact))}", fact) for fact in card["products"]], sources
        ),
        _("Chiffres"): figures_html(card["figures"], sources, charts_across),
        _("Jalons"): table(
            [Row(french_date(fact["date"]), told(fact), fact) for fact in card["milestones"]], sources
        ),
        _("Présentation"): table(_about(card["about"]), sources),
    }
    shown = {title: inside for title, inside in sections.items() if inside}
    shown[_("Sources")] = sources.html()
    jumps = " · ".join(
        f'<a href="#part{number}">{escape(title)}</a>' for number, title in enumerate(shown) if shown[title]
    )
    parts = [
        f'<p class="section"><a name="part{number}"></a>{escape(title)}</p>{inside}'
        for number, (title, inside) in enumerate(shown.items())
        if inside
    ]
    head = (
        f'<p class="kind">{escape(_(KINDS[card["kind"]]))}</p><p class="title">{escape(card["name"])}</p>'
        f'<p class="jumps">{jumps}</p>'
    )
    return f"<html><head><style>{style()}</style></head><body>{head}{''.join(parts)}</body></html>"


def _names(names: Sequence[Fact]) -> list[Row]:
    """The names in the order of their dates."""
    by_date = sorted(names, key=lambda fact: str(fact["as_of"]))
    return [Row(_(_NAMES[fact["kind"]]), told(fact), fact) for fact in by_date]


def _about(facts: Sequence[Fact]) -> list[Row]:
    """What one source says alike for several professions is one row, the professions in turn."""
    rows: dict[tuple[object, ...], list[Fact]] = {}
    for fact in facts:
        same = (fact["field"], fact["value"], fact["source"], fact["as_of"])
        rows.setdefault(same, []).append(fact)
    return [
        Row(_(_ABOUT[alike[0]["field"]]), told(alike[0]) + _professions(alike), alike[0])
        for alike in sorted(rows.values(), key=lambda alike: alike[0]["field"])
    ]


def _professions(facts: Sequence[Fact]) -> str:
    names = dict.fromkeys(fact["profession"] for fact in facts if fact.get("profession"))
    return f" ({escape(', '.join(names))})" if names else ""


def _kind(fact: Fact) -> str:
    return _("auparavant") if fact["former"] else str(fact["kind"])


def _link(fact: Fact) -> str:
    words = {"editor": _("édité par"), "previous_editor": _("auparavant")}
    if fact["relation"] in words:
        return f"{escape(words[fact['relation']])} {told(fact)}"
    text = link(escape(fact["text"]), fact["id"]) if fact["id"] else escape(fact["text"])
    return f"{text} {escape(_('(notre lecture des sources)'))}" if fact["inferred"] else text
