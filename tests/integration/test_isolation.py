"""Every table is somebody's and guarded or nobody's for a reason; every right is written down.

A new table, policy or grant fails here until it is entered, and a table of persons until
`tests.one_of_each` has an example of it, which the tests of isolation and of erasure walk.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from psycopg.rows import TupleRow

from storage.row_security import LOGIN, LOGIN_MAY_BE, Role
from tests.databases import Cluster
from tests.integration.grants import (
    EXECUTES,
    GRANTS,
    OF_NOBODY,
    PARTLY_OF_PERSONS,
    READ_OF_EVERYBODY,
)
from tests.one_of_each import Example, tables_of_persons

Admin = psycopg.Connection[TupleRow]


@pytest.fixture(scope="module")
def admin(cluster: Cluster, template: str) -> Iterator[Admin]:
    with (
        cluster.clone(template) as name,
        psycopg.connect(cluster.admin_url(name), autocommit=True) as connection,
    ):
        yield connection


def column(admin: Admin, query: str, *values: Any) -> list[Any]:
    return [value for (value,) in admin.execute(query.encode(), values)]


# ---------------------------------------------------------------- tables


def test_every_table_is_of_persons_or_of_nobody_for_a_reason(admin: Admin) -> None:
    tables = column(
        admin,
        "SELECT relname FROM pg_class WHERE relnamespace = 'app'::regnamespace"
        " AND relkind IN ('r', 'p') AND NOT relispartition",
    )
    assert sorted(tables) == sorted([*tables_of_persons(), *PARTLY_OF_PERSONS, *OF_NOBODY])


def test_whatever_has_a_person_is_a_table_of_persons(admin: Admin) -> None:
    with_person = column(
        admin,
        "SELECT relname FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid"
        " WHERE relnamespace = 'app'::regnamespace AND relkind IN ('r', 'p')"
        " AND NOT relispartition AND attname = 'user_id' ORDER BY 1",
    )
    assert with_person == [name for name in tables_of_persons() if name != "users"]


def test_every_table_of_persons_has_an_example_that_isolation_and_erasure_walk() -> None:
    assert sorted(Example().rows()) == tables_of_persons()


def test_every_table_of_persons_is_guarded_and_no_other_pretends_to_be(admin: Admin) -> None:
    guarded = column(
        admin,
        "SELECT relname FROM pg_class WHERE relnamespace = 'app'::regnamespace"
        " AND NOT relispartition AND relrowsecurity AND relforcerowsecurity ORDER BY 1",
    )
    assert guarded == sorted([*tables_of_persons(), *PARTLY_OF_PERSONS])
    with_policy = column(
        admin, "SELECT DISTINCT tablename FROM pg_policies WHERE schemaname = 'app' ORDER BY 1"
    )
    assert with_policy == guarded


def test_nothing_is_there_that_row_security_does_not_reach(admin: Admin) -> None:
    """Views run with their owner's rights, foreign tables elsewhere, sequences tell counts."""
    others = column(
        admin,
        "SELECT relname FROM pg_class WHERE relnamespace = 'app'::regnamespace"
        " AND relkind NOT IN ('r', 'p', 'i', 'I', 't')",
    )
    assert others == []
    elsewhere = column(
        admin,
        "SELECT relname FROM pg_class JOIN pg_namespace n ON n.oid = relnamespace"
        " WHERE nspname NOT IN ('app', 'pg_catalog', 'information_schema', 'pg_toast')",
    )
    assert elsewhere == []


def test_who_reads_the_rows_of_everybody_is_written_down(admin: Admin) -> None:
    found: dict[str, set[str]] = {role: set() for role in READ_OF_EVERYBODY}
    for table, [role], command in admin.execute(
        "SELECT tablename, roles::text[], cmd FROM pg_policies"
        " WHERE schemaname = 'app' AND (qual = 'true' OR with_check = 'true')"
    ):
        assert command == "SELECT"
        found[role].add(table)
    assert found == READ_OF_EVERYBODY


# ---------------------------------------------------------------- rights

