"""Languages: one gettext catalogue for window, command line, errors and report.

French is written in the code, as the message id; English is a translation of it.
"""

from __future__ import annotations

import gettext
import os
from typing import Final

from fieldkit.paths import resource

LANGUAGES: Final = ("fr", "en")

_current: gettext.NullTranslations = gettext.NullTranslations()
_language: str = "fr"


def use(language: str | None = None) -> str:
    """Speak `language` (`fr` or `en`) from now on; without it FIELDKIT_LANG, else French. Returns the one taken."""
    global _current, _language
    chosen = language or os.environ.get("FIELDKIT_LANG") or "fr"
    _language = chosen if chosen in LANGUAGES else "fr"
    if _language == "fr":
        _current = gettext.NullTranslations()
    else:
        _current = gettext.translation("fieldkit", resource("i18n"), [_language], fallback=True)
    return _language


def language() -> str:
    """The language in use: `fr` or `en`."""
    return _language


def _(message: str) -> str:
    """`message` in the language in use."""
    return _current.gettext(message)


def ngettext(singular: str, plural: str, n: int) -> str:
    """`singular` or `plural` as `n` wants it, in the language in use."""
    if _language == "fr":  # in French zero is singular, which NullTranslations does not know
        return singular if abs(n) < 2 else plural
    return _current.ngettext(singular, plural, n)


def N_(message: str) -> str:  # noqa: N802  gettext's own name for it
    """Marks a constant for translation where it is defined; translate with `_` where it is shown."""
    return message
