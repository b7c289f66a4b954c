"""Field merge: what is concurrent, who stands, and what becomes a conflict."""

from __future__ import annotations

from typing import Any

import pytest

from fieldkit.domain.clock import Stamp
from fieldkit.domain.fieldwork import TEXT_LIMIT, Record
from fieldkit.domain.merge import AHEAD_MS, ARCHIVED, REGISTRY, Cell, Clash, Edit, clamp, merge

ANNE, BRUNO = "a" * 16, "b" * 16


def at(ms: int, device: str) -> Stamp:
    return Stamp(ms, 0, device)


def practice(archived_at: Stamp | None = None, **fields: tuple[Any, Stamp]) -> Record:
    stamps = {name: str(stamp) for name, (_value, stamp) in fields.items()}
    if archived_at:
        stamps[ARCHIVED] = str(archived_at)
    doc = {name: value for name, (value, _stamp) in fields.items() if value is not None}
    return Record("practice", "p", "dept:72", doc, stamps, archived_at is not None)


def write(field: str, old: Any, new: Any, seen: Stamp | None, stamp: Stamp) -> Edit:
    return Edit(stamp, {field: Cell(old, new, str(seen) if seen else None)})


def test_a_write_that_saw_the_last_one_replaces_it() -> None:
    before = practice(city=("Laval", at(1, ANNE)))
    after, clashes = merge(before, write("city", "Laval", "Le Mans", at(1, ANNE), at(2, BRUNO)))
    assert after.doc == {"city": "Le Mans"}
    assert after.stamps == {"city": str(at(2, BRUNO))}
    assert clashes == []


def test_a_first_write_of_a_field_is_no_conflict() -> None:
    after, clashes = merge(practice(), write("city", None, "Laval", None, at(1, BRUNO)))
    assert (after.doc, clashes) == ({"city": "Laval"}, [])


@pytest.mark.parametrize(("mine", "stands", "other"), [(9, "Le Mans", "Laval"), (3, "Laval", "Le Mans")])
def test_of_two_written_apart_the_greatest_stamp_stands_and_both_are_told(
    mine: int, stands: str, other: str
) -> None:
    before = practice(city=("Laval", at(5, ANNE)))
    after, (clash,) = merge(before, write("city", "Tours", "Le Mans", at(1, ANNE), at(mine, BRUNO)))
    assert after.doc == {"city": stands}
    stamps = sorted([str(at(mine, BRUNO)), str(at(5, ANNE))], reverse=True)
    assert clash == Clash("city", "soft", "Tours", stands, other, *stamps)
    assert after.stamps["city"] == stamps[0]


def test_equal_values_written_apart_are_no_conflict() -> None:
    before = practice(city=("Laval", at(5, ANNE)))
    after, clashes = merge(before, write("city", None, "Laval", None, at(3, BRUNO)))
    assert (after, clashes) == (before, [])


def test_a_device_is_never_concurrent_with_itself() -> None:
    before = practice(city=("Laval", at(5, ANNE)))
    after, clashes = merge(before, write("city", "Tours", "Le Mans", at(4, ANNE), at(6, ANNE)))
    assert (after.doc, clashes) == ({"city": "Le Mans"}, [])


def test_own_words_that_had_given_way_and_are_back_count_as_anothers() -> None:
    before = practice(city=("Laval", at(5, BRUNO)))  # restored: Bruno had since seen Anne's replace it
    after, (clash,) = merge(before, write("city", "Tours", "Le Mans", at(6, ANNE), at(7, BRUNO)))
    assert (after.doc, clash.theirs) == ({"city": "Le Mans"}, "Laval")


def test_a_device_that_was_renamed_still_knows_what_it_wrote() -> None:
    before = practice(city=("Laval", at(5, BRUNO)))
    after, clashes = merge(before, write("city", "Laval", "Le Mans", at(5, ANNE), at(7, BRUNO)))
    assert (after.doc, clashes) == ({"city": "Le Mans"}, [])


def test_a_text_made_unknown_is_not_merged() -> None:
    before = practice(comment=(None, at(5, ANNE)))
    _after, (clash,) = merge(before, write("comment", "un", "un\ndeux", at(1, ANNE), at(6, BRUNO)))
    assert (clash.kind, clash.theirs) == ("text", None)


def test_a_fact_made_unknown_can_clash() -> None:
    before = practice(city=(None, at(5, ANNE)))
    after, (clash,) = merge(before, write("city", "Tours", "Le Mans", at(1, ANNE), at(3, BRUNO)))
    assert after.doc == {}
    assert (clash.ours, clash.theirs) == (None, "Le Mans")


@pytest.mark.parametrize(
    ("field", "kind"), [("city", "soft"), ("rpps", "review"), ("comment", "text"), ("of_tomorrow", "soft")]
)
def test_the_field_says_what_kind_of_conflict_it_is(field: str, kind: str) -> None:
    before = practice(None, **{field: ("un", at(5, ANNE))})
    _after, (clash,) = merge(before, write(field, None, "deux", None, at(6, BRUNO)))
    assert clash.kind == kind


