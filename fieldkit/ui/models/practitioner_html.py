"""The card of a practitioner as HTML: who, what, where, and where it is from."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any

from fieldkit.i18n import _, ngettext
from fieldkit.ui.theme import colors, scaled
from fieldkit.ui.words import french_date

Fact = Mapping[str, Any]


def practitioner_html(card: Fact) -> str:
    """What `services.directory.practitioner` returns, to read; a fact that is not given says so."""
    title = f"{card['title']} {card['name']}".strip()
    trades = "<br>".join(escape(" · ".join(filter(None, trade.values()))) for trade in card["trades"])
    number = "RPPS" if len(card["id"]) == 11 else "ADELI"
    count = len(card["sites"])
    places = ngettext("{n} lieu d'exercice", "{n} lieux d'exercice", count).format(n=count)
    parts = [
        f"<style>{_style()}</style>",
        f'<p class="kind">{trades}</p><p class="title">{escape(title)}</p>',
        f'<table width="100%">{_row(number, card["id"])}</table>',
        f'<p class="section">{escape(places)}</p>',
        *(_site(site) for site in card["sites"]),
        f'<p class="source">{escape(_origin(card))}</p>',
    ]
    return "".join(parts)


def _site(site: Fact) -> str:
    unknown = _("non renseigné")
    rows = [
        _row(_("Adresse"), "\n".join(site["address"]) or unknown),
        _row(_("Téléphone"), "\n".join(site["phones"]) or unknown),
        _row("FINESS", site["finess"] or unknown),
    ]
    for name, value in (
        (_("Courriel"), site["email"]),
        ("SIRET", site["siret"]),
        (_("Exercice"), ", ".join(site["modes"])),
        (_("Secteur"), site["sector"]),
    ):
        if value:
            rows.append(_row(name, value))
    name = site["name"] or _("Lieu sans nom")
    return f'<p class="group">{escape(name)}</p><table width="100%">{"".join(rows)}</table>'


def _row(name: str, value: str) -> str:
    told = escape(value).replace("\n", "<br>")
    return f'<tr><td class="name" width="32%">{escape(name)}</td><td>{told}</td></tr>'


def _origin(card: Fact) -> str:
    if card["as_of"]:
        told = _("Source : {source}, extraction du {day} ({file}).")
        return told.format(source=card["source"], day=french_date(card["as_of"]), file=card["file"])
    return _("Source : {source}, extraction de date inconnue ({file}).").format(
        source=card["source"], file=card["file"]
    )


def _style() -> str:
    c = colors()
    return f"""
        body {{ color: {c.text}; }}
        p.title {{ font-size: {scaled(22)}px; font-weight: 600; margin: 0 0 8px 0; }}
        p.section {{ font-size: {scaled(15)}px; font-weight: 600; margin: 18px 0 4px 0; }}
        p.group {{ font-size: {scaled(14)}px; font-weight: 600; margin: 12px 0 2px 0; }}
        p.kind {{ color: {c.accent}; font-size: {scaled(12.5)}px; font-weight: 600; margin: 0 0 2px 0; }}
        table {{ border-collapse: collapse; border-style: none; }}
        td {{ padding: 4px 10px 4px 0; border-bottom: 1px solid {c.border}; vertical-align: top; }}
        td.name {{ color: {c.muted}; }}
        p.source {{ color: {c.muted}; font-size: {scaled(12)}px; margin: 16px 0 0 0; }}
    """
