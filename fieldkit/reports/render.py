"""The only door to the typesetting engine: data and a template of `resources/report` in, a PDF or its pages out."""

from __future__ import annotations

import base64
import datetime as dt
import json
from collections.abc import Mapping
from typing import Any, Final

from fieldkit.paths import resource
from fieldkit.reports.fonts import faces
from fieldkit.reports.typography import typeset

STANDARDS: Final = ("a-2a", "ua-1")
"""Accessible (PDF/UA-1) and fit for keeping (PDF/A-2a); the engine refuses to write less."""


def pdf(
    template: str, data: Mapping[str, Any], made_at: dt.datetime, pictures: Mapping[str, str] | None = None
) -> bytes:
    """`template` with `data`, which reaches it as JSON: a text is never read as markup.

    `pictures` are SVG by name, handed over as they are. The same data and moment give the same bytes.
    """
    made: bytes = _compile(
        template,
        data,
        pictures,
        format="pdf",
        pdf_standards=list(STANDARDS),
        timestamp=int(made_at.timestamp()),
    )
    return made


def pages(
    template: str, data: Mapping[str, Any], pictures: Mapping[str, str] | None = None, *, ppi: float
) -> list[bytes]:
    """The pages that `pdf` would have, as PNG of so many pixels per inch."""
    made: bytes | list[bytes] = _compile(template, data, pictures, format="png", ppi=ppi)
    return [made] if isinstance(made, bytes) else made


def picture(jpeg: bytes, width: int, height: int) -> str:
    """A JPEG as SVG: the engine takes a picture from memory only as text, and then keeps its bytes as they are."""
    content = base64.b64encode(jpeg).decode()
    size = f'width="{width}" height="{height}"'
    image = f'<image {size} preserveAspectRatio="none" href="data:image/jpeg;base64,{content}"/>'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size}>{image}</svg>'


def _compile(
    template: str, data: Mapping[str, Any], pictures: Mapping[str, str] | None, **options: Any
) -> Any:
    import typst

    return typst.compile(
        resource("report", template),
        root=resource("report"),
        font_paths=faces(),
        ignore_system_fonts=True,
        sys_inputs={**(pictures or {}), "data": json.dumps(typeset(dict(data)))},
        **options,
    )
