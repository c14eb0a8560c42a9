"""What PostgreSQL's refusals mean to an operator."""

from __future__ import annotations

import psycopg
import psycopg_pool
import pytest
from psycopg import errors

from storage.errors import (
    FencedError,
    StorageConfigurationError,
    StorageError,
    StorageUnavailableError,
)
from storage.translation import translated


def meaning(exc: Exception) -> StorageError:
    with pytest.raises(StorageError) as raised, translated():
        raise exc
    return raised.value


@pytest.mark.parametrize(
    ("words", "advice"),
    [
        ('FATAL:  password authentication failed for user "kim"', "Check DATABASE_URL"),
        ("fe_sendauth: no password supplied", "Check DATABASE_URL"),
        ('FATAL:  no pg_hba.conf entry for host "10.0.0.1", user "kim"', "pg_hba.conf"),
        ('FATAL:  Peer authentication failed for user "kim"', "pg_hba.conf"),
        ('FATAL:  role "kim" is not permitted to log in', "pg_hba.conf"),
        ('FATAL:  role "evenkeel_worker" does not exist', "evenkeel migrate"),
        ('FATAL:  database "evenkeel" does not exist', "Create it or correct the name"),
        ('FATAL:  permission denied to set role "evenkeel_worker"', "member of evenkeel_worker"),
        ('FATAL:  permission denied for database "evenkeel"', "administrator"),
    ],
)
def test_a_refused_connection_is_a_matter_of_configuration(words: str, advice: str) -> None:
    found = meaning(psycopg.OperationalError(f"connection failed: {words}"))
    assert isinstance(found, StorageConfigurationError)
    assert advice in str(found)
    assert "kim" not in str(found)


@pytest.mark.parametrize(
    "exc",
    [
        psycopg.OperationalError("connection refused"),
        psycopg.OperationalError("consuming input failed: server closed the connection"),
        psycopg.InterfaceError("the connection is closed"),
        psycopg.errors.ConnectionTimeout("connection timeout expired"),
        psycopg_pool.PoolTimeout("no connection after 5 s"),
        psycopg_pool.PoolClosed("closed"),
        errors.AdminShutdown("terminating connection"),
        errors.CannotConnectNow("starting up"),
        errors.CrashShutdown("crash"),
        errors.DeadlockDetected("deadlock"),
        errors.DiskFull("full"),
        errors.LockNotAvailable("lock"),
        errors.QueryCanceled("timeout"),
        errors.ReadOnlySqlTransaction("standby"),
        errors.SerializationFailure("serialize"),
        errors.TooManyConnections("too many"),
    ],
    ids=lambda exc: type(exc).__name__,
)
def test_what_may_pass_is_unavailability(exc: Exception) -> None:
    assert isinstance(meaning(exc), StorageUnavailableError)


@pytest.mark.parametrize(
    "exc",
    [
        errors.UndefinedTable("x"),
        errors.UndefinedColumn("x"),
        errors.UndefinedFunction("x"),
        errors.InvalidSchemaName("x"),
        errors.InsufficientPrivilege("x"),
    ],
    ids=lambda exc: type(exc).__name__,
)
def test_what_is_missing_in_the_database_asks_for_a_migration(exc: Exception) -> None:
    found = meaning(exc)
    assert isinstance(found, StorageConfigurationError)
    assert "evenkeel migrate" in str(found)


class _Fenced(errors.RaiseException, code="EK001"):
    pass


def test_a_lost_lease_is_told_apart_from_every_other_error() -> None:
    assert type(meaning(_Fenced("another worker"))) is FencedError
    assert type(meaning(errors.RaiseException("something else"))) is StorageError


def test_a_defect_is_told_by_its_code_and_not_by_the_servers_words() -> None:
    found = meaning(errors.NotNullViolation("Failing row contains (canary)"))
    assert type(found) is StorageError
    assert str(found) == "The database refused a statement: SQLSTATE 23502."
    assert (found.__cause__, found.__suppress_context__) == (None, True)


def test_errors_of_our_own_pass_as_they_are() -> None:
    with pytest.raises(KeyError), translated():
        raise KeyError
