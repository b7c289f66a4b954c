"""The central registry as its keeper uses it: serve, tokens, a look inside, a new epoch after a restore.

`database` is an address such as `postgresql+psycopg://…`; without it, an SQLite file in the folder `data`.
"""

from __future__ import annotations

import datetime as dt
import os
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from fieldkit.errors import KnownError
from fieldkit.i18n import _
from fieldkit.paths import ensure_folder

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from fieldkit.registry.erasure import Target
    from fieldkit.sync.protocol import OpenId

DATABASE_FILE: Final = "registry.db"
_PARTS: Final = ("alembic", "cryptography", "fastapi", "jwt", "psycopg", "sqlalchemy", "uvicorn")


def serve(
    database: str | None = None,
    host: str = "127.0.0.1",
    port: int = 8000,
    data: Path | None = None,
    ready: Callable[[str], None] | None = None,
    openid: OpenId | None = None,
    publications: Path | None = None,
) -> None:
    """Serve until SIGTERM or Ctrl+C; `ready` is told the address once connections are accepted.

    Attachments are files in the folder `data`, whatever the database. With `openid` its provider vouches for
    users, besides our own tokens. What is in the folder `publications` is given to whoever asks.

    Port 0 is any free one. Raises KnownError `port-unusable` or `issuer-address`, and those of `opened`.
    """
    with opened(database, data) as engine:
        from fieldkit.registry import logs
        from fieldkit.registry.identity import Identity
        from fieldkit.registry.server import Server

        identity = None if openid is None else Identity(_checked(openid))
        logs.begin()
        _erase_again(engine, _folder(data))
        Server(engine, _folder(data), host, port, ready, identity, publications).serve_forever()


def create_token(
    user: str,
    scopes: Sequence[str],
    days: int | None = None,
    role: str = "writer",
    *,
    database: str | None = None,
    data: Path | None = None,
) -> str:
    """A new token for `user` in `scopes` (`dept:72`…) and in their own; told once, never again.

    Raises KnownError `user-unknown-form` or `scope-unknown-form`, and those of `opened`.
    """
    with opened(database, data) as engine:
        from fieldkit.registry import tokens
        from fieldkit.registry.database import write

        made = write(engine, lambda db: tokens.create(db, user, scopes, days, role))
        _readmit(engine, _folder(data), user)
    return made


def revoke_token(secret_or_id: str, *, database: str | None = None, data: Path | None = None) -> None:
    """End a token, given itself or its identifier (first 12 digits of its SHA-256).

    Raises KnownError `token-missing`, and those of `opened`.
    """
    with opened(database, data) as engine:
        from fieldkit.registry import tokens
        from fieldkit.registry.database import write

        write(engine, lambda db: tokens.revoke(db, secret_or_id))


def set_grant(
    user: str,
    scope: str,
    role: str,
    until: dt.date | None = None,
    *,
    database: str | None = None,
    data: Path | None = None,
) -> None:
    """Give `user` the role `reader` or `writer` in a scope, up to the end of the day `until` (UTC) or for good.

    Raises KnownError `grant-past`, `user-unknown-form` or `scope-unknown-form`, and those of `opened`.
    """
    ms = None
    if until is not None:
        end = dt.datetime.combine(until, dt.time(23, 59, 59), dt.UTC)
        if end <= dt.datetime.now(dt.UTC):
            raise KnownError(
                "grant-past",
                _("Ce jour est passé : le droit serait déjà fini."),
                _("Donnez un jour à venir, ou retirez le droit avec « fieldkit registry grant end »."),
            )
        ms = int(end.timestamp() * 1000)
    with opened(database, data) as engine:
        from fieldkit.registry import tokens
        from fieldkit.registry.database import write

        write(engine, lambda db: tokens.set_grant(db, user, scope, role, ms))
        _readmit(engine, _folder(data), user)


def end_grant(user: str, scope: str, *, database: str | None = None, data: Path | None = None) -> None:
    """Take a right away at once. Raises KnownError `grant-missing`, and those of `opened`."""
    with opened(database, data) as engine:
        from fieldkit.registry import tokens
        from fieldkit.registry.database import write

        write(engine, lambda db: tokens.end_grant(db, user, scope))


def check_audit(known: str = "", *, database: str | None = None, data: Path | None = None) -> dict[str, Any]:
    """`{rows, head}` of the journal. `known` is a `head` told earlier, which must still be in it.

    Raises KnownError `audit-broken` where a row was changed or taken out, and those of `opened`.
    """
    with opened(database, data) as engine:
        from fieldkit.registry import audit
        from fieldkit.registry.database import reading

        with reading(engine) as db:
            found = audit.check(db, known)
    if found.broken is None and found.found:
        return {"rows": found.rows, "head": found.head}
    row = found.broken or found.rows + 1
    raise KnownError(
        "audit-broken",
        _("Le journal du registre a été modifié à la ligne {n}.").format(n=row),
        _("Comparez-le avec une sauvegarde, et prévenez la personne chargée de la sécurité."),
    )


def new_epoch(*, database: str | None = None, data: Path | None = None) -> str:
    """Say that the database was restored from a backup: laptops will send again what it lost."""
    with opened(database, data) as engine:
        from fieldkit.registry import admin
        from fieldkit.registry.database import write

        _erase_again(engine, _folder(data))
        return write(engine, admin.new_epoch)


