"""The peer's script is the worker's statements, whatever they become."""

from __future__ import annotations

import re

import pytest

from bot.bench.pgbench import script, variables
from storage.proving.turn import CONSTANT, HOT, MARK
from storage.statements import statement

_VARIABLE = re.compile(r"(?<!:):(\w+)")
_COUNTED = {"stem", "person", "message", "said", "epoch"}


def _sql_of(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.startswith(("WITH", "UPDATE"))]


def _without_parameters(sql: str) -> str:
    """What stays of a statement when whatever stands for a parameter is taken out."""
    sql = re.sub(r"ARRAY\[\(:stem::text \|\| :\w+::text\)::uuid\]", "?", sql)
    sql = re.sub(r"\(:stem::text \|\| :\w+::text\)::uuid", "?", sql)
    sql = re.sub(r"%\(\w+\)s", "?", sql)
    return _VARIABLE.sub("?", sql).replace("app.uuid7_ts(NULL)", "?").rstrip(";")


@pytest.mark.parametrize("marked", [False, True])
def test_pgbench_runs_the_text_of_the_workers_statements(*, marked: bool) -> None:
    expected = [statement(*name) for name in ((*HOT, MARK) if marked else HOT)]
    # a parameter that is null has no variable: it is written out
    ours = [sql.replace("%(originals)s, app", "NULL, app") for sql in expected[:1]] + expected[1:]
    assert [_without_parameters(sql) for sql in _sql_of(script(marked=marked))] == [
        _without_parameters(sql) for sql in ours
    ]


def test_every_variable_of_the_script_is_given() -> None:
    sql = " ".join(_sql_of(script(marked=True)))
    assert set(_VARIABLE.findall(sql)) == set(variables()) | _COUNTED


def test_each_statement_is_a_transaction_that_says_whom_it_acts_for() -> None:
    lines = script(marked=True).splitlines()
    begun = [place for place, line in enumerate(lines) if line == "\\startpipeline"]
    assert len(begun) == 3
    for place in begun:
        assert lines[place + 1].startswith("SELECT set_config('app.user_id', ((:stem")
        assert lines[place + 3] == "\\endpipeline"


def test_values_are_written_as_postgresql_reads_them() -> None:
    written = variables()
    assert written["take_in_entry"] == "\\x" + CONSTANT["take_in"]["entry"].hex()
    assert written["take_in_event_ids"] == "{}"
    assert written["turn_commit_roles"] == '{"assistant"}'
    assert written["turn_commit_originals"] == "{NULL}"
    assert written["turn_commit_payloads"].startswith('{"\\\\x')
    assert "take_in_originals" not in written
