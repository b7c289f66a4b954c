"""The tables of the directory, and how they are filled from millions of lines.

Names, towns and trades repeat, so each text stands once in `term` and lines refer to it by number. Once all
are known, terms are ranked in alphabetical order, and `key` holds one narrow row a line in the order of names:
its row number *is* the place in the alphabet. So what begins with some letters is always an interval, of rows
for surnames and of ranks for the rest; how many lines it has is known from its ends, and any page of the whole
list is found by its number. Words that are not the first of a text are in `word`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from operator import itemgetter
from typing import TYPE_CHECKING, Any, Final

from fieldkit.domain.directory import SEPARATOR, Line
from fieldkit.domain.folding import fold

if TYPE_CHECKING:
    from sqlite_utils import Database

SURNAME, FIRST, TOWN, TRADE = range(4)
FIELDS: Final = ("surname", "first", "town", "trade")
"""The columns of `line` and `key` whose texts are in `term`; their places here are the values of `field`."""

_TABLES: Final = """
    CREATE TABLE line (
        id INTEGER PRIMARY KEY, identity TEXT, surname INT, first INT, town INT, trade INT, finess TEXT, shown TEXT
    );
    CREATE TABLE term (
        field INT, id INT, rank INT, text TEXT, folded TEXT, before INT, lines INT, PRIMARY KEY (field, id)
    ) WITHOUT ROWID;
    CREATE TABLE word (
        field INT, word TEXT, rank INT, before INT, lines INT, PRIMARY KEY (field, word, rank)
    ) WITHOUT ROWID;
    CREATE TABLE department (id INTEGER PRIMARY KEY, code TEXT, lines INT);
    CREATE TABLE key (row INTEGER PRIMARY KEY, line INT, surname INT, first INT, town INT, trade INT, department INT);
    CREATE TABLE stamp (key TEXT PRIMARY KEY, value TEXT)
"""
_RANKS: Final = """
    CREATE TEMP TABLE surname_rank (id INTEGER PRIMARY KEY, rank INT);
    CREATE TEMP TABLE first_rank (id INTEGER PRIMARY KEY, rank INT);
    CREATE TEMP TABLE town_rank (id INTEGER PRIMARY KEY, rank INT, department INT);
    CREATE TEMP TABLE trade_rank (id INTEGER PRIMARY KEY, rank INT)
"""
_SORT: Final = """
    INSERT INTO key (line, surname, first, town, trade, department)
    SELECT line.id, s.rank, f.rank, t.rank, r.rank, t.department
    FROM line CROSS JOIN surname_rank s ON s.id = line.surname CROSS JOIN first_rank f ON f.id = line.first
    CROSS JOIN town_rank t ON t.id = line.town CROSS JOIN trade_rank r ON r.id = line.trade
    ORDER BY s.rank, f.rank, line.identity, line.id
