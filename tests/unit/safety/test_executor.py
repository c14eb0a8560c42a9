"""The pool of screening processes, over real processes. Most of them run without models; what
only the real one can show is tested with it."""

from __future__ import annotations

import asyncio
import os
import select
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from safety.errors import SafetyError
from safety.executor import ScreeningPool
from safety.replies.verdict import Exchange, Reason, Verdict
from safety.text import Context, Domain, Severity

WITHOUT_MODELS = "tests.unit.safety.screening_child"
ROOT = Path(__file__).parents[3]

PARENT = """
import asyncio, sys
from safety.executor import ScreeningPool
from safety.text import Context

async def main(text):
    pool = ScreeningPool(seconds=60, module={module!r})
    await pool.start()
    first = await pool.screen("who", Context())
    print(first.text.masked, flush=True)
    await pool.screen(text, Context())

asyncio.run(main(sys.argv[1]))
"""


@asynccontextmanager
async def running(*, seconds: float = 30.0, workers: int = 1) -> AsyncIterator[ScreeningPool]:
    pool = ScreeningPool(seconds=seconds, workers=workers, module=WITHOUT_MODELS)
    await pool.start()
    try:
        yield pool
    finally:
        await pool.close()


async def answer(pool: ScreeningPool, text: str = "who") -> str:
    screening = await pool.screen(text, Context())
    assert screening.text is not None
    return screening.text.masked


def wait_until_gone(pid: int) -> bool:
    """Whether a process that is not our child ends within a generous time."""
    try:
        descriptor = os.pidfd_open(pid)
    except ProcessLookupError:
        return True
    try:
        return bool(select.select([descriptor], [], [], 30)[0])
    finally:
        os.close(descriptor)


async def test_texts_are_answered_by_one_warm_process() -> None:
    async with running() as pool:
        first = await answer(pool)
        assert await answer(pool) == first
        assert int(first) != os.getpid()


async def test_a_text_that_takes_too_long_fails_and_costs_its_process_its_life() -> None:
    async with running(seconds=1.0) as pool:
        before = await answer(pool)

        screening = await pool.screen("hang", Context())

        assert screening.failed
        assert screening.risk.severity is Severity.MEDIUM
        assert screening.risk.reasons == ("screening took too long",)
        assert await answer(pool) != before
        assert wait_until_gone(int(before))


async def test_a_process_that_is_deaf_to_everything_is_killed_as_well() -> None:
    async with running(seconds=1.0) as pool:
        assert (await pool.screen("spin", Context())).failed


async def test_a_text_whose_process_crashed_is_tried_once_more(tmp_path: Path) -> None:
    async with running() as pool:
        assert await answer(pool, f"crash once {tmp_path / 'marker'}")


async def test_a_text_that_crashes_two_processes_fails_and_others_go_on() -> None:
    async with running() as pool:
        screening = await pool.screen("crash", Context())

        assert screening.failed
        assert screening.risk.reasons == ("screening failed",)
        assert await answer(pool)


async def test_a_process_that_died_while_idle_is_not_noticed_by_the_next_text() -> None:
    async with running() as pool:
        before = int(await answer(pool))
        os.kill(before, signal.SIGKILL)

        assert await answer(pool) != str(before)


async def test_a_slow_text_does_not_stall_the_others_when_there_are_two_processes() -> None:
    async with running(workers=2) as pool:
        slow = asyncio.create_task(pool.screen("hang", Context()))
        await asyncio.sleep(0)

        assert await answer(pool)
        assert not slow.done()

    assert (await slow).failed


async def test_texts_are_answered_in_the_order_in_which_they_came() -> None:
    async with running() as pool:
        order: list[int] = []

        async def ask(number: int) -> None:
            await pool.screen("who", Context())
            order.append(number)

        await asyncio.gather(*(ask(number) for number in range(20)))

        assert order == list(range(20))


async def test_a_text_whose_asker_gave_up_does_not_answer_the_next_one() -> None:
    async with running() as pool:
        asked = asyncio.create_task(pool.screen("hang", Context()))
        await asyncio.sleep(0)
        asked.cancel()
        await asyncio.gather(asked, return_exceptions=True)

        assert (await answer(pool)).isdigit()


async def test_the_signals_of_a_terminal_and_of_a_supervisor_do_not_end_a_process() -> None:
    async with running() as pool:
        before = int(await answer(pool))
        for ignored in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            os.kill(before, ignored)

        assert await answer(pool) == str(before)