TABLE_RIGHTS = """
SELECT g.grantee::regrole::text, relname, g.privilege_type, NULL::text[]
FROM pg_class, aclexplode(relacl) g
WHERE relnamespace = 'app'::regnamespace AND g.grantee <> relowner
UNION ALL
SELECT g.grantee::regrole::text, relname, g.privilege_type, array_agg(attname::text ORDER BY attnum)
FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid, aclexplode(attacl) g
WHERE relnamespace = 'app'::regnamespace AND g.grantee <> relowner
GROUP BY 1, 2, 3
ORDER BY 1, 2, 3
"""


def test_every_right_on_a_table_is_written_down(admin: Admin) -> None:
    found: defaultdict[str, defaultdict[str, list[str]]]
    found = defaultdict(lambda: defaultdict(list))
    for role, table, verb, columns in admin.execute(TABLE_RIGHTS):
        found[role][table].append(f"{verb}({' '.join(columns)})" if columns else verb)
    granted = {
        role: {table: " ".join(verbs) for table, verbs in tables.items()}
        for role, tables in found.items()
    }
    assert granted == {str(role): tables for role, tables in GRANTS.items()}


def test_no_right_may_be_passed_on(admin: Admin) -> None:
    passed_on = column(
        admin,
        "SELECT relname FROM pg_class, aclexplode(relacl) g"
        " WHERE relnamespace = 'app'::regnamespace AND g.is_grantable AND g.grantee <> relowner",
    )
    assert passed_on == []


def test_every_right_on_a_function_is_written_down(admin: Admin) -> None:
    found = defaultdict(set)
    for name, role in admin.execute(
        "SELECT proname, g.grantee::regrole::text"
        " FROM pg_proc, aclexplode(coalesce(proacl, acldefault('f', proowner))) g"
        " WHERE pronamespace = 'app'::regnamespace AND g.grantee <> proowner"
    ):
        found[name].add(role)
    assert found == EXECUTES


def test_nobody_but_the_owner_may_make_anything_that_stays(admin: Admin) -> None:
    others = [LOGIN, *(role for role in Role if role != Role.OWNER)]
    may_create = admin.execute(
        "SELECT rolname, nspname FROM pg_roles, pg_namespace"
        " WHERE rolname = ANY(%s) AND has_schema_privilege(rolname, nspname, 'CREATE')",
        (others,),
    ).fetchall()
    assert may_create == []
    databases = column(
        admin,
        "SELECT rolname FROM pg_roles WHERE rolname = ANY(%s)"
        " AND has_database_privilege(rolname, current_database(), 'CREATE')",
        others,
    )
    assert databases == []


def test_nothing_new_is_granted_to_anybody_by_default(admin: Admin) -> None:
    assert admin.execute("SELECT defaclobjtype FROM pg_default_acl").fetchall() == []


def test_who_may_become_whom_is_written_down(admin: Admin) -> None:
    """And none of them is a member of a role of the server, such as pg_read_all_data."""
    memberships = admin.execute(
        "SELECT m.rolname, r.rolname FROM pg_auth_members"
        " JOIN pg_roles m ON m.oid = member JOIN pg_roles r ON r.oid = roleid"
        " WHERE m.rolname = ANY(%s)",
        ([LOGIN, *Role],),
    ).fetchall()
    assert set(memberships) == {(LOGIN, str(role)) for role in LOGIN_MAY_BE}


def test_the_login_may_nothing_by_itself(admin: Admin) -> None:
    assert LOGIN not in GRANTS
    reachable = column(
        admin,
        "SELECT relname FROM pg_class WHERE relnamespace = 'app'::regnamespace"
        " AND relkind IN ('r', 'p') AND (has_table_privilege(%s, oid, 'SELECT, INSERT, UPDATE,"
        " DELETE, TRUNCATE, REFERENCES, TRIGGER') OR has_any_column_privilege(%s, oid,"
        " 'SELECT, INSERT, UPDATE, REFERENCES'))",
        LOGIN,
        LOGIN,
    )
    assert reachable == []
    assert not column(admin, "SELECT has_schema_privilege(%s, 'app', 'USAGE')", LOGIN)[0]
