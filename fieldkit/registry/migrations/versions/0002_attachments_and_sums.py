"""Attachments, and sums that tell whether a laptop holds what the registry holds."""

from __future__ import annotations

import json

import sqlalchemy as sa
from alembic import op

from fieldkit.sync.protocol import SUM_SPACE, record_sum

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make the tables, and sum up the records that are there."""
    op.create_table(
        "blob",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("sub", sa.String(length=64), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("sha256", "sub"),
    )
    op.create_table(
        "link",
        sa.Column("scope", sa.String(length=80), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("sub", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["scope"], ["scope.id"]),
        sa.PrimaryKeyConstraint("scope", "sha256", "sub"),
    )
    op.create_index("link_sha256", "link", ["sha256"], unique=False)
    op.create_table(
        "upload",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("sub", sa.String(length=64), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("length", sa.BigInteger(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.Column("stored", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("upload_sub", "upload", ["sub"], unique=False)
    for table, column in (("scope", "n"), ("scope", "sum"), ("record", "sum")):
        op.add_column(table, sa.Column(column, sa.BigInteger(), nullable=False, server_default="0"))
    _sum_up(op.get_bind())


def _sum_up(db: sa.Connection) -> None:
    sums: dict[str, list[int]] = {}
    rows = db.execute(sa.text("SELECT scope, id, type, rev, doc, stamps, archived FROM record")).all()
    for row in rows:
        one = record_sum(
            row.type, row.id, row.rev, json.loads(row.doc), json.loads(row.stamps), bool(row.archived)
        )
        db.execute(
            sa.text("UPDATE record SET sum = :sum WHERE scope = :scope AND id = :id"),
            {"sum": one, "scope": row.scope, "id": row.id},
        )
        sums.setdefault(row.scope, []).append(one)
    for scope, parts in sums.items():
        db.execute(
            sa.text("UPDATE scope SET n = :n, sum = :sum WHERE id = :scope"),
            {"n": len(parts), "sum": sum(parts) % SUM_SPACE, "scope": scope},
        )
