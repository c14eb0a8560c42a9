"""Statements that reach for what is somebody else's, to be made at random.

Filled in are `{t}` the table, `{part}` one of its partitions, `{p}` its column that names the
person, `{k}` another column of its key, `{c}` columns, `{w}` a condition, `{mine}` who acts and
`{theirs}` who is reached for.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Literal
from uuid import UUID

from hypothesis import strategies as st

from storage.row_security import LOGIN, Role
from storage.tables.registry import all_tables
from tests.one_of_each import Example, tables_of_persons

READS = (
    "SELECT {c} FROM app.{t} a WHERE {w}",
    "TABLE app.{t}",
    "SELECT {c} FROM (SELECT * FROM app.{t} OFFSET 0) a WHERE {w}",
    "SELECT {c} FROM app.{t} b RIGHT JOIN app.{t} a ON b.{p} <> a.{p}",
    "SELECT a.* FROM app.users u LEFT JOIN app.{t} a ON a.{p} = u.id OR a.{p} = '{theirs}'",
    "SELECT to_jsonb(a), a::text FROM app.{t} a WHERE {w}",
    "SELECT array_agg(a::text) FROM app.{t} a WHERE {w}",
    "WITH a AS MATERIALIZED (SELECT * FROM app.{t}) SELECT {c} FROM a WHERE {w}",
    "SELECT {c} FROM app.{t} a WHERE {w} UNION ALL SELECT {c} FROM app.{t} a",
    "SELECT (SELECT to_jsonb(a) FROM app.{t} a WHERE a.{p} = '{theirs}' LIMIT 1)",
    "SELECT {c} FROM app.{t} a TABLESAMPLE SYSTEM (100) WHERE {w}",
    "SELECT {c} FROM app.{t} a WHERE {w} FOR UPDATE",
    "SELECT {c} FROM app.{part} a WHERE {w}",
)
WRITES = (
    "UPDATE app.{t} a SET {p} = a.{p} WHERE {w} RETURNING a.*",
    "UPDATE app.{t} a SET {p} = '{theirs}' WHERE {w} RETURNING a.*",
    "UPDATE app.{t} a SET {p} = '{mine}' WHERE a.{p} = '{theirs}' RETURNING a.*",
    "UPDATE app.{t} a SET {k} = b.{k} FROM app.{t} b WHERE a.{p} = '{theirs}' RETURNING b.*",
    "UPDATE app.{part} a SET {p} = a.{p} WHERE {w} RETURNING a.*",
    "DELETE FROM app.{t} a WHERE {w} RETURNING a.*",
    "DELETE FROM app.{t} a USING app.users u WHERE a.{p} = '{theirs}' RETURNING a.*",
    "DELETE FROM app.{part} a WHERE {w}",
    "WITH gone AS (DELETE FROM app.{t} a WHERE {w} RETURNING *) SELECT * FROM gone",
    "INSERT INTO app.{t} SELECT * FROM app.{t} a WHERE a.{p} = '{theirs}' RETURNING *",
    "MERGE INTO app.{t} a USING (VALUES (1)) v ON {w} WHEN MATCHED THEN DELETE",
    "MERGE INTO app.{t} a USING app.users u ON ({w}) AND u.id = a.{p}"
    " WHEN MATCHED THEN UPDATE SET {p} = '{theirs}'",
    "TRUNCATE app.{t} CASCADE",
)
ENDINGS = (
    "",
    "RETURNING *",
    "ON CONFLICT DO NOTHING RETURNING *",
    "ON CONFLICT ({key}) DO UPDATE SET {k} = excluded.{k} RETURNING *",
    "ON CONFLICT ({key}) DO UPDATE SET {p} = '{theirs}' RETURNING *",
)
"""Of an INSERT of a row that claims to be somebody else's, or collides with theirs."""

