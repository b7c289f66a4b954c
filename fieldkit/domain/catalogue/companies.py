"""Companies, federations and public bodies: their names, their links, and the people to call there."""

from __future__ import annotations

from dataclasses import dataclass

from fieldkit.domain.catalogue.sources import Provenance


@dataclass(frozen=True, slots=True)
class Editor:
    """A company, federation or public body. `misspellings` are defects of a source: searched, not shown."""

    id: str
    name: str
    aliases: tuple[str, ...]
    misspellings: tuple[str, ...]
    first_as_of: str
    note: str
    origin: Provenance


@dataclass(frozen=True, slots=True)
class EditorMention:
    """One place where a source names an editor, in a role (`editor_gap`…), perhaps for a profession."""

    editor: str
    name_as_written: str
    role: str
    profession: str
    origin: Provenance


@dataclass(frozen=True, slots=True)
class EditorLink:
    """What became of an editor (acquired_by, renamed_to…); the other may have no entry of its own.

    `date` is the day of the event, as precise as its source; empty where the source describes a state
    (part_of) or gives no day.
    """

    from_editor: str
    relation: str
    to_editor: str
    to_name: str
    basis: str
    date: str
    origin: Provenance


@dataclass(frozen=True, slots=True)
class Membership:
    """An editor in a federation; `completeness` says whether the source lists all members."""

    federation: str
    editor: str
    editor_as_written: str
    completeness: str
    origin: Provenance


@dataclass(frozen=True, slots=True)
class Contact:
    """Whom to reach at a company. Personal data unless it is a function's own address (`personal` False).

    Contacts never travel with the app: they come from a delegate's files, go with them, and can be
    erased one by one (`without_contacts`).
    """

    id: str
    company: str
    name: str
    function: str
    email: str
    phone: str
    personal: bool
    origin: Provenance
