"""A plot of one figure over another as SVG: both axes in powers of ten, every point with its value."""

from __future__ import annotations

import math
from collections.abc import Mapping
from html import escape
from pathlib import Path
from typing import Final

_WIDTH: Final = 640
_HEIGHT: Final = 360
_LEFT, _RIGHT, _TOP, _BOTTOM = 72, 24, 48, 56


def write(out: Path, title: str, across: str, up: str, series: Mapping[str, Mapping[int, float]]) -> None:
    """Draw `series`, each a curve by its name, and say in `across` and `up` what the axes count."""
    xs = [x for curve in series.values() for x in curve]
    ys = [y for curve in series.values() for y in curve.values()]
    left, right = _decades(xs)
    low, high = _decades(ys)

    def place(x: float, y: float) -> tuple[float, float]:
        wide, tall = _WIDTH - _LEFT - _RIGHT, _HEIGHT - _TOP - _BOTTOM
        return (
            _LEFT + wide * (math.log10(x) - left) / (right - left),
            _HEIGHT - _BOTTOM - tall * (math.log10(y) - low) / (high - low),
        )

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" font-family="sans-serif" '
        f'font-size="12" role="img" aria-label="{escape(title)}">',
        f'<rect width="{_WIDTH}" height="{_HEIGHT}" fill="white"/>',
        f'<text x="{_LEFT}" y="24" font-size="15">{escape(title)}</text>',
        f'<text x="{_WIDTH / 2}" y="{_HEIGHT - 14}" text-anchor="middle">{escape(across)}</text>',
        f'<text transform="translate(18 {_HEIGHT / 2}) rotate(-90)" text-anchor="middle">{escape(up)}</text>',
    ]
    for power in range(left, right + 1):
        x, foot = place(10**power, 10**low)
        parts.append(f'<path d="M{x:.1f} {foot:.1f}V{_TOP}" stroke="#ddd"/>')
        parts.append(f'<text x="{x:.1f}" y="{foot + 18:.1f}" text-anchor="middle">{10**power:g}</text>')
    for power in range(low, high + 1):
        x, y = place(10**left, 10**power)
        parts.append(f'<path d="M{x:.1f} {y:.1f}H{_WIDTH - _RIGHT}" stroke="#ddd"/>')
        parts.append(f'<text x="{x - 8:.1f}" y="{y + 4:.1f}" text-anchor="end">{10**power:g}</text>')
    for colour, (name, curve) in zip(("#0063cb", "#b34000", "#18753c"), series.items(), strict=False):
        points = [(*place(x, y), y) for x, y in sorted(curve.items())]
        line = " ".join(f"{x:.1f},{y:.1f}" for x, y, _value in points)
        parts.append(f'<polyline points="{line}" fill="none" stroke="{colour}" stroke-width="2"/>')
        for x, y, value in points:
            parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="{colour}"/>')
            parts.append(f'<text x="{x:.1f}" y="{y - 10:.1f}" text-anchor="middle">{value:.3g}</text>')
        x, y, _value = points[-1]
        parts.append(
            f'<text x="{x:.1f}" y="{y + 20:.1f}" text-anchor="end" fill="{colour}">{escape(name)}</text>'
        )
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text("\n".join([*parts, "</svg>", ""]), encoding="utf-8")


def _decades(values: list[float] | list[int]) -> tuple[int, int]:
    """The powers of ten around values, two different ones."""
    low, high = math.floor(math.log10(min(values))), math.ceil(math.log10(max(values)))
    return low, max(high, low + 1)
