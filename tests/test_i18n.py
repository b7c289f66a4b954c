"""Languages: whatever a user reads in French has its English, and the compiled catalogues say the same.

When a message is missing here: `make translations`, complete `resources/i18n/en/LC_MESSAGES/fieldkit.po`, and
`make translations` again to compile it.
"""

from __future__ import annotations

import ast
import string
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final

import click
import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po

from fieldkit import cli, command_line, i18n
from fieldkit.paths import resource

SOURCE: Final = Path(i18n.__file__).parent
ENGLISH: Final = resource("i18n", "en", "LC_MESSAGES", "fieldkit.po")
FRENCH_CLICK: Final = resource("i18n", "fr", "LC_MESSAGES", "messages.po")

Texts = tuple[str, ...]
"""A message or its translation: one text, or singular and plural."""


def texts(value: object) -> Texts:
    """What Babel gives as a string or a list of them."""
    return tuple(value) if isinstance(value, (list, tuple)) else (str(value),)


@cache
def in_source(folder: Path) -> frozenset[Texts]:
    """The messages of the Python files in `folder`, as `make translations` extracts them."""
    keywords = {"_": None, "N_": None, "ngettext": (1, 2)}
    found = extract_from_dir(folder, method_map=[("**.py", "python")], keywords=keywords)
    return frozenset(texts(message) for _file, _line, message, _comments, _context in found)


@cache
def catalogue(file: Path) -> Catalog:
    """A catalogue, from its text (`.po`) or compiled (`.mo`) file."""
    with file.open("rb") as stream:
        return read_mo(stream) if file.suffix == ".mo" else read_po(stream)


def messages(file: Path) -> list[Message]:
    """The messages of a catalogue, without its header."""
    return [message for message in catalogue(file) if message.id]


def pairs(file: Path) -> Iterator[tuple[str, str]]:
    """Each text of a catalogue with its translation, singular and plural apart."""
    for message in messages(file):
        yield from zip(texts(message.id), texts(message.string), strict=True)


def fields(text: str) -> set[str]:
    """The names of the `{placeholders}` in `text`."""
    return {name for _literal, name, _spec, _conversion in string.Formatter().parse(text) if name is not None}


def marked() -> Iterator[tuple[str, ast.expr]]:
    """Where the code marks a text for translation, and that text as it is written."""
    for file in SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                texts_of = {"_": 1, "N_": 1, "ngettext": 2}.get(node.func.id, 0)
                for argument in node.args[:texts_of]:
                    yield f"{file.relative_to(SOURCE)}:{node.lineno}", argument


def commands(group: click.Group, context: click.Context) -> Iterator[tuple[str, click.Command]]:
    """Every command below `group`, with its path."""
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        inner = click.Context(command, info_name=name, parent=context)
        yield inner.command_path, command
        if isinstance(command, click.Group):
            yield from commands(command, inner)


def test_every_message_has_its_english() -> None:
    translated = {texts(m.id) for m in messages(ENGLISH) if all(texts(m.string)) and not m.fuzzy}
    assert sorted(in_source(SOURCE) - translated) == []


def test_no_english_is_left_of_what_is_no_longer_said() -> None:
    assert sorted({texts(m.id) for m in messages(ENGLISH)} - in_source(SOURCE)) == []


def test_no_marked_text_escapes_extraction() -> None:
    known = {text for message in in_source(SOURCE) for text in message}
    escaped = [
        f"{place} {ast.unparse(text)}"
        for place, text in marked()
        if isinstance(text, ast.JoinedStr) or (isinstance(text, ast.Constant) and text.value not in known)
    ]
    assert escaped == []


def test_english_keeps_every_placeholder() -> None:
    assert [pair for pair in pairs(ENGLISH) if fields(pair[0]) != fields(pair[1])] == []


@pytest.mark.parametrize("file", [ENGLISH, FRENCH_CLICK], ids=lambda file: file.stem)
def test_what_is_compiled_says_what_is_written(file: Path) -> None:
    written = {texts(m.id): texts(m.string) for m in messages(file) if not m.fuzzy}
    compiled = {texts(m.id): texts(m.string) for m in messages(file.with_suffix(".mo"))}
    assert compiled == written


def test_buttons_keep_their_key() -> None:
    assert [pair for pair in pairs(ENGLISH) if pair[0].count("&") != pair[1].count("&")] == []


def test_the_french_of_click_is_of_this_click() -> None:
    assert {texts(m.id) for m in messages(FRENCH_CLICK)} <= in_source(Path(click.__file__).parent)
    assert [pair for pair in pairs(FRENCH_CLICK) if fields(pair[1]) - fields(pair[0])] == []


def test_english_is_spoken_with_its_plurals() -> None:
    i18n.use("en")
    assert i18n._("Réglages") == "Settings"
    assert [i18n.ngettext("{n} carte", "{n} cartes", n) for n in (0, 1, 2)] == [
        "{n} cards", "{n} card", "{n} cards",
    ]  # fmt: skip
    i18n.use("fr")
    assert i18n.ngettext("{n} carte", "{n} cartes", 0) == "{n} carte"


def test_every_command_has_its_help_in_both_languages() -> None:
    root = click.Context(command_line.fieldkit, info_name="fieldkit")
    told = {}
    for language in i18n.LANGUAGES:
        i18n.use(language)
        told[language] = {path: command.help for path, command in commands(command_line.fieldkit, root)}
    same = [path for path, text in told["fr"].items() if not text or text == told["en"][path]]
    assert same == []


def test_help_is_told_in_the_language_asked_for(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("LANGUAGE", "fr")  # put back after the test
    for arguments, said in (
        (["--lang", "en"], ("Freezes a visit", "Language.", "FOLDER")),
        ([], ("Fige une visite", "Langue.", "DOSSIER")),
    ):
        assert cli.run([*arguments, "visit", "finalise", "--help"]) == 0
        shown = capsys.readouterr().out
        assert all(words in shown for words in said), shown
