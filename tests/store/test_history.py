"""Undo and redo: what is written back is what was there, and everything stays in the journal."""

from __future__ import annotations

import json
import re
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from fieldkit.domain.clock import Stamp, now_ms
from fieldkit.errors import KnownError
from fieldkit.services import visit_desk, visits
from fieldkit.store import history, migrations, outbox
from fieldkit.store.fieldwork import FieldStore
from tests.conftest import KEY


@pytest.fixture
def visit(store: FieldStore) -> str:
    return visits.new_visit(store, practice="Cabinet des Tilleuls", about={"department": "72"})[0]


def documents(store: FieldStore) -> dict[str, Any]:
    rows = store.database.execute("SELECT type, id, doc, archived FROM record").fetchall()
    return {f"{kind}:{i}": (json.loads(doc), archived) for kind, i, doc, archived in rows if not archived}


def test_a_field_gets_back_what_it_had(store: FieldStore, visit: str) -> None:
    visits.set_visit(store, visit, {"practice.city": "Le Mans"})
    visits.set_visit(store, visit, {"practice.city": "Angers", "practice.profession": "médecins"})
    visit_desk.undo(store, visit)
    practice = store.get("practice", visits.practice_of(store, visit))
    assert (practice["city"], practice["profession"]) == ("Le Mans", None)
    visit_desk.redo(store, visit)
    practice = store.get("practice", practice.id)
    assert (practice["city"], practice["profession"]) == ("Angers", "médecins")


def test_a_new_note_is_put_away_and_comes_back(store: FieldStore, visit: str) -> None:
    visits.add_part(store, visit, "note", {"text": "Bonjour"})
    visit_desk.undo(store, visit)
    assert store.of_visit("note", visit) == []
    visit_desk.redo(store, visit)
    assert [note["text"] for note in store.of_visit("note", visit)] == ["Bonjour"]


def test_what_was_put_away_comes_back(store: FieldStore, visit: str) -> None:
    note = visits.add_part(store, visit, "note", {"text": "Bonjour"})
    visits.archive(store, "note", note)
    visit_desk.undo(store, visit)
    assert [record.id for record in store.of_visit("note", visit)] == [note]


def test_the_visit_itself_is_not_undone(store: FieldStore, visit: str) -> None:
    assert history.of_visit(store, visit) == history.History((), ())
    with pytest.raises(KnownError, match="plus rien à annuler"):
        visit_desk.undo(store, visit)


def test_another_write_ends_what_could_be_done_again(store: FieldStore, visit: str) -> None:
    visits.set_visit(store, visit, {"practice.city": "Le Mans"})
    visit_desk.undo(store, visit)
    visits.set_visit(store, visit, {"practice.city": "Tours"})
    assert history.of_visit(store, visit).redo == ()
    with pytest.raises(KnownError):
        visit_desk.redo(store, visit)


def test_what_was_typed_after_an_undo_does_not_amend_it(store: FieldStore, visit: str) -> None:
    for city in ("Le Mans", "Tours"):
        visits.set_visit(store, visit, {"practice.city": city})
        visits.set_visit(store, visit, {"practice.profession": "médecins"})
        visit_desk.undo(store, visit)
    before = store.database.execute("SELECT count(*) FROM outbox").fetchone()[0]
    visits.set_visit(store, visit, {"practice.profession": "pharmaciens"})
    assert store.database.execute("SELECT count(*) FROM outbox").fetchone()[0] == before + 1


def test_another_visit_is_left_alone(store: FieldStore, visit: str) -> None:
    other = visits.new_visit(store, practice="Pharmacie du Parc", about={"department": "72"})[0]
    visits.set_visit(store, other, {"practice.city": "Laval"})
    assert history.of_visit(store, visit).undo == ()
    assert len(history.of_visit(store, other).undo) == 1


