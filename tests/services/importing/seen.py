"""Lists as others keep them, and what a preview of one says."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from fieldkit.domain.catalogue.layers import Novelty
from fieldkit.errors import KnownError
from fieldkit.services.catalogue_imports import Preview

MARKET = """mois;categorie_ps;editeur;logiciel;nb_ps
2024-02;Masseurs-kinésithérapeutes;Epsilog;Vega;34 300
2024-02;Infirmiers;Autres;Autres;30000
"""
READERS = """Marque;Modèle;Type;Connexion;VID;PID
Kapelse;KAP&LINK2;lecteur de cartes bi-fente;USB PC/SC;2947;0105
Kapelse;KAP-eCV;lecteur combiné QR et NFC;clavier;2947;0112
Inventée SARL;Douchette 3;lecteur QR;clavier;;
"""


def counts(seen: Preview) -> tuple[int, int, int, int]:
    added, changed, unchanged = (len(seen.of(novelty)) for novelty in Novelty)
    return added, changed, unchanged, len(seen.of(None))


def reasons(seen: Preview) -> list[tuple[int, str, str]]:
    return [(row.line, fault.column, fault.reason) for row in seen.of(None) for fault in row.faults]


def known(code: str, call: Callable[[], object]) -> KnownError:
    with pytest.raises(KnownError) as refused:
        call()
    assert refused.value.code == code
    return refused.value
