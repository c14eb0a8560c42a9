"""The SQL files: found, short enough to stay fast, and never about everybody by accident."""

from __future__ import annotations

from pathlib import Path

import pytest

import storage
from storage.compiled import (
    insert_into,
    merge_preferences,
    message_if_missing,
    update_attempt,
)
from storage.statements import statement, statements

FOLDER = Path(storage.__file__).parent
FILES = sorted(path.stem for path in FOLDER.glob("*.sql"))
ALL = [(file, name) for file in FILES for name in statements(file)]

ABOUT_EVERYBODY = {
    ("audit", "chains"),
    ("audit", "chains_among"),
    ("audit", "chains_by_lot"),
    ("erasure", "all_erased"),
    ("erasure", "due"),
    ("erasure", "forget_spent"),
    ("erasure", "patience"),
    ("erasure", "restored"),
    ("erasure", "unagreed"),
    ("escalations", "due"),
    ("escalations", "open_flags"),
    ("inbox", "due_conversations"),
    ("inbox", "people_with_done"),
    ("keys", "longest_known_person"),
    ("misread", "people"),
    ("outbox", "counts"),
    ("outbox", "due_conversations"),
    ("people", "find"),
    ("people", "spent"),
    ("retention", "drop_month"),
    ("retention", "months"),
    ("retention", "people_with_children"),
    ("retention", "people_with_old_runs"),
    ("retention", "people_with_settled"),
    *(("settle", name) for name in statements("settle")),
}
"""What the dispatcher and the sign-in role run, without content, and an administrator after a
restore."""


def test_the_two_hot_statements_are_where_they_are_looked_for() -> None:
    assert set(statements("hot")) == {"take_in", "turn_commit"}


@pytest.mark.parametrize(("file", "name"), ALL)
def test_a_statement_is_one_that_psycopg_remembers_and_has_no_comment(file: str, name: str) -> None:
    sql = statement(file, name)
    assert len(sql) <= 4096
    assert sql.count("%(") <= 50
    assert "--" not in sql
    assert ";" not in sql


@pytest.mark.parametrize(("file", "name"), ALL)
def test_a_statement_names_the_person_unless_it_is_the_dispatchers(file: str, name: str) -> None:
    assert ("%(user_id)s" in statement(file, name)) != ((file, name) in ABOUT_EVERYBODY)


@pytest.mark.parametrize(("file", "name"), ALL)
def test_nothing_notifies(file: str, name: str) -> None:
    assert "notify" not in statement(file, name).lower()


def test_statements_made_of_the_models_take_parameters_by_name_alone() -> None:
    made = [
        insert_into("mood_entries", ("id", "user_id", "mood_score", "entry_timestamp")),
        message_if_missing(),
        merge_preferences(),
        update_attempt("responses"),
        update_attempt("status", "completed_at"),
    ]
    names = {part.split(")s")[0] for sql in made for part in sql.split("%(")[1:]}
    assert names <= {
        *(
            "id",
            "user_id",
            "mood_score",
            "entry_timestamp",
            "message_id",
            "conversation_id",
            "role",
            "content",
        ),
        *("of_user", "of_id", "changes", "responses", "status", "completed_at"),
    }
    assert not any("RETURNING" in sql for sql in made)