def test_a_value_that_changed_since_is_not_overwritten(store: FieldStore, visit: str) -> None:
    visits.set_visit(store, visit, {"practice.city": "Le Mans"})
    practice = visits.practice_of(store, visit)
    # As a pull does: another laptop's value, which is in no outbox.
    store.database.execute(
        "UPDATE record SET doc = json_set(doc, '$.city', 'Nantes') WHERE id = ?", [practice]
    )
    with pytest.raises(KnownError) as told:
        visit_desk.undo(store, visit)
    assert told.value.code == "undo-overtaken"
    assert store.get("practice", practice)["city"] == "Nantes"


def test_what_was_overtaken_is_told_once_and_bars_no_way(store: FieldStore, visit: str) -> None:
    visits.set_visit(store, visit, {"practice.profession": "médecins"})
    visits.set_visit(store, visit, {"practice.city": "Le Mans"})
    practice = visits.practice_of(store, visit)
    store.database.execute(
        "UPDATE record SET doc = json_set(doc, '$.city', 'Nantes') WHERE id = ?", [practice]
    )
    with pytest.raises(KnownError, match="a changé depuis"):
        visit_desk.undo(store, visit)
    visit_desk.undo(store, visit)
    now = store.get("practice", practice)
    assert (now["profession"], now["city"]) == (None, "Nantes")


def test_what_was_done_again_and_overtaken_does_not_come_back(store: FieldStore, visit: str) -> None:
    visits.set_visit(store, visit, {"practice.city": "Le Mans"})
    visit_desk.undo(store, visit)
    visit_desk.redo(store, visit)
    practice = visits.practice_of(store, visit)
    store.database.execute(
        "UPDATE record SET doc = json_set(doc, '$.city', 'Nantes') WHERE id = ?", [practice]
    )
    with pytest.raises(KnownError, match="a changé depuis"):
        visit_desk.undo(store, visit)
    assert history.of_visit(store, visit) == history.History((), ())


def test_a_note_that_a_colleague_went_on_with_is_not_put_away(store: FieldStore, visit: str) -> None:
    note = visits.add_part(store, visit, "note", {"text": "Bonjour"})
    theirs = str(Stamp(now_ms() + 60_000, 0, "a" * 16))
    store.database.execute(
        "UPDATE record SET stamps = json_set(stamps, '$.text', ?) WHERE id = ?", [theirs, note]
    )
    with pytest.raises(KnownError, match="a changé depuis"):
        visit_desk.undo(store, visit)
    assert len(store.of_visit("note", visit)) == 1


def test_letters_typed_and_taken_away_are_no_step(store: FieldStore, visit: str) -> None:
    visits.set_visit(store, visit, {"practice.profession": "médecins"})
    visits.set_visit(store, visit, {"practice.city": "L"})
    visits.set_visit(store, visit, {"practice.city": ""})
    visit_desk.undo(store, visit)
    assert store.get("practice", visits.practice_of(store, visit))["profession"] is None


def test_a_note_typed_in_one_go_is_one_step(store: FieldStore, visit: str) -> None:
    note = visits.add_part(store, visit, "note", {"text": "Bon"})
    visits.set_part(store, "note", note, {"text": "Bonjour"})
    visits.set_part(store, "note", note, {"text": "Bonjour à tous"})
    assert [entry.label for entry in history.of_visit(store, visit).undo] == ["Nouvelle note"]
    visit_desk.undo(store, visit)
    assert store.of_visit("note", visit) == []
    visit_desk.redo(store, visit)
    assert [note["text"] for note in store.of_visit("note", visit)] == ["Bonjour à tous"]


def test_a_visit_that_was_put_away_and_back_is_not_put_away_by_undoing(store: FieldStore, visit: str) -> None:
    visits.archive(store, "visit", visit)
    visits.archive(store, "visit", visit, back=True)
    assert history.of_visit(store, visit) == history.History((), ())


