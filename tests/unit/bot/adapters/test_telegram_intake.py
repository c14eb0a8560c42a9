from __future__ import annotations

import asyncio
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.adapters.telegram_intake import Intake, Progress
from bot.adapters.telegram_updates import BotAccount
from bot.updates import Said, Update
from storage.errors import StorageUnavailableError

BOT = BotAccount(id="81234", username="evenkeel_test_bot")

ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)


def nearly(**fields: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """An object with these fields, some missing and some replaced by any JSON at all."""
    spoilt = {name: value | ANY_JSON for name, value in fields.items()}
    return st.fixed_dictionaries({}, optional=spoilt)


IDS = st.integers(min_value=1, max_value=9)
PERSON = nearly(id=IDS, is_bot=st.booleans(), language_code=st.text())
CHAT = nearly(id=IDS, type=st.sampled_from(["private", "group", "channel"]))
WORDS = st.text(st.characters(codec=None)) | st.just("/mood@evenkeel_test_bot 7")
MESSAGE = nearly(
    **{"message_id": IDS, "from": PERSON, "chat": CHAT, "text": WORDS, "photo": ANY_JSON}
)
QUERY = nearly(**{"id": st.text(), "from": PERSON, "message": MESSAGE, "data": st.text()})
UPDATE = nearly(update_id=IDS, message=MESSAGE, callback_query=QUERY, edited_message=MESSAGE)


class Engine:
    def __init__(self, unavailable_for: str | None = None) -> None:
        self.unavailable_for = unavailable_for
        self.taken: list[Update] = []

    async def receive(self, update: Update) -> asyncio.Task[None]:
        await asyncio.sleep(0)
        if update.identity.subject == self.unavailable_for:
            raise StorageUnavailableError
        self.taken.append(update)
        return asyncio.create_task(asyncio.sleep(0))


def intake_for(engine: Engine, answered: list[str] | None = None) -> Intake:
    working: set[asyncio.Future[None]] = set()

    async def answer_query(query: str) -> None:
        if answered is not None:
            answered.append(query)

    return Intake(
        engine.receive, bot=BOT, ignored_chat=None, answer_query=answer_query, keep=working.add
    )


def said(number: int, person: int, text: str) -> dict[str, Any]:
    return {
        "update_id": number,
        "message": {
            "message_id": number,
            "from": {"id": person},
            "chat": {"id": person, "type": "private"},
            "text": text,
        },
    }


def words_of(engine: Engine) -> list[object]:
    return [each.content.text for each in engine.taken if isinstance(each.content, Said)]


@settings(suppress_health_check=[HealthCheck.too_slow], max_examples=200)
@given(st.lists(UPDATE | ANY_JSON, max_size=4))
def test_no_update_however_wrong_stops_the_ones_after_it(wrong: list[object]) -> None:
    async def scenario() -> None:
        engine = Engine()
        progress = await intake_for(engine).take_in([*wrong, said(10, 7, "the last one")])
        assert "the last one" in words_of(engine)
        assert progress.complete
        assert progress.offset is not None
        assert progress.offset > 10

    asyncio.run(scenario())


async def test_the_offset_stays_at_the_first_update_that_was_not_stored() -> None:
    engine = Engine(unavailable_for="7")
    batch = [said(1, 8, "a"), said(2, 7, "b"), said(3, 8, "c"), said(4, 7, "d")]
    progress = await intake_for(engine).take_in(batch)
    assert progress == Progress(offset=2, complete=False)
    assert words_of(engine) == ["a", "c"]


async def test_a_batch_that_comes_again_brings_each_update_to_the_engine_once() -> None:
    engine = Engine(unavailable_for="7")
    intake = intake_for(engine)
    batch: list[object] = [said(1, 7, "a"), said(2, 8, "b"), {"update_id": 3, "message": 0}]
    await intake.take_in(batch)
    engine.unavailable_for = None
    assert await intake.take_in(batch) == Progress(offset=4, complete=True)
    assert words_of(engine) == ["b", "a"]
    assert intake.parked == 1


async def test_once_a_batch_is_done_a_redelivery_is_the_engines_to_recognise() -> None:
    engine = Engine()
    intake = intake_for(engine)
    for _ in range(2):
        await intake.take_in([said(1, 7, "a")])
    assert words_of(engine) == ["a", "a"]


async def test_a_press_that_could_not_be_stored_keeps_spinning_until_it_is() -> None:
    engine = Engine(unavailable_for="7")
    answered: list[str] = []
    intake = intake_for(engine, answered)
    batch = [{"update_id": 1, "callback_query": {"id": "q", "from": {"id": 7}, "data": "x"}}]
    await intake.take_in(batch)
    await asyncio.sleep(0)
    assert answered == []
    engine.unavailable_for = None
    await intake.take_in(batch)
    await asyncio.sleep(0)
    assert answered == ["q"]


async def test_nothing_new_confirms_nothing() -> None:
    assert await intake_for(Engine()).take_in([]) == Progress(offset=None, complete=True)


async def test_updates_without_a_number_are_not_taken_for_progress() -> None:
    progress = await intake_for(Engine()).take_in([{"message": {}}, None])
    assert progress == Progress(offset=None, complete=False)


async def test_numbers_that_begin_anew_after_a_quiet_week_are_followed() -> None:
    intake = intake_for(Engine())
    await intake.take_in([said(900, 7, "before")])
    assert await intake.take_in([said(12, 7, "after")]) == Progress(offset=13, complete=True)
