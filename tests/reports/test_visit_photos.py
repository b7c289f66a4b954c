"""Photos in the report: seen, read out where they cannot be seen, and light enough to be sent."""

from __future__ import annotations

from typing import Any

import pytest

from fieldkit.photos import clean
from fieldkit.reports import visit
from tests.photos import pictures
from tests.reports import example, printed


def photo(width: int, height: int, caption: str = "") -> tuple[dict[str, Any], bytes]:
    """The record of a photo, and its JPEG."""
    made = clean.encode(clean.read(pictures.saved(pictures.scene(width, height))))
    record = {"id": "p", "sha256": made.sha256, "width": made.width, "height": made.height}
    return {**record, **({"caption": caption} if caption else {})}, made.jpeg


WIDE = photo(400, 300, "Le lecteur du comptoir : câble abîmé")
TALL = photo(300, 400)
ELSEWHERE = {"id": "q", "sha256": "ab" * 32, "width": 40, "height": 30, "caption": "Le routeur"}


def shown() -> dict[str, Any]:
    return example.shown(photos=[WIDE[0], TALL[0], ELSEWHERE])


HELD = {record["sha256"]: jpeg for record, jpeg in (WIDE, TALL)}


@pytest.fixture(scope="module")
def report() -> bytes:
    return example.pdf(shown(), HELD)


def test_each_photo_is_there_with_its_caption_and_is_read_out(report: bytes) -> None:
    document = printed.opened(report)
    text = printed.flowing(document)
    assert "Photos Photo 1 – Le lecteur du comptoir : câble abîmé Photo 2 Photo 3 – Le routeur" in text
    alternatives = [text.replace("\u00a0", " ") for text in printed.alternatives(document)]
    assert alternatives[-2:] == ["Photo 1 : Le lecteur du comptoir : câble abîmé", "Photo 2, sans légende"]
    assert printed.pictures(document) == [(400, 300), (300, 400)]


def test_a_photo_that_is_elsewhere_is_said_to_be(report: bytes) -> None:
    text = printed.flowing(printed.opened(report))
    assert "Photo 3 – Le routeur Cette photo n’est pas sur l’ordinateur qui a édité ce compte rendu." in text


def test_the_bytes_of_a_photo_are_printed_as_they_are_kept(report: bytes) -> None:
    assert WIDE[1] in report


def test_it_is_still_accessible_fit_for_keeping_and_of_two_pages(report: bytes) -> None:
    document = printed.opened(report)
    with document.open_metadata() as metadata:
        standards = [metadata[f"{{http://www.aiim.org/{key}"] for key in
                     ("pdfua/ns/id/}part", "pdfa/ns/id/}part", "pdfa/ns/id/}conformance")]  # fmt: skip
    assert standards == ["1", "2", "A"]
    assert ("H1", "Photos") in printed.structure(document)
    assert len(document.pages) == 2


def test_a_report_with_photos_does_not_promise_what_a_program_cannot_know(report: bytes) -> None:
    text = printed.flowing(printed.opened(report))
    assert "si une photo en montre, prévenez le délégué" in text
    assert "ne contient aucune donnée de patient" not in text
    assert "Photos" not in printed.flowing(printed.opened(example.pdf(example.shown())))


def test_the_same_photos_give_the_same_bytes(report: bytes) -> None:
    assert example.pdf(shown(), HELD) == report


def test_its_pages_can_be_looked_at(report: bytes) -> None:
    seen = visit.pages(shown(), made_at=example.MADE_AT, photos=HELD, ppi=40)
    assert len(seen) == len(printed.opened(report).pages)
    for page in seen:
        picture = clean.read(page)
        assert abs(picture.width / picture.height - 210 / 297) < 0.01
        assert len(set(picture.rgb)) > 10


def test_a_single_page_is_a_list_of_one() -> None:
    bare = example.shown(workstations=[], verdict=example.verdicts(), test_runs=[], obstacles=[], notes=[])
    assert len(visit.pages(bare, made_at=example.MADE_AT, ppi=20)) == 1
