"""Search in the directory, as you type, over millions of lines.

Every word typed must begin a word of the line: of its surname, first name, town (or postal code) or trade.
The word that is the quickest to read leads: its lines are read in the order of their tier (surname, inside a
surname, first name…), which are intervals of an index, and the other words are checked on each until enough
are found. A number is looked up as the beginning of an RPPS, ADELI or FINESS number first.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from fieldkit.domain.directory import SEPARATOR
from fieldkit.domain.folding import fold
from fieldkit.store.directory_tables import FIELDS, FIRST, SURNAME, TOWN, TRADE

if TYPE_CHECKING:
    from sqlite_utils import Database

_MOST_WORDS: Final = 8
_LONGEST_WORD: Final = 40
_LONGEST_NUMBER: Final = 11
_SHORTEST_NUMBER: Final = 3
_LAST: Final = "\U0010ffff"
_MANY: Final = 1_000
"""From so many words of a field on, one is looked up for each line rather than all of them at once."""
_COUNTED: Final = 6_000
"""How many words are counted to find which typed word leads; where there are more, they are thought of as
`_MORE` times as many."""
_MORE: Final = 4

_FROM: Final = {
    SURNAME: "key NOT INDEXED",
    FIRST: "key INDEXED BY key_first",
    TOWN: "key INDEXED BY key_town",
    TRADE: "key INDEXED BY key_trade",
}
_OF_DEPARTMENT: Final = "substr(term.text, -length(:of_department)) = :of_department"
_OF_PROFESSION: Final = "substr(term.text, 1, length(:of_profession)) = :of_profession"


@dataclass(frozen=True, slots=True)
class Filters:
    """What lines must have; an empty field asks nothing. A profession is named as the extraction words it."""

    department: str = ""
    profession: str = ""


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a word stands in one field: ranks `low` to `high` begin with it, and so do inner words of others."""

    number: int
    low: int = 0
    high: int = -1
    rows: tuple[int, int] = (0, -1)
    """For surnames: the first and last row of that interval."""
    lines: int = 0
    inner: int = 0
    """How many terms have it as an inner word, counted up to `_COUNTED`."""
    inner_lines: int = 0


@dataclass
class _Word:
    """A word that was typed, with its number in the query, and all that begins with it."""

    number: int
    text: str
    places: list[_Place] = field(default_factory=list)

    @property
    def cost(self) -> int:
        """What it costs to read every line that has it: at most how many there are, those that have it as a
        trade three times, since their index tells nothing of the other fields."""
        return sum(
            (place.lines + place.inner_lines) * (3 if place.number == TRADE else 1) for place in self.places
        )

    @property
    def asked(self) -> dict[str, Any]:
        """The values of its variables."""
        return {f"from{self.number}": self.text, f"to{self.number}": self.text + _LAST}


def search(database: Database, text: str, filters: Filters, limit: int) -> list[int]:
    """The identifiers of the first `limit` lines that match `text` and `filters`, best first.

    Text without a letter or a digit matches nothing. Never raises for any text.
    """
    texts = [word[:_LONGEST_WORD] for word in fold(text).split()[:_MOST_WORDS]]
    only = condition(database, filters)
    if not texts or only is None:
        return []
    found: dict[int, None] = {}
    for line in _found(database, texts, *only, limit):
        found.setdefault(line)
        if len(found) >= limit:
            break
    return list(found)


def condition(database: Database, filters: Filters) -> tuple[str, dict[str, Any]] | None:
    """What `filters` ask of a row of `key`, with its values; None where no line can have it."""
    parts: list[str] = []
    values: dict[str, Any] = {}
    if filters.department:
        row = database.execute("SELECT id FROM department WHERE code = ?", [filters.department]).fetchone()
        if row is None:
            return None
        parts.append("department = :department")
        values |= {"department": row[0], "of_department": f"{SEPARATOR}{filters.department}"}
    if filters.profession:
        trades = f"SELECT min(rank), max(rank) FROM term WHERE field = {TRADE} AND {_OF_PROFESSION}"
        wanted = {"of_profession": filters.profession + SEPARATOR}
        low, high = database.execute(trades, wanted).fetchone()
        if low is None:
            return None
        parts.append("trade BETWEEN :trade_low AND :trade_high")
        values |= {**wanted, "trade_low": low, "trade_high": high}
    return " AND ".join(parts), values


def _found(
    database: Database, texts: Sequence[str], only: str, values: dict[str, Any], limit: int
) -> Iterator[int]:
    asked: dict[str, Any] = {**values, "limit": limit}
    number = "".join(texts).upper()
    if _may_be_number(number):
        yield from _numbered(database, number, asked)
    words = [_placed(database, place, text) for place, text in enumerate(texts)]
    if not all(word.places for word in words):
        return
    lead = min(words, key=lambda word: word.cost)
    for word in words:
        asked |= word.asked
    for statement in _tiers(lead, [word for word in words if word is not lead], only, values):
        yield from (row[0] for row in database.execute(statement, asked))


def _may_be_number(text: str) -> bool:
    digits = text[2:] if text[:2] in ("2A", "2B") else text
    return text.isascii() and digits.isdigit() and _SHORTEST_NUMBER <= len(text) <= _LONGEST_NUMBER


