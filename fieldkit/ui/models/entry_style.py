"""How the rich text of a card looks, in the colours and the text size in use."""

from __future__ import annotations

from fieldkit.ui.theme import colors, scaled


def style() -> str:
    """The style sheet of a card."""
    c = colors()
    return f"""
        body {{ color: {c.text}; }}
        p.kind {{ color: {c.accent}; font-size: {scaled(12.5)}px; font-weight: 600; margin: 0 0 2px 0; }}
        p.title {{ font-size: {scaled(22)}px; font-weight: 600; margin: 0 0 6px 0; }}
        p.jumps {{ font-size: {scaled(12.5)}px; color: {c.muted}; margin: 0; }}
        p.section {{ font-size: {scaled(16)}px; font-weight: 600; margin: 24px 0 6px 0; }}
        p.chart {{ font-size: {scaled(12.5)}px; font-weight: 600; margin: 0; }}
        p.source {{ margin: 4px 0 0 0; }}
        table {{ border-collapse: collapse; border-style: none; }}
        td {{ padding: 5px 10px 5px 0; border-bottom: 1px solid {c.border}; vertical-align: top; }}
        th {{ padding: 5px 10px 5px 0; border-bottom: 1px solid {c.control}; text-align: left;
             font-size: {scaled(12.5)}px; font-weight: 600; color: {c.muted}; vertical-align: bottom; }}
        th.group {{ font-size: {scaled(14)}px; color: {c.text}; }}
        table.profession {{ margin-top: 12px; }}
        table.charts td {{ border: none; }}
        td.name, .quiet {{ color: {c.muted}; }}
        td.unknown, .unknown {{ color: {c.unknown}; }}
        .source {{ color: {c.muted}; font-size: {scaled(12)}px; font-weight: 400; }}
        a {{ color: {c.info}; text-decoration: none; }}
    """