def test_the_words_for_a_step_stay_those_of_what_was_done(store: FieldStore, visit: str) -> None:
    visits.set_visit(store, visit, {"practice.city": "Le Mans"})
    for _again in range(3):
        visit_desk.undo(store, visit)
        assert [entry.label for entry in history.of_visit(store, visit).redo] == ["Visite modifiée"]
        visit_desk.redo(store, visit)
        assert [entry.label for entry in history.of_visit(store, visit).undo] == ["Visite modifiée"]


def test_a_finalised_visit_has_no_way_back(store: FieldStore, visit: str) -> None:
    visits.add_part(store, visit, "note", {"text": "Bonjour"})
    visits.finalise(store, visit)
    assert history.of_visit(store, visit).undo == ()


def test_it_is_there_after_a_restart(tmp_path: Path) -> None:
    store = FieldStore.open(tmp_path / "field.db", KEY)
    visit = visits.new_visit(store, practice="Cabinet", about={"department": "72"})[0]
    visits.set_visit(store, visit, {"practice.city": "Le Mans"})
    visit_desk.undo(store, visit)
    store.close()
    store = FieldStore.open(tmp_path / "field.db", KEY)
    visit_desk.redo(store, visit)
    assert store.get("practice", visits.practice_of(store, visit))["city"] == "Le Mans"
    store.close()


def as_before_the_newest_step(store: FieldStore) -> str:
    """Take the newest step of the schema back, and return its name."""
    name, sql = migrations.STEPS[-1]
    for kind, made in reversed(re.findall(r"CREATE (TABLE|INDEX) (\w+)", sql)):
        store.database.execute(f"DROP {kind} {made}")
    store.database.execute("DELETE FROM migration WHERE name = ?", [name])
    return name


def test_data_are_copied_before_they_get_a_new_shape(tmp_path: Path) -> None:
    path = tmp_path / "field.db"
    store = FieldStore.open(path, KEY)
    visits.new_visit(store, practice="Cabinet", about={"department": "72"})
    newest = as_before_the_newest_step(store)
    assert not list(tmp_path.glob("*.before-*"))
    migrations.migrate(store.database)
    store.close()
    copy = tmp_path / f"field.db.before-{newest.split()[0]}"
    assert copy.exists()
    before = FieldStore.open(copy, KEY)
    assert [practice["name"] for practice in before.of("practice")] == ["Cabinet"]
    before.close()


