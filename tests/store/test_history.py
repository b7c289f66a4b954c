"""Undo and redo: what is written back is what was there, and everything stays in the journal."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from fieldkit.errors import KnownError
from fieldkit.services import visit_desk, visits
from fieldkit.store import history, migrations
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


def test_data_are_copied_before_they_get_a_new_shape(tmp_path: Path) -> None:
    path = tmp_path / "field.db"
    store = FieldStore.open(path, KEY)
    visits.new_visit(store, practice="Cabinet", about={"department": "72"})
    newest = migrations.STEPS[-1][0]
    store.database.execute("DROP TABLE inverse")
    store.database.execute("DELETE FROM migration WHERE name = ?", [newest])
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
    newest = migrations.STEPS[-1][0]
    store.database.execute("DROP TABLE inverse")
    store.database.execute("DELETE FROM migration WHERE name = ?", [newest])

    def full(*_places: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("shutil.copy2", full)
    with pytest.raises(KnownError) as told:
        migrations.migrate(store.database)
    assert told.value.code == "copy-failed"
    assert newest not in {row[0] for row in store.database.execute("SELECT name FROM migration")}
    store.close()


class Draft(RuleBasedStateMachine):
    """A person at a draft: whatever is done, undone and done again, the screen shows what a pile would."""

    @initialize()
    def begin(self) -> None:
        import tempfile

        self.folder = tempfile.TemporaryDirectory()
        self.store = FieldStore.open(Path(self.folder.name) / "field.db", KEY)
        self.visit = visits.new_visit(self.store, practice="Cabinet", about={"department": "72"})[0]
        self.past = [documents(self.store)]
        self.future: list[dict[str, Any]] = []

    def did(self) -> None:
        now = documents(self.store)
        if now != self.past[-1]:
            self.past.append(now)
            self.future = []

    @rule(city=st.sampled_from(["Le Mans", "Tours", "Angers", ""]))
    def type_city(self, city: str) -> None:
        practice = visits.practice_of(self.store, self.visit)
        with self.store.changeset(f"Saisie {len(self.past)} {city}") as c:  # typing on would be one step
            c.set("practice", practice, {"city": city})
        self.did()

    @rule(text=st.text("ab", min_size=1, max_size=3))
    def add_note(self, text: str) -> None:
        visits.add_part(self.store, self.visit, "note", {"text": text})
        self.did()

    @precondition(lambda self: self.store.of_visit("note", self.visit))
    @rule()
    def remove_note(self) -> None:
        visits.archive(self.store, "note", self.store.of_visit("note", self.visit)[0].id)
        self.did()

    @precondition(lambda self: bool(history.of_visit(self.store, self.visit).undo))
    @rule()
    def undo(self) -> None:
        visit_desk.undo(self.store, self.visit)
        self.future.append(self.past.pop())
        assert documents(self.store) == self.past[-1]

    @precondition(lambda self: self.future)
    @rule()
    def redo(self) -> None:
        visit_desk.redo(self.store, self.visit)
        self.past.append(self.future.pop())
        assert documents(self.store) == self.past[-1]

    @invariant()
    def the_journal_only_grows(self) -> None:
        if not hasattr(self, "store"):
            return
        seqs = [row[0] for row in self.store.database.execute("SELECT seq FROM outbox ORDER BY seq")]
        assert seqs == list(range(1, len(seqs) + 1))

    def teardown(self) -> None:
        if hasattr(self, "store"):
            self.store.close()
            self.folder.cleanup()


TestDraft = Draft.TestCase
TestDraft.settings = settings(max_examples=25, stateful_step_count=20, deadline=None)
