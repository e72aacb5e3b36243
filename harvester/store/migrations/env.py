"""Run migrations on the connection that `upkeep` hands over: one transaction for all of them, DDL included."""

from typing import Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext

from harvester.store.tables import metadata
from harvester.store.types import Json, PlainText, UtcTime


def _render(kind: str, value: object, _context: AutogenContext) -> str | Literal[False]:
    """Write our column types as the plain ones beneath, so that an old migration outlives a change of ours."""
    if kind == "type" and isinstance(value, UtcTime):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(value, PlainText | Json):
        return "sa.Text()"
    return False


context.configure(connection=context.config.attributes["connection"], target_metadata=metadata, render_item=_render)
with context.begin_transaction():
    context.run_migrations()
