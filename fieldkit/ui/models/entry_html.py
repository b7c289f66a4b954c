"""The card of a catalogue entry as rich text: sections of facts, each with its source and date."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any, Final

from fieldkit.i18n import _
from fieldkit.ui.lookup import KINDS
from fieldkit.ui.models import entry_facts as facts
from fieldkit.ui.models.entry_figures import figures_html
from fieldkit.ui.models.entry_group import group_rows
from fieldkit.ui.models.entry_parts import Sources, quiet, table
from fieldkit.ui.models.entry_style import style
from fieldkit.ui.models.entry_timeline import timeline_html

MOST: Final = 100
"""How many rows a section shows before the rest is asked for."""


def entry_html(card: Mapping[str, Any], *, charts_across: int = 2, most: int = MOST) -> str:
    """The card; links to other entries are `entry:ID`, drawings those of `EntryCard`."""
    sections = _sections(card, charts_across, Sources(most))
    jumps = " · ".join(
        f'<a href="#part{number}">{escape(title)}</a>' for number, title in enumerate(sections)
    )
    parts = [
        f'<p class="section"><a name="part{number}"></a>{escape(title)}</p>{inside}'
        for number, (title, inside) in enumerate(sections.items())
    ]
    head = (
        f'<p class="kind">{escape(_(KINDS[card["kind"]]))}</p><p class="title">{escape(card["name"])}</p>'
        f'<p class="jumps">{jumps}</p>'
    )
    return f"<html><head><style>{style()}</style></head><body>{head}{''.join(parts)}</body></html>"


def _sections(card: Mapping[str, Any], charts_across: int, sources: Sources) -> dict[str, str]:
    """The sections that have something to say, by their titles."""
    offered = _("Qui le propose") if card["kind"] == "service" else _("Services proposés")
    tables = {
        _("Noms"): table(facts.name_rows(card["names"]), sources),
        _("Groupe et liens"): table(group_rows(card), sources),
        _("Appareil"): table(facts.device_rows(card["devices"]), sources),
        offered: timeline_html(card["timeline"], sources),
        _("Labellisations"): table(facts.label_rows(card["labels"]), sources),
        _("Millésimes PRO-PS"): table(facts.vintage_rows(card["vintages"]), sources),
        _("Détenue par"): table(facts.label_rows(card.get("holders", ())), sources),
        _("Logiciels et produits"): table(facts.product_rows(card["products"]), sources),
        _("Versions"): table(facts.version_rows(card["versions"]), sources),
        _("Chiffres"): figures_html(card, sources, charts_across),
        _("Jalons"): table(facts.milestone_rows(card["milestones"]), sources),
        _("Présentation"): table(facts.about_rows(card["about"]), sources),
        _("Contacts"): _contacts(card, sources),
    }
    shown = {title: inside for title, inside in tables.items() if inside}
    cited = sources.html()
    return shown | {_("Sources"): cited} if cited else shown


def _contacts(card: Mapping[str, Any], sources: Sources) -> str:
    rows = facts.contact_rows(card["contacts"])
    if not rows:
        return ""
    about = _(
        "Données de contact, pour votre usage professionnel seulement : elles restent sur cet ordinateur."
    )
    return f"<p>{quiet(about)}</p>{table(rows, sources)}"
