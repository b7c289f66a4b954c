"""Reminders and known answers: every file is sound, nothing in them becomes a fact by itself."""

from __future__ import annotations

from pathlib import Path

import pytest

from fieldkit import i18n
from fieldkit.domain import professions
from fieldkit.domain.fieldwork import THEMES
from fieldkit.errors import KnownError
from fieldkit.services import guidance, visit_desk, visits
from fieldkit.store.fieldwork import FieldStore

TEMPLATE = (
    '{{"id": "x", "title": {{"fr": "X"}}, "professions": ["{profession}"], "facts": ["{fact}"],'
    ' "tests": ["{test}"], "questions": [], "follow_ups": []}}'
)


def test_there_is_a_reminder_for_every_profession() -> None:
    found = {name: guidance.suggested(name) for name in professions.CATEGORIES}
    assert None not in found.values()
    assert guidance.suggested("kinésithérapeute") == found["auxiliaires médicaux"]
    assert guidance.suggested("jardiniers") is None
    assert guidance.suggested(None) is None


def test_every_text_is_in_both_languages_and_every_answer_has_a_source() -> None:
    for template in guidance.templates():
        texts = [template.title, *template.questions, *(action.text for action in template.follow_ups)]
        assert all(text.fr and text.en for text in texts), template.id
    for answer in guidance.answers():
        texts = [answer.title, answer.text, *([answer.action.text] if answer.action else [])]
        assert all(text.fr and text.en for text in texts), answer.id
        assert answer.source
        assert answer.as_of
    names = [answer.id for answer in guidance.answers()]
    assert len(set(names)) == len(names)


def test_every_theme_that_the_sources_speak_of_has_an_answer() -> None:
    assert {theme for theme in THEMES if not guidance.answers(theme)} == {"formation"}


def test_answers_that_hold_the_words_come_first() -> None:
    assert guidance.answers("materiel", "Le lecteur est occupé")[0].id == "reader-busy"
    found = [answer.id for answer in guidance.answers(text="galss.ini manque")]
    assert found[0] == "reader-galss"
    assert "apcv-nfc" not in found
    assert guidance.answers(text="zzzz") == ()
    assert len(guidance.answers("apcv", "zzzz")) == len(guidance.answers("apcv"))


def test_answers_follow_the_language() -> None:
    i18n.use("en")
    assert guidance.answers(text="Which reader to buy")[0].id == "apcv-which-reader"


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"profession": "sorciers"}, "sorciers"),
        ({"fact": "couleur"}, "couleur"),
        ({"test": "goût"}, "goût"),
    ],
)
def test_a_file_that_is_off_is_named_with_what_is_wrong(
    tmp_path: Path, given: dict[str, str], said: str
) -> None:
    sound = {"profession": "médecins", "fact": "os", "test": "readers"}
    (tmp_path / "mien.json").write_text(TEMPLATE.format(**sound), encoding="utf-8")
    assert guidance.read(tmp_path, guidance.Template)[0].id == "x"
    (tmp_path / "mien.json").write_text(TEMPLATE.format(**{**sound, **given}), encoding="utf-8")
    with pytest.raises(KnownError, match="mien.json") as told:
        guidance.read(tmp_path, guidance.Template)
    assert told.value.code == "guidance-invalid"
    assert said in told.value.message


def test_a_reminder_follows_the_visit_and_writes_nothing(store: FieldStore) -> None:
    visit, _practice = visits.new_visit(store, practice="Cabinet", template="doctors")
    before = store.database.execute("SELECT count(*) FROM outbox").fetchone()[0]
    reminder = visit_desk.open_visit(store, visit)["reminder"]
    assert store.database.execute("SELECT count(*) FROM outbox").fetchone()[0] == before
    assert (len(reminder["missing"]), reminder["first"]) == (reminder["facts"], "")
    assert not any(line["done"] for line in reminder["tests"])
    station = visits.set_workstation(store, visit, None, {"os": "windows"})
    visits.add_part(store, visit, "test_run", {"kind": "readers", "verdict": "good"})
    visits.add_part(store, visit, "note", {"text": reminder["questions"][0]["text"] + " Oui."})
    action = reminder["follow_ups"][0]
    visits.add_part(store, visit, "follow_up", {name: action[name] for name in ("who", "by", "text")})
    after = visit_desk.open_visit(store, visit)["reminder"]
    assert len(after["missing"]) == after["facts"] - 1
    assert after["first"] == f"{station}:os_version"
    assert [line["done"] for line in after["tests"]] == [True, False]
    assert [line["noted"] for line in after["questions"]].count(True) == 1
    assert [line["added"] for line in after["follow_ups"]] == [True, False, False]


def test_a_reminder_that_is_gone_is_none(store: FieldStore) -> None:
    visit, _practice = visits.new_visit(
        store, practice="Cabinet", template="ancien", about={"profession": "dentistes"}
    )
    shown = visit_desk.open_visit(store, visit)
    assert (shown["reminder"], shown["suggested"]) == (None, "dentists")
