"""Who sees which rows, read from the catalogue of the database and tried out as every role."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import psycopg
import pytest
from psycopg.rows import TupleRow

from storage.row_security import ACT_FOR, LOGIN, SYSTEM_USER, Role, connect_options
from tests.databases import Cluster
from tests.integration.grants import PARTLY_OF_PERSONS
from tests.one_of_each import Example, insert, insert_all, tables_of_persons

Connection = psycopg.Connection[TupleRow]

ANA, BEN = Example(), Example()
GROUP = UUID(int=7)
REFUSED = psycopg.errors.InsufficientPrivilege
WITHOUT_CHANGES = {"audit_logs", "audit_heads", "auth_identity_keys", "erasures"}
"""Tables in which a worker may not even change or delete rows of the person it acts for."""


@pytest.fixture(scope="module")
def two_people(cluster: Cluster, template: str) -> Iterator[str]:
    """A database with everything of two people. What a test writes to it is rolled back."""
    with cluster.clone(template) as name:
        with psycopg.connect(cluster.admin_url(name)) as connection:
            insert_all(connection, ANA)
            insert_all(connection, BEN)
            insert(connection, "feature_flags", {"id": GROUP, "name": "a feature"})
            for kind, target in (("user", ANA.id), ("user", BEN.id), ("group", GROUP)):
                row = {"id": target, "flag_id": GROUP, "target_type": kind, "target_id": target}
                insert(connection, "flag_assignments", row | {"is_enabled": True})
        yield name


@pytest.fixture
def admin_url(cluster: Cluster, two_people: str) -> str:
    return cluster.admin_url(two_people)


@pytest.fixture
def database_url(cluster: Cluster, two_people: str) -> str:
    return cluster.app_url(two_people)


@pytest.fixture
def admin(admin_url: str) -> Iterator[Connection]:
    with psycopg.connect(admin_url, autocommit=True) as connection:
        yield connection


@contextmanager
def acting(url: str, role: Role, person: UUID | None = None) -> Iterator[Connection]:
    """One transaction of a worker that took `role`, for a person or for nobody."""
    with psycopg.connect(url, options=connect_options(role)) as connection:
        if person is not None:
            connection.execute(ACT_FOR, (person,))
        yield connection
        connection.rollback()


def rows(connection: Connection, statement: str, *values: Any) -> list[TupleRow]:
    return connection.execute(statement.encode(), values).fetchall()


# ---------------------------------------------------------------- what the catalogue says


def test_the_worker_has_a_policy_on_every_table_of_persons(admin: Connection) -> None:
    with_policy = rows(
        admin,
        "SELECT DISTINCT tablename FROM pg_policies WHERE schemaname = 'app'"
        " AND roles = ARRAY[%s::name] ORDER BY 1",
        Role.WORKER,
    )
    assert [name for (name,) in with_policy] == sorted([*tables_of_persons(), *PARTLY_OF_PERSONS])


def test_a_policy_compares_the_person_and_nothing_else(admin: Connection) -> None:
    policies = rows(
        admin,
        "SELECT roles::text[], cmd, qual, with_check FROM pg_policies WHERE schemaname = 'app'",
    )
    own = {
        None,
        "(user_id = app.current_user_id())",
        "(id = app.current_user_id())",
        "((target_type <> 'user'::text) OR (target_id = app.current_user_id()))",
        "((target_type = 'user'::text) AND (target_id = app.current_user_id()))",
    }
    for (role,), command, using, check in policies:
        reads_all = using == "true" and check is None and command == "SELECT"
        assert {using, check} <= own or (reads_all and role != Role.WORKER), (role, using, check)


def test_nobody_but_the_owner_may_touch_a_partition(admin: Connection) -> None:
    granted = rows(
        admin,
        "SELECT relname, grantee FROM pg_class, aclexplode(relacl) WHERE relispartition"
        " AND relnamespace = 'app'::regnamespace AND grantee <> relowner",
    )
    assert granted == []


def test_nothing_is_granted_to_everybody(admin: Connection) -> None:
    to_public = rows(
        admin,
        "SELECT relname FROM pg_class, aclexplode(relacl)"
        " WHERE relnamespace = 'app'::regnamespace AND grantee = 0"
        " UNION SELECT proname FROM pg_proc,"
        " aclexplode(coalesce(proacl, acldefault('f', proowner)))"
        " WHERE pronamespace = 'app'::regnamespace AND grantee = 0",
    )
    assert to_public == []


def test_everything_belongs_to_the_owner(admin: Connection) -> None:
    others = rows(
        admin,
        "SELECT relname FROM pg_class WHERE relnamespace = 'app'::regnamespace"
        " AND relowner <> %s::regrole UNION SELECT proname FROM pg_proc"
        " WHERE pronamespace = 'app'::regnamespace AND proowner <> %s::regrole",
        Role.OWNER,
        Role.OWNER,
    )
    assert others == []


def test_no_role_of_ours_can_go_round_row_security(admin: Connection) -> None:
    mighty = rows(
        admin,
        "SELECT rolname FROM pg_roles WHERE rolname LIKE 'evenkeel%%' AND rolname <> current_user"
        " AND (rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb OR rolreplication)",
    )
    assert mighty == []


def test_only_the_workers_login_can_log_in_and_it_inherits_nothing(admin: Connection) -> None:
    logins = rows(
        admin,
        "SELECT rolname, rolinherit FROM pg_roles WHERE rolname = ANY(%s) AND rolcanlogin",
        [LOGIN, *Role],
    )
    assert logins == [(LOGIN, False)]
    taken = rows(
        admin, "SELECT roleid::regrole::text FROM pg_auth_members WHERE member = %s::regrole", LOGIN
    )
    assert Role.OWNER not in {name for (name,) in taken}


def test_a_function_with_its_owners_rights_looks_names_up_in_one_place(admin: Connection) -> None:
    definers = rows(
        admin,
        "SELECT proname, proconfig FROM pg_proc WHERE pronamespace = 'app'::regnamespace"
        " AND prosecdef ORDER BY 1",
    )
    names, settings = zip(*definers, strict=True)
    assert names == ("drop_month", "make_partitions_ahead", "months_before")
    assert all("search_path=pg_catalog, pg_temp" in each for each in settings)


# ---------------------------------------------------------------- the worker


def test_the_examples_have_a_row_in_every_table_of_persons() -> None:
    assert sorted(ANA.rows()) == tables_of_persons()


def test_a_worker_sees_the_rows_of_the_person_it_acts_for(database_url: str) -> None:
    with acting(database_url, Role.WORKER, ANA.id) as worker:
        for table in tables_of_persons():
            person = "id" if table == "users" else "user_id"
            assert rows(worker, f"SELECT {person} FROM app.{table}") == [(ANA.id,)], table


def test_a_worker_that_acts_for_nobody_sees_nothing(database_url: str) -> None:
    with acting(database_url, Role.WORKER) as worker:
        for table in tables_of_persons():
            assert rows(worker, f"SELECT FROM app.{table}") == [], table


def test_a_switch_set_for_somebody_is_theirs_and_any_other_is_everybodys(
    database_url: str,
) -> None:
    read = "SELECT target_id FROM app.flag_assignments ORDER BY target_type DESC"
    with acting(database_url, Role.WORKER) as worker:
        assert rows(worker, read) == [(GROUP,)]
    with acting(database_url, Role.WORKER, ANA.id) as worker:
        assert rows(worker, read) == [(ANA.id,), (GROUP,)]
        gone = "DELETE FROM app.flag_assignments RETURNING target_id"
        assert rows(worker, gone) == [(ANA.id,)]


def test_who_a_worker_acts_for_is_forgotten_with_the_transaction(database_url: str) -> None:
    with acting(database_url, Role.WORKER, ANA.id) as worker:
        worker.commit()
        assert rows(worker, "SELECT FROM app.messages") == []


@pytest.mark.parametrize("table", tables_of_persons())
def test_a_worker_cannot_write_a_row_for_somebody_else(database_url: str, table: str) -> None:
    stranger = Example(form_id=ANA.form_id)
    row = stranger.rows()[table] | ({} if table == "users" else {"user_id": BEN.id})
    with acting(database_url, Role.WORKER, ANA.id) as worker, pytest.raises(REFUSED):
        insert(worker, table, row)


def test_a_worker_cannot_change_or_delete_what_is_somebody_elses(database_url: str) -> None:
    for table in set(tables_of_persons()) - WITHOUT_CHANGES:
        person = "id" if table == "users" else "user_id"
        with acting(database_url, Role.WORKER, ANA.id) as worker:
            change = f"UPDATE app.{table} SET {person} = {person} WHERE {person} = %s RETURNING 1"
            assert rows(worker, change, BEN.id) == [], table
            assert (
                rows(worker, f"DELETE FROM app.{table} WHERE {person} = %s RETURNING 1", BEN.id)
                == []
            )


def test_a_row_cannot_be_given_to_somebody_else(database_url: str) -> None:
    with acting(database_url, Role.WORKER, ANA.id) as worker, pytest.raises(REFUSED):
        worker.execute("UPDATE app.goals SET user_id = %s", (BEN.id,))


@pytest.mark.parametrize("role", [Role.WORKER, Role.AUDITOR])
@pytest.mark.parametrize("statement", ["DELETE FROM app.audit_heads", "DELETE FROM app.erasures"])
def test_the_end_of_a_chain_and_the_proof_of_an_erasure_are_never_deleted(
    admin_url: str, role: Role, statement: str
) -> None:
    with acting(admin_url, role, ANA.id) as connection, pytest.raises(REFUSED):
        connection.execute(statement.encode())


@pytest.mark.parametrize("role", [Role.WORKER, Role.AUDITOR])
@pytest.mark.parametrize(
    "statement", ["UPDATE app.audit_logs SET action = 'x'", "DELETE FROM app.audit_logs"]
)
def test_the_audit_log_is_only_added_to(admin_url: str, role: Role, statement: str) -> None:
    with acting(admin_url, role, ANA.id) as connection, pytest.raises(REFUSED):
        connection.execute(statement.encode())


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE app.mine ()",
        "ALTER TABLE app.messages DISABLE ROW LEVEL SECURITY",
        "TRUNCATE app.messages",
        "UPDATE app.assessments SET name = 'x'",
        "SELECT app.make_partitions_ahead(1)",
        "SELECT app.ensure_month_partitions('app.messages', now()::date, 1)",
        "SET session_replication_role = replica",
    ],
)
def test_a_worker_cannot_change_the_rules(database_url: str, statement: str) -> None:
    with acting(database_url, Role.WORKER, ANA.id) as worker, pytest.raises(REFUSED):
        worker.execute(statement.encode())


def test_a_workers_login_can_become_neither_owner_nor_auditor(database_url: str) -> None:
    with psycopg.connect(database_url) as login:
        if login.info.user != LOGIN:
            login.execute(f"SET SESSION AUTHORIZATION {LOGIN}".encode())
        for role in (Role.OWNER, Role.AUDITOR):
            with login.transaction(force_rollback=True), pytest.raises(REFUSED):
                login.execute(f"SET ROLE {role}".encode())


def test_a_workers_login_without_a_role_may_nothing(database_url: str) -> None:
    with psycopg.connect(database_url) as login:
        login.execute(f"SET SESSION AUTHORIZATION {LOGIN}".encode())
        with pytest.raises(REFUSED):
            login.execute("SELECT FROM app.users")


# ---------------------------------------------------------------- the others


def test_sign_in_finds_whose_an_identity_is(database_url: str) -> None:
    with acting(database_url, Role.SIGN_IN) as sign_in:
        found = rows(
            sign_in,
            "SELECT user_id, is_active FROM app.auth_identity_keys JOIN app.users ON id = user_id"
            " WHERE provider = 'console' AND provider_id = %s",
            BEN.id.bytes,
        )
    assert found == [(BEN.id, True)]


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT content FROM app.messages",
        "SELECT state FROM app.conversations",
        "SELECT provider_data FROM app.auth_identities",
        "SELECT email FROM app.users",
        "UPDATE app.users SET is_active = false",
        "DELETE FROM app.auth_identity_keys",
        "SELECT FROM app.audit_logs",
    ],
)
def test_sign_in_sees_no_content_and_changes_nothing(database_url: str, statement: str) -> None:
    with acting(database_url, Role.SIGN_IN, ANA.id) as sign_in, pytest.raises(REFUSED):
        sign_in.execute(statement.encode())


SIGNED_UP = ("users", "auth_identity_keys", "auth_identities", "profiles", "conversations")


def test_sign_in_signs_up_the_person_it_acts_for(database_url: str) -> None:
    new = Example().rows()
    person = new["users"]["id"]
    new["users"].pop("email")
    with acting(database_url, Role.SIGN_IN, person) as sign_in:
        for table in SIGNED_UP:
            insert(sign_in, table, new[table])
        assert rows(sign_in, "SELECT id, status FROM app.conversations") == [(person, "active")]


@pytest.mark.parametrize("table", SIGNED_UP)
def test_sign_in_signs_up_nobody_else(database_url: str, table: str) -> None:
    row = Example().rows()[table] | ({} if table == "users" else {"user_id": BEN.id})
    row.pop("email", None)
    with acting(database_url, Role.SIGN_IN, ANA.id) as sign_in, pytest.raises(REFUSED):
        insert(sign_in, table, row)


def test_the_dispatcher_sees_what_is_due_for_everybody(database_url: str) -> None:
    both = sorted([(ANA.id,), (BEN.id,)])
    due = (
        "SELECT user_id FROM app.inbox WHERE done_at IS NULL AND received_at <= clock_timestamp()",
        "SELECT user_id FROM app.outbox WHERE state = 'queued' AND due_at <= now()",
        "SELECT user_id FROM app.escalations WHERE state = 'open' AND due_at <= now()",
        "SELECT user_id FROM app.conversations WHERE lease_until < now()",
    )
    with acting(database_url, Role.DISPATCHER) as dispatcher:
        for statement in due:
            assert sorted(rows(dispatcher, statement)) == both, statement


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT entry FROM app.inbox",
        "SELECT payload FROM app.outbox",
        "SELECT platform_ref FROM app.outbox",
        "SELECT state FROM app.conversations",
        "SELECT FROM app.messages",
        "SELECT email FROM app.users",
        "SELECT consent_text FROM app.consents",
        "SELECT prompt_data FROM app.ai_runs",
        "SELECT event_data FROM app.safety_events",
        "SELECT flag_type FROM app.crisis_flags",
        "SELECT address FROM app.erasures",
        "UPDATE app.outbox SET state = 'sent'",
        "DELETE FROM app.inbox",
    ],
)
def test_the_dispatcher_sees_no_content_and_changes_nothing(
    database_url: str, statement: str
) -> None:
    with acting(database_url, Role.DISPATCHER, ANA.id) as dispatcher, pytest.raises(REFUSED):
        dispatcher.execute(statement.encode())


def test_a_counselor_sees_who_needs_help_and_not_what_they_said(database_url: str) -> None:
    with acting(database_url, Role.COUNSELOR) as counselor:
        seen = rows(
            counselor,
            "SELECT alias, e.priority, severity, event_type FROM app.escalations e"
            " JOIN app.crisis_flags f ON f.user_id = e.user_id AND f.id = e.flag_id"
            " JOIN app.safety_events s ON s.user_id = f.user_id AND s.id = f.safety_event_id",
        )
        assert seen == [("quiet-river", "urgent", "high", "suicide")] * 2
        for hidden in ("event_data FROM app.safety_events", "content FROM app.messages"):
            with pytest.raises(REFUSED), counselor.transaction():
                counselor.execute(f"SELECT {hidden}".encode())


def test_an_auditor_sees_the_audit_log_and_nothing_else(admin_url: str) -> None:
    with acting(admin_url, Role.AUDITOR) as auditor:
        assert len(rows(auditor, "SELECT FROM app.audit_logs")) == 2
        assert len(rows(auditor, "SELECT FROM app.audit_heads")) == 2
        assert len(rows(auditor, "SELECT reason, receipt FROM app.erasures")) == 2
        for table in set(tables_of_persons()) - {"audit_logs", "audit_heads"}:
            with pytest.raises(REFUSED), auditor.transaction():
                auditor.execute(f"TABLE app.{table}".encode())


def test_the_owner_sees_no_persons_rows(admin_url: str) -> None:
    with acting(admin_url, Role.OWNER, ANA.id) as owner:
        for table in tables_of_persons():
            assert rows(owner, f"SELECT FROM app.{table}") == [], table


def test_a_system_event_is_written_by_a_worker_acting_for_the_system(database_url: str) -> None:
    event = Example().rows()["audit_logs"] | {"user_id": SYSTEM_USER}
    with acting(database_url, Role.WORKER, SYSTEM_USER) as worker:
        insert(worker, "audit_logs", event)
        assert rows(worker, "SELECT id FROM app.audit_logs") == [(event["id"],)]
