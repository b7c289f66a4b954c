"""The tables of the registry. Only portable SQL: no triggers, no sequences that are read, no advisory locks.

`scope.head` is a counter row, locked by whoever writes in the scope: a reader that has seen seq N has seen
all before it. JSON is kept as text, times in milliseconds since 1970 (UTC).
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Index, Integer, MetaData, String, Table, Text

metadata: Final = MetaData()

meta: Final = Table(
    "meta",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("epoch", String(32), nullable=False),
)
scope: Final = Table(
    "scope",
    metadata,
    Column("id", String(80), primary_key=True),
    Column("head", BigInteger, nullable=False, default=0),
    Column("n", BigInteger, nullable=False, default=0),
    Column("sum", BigInteger, nullable=False, default=0),
)
"""`n` and `sum` tell its records all together (`protocol.record_sum`), so that a laptop can see that it lacks one."""
record: Final = Table(
    "record",
    metadata,
    Column("scope", String(80), ForeignKey("scope.id"), primary_key=True),
    Column("id", String(36), primary_key=True),
    Column("type", String(40), nullable=False),
    Column("rev", Integer, nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("doc", Text, nullable=False),
    Column("stamps", Text, nullable=False),
    Column("archived", Boolean, nullable=False),
    Column("sum", BigInteger, nullable=False),
    Index("record_seq", "scope", "seq", unique=True),
)
version: Final = Table(
    "version",
    metadata,
    Column("scope", String(80), primary_key=True),
    Column("id", String(36), primary_key=True),
    Column("rev", Integer, primary_key=True, autoincrement=False),
    Column("at", BigInteger, nullable=False),
    Column("device", String(16), nullable=False),
    Column("changeset", BigInteger, nullable=False),
    Column("op", Text, nullable=False),
)
"""Each write as it came, for history."""
device: Final = Table(
    "device",
    metadata,
    Column("id", String(16), primary_key=True),
    Column("sub", String(64), nullable=False),
    Column("name", String(120), nullable=False),
    Column("app", String(40), nullable=False),
    Column("last_seq", BigInteger, nullable=False),
    Column("stamp", String(40)),
    Column("seen_at", BigInteger, nullable=False),
)
applied: Final = Table(
    "applied",
    metadata,
    Column("device", String(16), ForeignKey("device.id"), primary_key=True),
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("digest", String(32), nullable=False),
    Column("outcome", Text, nullable=False),
    Index("applied_digest", "digest"),
)
quarantine: Final = Table(
    "quarantine",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("at", BigInteger, nullable=False),
    Column("sub", String(64), nullable=False),
    Column("device", String(16), nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("problem", Text, nullable=False),
    Column("ops", Text, nullable=False),
)
"""Refused changesets; a text that holds a NIR is masked."""
erased: Final = Table(
    "erased",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("at", BigInteger, nullable=False),
)
"""Records that were erased for good. Each leaves a row in `record` without content, to tell laptops."""
blob: Final = Table(
    "blob",
    metadata,
    Column("sha256", String(64), primary_key=True),
    Column("sub", String(64), primary_key=True),
    Column("size", BigInteger, nullable=False),
    Column("at", BigInteger, nullable=False),
)
"""Who has given the bytes of an attachment; the bytes themselves are a file."""
link: Final = Table(
    "link",
    metadata,
    Column("scope", String(80), ForeignKey("scope.id"), primary_key=True),
    Column("sha256", String(64), primary_key=True),
    Column("sub", String(64), primary_key=True),
    Index("link_sha256", "sha256"),
)
"""Who has named an attachment in a record of a scope. It is given out there only if they gave its bytes too."""
upload: Final = Table(
    "upload",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("sub", String(64), nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("length", BigInteger, nullable=False),
    Column("until", BigInteger, nullable=False),
    Column("stored", Boolean, nullable=False),
    Index("upload_sub", "sub"),
)
grant: Final = Table(
    "grant_",
    metadata,
    Column("sub", String(64), primary_key=True),
    Column("scope", String(80), ForeignKey("scope.id"), primary_key=True),
    Column("role", String(10), nullable=False),
    Column("until", BigInteger),
)
token: Final = Table(
    "token",
    metadata,
    Column("sha256", String(64), primary_key=True),
    Column("sub", String(64), nullable=False),
    Column("scopes", Text, nullable=False),
    Column("made_at", BigInteger, nullable=False),
    Column("until", BigInteger),
    Column("revoked_at", BigInteger),
)
person: Final = Table(
    "person",
    metadata,
    Column("sub", String(64), primary_key=True),
    Column("name", String(120), nullable=False),
    Column("seen_at", BigInteger, nullable=False),
)
"""What people call a user for whom the OpenID provider vouches, as it last said."""
audit: Final = Table(
    "audit",
    metadata,
    Column("n", BigInteger, primary_key=True, autoincrement=False),
    Column("at", BigInteger, nullable=False),
    Column("who", String(64), nullable=False),
    Column("what", String(40), nullable=False),
    Column("detail", Text, nullable=False),
    Column("hash", String(64), nullable=False),
)
"""Who did what to the registry itself; each hash covers its row and the hash before it."""
