"""What the hot path reads does not grow with what a person has said and been sent before."""

from __future__ import annotations

import re
from collections.abc import Iterator

import psycopg
import pytest

from storage.proving import crowd
from storage.proving.ground import Ground, Trial
from storage.proving.turn import Ids, Statement
from storage.row_security import ACT_FOR, Role, connect_options
from tests.databases import Cluster

MANY = 10_000
MOST_PAGES = 150
TALKATIVE = crowd.person_id(crowd.stem(), 0)

_GROWN = """
WITH made AS (
  SELECT i, (lpad(to_hex(CAST(extract(epoch FROM now()) * 1000 AS bigint) - i * 1000), 12, '0')
             || '70009' || substr(md5(i::text), 1, 15))::uuid AS id
  FROM generate_series(1, %(many)s) AS i),
message AS (
  INSERT INTO app.messages (id, user_id, conversation_id, role, content, created_at)
  SELECT id, %(who)s, %(who)s, CASE i %% 2 WHEN 0 THEN 'user' ELSE 'assistant' END, 'sealed',
         app.uuid7_ts(id)
  FROM made),
reply AS (
  INSERT INTO app.outbox (id, user_id, conversation_id, seq, class, platform, payload, state)
  SELECT id, %(who)s, %(who)s, 1000 + i, 'normal', 'console', 'sealed', 'sent' FROM made),
mood AS (
  INSERT INTO app.mood_entries (id, user_id, mood_score, entry_timestamp)
  SELECT id, %(who)s, 5, app.uuid7_ts(id) FROM made),
page AS (
  INSERT INTO app.journal_entries (id, user_id, content, entry_date)
  SELECT id, %(who)s, 'sealed', app.uuid7_ts(id) FROM made)
UPDATE app.conversations SET out_seq = 1000 + %(many)s WHERE user_id = %(who)s
"""


@pytest.fixture(scope="module")
def grown(cluster: Cluster) -> Iterator[Trial]:
    """Somebody with thousands of rows beside a few others with a hundred."""
    land = Ground(admin_url=cluster.admin, app_url=cluster.app)
    with land.database(hash_partitions=2) as trial:
        stem = str(TALKATIVE).replace("-", "")[:14]
        crowd.sign_up(trial, stem, 50)
        crowd.load_history(trial, stem, 50, 5_000)
        trial.run(_GROWN, {"who": TALKATIVE, "many": MANY})
        trial.settle()
        yield trial


def _statements() -> dict[str, Statement]:
    """In the order of a turn, and those of a sweep that catches up."""
    ids = Ids.fresh(TALKATIVE)
    sweep = {"platforms": ["console"], "send_seconds": 30.0}
    return {
        "glance": ids.statement("conversations", "glance", most=4),
        "take_in": ids.statement("hot", "take_in"),
        "load": ids.statement("conversations", "load", epoch=1),
        "messages": ids.statement("facts", "messages"),
        "moods": ids.statement("facts", "moods"),
        "journal": ids.statement("facts", "journal"),
        "turn_commit": ids.statement("hot", "turn_commit", epoch=1),
        "sent": ids.statement("outbox", "sent"),
        "give_up_lost": ids.statement("outbox", "give_up_lost"),
        "take": ids.statement("outbox", "take", **sweep),
        "oldest_undone": ids.statement("inbox", "oldest_undone"),
    }


def test_a_turn_of_a_talkative_person_reads_a_few_pages(grown: Trial) -> None:
    options = connect_options(Role.WORKER)
    with psycopg.connect(grown.app_url, options=options, autocommit=True) as worker:
        for name, (statement, parameters) in _statements().items():
            with worker.transaction():
                worker.execute(ACT_FOR, (TALKATIVE,))
                explained = worker.execute(
                    f"EXPLAIN (ANALYZE, BUFFERS, COSTS OFF, TIMING OFF) {statement}",
                    parameters,
                    prepare=True,
                )
                plan = "\n".join(line for (line,) in explained)
            assert _pages(plan) < MOST_PAGES, f"{name}\n{plan}"
            grows = r"Seq Scan on (messages|outbox|mood_entries|journal_entries)\w*[^\n]*actual"
            assert not re.search(grows, plan), f"{name}\n{plan}"


def _pages(plan: str) -> int:
    """What the whole statement touched: the first line of a plan that tells of buffers."""
    told = re.search(r"Buffers: shared((?: \w+=\d+)+)", plan)
    assert told is not None
    touched = re.findall(r"(?:hit|read)=(\d+)", told[1])
    return sum(int(number) for number in touched)
