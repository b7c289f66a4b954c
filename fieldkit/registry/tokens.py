"""Who may do what: opaque tokens, kept as their SHA-256 only, and grants by scope."""

from __future__ import annotations

import hashlib
import json
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, delete, insert, or_, select, update

from fieldkit.domain.clock import now_ms
from fieldkit.errors import KnownError
from fieldkit.i18n import _
from fieldkit.registry import audit
from fieldkit.registry.problems import ProtocolError
from fieldkit.registry.tables import grant, person, scope, token
from fieldkit.settings import is_department

WRITER: Final = "writer"
READER: Final = "reader"
DAY_MS: Final = 24 * 3600 * 1000

REGISTRY: Final = "registry"
"""The scope of who may look at the registry itself: its page and its figures."""

_USER: Final = re.compile(r"[\w.@|~+=-]{1,64}")


@dataclass(frozen=True, slots=True)
class Holder:
    """A user who showed a valid token, and the role they have in each scope."""

    user: str
    roles: dict[str, str]
    keeper: bool = False
    """Whether they may look at the registry itself."""


def create(db: Connection, user: str, scopes: Sequence[str], days: int | None, role: str = WRITER) -> str:
    """A new token of `user` for `scopes` and for their own; it is told once and cannot be read back.

    Raises KnownError `user-unknown-form` or `scope-unknown-form`.
    """
    _check(user, scopes)
    now = now_ms()
    until = None if days is None else now + days * DAY_MS
    for name, its_role in [(f"user:{user}", WRITER), *((s, role) for s in scopes)]:
        _set_grant(db, user, name, its_role, None)
    secret = "fk_" + secrets.token_urlsafe(32)
    names = json.dumps(sorted({f"user:{user}", *scopes}))
    db.execute(insert(token).values(sha256=_sha256(secret), sub=user, scopes=names, made_at=now, until=until))
    audit.note(db, user, "token-created", token=_sha256(secret)[:12], scopes=sorted(scopes), until=until)
    return secret


def revoke(db: Connection, secret_or_id: str) -> None:
    """End a token, given itself or the first digits of its SHA-256 (12 or more).

    Raises KnownError `token-missing` where there is none.
    """
    named = token.c.sha256 == _sha256(secret_or_id)
    if re.fullmatch(r"[0-9a-f]{12,64}", secret_or_id):
        named = or_(named, token.c.sha256.startswith(secret_or_id))
    found = db.execute(select(token.c.sha256, token.c.sub).where(named)).one_or_none()
    if found is None:
        raise KnownError(
            "token-missing",
            _("Aucun jeton ne correspond."),
            _("« fieldkit registry show token » donne les jetons et leurs identifiants."),
        )
    db.execute(update(token).where(token.c.sha256 == found.sha256).values(revoked_at=now_ms()))
    audit.note(db, found.sub, "token-revoked", token=found.sha256[:12])


def holder(db: Connection, secret: str) -> Holder:
    """Whose token `secret` is, and what they may do now.

    Raises ProtocolError `token-unknown`, `token-expired` or `token-revoked`.
    """
    now = now_ms()
    row = db.execute(select(token).where(token.c.sha256 == _sha256(secret))).one_or_none()
    if row is None:
        raise ProtocolError("token-unknown", 401)
    if row.revoked_at is not None:
        raise ProtocolError("token-revoked", 401)
    if row.until is not None and row.until <= now:
        raise ProtocolError("token-expired", 401)
    scopes = set(json.loads(row.scopes))
    grants = _grants(db, row.sub)
    return _holder(row.sub, {name: role for name, role in grants.items() if name in scopes})


def signed_in(db: Connection, user: str) -> Holder:
    """What a user may do for whom the OpenID provider vouches; nothing before they are admitted."""
    return _holder(user, _grants(db, user))


def admit(db: Connection, user: str, name: str) -> None:
    """Give a user for whom the provider vouches their own scope, and note what people call them."""
    if db.scalar(select(grant.c.role).where(grant.c.sub == user, grant.c.scope == f"user:{user}")) is None:
        _set_grant(db, user, f"user:{user}", WRITER, None)
        audit.note(db, user, "person-admitted")
    about = {"name": name, "seen_at": now_ms()}
    if db.execute(update(person).where(person.c.sub == user).values(**about)).rowcount == 0:
        db.execute(insert(person).values(sub=user, **about))


def set_grant(db: Connection, user: str, scope_id: str, role: str, until: int | None) -> None:
    """Give `user` a role in a scope, until that time (ms) or for good; it works with tokens for that scope.

    Raises KnownError `user-unknown-form` or `scope-unknown-form`.
    """
    _check(user, [scope_id])
    _set_grant(db, user, scope_id, role, until)
    audit.note(db, user, "granted", scope=scope_id, role=role, until=until)


def end_grant(db: Connection, user: str, scope_id: str) -> None:
    """Take a right away, from every token of `user`. Raises KnownError `grant-missing`."""
    ended = delete(grant).where(grant.c.sub == user, grant.c.scope == scope_id)
    if db.execute(ended).rowcount == 0:
        raise KnownError(
            "grant-missing",
            _("Cette personne n'a pas de droit sur ce périmètre."),
            _("« fieldkit registry show grant » donne les droits."),
        )
    audit.note(db, user, "grant-ended", scope=scope_id)


def _grants(db: Connection, user: str) -> dict[str, str]:
    """The role of a user in each scope, now."""
    valid = or_(grant.c.until.is_(None), grant.c.until > now_ms())
    rows = db.execute(select(grant.c.scope, grant.c.role).where(grant.c.sub == user, valid))
    return {row.scope: row.role for row in rows}


def _holder(user: str, roles: dict[str, str]) -> Holder:
    keeper = roles.pop(REGISTRY, None) is not None
    return Holder(user, roles, keeper)


def _set_grant(db: Connection, user: str, name: str, role: str, until: int | None) -> None:
    if db.scalar(select(scope.c.id).where(scope.c.id == name)) is None:
        db.execute(insert(scope).values(id=name))
    db.execute(delete(grant).where(grant.c.sub == user, grant.c.scope == name))
    db.execute(insert(grant).values(sub=user, scope=name, role=role, until=until))


def _check(user: str, scopes: Sequence[str]) -> None:
    if not _USER.fullmatch(user):
        raise KnownError(
            "user-unknown-form",
            _("Ce nom d'utilisateur n'est pas accepté."),
            _("Lettres, chiffres et . @ | ~ + = - seulement, 64 au plus."),
        )
    for name in scopes:
        kind, _colon, code = name.partition(":")
        if name != REGISTRY and not (kind == "dept" and is_department(code)):
            raise KnownError(
                "scope-unknown-form",
                _("Ce périmètre n'est pas reconnu."),
                _("Écrivez dept: et le code d'un département, par exemple dept:72 ou dept:2A."),
            )


def _sha256(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