CONDITIONS = (
    "true",
    "a.{p} = '{theirs}'",
    "a.{p} <> '{mine}'",
    "NOT a.{p} = '{mine}' OR a.{p} = '{mine}'",
    "a.{p} = ANY (ARRAY['{mine}', '{theirs}']::uuid[])",
    "a.{p} IN (SELECT id FROM app.users)",
    "EXISTS (SELECT FROM app.users u WHERE u.id = '{theirs}') OR true",
    "length(a::text) > 0",
    "a.{p} = app.current_user_id() OR a.{p} = '{theirs}'",
)

ROLES: tuple[str, ...] = (*Role, LOGIN)
OWNERS_BY_NATURE = ("TRUNCATE", "app.{part}")
"""Whoever owns a table may empty it and look into its parts; no worker can become the owner."""


@dataclass(frozen=True, kw_only=True)
class Attack:
    """`template` is a whole statement, or the ending of an INSERT of the row `spoofed`. One that
    is `prepared` ran before in the same session for the person it reaches for."""

    role: str
    context: Literal["mine", "nobody", "nonsense"]
    table: str
    template: str
    condition: str = "true"
    columns: tuple[str, ...] = ()
    how: Literal["plain", "prepared", "cursor", "copy"] = "plain"
    spoofed: Literal["fresh", "theirs", "colliding"] | None = None

    def statement(self, mine: UUID, theirs: UUID, part: str) -> str:
        key = [column.name for column in all_tables().tables[f"app.{self.table}"].primary_key]
        person = person_column(self.table)
        names = {
            "t": self.table,
            "part": part,
            "p": person,
            "key": ", ".join(key),
            "k": next((name for name in key if name != person), person),
            "c": ", ".join(f'a."{name}"' for name in self.selected),
            "mine": str(mine),
            "theirs": str(theirs),
        }
        return self.template.format(**names, w=self.condition.format(**names))

    @property
    def selected(self) -> list[str]:
        """The columns that are asked for: always whose the row is, so that it can be told."""
        if "{c}" not in self.template:
            return columns_of(self.table)
        person = person_column(self.table)
        return [person, *(name for name in self.columns if name != person)]

    def row(self, mine: Example, theirs: Example) -> dict[str, Any]:
        """The row that an INSERT puts in."""
        person = person_column(self.table)
        if self.spoofed == "theirs":
            return theirs.rows()[self.table]
        if self.spoofed == "colliding":
            return theirs.rows()[self.table] | {person: mine.id}
        return Example(form_id=theirs.form_id).rows()[self.table] | {person: theirs.id}


def person_column(table: str) -> str:
    return "id" if table == "users" else "user_id"


def columns_of(table: str) -> list[str]:
    return [column.name for column in all_tables().tables[f"app.{table}"].columns]


@st.composite
def any_attack(draw: st.DrawFn) -> Attack:
    table = draw(st.sampled_from(tables_of_persons()))
    attack = Attack(
        role=draw(st.sampled_from((Role.WORKER, *ROLES))),
        context=draw(st.sampled_from(("mine", "mine", "mine", "nobody", "nonsense"))),
        table=table,
        template="",
        condition=draw(st.sampled_from(CONDITIONS)),
        columns=tuple(draw(st.lists(st.sampled_from(columns_of(table)), unique=True, max_size=3))),
    )
    kind = draw(st.sampled_from(("read", "write", "insert")))
    if kind == "read":
        how = draw(st.sampled_from(("plain", "prepared", "cursor", "copy")))
        attack = replace(attack, template=draw(st.sampled_from(READS)), how=how)
    elif kind == "write":
        attack = replace(attack, template=draw(st.sampled_from(WRITES)))
    else:
        spoofed = draw(st.sampled_from(("fresh", "theirs", "colliding")))
        attack = replace(attack, template=draw(st.sampled_from(ENDINGS)), spoofed=spoofed)
    return attack


def attacks() -> st.SearchStrategy[Attack]:
    return any_attack().filter(lambda attack: not _is_the_owners_by_nature(attack))


def _is_the_owners_by_nature(attack: Attack) -> bool:
    return attack.role == Role.OWNER and any(w in attack.template for w in OWNERS_BY_NATURE)
