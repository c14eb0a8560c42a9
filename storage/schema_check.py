"""Whether a database has exactly the tables that the models describe."""

from __future__ import annotations

import re
from typing import Any, Final

from storage.migrate import SchemaState, schema_state
from storage.row_security import Role
from storage.translation import translated

PARTITION: Final = re.compile(r"_(h\d+|p\d{6})$")


def problems(url: str) -> list[str]:
    """What is to be said of a schema, in sentences; nothing when it is as it should be. `url` is
    that of an administrator. Blocks."""
    state = schema_state(url)
    if state is SchemaState.AHEAD:
        return ["The database was migrated by a newer version of Evenkeel. Install that version."]
    if state is not SchemaState.CURRENT:
        return ["The schema is not that of this version. Run `evenkeel migrate`."]
    return [f"The schema differs from this version: {each}." for each in differences(url)]


def differences(url: str) -> list[str]:
    """What would have to change to make the tables those of the models: `alembic check`."""
    import psycopg
    import sqlalchemy
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    from storage.tables.registry import all_tables

    engine = sqlalchemy.create_engine(
        "postgresql+psycopg://",
        creator=lambda: psycopg.connect(url, options=f"-c role={Role.OWNER}"),
        poolclass=sqlalchemy.NullPool,
    )
    options = {
        "include_schemas": True,
        "include_name": _is_ours,
        "include_object": _is_no_reference_to_a_partition,
        "compare_type": True,
        "compare_server_default": True,
    }
    with translated(), engine.connect() as connection:
        context = MigrationContext.configure(connection, opts=options)
        return [_in_words(each) for each in compare_metadata(context, all_tables())]


def _is_ours(name: str | None, kind: str, parents: Any) -> bool:
    if kind == "schema":
        return name == "app"
    if kind == "table":
        return name != "alembic_version" and not PARTITION.search(name or "")
    return True


def _is_no_reference_to_a_partition(
    item: Any, name: str | None, kind: str, reflected: bool, compared: Any
) -> bool:
    """PostgreSQL keeps one for each partition of the table that is meant."""
    if kind != "foreign_key_constraint":
        return True
    return not any(PARTITION.search(each.target_fullname.split(".")[1]) for each in item.elements)


def _in_words(difference: Any) -> str:
    """Such as `remove_column app mood_entries note`. Changes of one column come as a list."""
    first = difference[0] if isinstance(difference, list) else difference
    names = [str(getattr(part, "name", part)) for part in first if not isinstance(part, dict)]
    return " ".join(name for name in names if name != "None")