def _numbered(database: Database, number: str, asked: dict[str, Any]) -> Iterator[int]:
    """Lines whose RPPS, ADELI or FINESS number begins so."""
    wanted = {**asked, "from": number, "to": number + _LAST}
    for column in ("identity", "finess"):
        where = f"{column} >= :from AND {column} < :to AND {column} <> ''"
        for name, field_number, rule in (
            ("of_department", TOWN, _OF_DEPARTMENT),
            ("of_profession", TRADE, _OF_PROFESSION),
        ):
            if name in asked:
                term = f"field = {field_number} AND id = line.{FIELDS[field_number]}"
                where += f" AND EXISTS (SELECT 1 FROM term WHERE {term} AND {rule})"
        statement = f"SELECT id FROM line WHERE {where} ORDER BY {column}, id LIMIT :limit"
        yield from (row[0] for row in database.execute(statement, wanted))


def _placed(database: Database, number: int, text: str) -> _Word:
    word = _Word(number, text)
    asked = [text, text + _LAST]
    for kind in range(len(FIELDS)):
        first = database.execute(
            "SELECT rank, before FROM term WHERE field = ? AND folded >= ? AND folded < ? "
            "ORDER BY folded, rank LIMIT 1",
            [kind, *asked],
        ).fetchone()
        inner, inner_lines = database.execute(
            "SELECT count(*), coalesce(sum(lines), 0) FROM "
            "(SELECT lines FROM word WHERE field = ? AND word >= ? AND word < ? LIMIT ?)",
            [kind, *asked, _COUNTED],
        ).fetchone()
        inner_lines *= 1 if inner < _COUNTED else _MORE
        if first is not None:
            high, end = database.execute(
                "SELECT rank, before + lines FROM term WHERE field = ? AND folded < ? ORDER BY folded DESC, rank DESC "
                "LIMIT 1",
                [kind, asked[1]],
            ).fetchone()
            low, before = first
            word.places.append(_Place(kind, low, high, (before + 1, end), end - before, inner, inner_lines))
        elif inner:
            word.places.append(_Place(kind, inner=inner, inner_lines=inner_lines))
    return word


def _where(word: _Word, *, first_only: bool = False, rank: str = "") -> str:
    """What a row must have of a word, the quickest to check first; the word may have to be the first of its text.

    With `rank`, what the rank of the one field that has the word must be.
    """
    quick, slow = [], []
    for place in word.places:
        column = rank or f"key.{FIELDS[place.number]}"
        if place.lines:
            by_row = place.number == SURNAME and not rank
            low, high = place.rows if by_row else (place.low, place.high)
            quick.append(f"{'key.row' if by_row else column} BETWEEN {low} AND {high}")
        if place.inner:
            span = f"field = {place.number} AND word >= :from{word.number} AND word < :to{word.number}"
            if place.inner < _MANY:
                slow.append(f"{column} IN (SELECT rank FROM word WHERE {span})")
            else:
                one = f"SELECT 1 FROM word w INDEXED BY word_rank WHERE w.rank = {column} AND {span}"
                slow.append(f"EXISTS ({one})")
    return f"({' OR '.join(quick if first_only else quick + slow) or 'FALSE'})"


def _tiers(lead: _Word, others: list[_Word], only: str, values: dict[str, Any]) -> Iterator[str]:
    """A query for each way in which a line may have the leading word, the best way first."""
    filters = [only] if only else []
    conditions = " AND ".join([*filters, *(_where(word) for word in others)]) or "TRUE"
    for place in lead.places:
        source = _FROM[place.number]
        span = f"field = {place.number} AND {{}} >= :from{lead.number} AND {{}} < :to{lead.number}"
        if place.lines and place.number == SURNAME:
            rows = "row BETWEEN {} AND {}".format(*place.rows)
            if "department" in values:
                source = "key INDEXED BY key_department"
            if others:  # DUPONT Jean before DUPONT Marie-Jean
                first = " AND ".join([*filters, *(_where(word, first_only=True) for word in others)])
                yield f"SELECT line FROM {source} WHERE {rows} AND {first} ORDER BY row LIMIT :limit"
            yield f"SELECT line FROM {source} WHERE {rows} AND {conditions} ORDER BY row LIMIT :limit"
        elif place.lines:
            # What the other words and the filters ask of the same field is asked before its lines are read.
            same = [_where(word, rank="term.rank") for word in others if _only_in(word, place.number)]
            if place.number == TOWN and "of_department" in values:
                same.append(_OF_DEPARTMENT)
            if place.number == TRADE and "of_profession" in values:
                same.append("term.rank BETWEEN :trade_low AND :trade_high")
            where = " AND ".join([span.format("folded", "folded"), *same, conditions])
            joined = (
                f"term INDEXED BY term_folded CROSS JOIN {source} ON key.{FIELDS[place.number]} = term.rank"
            )
            yield f"SELECT line FROM {joined} WHERE {where} LIMIT :limit"
        if place.inner:
            joined = (
                "key.row BETWEEN lead.before + 1 AND lead.before + lead.lines"
                if place.number == SURNAME
                else f"key.{FIELDS[place.number]} = lead.rank"
            )
            where = span.format("lead.word", "lead.word").replace("field", "lead.field", 1)
            yield (
                f"SELECT line FROM word lead CROSS JOIN {_FROM[place.number]} ON {joined} "
                f"WHERE {where} AND {conditions} LIMIT :limit"
            )


def _only_in(word: _Word, number: int) -> bool:
    return [place.number for place in word.places] == [number]
