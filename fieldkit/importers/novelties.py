"""What the rows of a list change in a catalogue: added, changed, unchanged or refused, each row once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any, Final

from fieldkit.domain.catalogue import Catalogue, Provenance, flat, unmatched
from fieldkit.domain.catalogue.layers import Change, Known, Novelty
from fieldkit.i18n import _
from fieldkit.importers.lists import Item
from fieldkit.importers.rows import Fact, Fault
from fieldkit.importers.statements import Statement

_NOWHERE: Final = Provenance("", "", "")
_ENTRY_LISTS: Final = ("editors", "products", "services", "labels")


@dataclass(frozen=True, slots=True)
class Judged:
    """A row and what it does: its changes, or the faults for which it is refused.

    `known` is the fact of the catalogue that it only repeats.
    """

    sheet: str
    line: int
    novelty: Novelty | None
    fact: Fact | None
    known: Fact | None = None
    changes: tuple[Change, ...] = ()
    faults: tuple[Fault, ...] = ()


def judge(items: Sequence[Item], catalogue: Catalogue, *, exact: bool) -> list[Judged]:
    """Compare what `items` state with `catalogue`; `exact` for our own export (see `layers.Known`)."""
    known = Known(catalogue, exact=exact)
    sound = _repeats_refused(items, known, exact=exact)
    if exact:
        sound = _dangling_refused(sound, catalogue)
    stated = {item.statement.main[1] for item in sound if item.statement} if exact else set()
    siblings = _siblings(sound, known)
    seen: set[Any] = set()
    return [_judged(item, known, stated, item.line in siblings.get(item.sheet, ()), seen) for item in sound]


def _judged(item: Item, known: Known, stated: set[Any], several: bool, seen: set[Any]) -> Judged:
    if item.statement is None:
        return Judged(item.sheet, item.line, None, None, None, (), item.faults)
    changes: list[Change] = []
    novelties = []
    repeated: Fact | None = None
    for place, (kind, fact) in enumerate((item.statement.main, *item.statement.others)):
        novelty, old = known.compare(kind, fact, stated)
        if novelty is Novelty.CHANGED and several and place == 0:
            novelty, old = Novelty.ADDED, None
        if novelty is Novelty.UNCHANGED and place == 0:
            repeated = kind, old
        if novelty is Novelty.CHANGED:
            stated.add(old)  # it is changed once
        mark = (known.about(kind, fact), fact if place == 0 else None)
        if novelty is not Novelty.UNCHANGED and mark not in seen:
            changes.append(Change(kind, fact, old))
        if place == 0 or mark not in seen:
            novelties.append(novelty)
        seen.add(mark)
    worst = next(n for n in (Novelty.CHANGED, Novelty.ADDED, Novelty.UNCHANGED) if n in novelties)
    return Judged(item.sheet, item.line, worst, item.statement.main, repeated, tuple(changes))


def _repeats_refused(items: Sequence[Item], known: Known, *, exact: bool) -> list[Item]:
    """A row that repeats an earlier one is refused, and in a list one that gives the same thing another value.

    Our own export may hold several facts about one thing, as the sources do.
    """
    first: dict[Any, list[tuple[Item, Any, Any]]] = defaultdict(list)
    found = []
    for item in items:
        reason = ""
        if item.statement is not None:
            kind, fact = item.statement.main
            main, others = fact if exact else _plain(fact), _others(item.statement)
            for earlier, its_main, its_others in first[known.about(kind, fact)]:
                same = main == its_main
                if others == its_others and (same or not exact):
                    told = _("répète la ligne {line}") if same else _("contredit la ligne {line}")
                    reason = "" if same and known.has(kind, fact) else told.format(line=earlier.line)
                    break
            else:
                first[known.about(kind, fact)].append((item, main, others))
        found.append(_refused(item, "", reason) if reason else item)
    return found


def _siblings(items: Iterable[Item], known: Known) -> dict[str, set[int]]:
    """The lines that say something about one and the same thing, without a contradiction."""
    about: defaultdict[Any, list[Item]] = defaultdict(list)
    for item in items:
        if item.statement is not None:
            about[known.about(*item.statement.main)].append(item)
    found: defaultdict[str, set[int]] = defaultdict(set)
    for group in about.values():
        for item in group if len(group) > 1 else ():
            found[item.sheet].add(item.line)
    return found


def _dangling_refused(items: Sequence[Item], catalogue: Catalogue) -> list[Item]:
    """Rows that name an entry which neither the catalogue nor the file has are refused, and so on."""
    sound = list(items)
    while True:
        lists: defaultdict[str, list[Any]] = defaultdict(list)
        for item in sound:
            if item.statement is not None:
                lists[item.statement.main[0]].append(item.statement.main[1])
        brought = Catalogue(as_of="", **{kind: tuple(facts) for kind, facts in lists.items()})
        dangling = set(unmatched(brought, catalogue))
        if not dangling:
            return sound
        entries = {
            fact.id
            for whole in (brought, catalogue)
            for kind in _ENTRY_LISTS
            for fact in getattr(whole, kind)
        }
        reason = _("cite une fiche qui n'est ni dans le catalogue ni dans ce fichier")
        for place, item in enumerate(sound):
            if item.statement is not None and item.statement.main[1] in dangling:
                sound[place] = _refused(item, _strange(item.statement.main[1], entries), reason)


def _strange(fact: Any, entries: set[str]) -> str:
    """The field of `fact` that names no entry."""
    kinds = ("editor:", "product:", "service:", "label:")
    for item in fields(fact):
        value = getattr(fact, item.name)
        if isinstance(value, str) and value.startswith(kinds) and value not in entries:
            return item.name
    return flat.KIND


def _refused(item: Item, column: str, reason: str) -> Item:
    return Item(item.sheet, item.line, None, (*item.faults, Fault(column, reason)))


def _plain(fact: Any) -> Any:
    """The fact without its place in the file."""
    return replace(fact, origin=replace(fact.origin, locator=""))


def _others(statement: Statement) -> frozenset[Any]:
    return frozenset((kind, replace(fact, origin=_NOWHERE)) for kind, fact in statement.others)