def test_without_a_copy_nothing_is_touched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = FieldStore.open(tmp_path / "field.db", KEY)
    newest = as_before_the_newest_step(store)

    def full(*_places: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("shutil.copy2", full)
    with pytest.raises(KnownError) as told:
        migrations.migrate(store.database)
    assert told.value.code == "copy-failed"
    assert newest not in {row[0] for row in store.database.execute("SELECT name FROM migration")}
    store.close()


class Draft(RuleBasedStateMachine):
    """A person at a draft: whatever is done, undone and done again, the screen shows what a pile would.

    `past` is that pile, of what stood after each step. `going_on` names the field in which more typing is the
    same step; `as_created`, while the step only made a record, is what stood then.
    """

    @initialize()
    def begin(self) -> None:
        self.folder = tempfile.TemporaryDirectory()
        self.store = FieldStore.open(Path(self.folder.name) / "field.db", KEY)
        self.visit = visits.new_visit(self.store, practice="Cabinet", about={"department": "72"})[0]
        self.past = [documents(self.store)]
        self.future: list[dict[str, Any]] = []
        self.settle()

    def settle(self) -> None:
        self.going_on: tuple[str, str] | None = None
        self.as_created: dict[str, Any] | None = None

    def did(self, going_on: tuple[str, str] | None = None, *, made: bool = False) -> None:
        now = documents(self.store)
        if going_on is not None and going_on == self.going_on:
            self.past.pop()
        elif now == self.past[-1]:
            return  # it had that value already: nothing was written
        else:
            self.going_on, self.as_created = going_on, now if made else None
        self.past.append(now)
        self.future = []

    @rule(
        field=st.sampled_from(["practice.city", "delegate"]), text=st.sampled_from(["", "Le Mans", "Tours"])
    )
    def type_in(self, field: str, text: str) -> None:
        visits.set_visit(self.store, self.visit, {field: text})
        self.did(("visit", field))

    @rule(text=st.text("ab", min_size=1, max_size=3))
    def add_note(self, text: str) -> None:
        note = visits.add_part(self.store, self.visit, "note", {"text": text})
        self.did(("note", note), made=True)

    @precondition(lambda self: self.store.of_visit("note", self.visit))
    @rule(text=st.text("ab", min_size=1, max_size=3))
    def type_in_note(self, text: str) -> None:
        note = self.store.of_visit("note", self.visit)[-1].id
        visits.set_part(self.store, "note", note, {"text": text})
        self.did(("note", note))

    @precondition(lambda self: self.store.of_visit("note", self.visit))
    @rule()
    def remove_note(self) -> None:
        visits.archive(self.store, "note", self.store.of_visit("note", self.visit)[0].id)
        self.did()

    @rule()
    def send(self) -> None:
        outbox.take(self.store.database, 1000, 1_000_000)
        if documents(self.store) != self.as_created:
            self.settle()  # what was sent is never amended

    @precondition(lambda self: bool(history.of_visit(self.store, self.visit).undo))
    @rule()
    def undo(self) -> None:
        visit_desk.undo(self.store, self.visit)
        self.settle()
        self.future.append(self.past.pop())
        while self.past and self.past[-1] == self.future[-1]:
            self.past.pop()  # typed and taken away again: no step
        assert documents(self.store) == self.past[-1]

    @precondition(lambda self: self.future)
    @rule()
    def redo(self) -> None:
        visit_desk.redo(self.store, self.visit)
        self.past.append(self.future.pop())
        assert documents(self.store) == self.past[-1]

    @precondition(lambda self: bool(history.of_visit(self.store, self.visit).undo))
    @rule()
    def undo_and_redo_change_nothing(self) -> None:
        before = documents(self.store)
        visit_desk.undo(self.store, self.visit)
        visit_desk.redo(self.store, self.visit)
        self.settle()
        assert documents(self.store) == before

    @rule()
    def close_and_open(self) -> None:
        self.store.close()
        self.store = FieldStore.open(Path(self.folder.name) / "field.db", KEY)

    @invariant()
    def the_journal_tells_what_the_rows_hold(self) -> None:
        if not hasattr(self, "store"):
            return
        rows = self.store.database.execute("SELECT seq, ops FROM outbox ORDER BY seq").fetchall()
        assert [seq for seq, _ops in rows] == list(range(1, len(rows) + 1))
        told: dict[str, Any] = {}
        for op in (op for _seq, ops in rows for op in json.loads(ops)):
            told[f"{op['t']}:{op['i']}"] = replayed(op, told.get(f"{op['t']}:{op['i']}", ({}, 0)))
        assert {key: kept for key, kept in told.items() if not kept[1]} == documents(self.store)

    def teardown(self) -> None:
        if hasattr(self, "store"):
            self.store.close()
            self.folder.cleanup()


def replayed(op: dict[str, Any], kept: tuple[dict[str, Any], int]) -> tuple[dict[str, Any], int]:
    """A record after an op, as a reader of the wire would have it; an op must start from what is there."""
    doc, archived = kept
    if op["op"] == "set":
        assert {name: doc.get(name) for name in op["c"]} == {name: cell[0] for name, cell in op["c"].items()}
        after = {**doc, **{name: cell[1] for name, cell in op["c"].items()}}
        return {name: value for name, value in after.items() if value is not None}, archived
    return (op["d"], 0) if op["op"] == "create" else (doc, int(op["op"] == "archive"))


TestDraft = Draft.TestCase
TestDraft.settings = settings(max_examples=25, stateful_step_count=20, deadline=None)
