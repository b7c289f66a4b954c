"""The professions as the market studies group them, and the other ways people name them."""

from __future__ import annotations

from typing import Final

from fieldkit.domain.folding import fold

CATEGORIES: Final = (
    "médecins",
    "pharmaciens",
    "auxiliaires médicaux",
    "dentistes",
    "laboratoires",
    "sages-femmes",
    "LPP",
    "centres de santé",
    "transporteurs",
    "établissements",
)
"""Names as printed in the editor tables of the GIE SESAM-Vitale studies of 2021 and 2023."""

_OTHER_NAMES: Final = {
    "médecins": ("généralistes", "médecins généralistes", "médecins spécialistes", "médecins libéraux"),
    "pharmaciens": ("pharmacies", "officines"),
    "auxiliaires médicaux": (
        "infirmiers",
        "infirmières",
        "kinés",
        "kinésithérapeutes",
        "masseurs-kinésithérapeutes",
        "orthophonistes",
        "orthoptistes",
        "pédicures-podologues",
    ),
    "dentistes": ("chirurgiens-dentistes",),
    "laboratoires": ("biologistes", "biologie"),
    "sages-femmes": (),
    "LPP": ("audioprothésistes", "opticiens", "fournisseurs", "professionnels de la LPP"),
    "centres de santé": (),
    "transporteurs": ("taxis", "taxis conventionnés", "ambulanciers", "transporteurs sanitaires"),
    "établissements": ("établissements de santé", "cliniques privées", "hôpitaux", "EHPAD"),
}


def category(text: str) -> str | None:
    """The category that `text` names, whatever its accents, case or number; None where none does."""
    return _BY_STEM.get(_stem(text))


def categories_in(text: str) -> list[str]:
    """The categories that a sentence mentions, in the order of `CATEGORIES`."""
    sentence = f" {_stem(text)} "
    found = {name for stem, name in _BY_STEM.items() if f" {stem} " in sentence}
    return [name for name in CATEGORIES if name in found]


def _stem(text: str) -> str:
    return " ".join(_singular(word) for word in fold(text).split())


def _singular(word: str) -> str:
    return word[:-3] + "al" if word.endswith("aux") else word.rstrip("s")


_BY_STEM: Final = {_stem(written): name for name in CATEGORIES for written in (name, *_OTHER_NAMES[name])}