def erase(
    wanted: str, *, dry_run: bool = False, database: str | None = None, data: Path | None = None
) -> dict[str, Any]:
    """Erase a record for good, by its identity, or practices by the RPPS of their person, with all that leads there.

    `{erased: {type: number}}`; with `dry_run` nothing is done. Every laptop follows at its next synchronisation;
    what is pushed late stays away. Identities alone are kept, also in a file of the folder `data`, so that a backup
    restored later does not bring anything back.
    Raises KnownError `record-missing`, and those of `opened`.
    """
    with opened(database, data) as engine:
        from fieldkit.registry import erasure
        from fieldkit.registry.database import reading

        with reading(engine) as db:
            those = erasure.targets(db, wanted)
        if not dry_run:
            erasure.journal(_folder(data), those)
            _erase(engine, _folder(data), those)
    return {"erased": dict(Counter(target.type for target in those)), "dry_run": dry_run}


def erase_account(
    user: str, *, dry_run: bool = False, database: str | None = None, data: Path | None = None
) -> dict[str, Any]:
    """Erase a delegate's account for good: tokens, rights, drafts of their own, and their name wherever it stands.

    `{erased: {book: rows}, dry_run}`. What they wrote for departments stays, under a pseudonym.
    Raises KnownError `user-missing`, and those of `opened`.
    """
    with opened(database, data) as engine:
        from fieldkit.registry import accounts, erasure
        from fieldkit.registry.database import reading

        with reading(engine) as db:
            found = accounts.counted(db, user)
        if not dry_run:
            erasure.journal(_folder(data), [accounts.target(user)])
            _erase_accounts(engine, _folder(data), [user])
    return {"erased": found, "dry_run": dry_run}


def _erase(engine: Engine, folder: Path, those: Sequence[Target]) -> None:
    from fieldkit.registry import erasure
    from fieldkit.registry.blobs import Shelf
    from fieldkit.registry.database import write

    for file in write(engine, lambda db: erasure.erase(db, Shelf(folder), those)):
        file.unlink(missing_ok=True)


def _erase_accounts(engine: Engine, folder: Path, users: Sequence[str]) -> None:
    from fieldkit.registry import accounts, erasure
    from fieldkit.registry.blobs import Shelf
    from fieldkit.registry.database import write

    for user in users:
        for file in write(engine, partial(accounts.erase, shelf=Shelf(folder), user=user)):
            file.unlink(missing_ok=True)
    own = {f"user:{user}" for user in users}
    erasure.strike(folder, lambda target: target.scope in own)


def _readmit(engine: Engine, folder: Path, user: str) -> None:
    """Somebody whose account was erased comes back, as the person who runs the registry wants it."""
    from fieldkit.registry import accounts, erasure
    from fieldkit.registry.database import write

    if write(engine, lambda db: accounts.readmit(db, user)):
        erasure.strike(folder, lambda target: target == accounts.target(user))


def _erase_again(engine: Engine, folder: Path) -> None:
    """What a database restored from a backup has brought back."""
    from fieldkit.registry import accounts, erasure
    from fieldkit.registry.database import reading

    with reading(engine) as db:
        those = erasure.forgotten(db, folder)
        users = accounts.of_digests(db, [target.id for target in those if target.type == accounts.KIND])
    records = [target for target in those if target.type != accounts.KIND]
    if records:
        _erase(engine, folder, records)
    _erase_accounts(engine, folder, users)


def _checked(openid: OpenId) -> OpenId:
    from fieldkit.sync.network import is_safe

    if not is_safe(openid.issuer):
        raise KnownError(
            "issuer-address",
            _("Cette adresse de fournisseur d'identité n'est pas acceptée."),
            _("Elle commence par https:// ; http:// n'est permis que sur ce poste."),
        )
    return openid


def show(
    kind: str, identity: str | None = None, *, database: str | None = None, data: Path | None = None
) -> dict[str, Any]:
    """Records of a type, or a book of the registry (`device`, `quarantine`, `token`, `audit`, `scope`).

    Raises KnownError `show-unknown` or `record-missing`, and those of `opened`.
    """
    with opened(database, data) as engine:
        from fieldkit.registry import admin
        from fieldkit.registry.database import reading

        with reading(engine) as db:
            return admin.show(db, kind, identity)


@contextmanager
def opened(database: str | None, data: Path | None) -> Iterator[Engine]:
    """The registry's database, at its newest schema.

    Raises KnownError `registry-not-installed` where this installation has no registry, and
    `registry-database` where the database does not answer, and `registry-folder`. Files that are made meanwhile
    are for their owner only, also where the folder is open to others, as systemd makes it.
    """
    if not all(map(find_spec, _PARTS)):
        raise KnownError(
            "registry-not-installed",
            _("Le registre n'est pas installé sur ce poste."),
            _("Installez-le avec : pip install 'fieldkit[registry]'"),
        )
    from fieldkit.registry.database import connect

    before = os.umask(0o077)
    try:
        engine = connect(database or _file(data))
        try:
            yield engine
        finally:
            engine.dispose()
    finally:
        os.umask(before)


def _file(data: Path | None) -> str:
    return f"sqlite:///{_folder(data) / DATABASE_FILE}"


def _folder(data: Path | None) -> Path:
    import platformdirs

    folder = data or platformdirs.user_data_path("fieldkit-registry", appauthor=False)
    try:
        return ensure_folder(folder)
    except KnownError as error:
        raise KnownError(
            "registry-folder",
            _("Le dossier du registre ne peut pas être créé : {folder}").format(folder=folder),
            _("Choisissez-en un autre avec --data, ou vérifiez vos droits sur celui-ci."),
        ) from error
