"""One line of the benchmark."""

from __future__ import annotations

from typing import TypedDict


class Row(TypedDict):
    """`ours` and `peer` in the unit that the name tells; `ratio` is ours over peer; `target` bounds one of them."""

    name: str
    ours: float
    peer: float | None
    ratio: float | None
    target: str
    ok: bool


def against_peer(name: str, ours: float, peer: float, at_most: float) -> Row:
    """A row judged by how much more than its peer ours takes."""
    ratio = round(ours / peer, 3)
    return Row(
        name=name,
        ours=round(ours, 3),
        peer=round(peer, 3),
        ratio=ratio,
        target=f"ratio ≤ {at_most:g}",
        ok=ratio <= at_most,
    )


def against_limit(name: str, ours: float, at_most: float) -> Row:
    """A row judged by its own figure."""
    return Row(
        name=name, ours=round(ours, 3), peer=None, ratio=None, target=f"≤ {at_most:g}", ok=ours <= at_most
    )


def against_floor(name: str, ours: float, peer: float, at_least: float) -> Row:
    """A row judged by its own figure, the more the better, beside that of its peer."""
    return Row(
        name=name,
        ours=round(ours, 3),
        peer=round(peer, 3),
        ratio=round(ours / peer, 3) if peer else None,
        target=f"≥ {at_least:g}",
        ok=ours >= at_least,
    )


def beside_peer(name: str, ours: float, peer: float, at_most: float) -> Row:
    """A row judged by its own figure, with its peer's to compare; no ratio where the peer's is nothing."""
    row = against_limit(name, ours, at_most)
    row["peer"] = round(peer, 3)
    row["ratio"] = round(ours / peer, 3) if peer else None
    return row


def as_line(row: Row) -> str:
    """A row for a person."""
    ratio = "" if row["ratio"] is None else f"  ratio {row['ratio']:g}"
    peer = "" if row["peer"] is None else f"  peer {row['peer']:g}{ratio}"
    return f"{'✔' if row['ok'] else '✘'} {row['name']}: {row['ours']:g}{peer}  (target {row['target']})"