def test_paragraphs_of_two_are_both_kept_under_a_stamp_nobody_has_seen() -> None:
    before = practice(comment=("Un\ndeux", at(5, ANNE)))
    after, clashes = merge(before, write("comment", "un\ndeux", "un\nDeux", at(1, ANNE), at(3, BRUNO)))
    assert (after.doc, clashes) == ({"comment": "Un\nDeux"}, [])
    assert Stamp.parse(after.stamps["comment"]).device == REGISTRY
    assert after.stamps["comment"] > str(at(5, ANNE))
    # Bruno writes on from what he last saw; what Anne wrote is still there.
    again, clashes = merge(after, write("comment", "un\nDeux", "un\nDeux\ntrois", at(3, BRUNO), at(7, BRUNO)))
    assert (again.doc, clashes) == ({"comment": "Un\nDeux\ntrois"}, [])
    assert again.stamps["comment"] > after.stamps["comment"]


def test_texts_that_grow_too_long_together_stay_apart() -> None:
    half = "x" * (TEXT_LIMIT // 2)
    before = practice(comment=(f"{half}\nfin", at(5, ANNE)))
    _after, (clash,) = merge(
        before, write("comment", "début\nfin", f"début\n{half}", at(1, ANNE), at(6, BRUNO))
    )
    assert clash.kind == "text"


def archive(stamp: Stamp, seen: dict[str, Stamp], *, back: bool = False) -> Edit:
    texts = {name: str(value) for name, value in seen.items()}
    return Edit(stamp, {ARCHIVED: Cell(back, not back, texts.get(ARCHIVED))}, texts)


def test_archiving_what_one_has_seen_is_no_conflict() -> None:
    before = practice(city=("Laval", at(5, ANNE)))
    after, clashes = merge(before, archive(at(6, BRUNO), {"city": at(5, ANNE)}))
    assert after.archived
    assert clashes == []
    assert ARCHIVED not in after.doc


def test_archiving_over_an_unseen_edit_stays_and_is_told() -> None:
    before = practice(city=("Laval", at(5, ANNE)), name=("C", at(1, ANNE)))
    after, (clash,) = merge(before, archive(at(4, BRUNO), {"name": at(1, ANNE)}))
    assert after.archived
    assert (clash.field, clash.kind, clash.ours, clash.theirs) == (ARCHIVED, "edit-archived", True, False)
    assert (clash.ours_at, clash.theirs_at) == (str(at(4, BRUNO)), str(at(5, ANNE)))


def test_an_edit_of_what_another_archived_is_applied_and_told() -> None:
    before = practice(at(5, ANNE), city=("Laval", at(1, ANNE)))
    after, (clash,) = merge(before, write("city", "Laval", "Le Mans", at(1, ANNE), at(4, BRUNO)))
    assert after.archived
    assert after.doc == {"city": "Le Mans"}
    assert (clash.kind, clash.ours_at, clash.theirs_at) == (
        "edit-archived",
        str(at(5, ANNE)),
        str(at(4, BRUNO)),
    )


def test_an_edit_of_what_one_knows_to_be_archived_is_no_conflict() -> None:
    before = practice(at(5, ANNE), city=("Laval", at(1, ANNE)))
    edit = Edit(
        at(6, BRUNO), {"city": Cell("Laval", "Le Mans", str(at(1, ANNE)))}, {ARCHIVED: str(at(5, ANNE))}
    )
    after, clashes = merge(before, edit)
    assert (after.archived, after.doc, clashes) == (True, {"city": "Le Mans"}, [])


def test_taking_out_again_against_archiving_is_a_soft_conflict() -> None:
    before = practice(at(5, ANNE), city=("Laval", at(1, ANNE)))
    seen = {"city": at(1, ANNE), ARCHIVED: at(3, ANNE)}
    after, (clash,) = merge(before, archive(at(6, BRUNO), seen, back=True))
    assert not after.archived
    assert (clash.kind, clash.ours, clash.theirs) == ("soft", False, True)


def test_a_record_taken_out_again_can_be_edited_without_conflict() -> None:
    before = practice(None, city=("Laval", at(1, ANNE)))
    before.stamps[ARCHIVED] = str(at(5, ANNE))  # type: ignore[index]
    _after, clashes = merge(before, write("city", "Laval", "Le Mans", at(1, ANNE), at(6, BRUNO)))
    assert clashes == []


NOW = 1_000_000


@pytest.mark.parametrize(
    ("stamp", "previous", "kept"),
    [
        (Stamp(NOW, 3, ANNE), None, Stamp(NOW, 3, BRUNO)),
        (Stamp(NOW + AHEAD_MS, 0, ANNE), None, Stamp(NOW + AHEAD_MS, 0, BRUNO)),
        (Stamp(NOW + AHEAD_MS + 1, 7, ANNE), None, Stamp(NOW, 0, BRUNO)),
        (Stamp(NOW - 5, 0, ANNE), Stamp(NOW, 1, BRUNO), Stamp(NOW, 2, BRUNO)),
        (Stamp(NOW * 9, 0, ANNE), Stamp(NOW, 1, BRUNO), Stamp(NOW, 2, BRUNO)),
        (Stamp(NOW, 1, ANNE), Stamp(NOW, 0xFFFF, BRUNO), Stamp(NOW + 1, 0, BRUNO)),
    ],
)
def test_a_stamp_is_brought_back_then_kept_in_the_order_of_its_device(
    stamp: Stamp, previous: Stamp | None, kept: Stamp
) -> None:
    assert clamp(stamp, BRUNO, previous, NOW) == kept