async def test_keys_and_tokens_stay_with_the_parent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EVENKEEL_MASTER_KEY", "not to be passed on")
    async with running() as pool:
        assert await answer(pool, "env EVENKEEL_MASTER_KEY") == "unset"
        assert await answer(pool, "env PATH") == os.environ["PATH"]


async def test_texts_that_wait_when_the_pool_closes_fail() -> None:
    async with running() as pool:
        working = asyncio.create_task(pool.screen("hang", Context()))
        waiting = asyncio.create_task(pool.screen("who", Context()))
        await asyncio.sleep(0)
        await pool.close()

        assert (await working).failed
        assert (await waiting).failed
        assert (await pool.screen("who", Context())).failed


async def test_a_pool_that_is_closed_while_it_starts_leaves_nothing_behind() -> None:
    pool = ScreeningPool(module=WITHOUT_MODELS)
    starting = asyncio.create_task(pool.start())
    await asyncio.sleep(0)

    await pool.close()

    assert isinstance((await asyncio.gather(starting, return_exceptions=True))[0], BaseException)


async def test_a_pool_that_never_started_can_be_closed() -> None:
    await ScreeningPool().close()


async def test_models_that_cannot_be_loaded_are_a_sentence() -> None:
    pool = ScreeningPool(module="tests.unit.safety.unloadable_child")
    with pytest.raises(SafetyError, match="The model is missing; install"):
        await pool.start()
    await pool.close()


async def test_a_process_that_ends_at_once_is_a_sentence() -> None:
    pool = ScreeningPool(module="this")
    with pytest.raises(SafetyError, match="install Evenkeel's locked requirements again"):
        await pool.start()
    await pool.close()


@pytest.mark.parametrize("text", ["who", "hang", "spin"])
def test_nothing_is_left_behind_when_the_parent_is_killed(text: str) -> None:
    program = PARENT.format(module=WITHOUT_MODELS)
    command = [sys.executable, "-c", program, text]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        parent.kill()

    assert wait_until_gone(child)


async def test_the_real_process_masks_and_weighs_while_the_parent_stays_without_models() -> None:
    pool = ScreeningPool(seconds=30.0)
    await pool.start()
    try:
        screening = await pool.screen("my name is Ottoline, I will end my life tonight", Context())
    finally:
        await pool.close()

    assert screening.text is not None
    assert "Ottoline" not in screening.text.masked
    assert screening.text.originals == {"<PERSON_1>": "Ottoline"}
    assert screening.risk.severity >= Severity.HIGH


async def test_a_reply_is_checked_by_the_process_that_screens() -> None:
    async with running() as pool:
        verdict = await pool.check_reply("I am listening.", Exchange(disclosed=True))
    assert verdict == Verdict(disclosed=True)


async def test_a_reply_that_takes_too_long_to_check_is_refused() -> None:
    async with running(seconds=0.3) as pool:
        verdict = await pool.check_reply("hang", Exchange())
        assert (verdict.allowed, verdict.reasons) == (False, (Reason.UNCHECKED,))
        assert (await pool.check_reply("I am listening.", Exchange())).allowed


async def test_a_reply_whose_process_crashed_is_tried_once_more(tmp_path: Path) -> None:
    async with running() as pool:
        once = await pool.check_reply(f"crash once {tmp_path / 'marker'}", Exchange())
        always = await pool.check_reply("crash", Exchange())
    assert once.allowed
    assert always.reasons == (Reason.UNCHECKED,)


async def test_a_closed_pool_refuses_replies() -> None:
    async with running() as pool:
        pass
    assert (await pool.check_reply("hello", Exchange())).reasons == (Reason.UNCHECKED,)


async def test_the_real_process_refuses_a_bad_reply_and_lets_a_good_one_pass() -> None:
    pool = ScreeningPool(seconds=30.0)
    await pool.start()
    said = Exchange(said=("I am going to kill myself tonight",))
    try:
        bad = await pool.check_reply("It stays between us, I won't tell anyone.", said)
        good = await pool.check_reply("I am glad you told me. Are you safe right now?", said)
    finally:
        await pool.close()
    assert Reason.SECRECY_PROMISE in bad.reasons
    assert (good.allowed, good.disclosed, good.disclosure) == (True, True, Domain.SUICIDE)


def test_importing_the_pool_imports_no_model() -> None:
    program = (
        "import sys, safety.executor, safety.screening;"
        "print([m for m in ('spacy', 'presidio_analyzer', 'numpy', 'yaml') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
