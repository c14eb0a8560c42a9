"""People to measure with, and years of their history, made by the server itself.

Ids end in digits that count, so that pgbench, which knows numbers only, can name them too.
Sealed columns hold bytes that look sealed: as long as real ones, and as hard to compress.
"""

from __future__ import annotations

import time
from typing import Final
from uuid import UUID

from storage.proving.ground import Trial

FIRST_PERSON: Final = 10**17
MONTHS: Final = 12


def stem() -> str:
    """The first 14 hex digits of ids that are made now; 18 decimal digits make them whole."""
    return f"{int(time.time() * 1000):012x}70"


def person_id(stem: str, number: int) -> UUID:
    return UUID(f"{stem}{FIRST_PERSON + number}")


def people(stem: str, count: int) -> list[UUID]:
    return [person_id(stem, number) for number in range(count)]


def sign_up(trial: Trial, stem: str, people: int) -> None:
    trial.run(_PEOPLE, {"stem": stem, "people": people})


def load_history(trial: Trial, stem: str, people: int, messages: int) -> None:
    """`messages` in all, evenly over the last year, every other one the bot's with its outbox
    row; and of everybody ten moods, five pages of journal and two entries of the inbox."""
    common = {"stem": stem, "people": people}
    trial.run(_MONTHS, {"months": MONTHS + 2})
    trial.run(_MESSAGES, common | {"each": messages // people})
    trial.run(_OUTBOX)
    trial.run(_NUMBERED)
    for history in (_MOODS, _JOURNAL, _INBOX):
        trial.run(history, common)


_PEOPLE: Final = """
WITH crowd AS (
  SELECT (%(stem)s || (100000000000000000 + n)::text)::uuid AS id
  FROM generate_series(0, %(people)s - 1) AS n),
person AS (INSERT INTO app.users (id) SELECT id FROM crowd),
talk AS (INSERT INTO app.conversations (id, user_id) SELECT id, id FROM crowd),
profile AS (
  INSERT INTO app.profiles (id, user_id, preferences)
  SELECT id, id, '{"locale": "en", "region": "US"}' FROM crowd)
INSERT INTO app.consents (id, user_id, consent_type, version, consent_text, granted)
SELECT gen_random_uuid(), id, type, 1, 'what the person was shown', true
FROM crowd, unnest(ARRAY['service', 'ai_chat', 'check_ins']) AS type
"""

_MONTHS: Final = """
SELECT app.ensure_month_partitions(parent::regclass, first_month, %(months)s)
FROM unnest(ARRAY['app.messages', 'app.mood_entries']) AS parent,
     CAST(now() AT TIME ZONE 'UTC' - interval '12 months' AS date) AS first_month
"""

_MESSAGES: Final = """
INSERT INTO app.messages (id, user_id, conversation_id, role, content, created_at)
SELECT m.id, m.person, m.person, CASE m.i %% 2 WHEN 0 THEN 'user' ELSE 'assistant' END,
       substr(sha512(m.word) || sha512(m.word || 'b') || sha512(m.word || 'c') || m.word,
              1, 80 + m.n %% 110),
       app.uuid7_ts(m.id)
FROM (SELECT i, n, word,
             (%(stem)s || (100000000000000000 + n)::text)::uuid AS person,
             (lpad(to_hex(began + i * (31536000000 / %(each)s) + n), 12, '0')
              || '70008' || substr(encode(sha224(word), 'hex'), 1, 15))::uuid AS id
      FROM (SELECT CAST(extract(epoch FROM now()) * 1000 AS bigint) - 31540000000) AS a (began),
           generate_series(0, %(each)s - 1) AS i,
           generate_series(0, %(people)s - 1) AS n,
           convert_to(i || ':' || n, 'UTF8') AS word) AS m
"""

_OUTBOX: Final = """
INSERT INTO app.outbox (id, user_id, conversation_id, seq, message_id, class, platform, payload,
                        state, attempts, due_at, sent_at, created_at)
SELECT id, user_id, conversation_id, row_number() OVER (PARTITION BY user_id ORDER BY id), id,
       'normal', 'console', content || content || sha512(content) || sha512(content || 'b'),
       'sent', 1, created_at, created_at, created_at
FROM app.messages WHERE role = 'assistant'
"""

_NUMBERED: Final = """
UPDATE app.conversations c SET out_seq = sent.seq
FROM (SELECT user_id, max(seq) AS seq FROM app.outbox GROUP BY user_id) AS sent
WHERE c.user_id = sent.user_id
"""

_MOODS: Final = """
INSERT INTO app.mood_entries (id, user_id, mood_score, context_data, entry_timestamp)
SELECT gen_random_uuid(), (%(stem)s || (100000000000000000 + n)::text)::uuid, 1 + (n + i) %% 10,
       sha512(convert_to(i || ':' || n, 'UTF8')), now() - make_interval(days => 30 * i)
FROM generate_series(1, 10) AS i, generate_series(0, %(people)s - 1) AS n
"""

_JOURNAL: Final = """
INSERT INTO app.journal_entries (id, user_id, content, entry_date)
SELECT gen_random_uuid(), (%(stem)s || (100000000000000000 + n)::text)::uuid,
       sha512(convert_to(i || ':' || n, 'UTF8')) || sha512(convert_to(n::text, 'UTF8')),
       now() - make_interval(days => 60 * i)
FROM generate_series(1, 5) AS i, generate_series(0, %(people)s - 1) AS n
"""

_INBOX: Final = """
INSERT INTO app.inbox (user_id, key, conversation_id, message_id, kind, entry, received_at, done_at)
SELECT person, sha256(word), person, gen_random_uuid(), 'said',
       sha512(word) || sha512(word || 'b') || sha512(word || 'c') || sha512(word || 'd'),
       now() - make_interval(hours => 20 * i), now() - make_interval(hours => 20 * i)
FROM generate_series(1, 2) AS i, generate_series(0, %(people)s - 1) AS n,
     convert_to(i || ':' || n, 'UTF8') AS word,
     CAST(%(stem)s || (100000000000000000 + n)::text AS uuid) AS person
"""
