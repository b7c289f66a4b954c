"""The rulesets in use: those that travel with the app, and those a delegate puts beside their field data."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Final

from fieldkit.domain.fieldwork import WORKSTATION_FACTS
from fieldkit.domain.rulesets import Ruleset, applicable, load_ruleset
from fieldkit.errors import KnownError
from fieldkit.i18n import _
from fieldkit.paths import resource

FOLDER: Final = "rulesets"
"""Folder of the profile whose `*.json` are rulesets too."""

LIMIT: Final = 1_000_000
"""Bytes; the largest ruleset that is read. Those of the app have some 15,000."""

_FIELDS: Final = {name: field.choices for name, field in WORKSTATION_FACTS.items()}

_Seen = tuple[tuple[str, int, int], ...]


@dataclass(frozen=True, slots=True)
class Rulesets:
    """What was found: the rulesets, the file of each that is the profile's own, and why a file is left out."""

    all: tuple[Ruleset, ...]
    own: dict[str, str]
    """Identity of a ruleset -> name of its file in the profile."""
    refused: dict[str, str]
    """Name of a file that is not used -> what is wrong with it."""


def in_use(profile: Path | None) -> Rulesets:
    """Those of the app, and those in `profile`, read anew whenever a file there changed.

    A file of the profile takes the place of the app's ruleset of the same identity. One that is faulty is
    left out and told in `refused`: it takes no verdict away.
    """
    if profile is None:
        return Rulesets(_shipped(), {}, {})
    folder = profile / FOLDER
    try:
        files = sorted(folder.glob("*.json"))
        seen = tuple((file.name, (stat := file.stat()).st_mtime_ns, stat.st_size) for file in files)
    except OSError:
        seen = ()
    return _with_own(folder, seen)


def read(path: Path) -> Ruleset:
    """The ruleset in a file. Raises KnownError `ruleset-invalid`, which names the file and what to mend."""
    try:
        if path.stat().st_size > LIMIT:
            raise _unusable(path, _("le fichier est trop grand pour un jeu de règles"))
        return load_ruleset(path.read_text(encoding="utf-8"), _FIELDS)
    except KnownError as error:
        raise KnownError(error.code, f"{path.name} : {error.message}", error.hint) from error
    except (OSError, UnicodeDecodeError) as error:
        raise _unusable(path, _("le fichier ne se lit pas comme du texte UTF-8")) from error


def add(profile: Path, file: Path) -> Ruleset:
    """Put a copy of a ruleset's file in the profile, in the place of one of the same identity; it applies at once.

    Raises KnownError `ruleset-invalid`, and then changes nothing, or `ruleset-unwritable`.
    """
    made = read(file)
    name = in_use(profile).own.get(made.id, f"{_as_file_name(made.id)}.json")
    target = profile / FOLDER / name
    try:
        target.parent.mkdir(exist_ok=True)
        aside = target.with_suffix(".new")
        aside.write_bytes(file.read_bytes())
        aside.replace(target)
    except OSError as error:
        raise KnownError(
            "ruleset-unwritable",
            _("Le jeu de règles ne peut pas être rangé dans le profil."),
            _("Vérifiez la place libre et vos droits sur le dossier du profil, puis réessayez."),
        ) from error
    return made


def remove(profile: Path, name: str) -> None:
    """Take a file out of those in use: it stays beside them, under a name that is not read."""
    path = profile / FOLDER / Path(name).name
    path.replace(path.with_suffix(".json.off"))


def told(profile: Path | None, today: dt.date) -> list[dict[str, Any]]:
    """Each ruleset for a list, newest first: `{id, title, programme, valid_from, notice, sources, in_force, file,
    problem}`.

    `in_force`: it applies to a visit of `today`. `file`: its file in the profile, "" for the app's own. A file
    that is not used has only its `file` and `problem`.
    """
    found = in_use(profile)
    now = {ruleset.id for ruleset in applicable(found.all, today)}
    refused = [{"file": name, "problem": why} for name, why in found.refused.items()]
    newest_first = sorted(found.all, key=lambda r: (r.valid_from, r.id), reverse=True)
    return refused + [_told(r, found.own.get(r.id, ""), in_force=r.id in now) for r in newest_first]


def _told(ruleset: Ruleset, file: str, *, in_force: bool) -> dict[str, Any]:
    return {
        "id": ruleset.id,
        "title": str(ruleset.title),
        "programme": ruleset.programme,
        "valid_from": ruleset.valid_from.isoformat(),
        "notice": str(ruleset.notice),
        "sources": list(dict.fromkeys(criterion.source for criterion in ruleset.criteria)),
        "in_force": in_force,
        "file": file,
        "problem": "",
    }


@lru_cache(maxsize=8)
def _with_own(folder: Path, seen: _Seen) -> Rulesets:
    rulesets = {ruleset.id: ruleset for ruleset in _shipped()}
    own: dict[str, str] = {}
    refused: dict[str, str] = {}
    for name, _changed, _size in seen:
        try:
            made = read(folder / name)
        except KnownError as error:
            refused[name] = f"{error.message} {error.hint}"
            continue
        if made.id in own:
            refused[name] = _("{file} : l'identifiant « {id} » est déjà celui de {other}.").format(
                file=name, id=made.id, other=own[made.id]
            )
            continue
        rulesets[made.id], own[made.id] = made, name
    return Rulesets(tuple(rulesets.values()), own, refused)


@cache
def _shipped() -> tuple[Ruleset, ...]:
    return tuple(read(path) for path in sorted(resource("rulesets").glob("*.json")))


def _as_file_name(identity: str) -> str:
    return (
        "".join(c if c.isascii() and (c.isalnum() or c in "-_.") else "-" for c in identity).strip(".") or "x"
    )


def _unusable(path: Path, reason: str) -> KnownError:
    return KnownError(
        "ruleset-invalid",
        _("{file} n'est pas utilisable : {reason}.").format(file=path.name, reason=reason),
        _("Corrigez le fichier en suivant resources/rulesets/README.md, ou retirez-le."),
    )
