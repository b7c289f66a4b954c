"""The page of whoever runs the registry: laptops, scopes, quarantine and rights. It only reads, nothing of a record."""

from __future__ import annotations

import datetime as dt
import html
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import msgspec
from sqlalchemy import Connection, Table, func, select

from fieldkit import __version__
from fieldkit.i18n import _, language
from fieldkit.registry import audit, database
from fieldkit.registry.tables import blob, device, grant, person, quarantine, scope, upload
from fieldkit.sync.protocol import Problem

HEADERS: Final = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
_MOST: Final = 200
"""Rows of a table; a note says where there are more."""

_STYLE: Final = """
:root { color-scheme: light dark; --text: #1b1b1b; --quiet: #4a4a4a; --line: #767676; --back: #fff; --bad: #9c1c1c }
@media (prefers-color-scheme: dark) {
  :root { --text: #f2f2f2; --quiet: #c4c4c4; --line: #8c8c8c; --back: #161616; --bad: #ffb0a8 }
}
body { font: 1rem/1.5 system-ui, sans-serif; color: var(--text); background: var(--back); margin: 0 auto;
  max-width: 75rem; padding: 1rem }
.quiet { color: var(--quiet) }
.bad { color: var(--bad); font-weight: 600 }
.wide { overflow-x: auto }
.wide:focus-visible { outline: 3px solid currentColor; outline-offset: 2px }
table { border-collapse: collapse; width: 100% }
h2 { font-size: 1.25rem; margin: 2rem 0 .5rem }
th, td { text-align: start; padding: .35rem .75rem; border-bottom: 1px solid var(--line); vertical-align: top }
td.number, th.number { text-align: end; font-variant-numeric: tabular-nums }
"""


@dataclass(frozen=True, slots=True)
class _Table:
    """A table of the page: numbers stand right, and `every` says how many rows there are in all."""

    title: str
    heads: Sequence[str]
    rows: Sequence[Sequence[str | int]]
    every: int


def render(db: Connection) -> str:
    """The whole page, as HTML."""
    checked = audit.check(db)
    intact = checked.broken is None
    n = checked.rows if intact else checked.broken
    journal = (
        _("Journal intact ({n} lignes).")
        if intact
        else _("Journal modifié à la ligne {n} : voir « registry audit ».")
    )
    facts = _("Version {version}, époque {epoch}.").format(version=__version__, epoch=database.epoch(db))
    body = "".join(
        map(_table, (_devices(db), _people(db), _scopes(db), _quarantine(db), _grants(db)))
    ) + _attachments(db)
    title = _("Registre Fieldkit")
    return (
        f'<!doctype html><html lang="{language()}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{title}</title><style>{_STYLE}</style></head><body><header><h1>{title}</h1>"
        f'<p class="quiet">{html.escape(facts)}</p>'
        f'<p class="{"quiet" if intact else "bad"}">{html.escape(journal.format(n=n))}</p></header>'
        f"<main>{body}</main></body></html>"
    )


def _devices(db: Connection) -> _Table:
    newest = select(device).order_by(device.c.seen_at.desc()).limit(_MOST)
    rows = [
        (row.sub, f"{row.id} {row.name}".strip(), row.app, _time(row.seen_at), row.last_seq)
        for row in db.execute(newest)
    ]
    heads = (
        _("Personne"),
        _("Poste"),
        _("Application"),
        _("Dernière activité (UTC)"),
        _("Modifications reçues"),
    )
    return _Table(_("Postes"), heads, rows, _count(db, device))


def _people(db: Connection) -> _Table:
    """Who signed in through the OpenID provider; those without a right wait for one, so they come first."""
    rights = select(func.count()).where(grant.c.sub == person.c.sub, ~grant.c.scope.startswith("user:"))
    given = rights.scalar_subquery().label("given")
    found = select(person, given).order_by(given, person.c.seen_at.desc()).limit(_MOST)
    rows = [(row.name, row.sub, _time(row.seen_at), row.given) for row in db.execute(found)]
    heads = (_("Nom"), _("Identifiant"), _("Dernière connexion (UTC)"), _("Droits"))
    return _Table(_("Personnes identifiées par l'organisme"), heads, rows, _count(db, person))


