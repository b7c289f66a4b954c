"""What Alembic runs: the steps, on the connection that `registry.database` gives it."""

from __future__ import annotations

from alembic import context

from fieldkit.registry.tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
context.run_migrations()
