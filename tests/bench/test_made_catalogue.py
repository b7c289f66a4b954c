"""The catalogue of the benchmark has the size that it claims, and is the same at every run."""

from __future__ import annotations

from fieldkit.domain.catalogue import latest, unmatched
from tests.bench import made_catalogue


def test_it_is_of_the_size_of_the_reference_base_and_always_the_same() -> None:
    made = made_catalogue.make()
    assert len(latest(made.editors)) == made_catalogue.EDITORS == 1_450
    assert len(latest(made.products)) == made_catalogue.PRODUCTS == 1_498
    assert len(made.contacts) == made_catalogue.CONTACTS == 5_200
    assert len(made.label_holders) == made_catalogue.LABELLISATIONS == 19_038
    assert list(unmatched(made)) == []
    assert made_catalogue.make() == made
