"""A day as people type it (31/12/2026, 31/12, 31 12 26, or as computers do), and a time of day."""

from __future__ import annotations

import datetime as dt
import re

from fieldkit.errors import KnownError
from fieldkit.i18n import _
from fieldkit.ui.widgets.controls import LineControl


def read_day(text: str, today: dt.date) -> dt.date:
    """The day that `text` names; without a year, the next such day from `today` on.

    Raises KnownError `not-a-date`.
    """
    iso = re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})", text.strip())
    french = re.fullmatch(r"(\d{1,2})[/. -](\d{1,2})(?:[/. -](\d{4}|\d{2}))?", text.strip())
    try:
        if iso:
            return dt.date(*(int(part) for part in iso.groups()))
        if french:
            day, month, year = int(french[1]), int(french[2]), french[3]
            if year:
                return dt.date(int(year) + (2000 if len(year) == 2 else 0), month, day)
            this_year = dt.date(today.year, month, day)
            return this_year if this_year >= today else dt.date(today.year + 1, month, day)
    except ValueError:
        pass
    raise KnownError("not-a-date", _("Cette date n'est pas reconnue."), _("Écrivez-la ainsi : 31/12/2026."))


class DayControl(LineControl):
    """A day; its value is the ISO text."""

    def __init__(self) -> None:
        super().__init__(_("jj/mm/aaaa"), width=180)

    def value(self) -> str | None:
        text = super().value()
        return read_day(text, dt.date.today()).isoformat() if text else None  # noqa: DTZ011  the delegate's day

    def show_value(self, value: object) -> None:
        day = dt.date.fromisoformat(str(value)) if value else None
        super().show_value(day and day.strftime("%d/%m/%Y"))


class TimeControl(LineControl):
    """A time of day; whoever keeps it reads what is typed (`9h30`, `9:30`, `9`)."""

    def __init__(self) -> None:
        super().__init__(_("hh:mm"), width=180)