def _scopes(db: Connection) -> _Table:
    people = select(func.count()).where(grant.c.scope == scope.c.id).scalar_subquery()
    found = (
        select(scope.c.id, scope.c.n, scope.c.head, people.label("people")).order_by(scope.c.id).limit(_MOST)
    )
    rows = [tuple(row) for row in db.execute(found)]
    heads = (_("Périmètre"), _("Fiches"), _("Écritures"), _("Personnes"))
    return _Table(_("Périmètres"), heads, rows, _count(db, scope))


def _quarantine(db: Connection) -> _Table:
    newest = select(quarantine).order_by(quarantine.c.at.desc()).limit(_MOST)
    rows = [
        (
            _time(row.at),
            row.sub,
            row.device,
            row.seq,
            msgspec.json.decode(row.problem, type=Problem).code,
            row.id,
        )
        for row in db.execute(newest)
    ]
    heads = (_("Refusée le (UTC)"), _("Personne"), _("Poste"), _("Numéro"), _("Motif"), _("Identifiant"))
    return _Table(_("Quarantaine"), heads, rows, _count(db, quarantine))


def _grants(db: Connection) -> _Table:
    found = select(grant).where(~grant.c.scope.startswith("user:")).order_by(grant.c.sub, grant.c.scope)
    roles = {"writer": _("écrit"), "reader": _("lit")}
    rows = [
        (row.sub, row.scope, roles.get(row.role, row.role), _time(row.until) if row.until else _("sans fin"))
        for row in db.execute(found)
    ]
    heads = (_("Personne"), _("Périmètre"), _("Droit"), _("Jusqu'au (UTC)"))
    return _Table(_("Droits"), heads, rows[:_MOST], len(rows))


def _attachments(db: Connection) -> str:
    number, size = db.execute(select(func.count(), func.coalesce(func.sum(blob.c.size), 0))).one()
    waiting = db.scalar(select(func.count()).select_from(upload).where(upload.c.stored.is_(False)))
    sentence = _("{n} reçues ({size:.1f} Mo), {waiting} envois en cours.")
    told = sentence.format(n=number, size=int(size) / 1e6, waiting=waiting)
    title = _("Pièces jointes")
    return f"<h2>{html.escape(title)}</h2><p>{html.escape(told)}</p>"


def _table(one: _Table) -> str:
    numbers = {n for n in range(len(one.heads)) if one.rows and isinstance(one.rows[0][n], int)}

    def cells(tag: str, values: Iterable[Any]) -> str:
        kinds = [' class="number"' if n in numbers else "" for n in range(len(one.heads))]
        return "".join(
            f"<{tag}{kind}>{html.escape(str(v))}</{tag[:2]}>" for kind, v in zip(kinds, values, strict=True)
        )

    heads = cells('th scope="col"', one.heads)
    rows = "".join(f"<tr>{cells('td', row)}</tr>" for row in one.rows)
    title = html.escape(one.title)
    more = _("{shown} lignes montrées sur {every}.").format(shown=len(one.rows), every=one.every)
    note = f"<p>{html.escape(more)}</p>" if one.every > len(one.rows) else ""
    if not one.rows:
        nothing = _("Rien pour le moment.")
        return f"<h2>{title}</h2><p>{html.escape(nothing)}</p>"
    return (
        f'<h2>{title}</h2><div class="wide" role="region" aria-label="{title}" tabindex="0">'
        f'<table aria-label="{title}"><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table></div>{note}'
    )


def _count(db: Connection, table: Table) -> int:
    return db.scalar(select(func.count()).select_from(table)) or 0


def _time(ms: int) -> str:
    return dt.datetime.fromtimestamp(ms / 1000, dt.UTC).strftime("%Y-%m-%d %H:%M")
