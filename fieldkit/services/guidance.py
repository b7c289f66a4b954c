"""What helps a delegate at a visit: reminders by profession, and known answers to obstacles, both as data.

Nothing here is a fact of the practice: a reminder asks and proposes, an answer cites its source. Their forms
are described beside them, in `resources/templates/README.md` and `resources/answers/README.md`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal, TypeVar

import msgspec

from fieldkit.domain import professions
from fieldkit.domain.fieldwork import OWNERS, THEMES, WORKSTATION_FACTS
from fieldkit.domain.folding import fold
from fieldkit.domain.rulesets import Text
from fieldkit.errors import KnownError
from fieldkit.i18n import _
from fieldkit.paths import resource

T = TypeVar("T")

_COMMON: Final = 1 / 3
"""Share of the answers from which on a word that they hold tells nothing."""


class Proposal(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An action that may be agreed on: who (a code of `fieldwork.OWNERS`), and how many days after the visit."""

    who: str
    text: Text
    in_days: int = 30

    def __post_init__(self) -> None:
        _only([self.who], OWNERS)


class Template(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A reminder for the visits to one sort of practice; `facts` are fields of a workstation."""

    id: str
    title: Text
    professions: list[str]
    facts: list[str]
    tests: list[Literal["readers", "scanner"]]
    questions: list[Text]
    follow_ups: list[Proposal]

    def __post_init__(self) -> None:
        _only(self.professions, professions.CATEGORIES)
        _only(self.facts, tuple(WORKSTATION_FACTS))


class Answer(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a source says to an obstacle that is often met; `as_of` is its date, as exact as it is given."""

    id: str
    themes: list[str]
    title: Text
    text: Text
    source: str
    as_of: str
    action: Proposal | None = None

    def __post_init__(self) -> None:
        _only(self.themes, THEMES)


def templates() -> tuple[Template, ...]:
    """The reminders that travel with the app, by title. Raises KnownError `guidance-invalid`."""
    return tuple(sorted(_templates(), key=lambda template: fold(str(template.title))))


def template(template_id: str | None) -> Template | None:
    """One reminder; None where there is none of that name (any more)."""
    return next((known for known in _templates() if known.id == template_id), None)


def suggested(profession: str | None) -> Template | None:
    """The reminder for a profession, however that is written; None where there is none."""
    category = professions.category(profession or "")
    return next((known for known in _templates() if category in known.professions), None)


def reminder(template_id: str | None, shown: Mapping[str, Any]) -> dict[str, Any] | None:
    """What a reminder still says of a visit (`visits.show_visit`); None without one.

    `missing` are names of facts that a workstation lacks, out of `facts`, and `first` the place of the first as
    `workstation:field`; `tests` are `{kind, done}`, `questions` `{text, noted}`, `follow_ups` `{who, by, text, added}`.
    """
    chosen = template(template_id)
    if chosen is None:
        return None
    stations = shown["workstations"]
    lacking = [
        (field, next((w["id"] for w in stations if w.get(field) is None), ""))
        for field in chosen.facts
        if not stations or any(w.get(field) is None for w in stations)
    ]
    noted = [str(part.get("text") or "") for part in (*shown["notes"], *shown["obstacles"])]
    agreed = {action.get("text") for action in shown["follow_ups"]}
    tested = {run.get("kind") for run in shown["test_runs"]}
    return {
        "title": str(chosen.title),
        "facts": len(chosen.facts),
        "missing": [_(WORKSTATION_FACTS[field].label) for field, _station in lacking],
        "first": ":".join(reversed(lacking[0])) if lacking and lacking[0][1] else "",
        "tests": [{"kind": kind, "done": kind in tested} for kind in chosen.tests],
        "questions": [
            {"text": str(question), "noted": any(text.startswith(str(question)) for text in noted)}
            for question in chosen.questions
        ],
        "follow_ups": [
            {
                "who": action.who,
                "by": _in_days(shown["date"], action.in_days),
                "text": str(action.text),
                "added": str(action.text) in agreed,
            }
            for action in chosen.follow_ups
        ],
    }


def answers(theme: str | None = None, text: str = "") -> tuple[Answer, ...]:
    """Known answers: those of `theme` (None: any), first those that hold the rarest words of `text`.

    Without a theme, those that hold none of its words are left out. Raises KnownError `guidance-invalid`.
    """
    told = {answer.id: fold(f"{answer.title} {answer.text}") for answer in _answers()}
    held = {word: sum(word in said for said in told.values()) for word in set(fold(text).split())}
    telling = {
        word: 1 / count for word, count in held.items() if len(word) > 2 and 0 < count <= len(told) * _COMMON
    }
    score = {
        answer: sum(weight for word, weight in telling.items() if word in said)
        for answer, said in told.items()
    }
    found = [answer for answer in _answers() if theme is None or theme in answer.themes]
    if text.strip() and theme is None:
        found = [answer for answer in found if score[answer.id]]
    return tuple(sorted(found, key=lambda answer: -score[answer.id]))


def read(folder: Path, shape: type[T]) -> tuple[T, ...]:
    """Every `*.json` of `folder`, each of that shape. Raises KnownError `guidance-invalid`: file and place."""
    found = []
    for path in sorted(folder.glob("*.json")):
        try:
            found.append(msgspec.json.decode(path.read_bytes(), type=shape))
        except msgspec.MsgspecError as error:
            raise KnownError(
                "guidance-invalid",
                _("Le fichier {name} n'est pas utilisable : {reason}.").format(name=path.name, reason=error),
                _("Corrigez-le en suivant le fichier README.md qui est à côté, ou retirez-le."),
            ) from error
    return tuple(found)


def _in_days(visited: str, days: int) -> str:
    return (dt.date.fromisoformat(visited) + dt.timedelta(days)).isoformat()


@cache
def _templates() -> tuple[Template, ...]:
    return read(resource("templates"), Template)


@cache
def _answers() -> tuple[Answer, ...]:
    return tuple(answer for file in read(resource("answers"), list[Answer]) for answer in file)


def _only(given: list[str], known: tuple[str, ...]) -> None:
    if wrong := [name for name in given if name not in known]:
        raise ValueError(", ".join(wrong))
