"""Marks are in the bytes of the photo, and what a blur covers is not."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from fieldkit.domain.marks import KINDS, Mark
from fieldkit.photos import clean
from fieldkit.photos.clean import Picture
from tests.photos.pictures import color_at, near

RED = (206, 5, 0)
COORDINATES = st.integers(-300, 500)


def plain(color: str = "white", width: int = 240, height: int = 180) -> Picture:
    image = Image.new("RGB", (width, height), color)
    return Picture(width, height, image.tobytes())


def written(seed: int, area: tuple[int, int, int, int]) -> Picture:
    """A white photo with black and white letters, so to speak, in `area`; as many of each whatever the seed."""
    left, top, right, bottom = area
    width, height = right - left, bottom - top
    spots = [0, 255] * (width * height // 2) + [0] * (width * height % 2)
    random.Random(seed).shuffle(spots)
    image = Image.new("RGB", (240, 180), "white")
    image.paste(Image.frombytes("L", (width, height), bytes(spots)), (left, top))
    return Picture(240, 180, image.tobytes())


@given(st.tuples(st.integers(0, 200), st.integers(0, 150), st.integers(8, 40), st.integers(8, 30)))
def test_nothing_under_a_blur_can_be_told_from_anything_else(place: tuple[int, int, int, int]) -> None:
    left, top, width, height = place
    area = (left, top, left + width, top + height)
    covered = [clean.encode(written(seed, area), [Mark("blur", *area)]) for seed in (1, 2)]
    assert written(1, area) != written(2, area)
    assert covered[0] == covered[1]


def test_a_blur_covers_all_of_its_area_and_nothing_else() -> None:
    area = (40, 30, 140, 90)
    before = written(3, area)
    after = clean.marked(before, [Mark("blur", 140, 90, 40, 30)])
    with Image.frombytes("RGB", (240, 180), after.rgb) as image:
        inside = image.crop(area).tobytes()
    assert len(set(inside)) > 20
    assert all(
        90 < channel < 170 for channel in inside
    )  # shades around the mean, not the black and white of before
    around = Image.frombytes("RGB", (240, 180), after.rgb)
    around.paste("white", area)
    assert around.getcolors() == [(240 * 180, (255, 255, 255))]


def test_a_box_is_drawn_around_and_leaves_what_is_inside() -> None:
    boxed = clean.marked(plain("navy"), [Mark("box", 60, 40, 180, 140)])
    assert near(color_at(boxed, 60, 90), RED)
    assert near(color_at(boxed, 120, 140), RED)
    assert color_at(boxed, 120, 90) == color_at(plain("navy"), 0, 0)
    assert color_at(boxed, 10, 10) == color_at(plain("navy"), 0, 0)


def test_an_arrow_points_at_its_second_point() -> None:
    pointed = clean.marked(plain(), [Mark("arrow", 20, 90, 200, 90)])
    assert near(color_at(pointed, 60, 90), RED)
    reds = [[near(color_at(pointed, x, y), RED) for y in range(180)] for x in range(240)]
    thick = {x: sum(column) for x, column in enumerate(reds)}
    assert thick[190] > thick[60]
    assert max(x for x, n in thick.items() if n) >= 197
    assert not any(thick[x] for x in range(210, 240))


def test_marks_are_drawn_in_their_order() -> None:
    boxed = clean.marked(plain(), [Mark("box", 60, 40, 180, 140), Mark("blur", 0, 0, 240, 180)])
    assert not near(color_at(boxed, 60, 90), RED)


@given(st.sampled_from(KINDS), COORDINATES, COORDINATES, COORDINATES, COORDINATES)
def test_a_mark_may_lie_anywhere(kind: str, x1: int, y1: int, x2: int, y2: int) -> None:
    before = plain()
    after = clean.marked(before, [Mark(kind, x1, y1, x2, y2)])  # type: ignore[arg-type]
    assert (after.width, after.height, len(after.rgb)) == (240, 180, len(before.rgb))


@pytest.mark.parametrize("kind", KINDS)
def test_the_photo_without_marks_is_left_alone(kind: str) -> None:
    before = plain()
    clean.marked(before, [Mark(kind, 10, 10, 100, 100)])  # type: ignore[arg-type]
    assert before == plain()
    assert clean.marked(before, []) == before