"""
INDEXES: Final = (
    "CREATE INDEX term_folded ON term (field, folded, rank, before, lines)",
    "CREATE INDEX word_rank ON word (field, rank, word)",
    "CREATE INDEX line_identity ON line (identity)",
    "CREATE INDEX line_finess ON line (finess) WHERE finess <> ''",
    "CREATE INDEX key_first ON key (first, row, surname, town, trade, department)",
    "CREATE INDEX key_town ON key (town, row, surname, first, trade, department)",
    "CREATE INDEX key_trade ON key (trade)",
    "CREATE INDEX key_department ON key (department, row, trade)",
)
"""`row` comes early: what shares a first name or a town is then read in the order of names."""

_SAINTS: Final = {"saint": "st", "sainte": "ste", "st": "saint", "ste": "sainte"}


class Filling:
    """Empty tables of a new file, to fill within one transaction and then to index."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._run(_TABLES)
        self._ids = [_Numbered() for _field in FIELDS]
        self._counts: list[Counter[int]] = [Counter() for _field in FIELDS]

    def add(self, lines: Iterable[Line]) -> None:
        """Write these lines."""
        surname, first, town, trade = self._ids
        rows = [
            (line[0], surname[line[1]], first[line[2]], town[line[3]], trade[line[4]], line[5], line[6])
            for line in lines
        ]
        insert = (
            "INSERT INTO line (identity, surname, first, town, trade, finess, shown) VALUES (?,?,?,?,?,?,?)"
        )
        self._database.conn.executemany(insert, rows)
        for place, count in enumerate(self._counts, start=1):
            count.update(map(itemgetter(place), rows))

    def index(self, on_step: Callable[[float], None]) -> None:
        """Make everything searchable once all lines are there; `on_step` is told which share is done."""
        steps = 2 + len(INDEXES)
        self._rank()
        on_step(1 / steps)
        self._database.execute(_SORT)
        for done, statement in enumerate(INDEXES, start=2):
            on_step(done / steps)
            self._database.execute(statement)

    def _rank(self) -> None:
        """Write terms and words in alphabetical order, and free what numbered them."""
        self._run(_RANKS)
        departments = self._departments()
        execute = self._database.conn.executemany
        for field, name in enumerate(FIELDS):
            ids = self._ids[field]
            terms = sorted((_folded(field, key), key, number) for key, number in ids.items())
            ids.clear()
            counts = self._counts[field]
            told = list(_ranked(field, terms, counts))
            execute("INSERT INTO term VALUES (?,?,?,?,?,?,?)", told)
            execute("INSERT OR IGNORE INTO word VALUES (?,?,?,?,?)", _words(field, told))
            if field == TOWN:
                ranks: Any = (
                    (number, rank, departments[key[2]]) for rank, (_f, key, number) in enumerate(terms, 1)
                )
                execute("INSERT INTO town_rank VALUES (?,?,?)", ranks)
            else:
                ranks = ((number, rank) for rank, (_f, _key, number) in enumerate(terms, 1))
                execute(f"INSERT INTO {name}_rank VALUES (?,?)", ranks)
            counts.clear()

    def _departments(self) -> dict[str, int]:
        lines: Counter[str] = Counter()
        for town, number in self._ids[TOWN].items():
            lines[town[2]] += self._counts[TOWN][number]
        numbers = {code: number for number, code in enumerate(sorted(lines), 1)}
        rows = ((number, code, lines[code]) for code, number in numbers.items())
        self._database.conn.executemany("INSERT INTO department VALUES (?,?,?)", rows)
        return numbers

    def _run(self, statements: str) -> None:
        for statement in statements.split(";"):
            self._database.execute(statement)


class _Numbered(dict[Any, int]):
    """Numbers things in the order in which they are first seen, from 1."""

    def __missing__(self, thing: Any) -> int:
        number = self[thing] = len(self) + 1
        return number


def _folded(field: int, key: Any) -> str:
    """What is looked up of a term: a town by its name and postal code, a trade by profession and know-how."""
    if field == TOWN:
        return fold(f"{key[0]} {key[1]}")
    return fold(" ".join(key)) if field == TRADE else fold(key)


def _ranked(
    field: int, terms: Sequence[tuple[str, Any, int]], counts: Counter[int]
) -> Iterator[tuple[Any, ...]]:
    """Rows of `term`; `before` is how many lines have a term of a lower rank."""
    before = 0
    for rank, (folded, key, number) in enumerate(terms, start=1):
        text = key if isinstance(key, str) else SEPARATOR.join(key)
        yield field, number, rank, text, folded, before, counts[number]
        before += counts[number]


def _words(field: int, terms: Iterable[tuple[Any, ...]]) -> Iterator[tuple[Any, ...]]:
    """Rows of `word`: the words after the first, all of them run together, and a Saint that may be short."""
    for _field, _number, rank, _text, folded, before, lines in terms:
        words = folded.split(" ")
        others = words[1:]
        if others:
            others.append("".join(words))
        if field == TOWN:
            others += [_SAINTS[word] for word in words if word in _SAINTS]
        for word in others:
            yield field, word, rank, before, lines
