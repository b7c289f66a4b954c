"""Visits in words: how each state, verdict and coded value is called and drawn."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Final

from PySide6.QtCore import QDate, QLocale

from fieldkit.i18n import N_, _, language
from fieldkit.reports import wording
from fieldkit.ui.widgets.tag import Look

_STATES: Final = {
    "draft": ("pen", "info"),
    "finalised": ("lock", "info"),
    "waiting": ("clock", "warning"),
    "sent": ("success", "success"),
    "refused": ("error", "error"),
}
_READINESS: Final = {"ready": "success", "not-yet": "warning", "impossible": "error", "unknown": "unknown"}
_HEADLINES: Final = {
    "ready": N_("Prêt pour l'appli carte Vitale"),
    "not-yet": N_("Pas encore prêt pour l'appli carte Vitale"),
    "impossible": N_("Appli carte Vitale impossible en l'état"),
    "unknown": N_("On ne sait pas encore pour l'appli carte Vitale"),
}
_FINDINGS: Final = {
    "up-to-date": ("success", N_("À jour")),
    "action": ("warning", N_("Action requise")),
    "obsolete": ("error", N_("Obsolète")),
    "unknown": ("unknown", N_("Inconnu")),
}
_TESTS: Final = {"good": "success", "fault": "error", "unstable": "warning", "not-tested": "unknown"}
_GRAVITIES: Final = {"low": "info", "medium": "warning", "high": "error"}


def state(code: str) -> Look:
    """The state of a visit."""
    return Look(*_STATES[code], _(wording.STATES[code]))


def states() -> dict[str, str]:
    """Every state a visit can be in, in words."""
    return {code: _(words) for code, words in wording.STATES.items()}


def readiness(code: str) -> Look:
    """The verdict on the appli carte Vitale, in a word or two."""
    return Look(_READINESS[code], _READINESS[code], _(wording.READINESS[code]))


def headline(code: str) -> str:
    """The verdict on the appli carte Vitale as a sentence."""
    return _(_HEADLINES[code])


def finding(status: str) -> Look:
    """The status of a criterion."""
    color, words = _FINDINGS[status]
    return Look(color, color, _(words))


def result(verdict: str) -> Look:
    """The result of a test."""
    color = _TESTS[verdict]
    return Look(color, color, sentence(wording.word(wording.TESTS, verdict)))


def gravity(code: str | None) -> Look:
    """How grave an obstacle is."""
    color = _GRAVITIES.get(code or "", "unknown")
    return Look(color, color, sentence(wording.word(wording.GRAVITIES, code)))


def choices(words: Mapping[str, str]) -> dict[str, str]:
    """Coded values and their words, as a control offers them."""
    return {code: sentence(_(text)) for code, text in words.items()}


def sentence(words: str) -> str:
    """Words as they stand alone: with a capital, unless they begin with a name such as macOS."""
    first = words.split(maxsplit=1)[0] if words else ""
    return words[:1].upper() + words[1:] if first.islower() else words


def long_day(iso: str | None) -> str:
    """A date with its day of the week: `jeu. 20 nov. 2026`; "" for none."""
    return _in_words(iso, "ddd d MMM yyyy")


def short_day(iso: str | None) -> str:
    """A date for a table: `20 nov. 2026`; "" for none."""
    return _in_words(iso, "d MMM yyyy")


def _in_words(iso: str | None, pattern: str) -> str:
    if not iso:
        return ""
    day = dt.date.fromisoformat(iso[:10])
    return QLocale(language()).toString(QDate(day.year, day.month, day.day), pattern)


def moment(iso: str | None) -> str:
    """A moment on the delegate's clock: `20 nov. 2026 à 14:32`; "" for none."""
    if not iso:
        return ""
    local = dt.datetime.fromisoformat(iso).astimezone()
    day = QLocale(language()).toString(QDate(local.year, local.month, local.day), "d MMM yyyy")
    return _("{day} à {time}").format(day=day, time=local.strftime("%H:%M"))
