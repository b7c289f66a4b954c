"""The only door to the typesetting engine: data and a template of `resources/report` in, a PDF out."""

from __future__ import annotations

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
    import typst

    return typst.compile(
        resource("report", template),
        root=resource("report"),
        font_paths=faces(),
        ignore_system_fonts=True,
        format="pdf",
        sys_inputs={**(pictures or {}), "data": json.dumps(typeset(dict(data)))},
        pdf_standards=list(STANDARDS),
        timestamp=int(made_at.timestamp()),
    )
