"""The peer: pgbench runs the statements of `storage/hot.sql` and the outbox's mark.

Its script is made of the very files the worker reads, so the two cannot drift apart. Each
`%(name)s` becomes a variable of pgbench, a parameter of its prepared statement like ours. pgbench
counts but knows no uuids: those are put together from digits by the server, which costs it less
than a hundredth of the statement. One pipeline a statement, opened by the same `set_config`.
"""

from __future__ import annotations

import re
import subprocess
import tempfile
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from bot.bench.rate import Completions
from bot.errors import BotError
from storage.proving.crowd import FIRST_PERSON
from storage.proving.ground import environment
from storage.proving.turn import CONSTANT, HOT, MARK
from storage.row_security import Role, connect_options
from storage.statements import statement

_PARAMETER: Final = re.compile(r"%\((\w+)\)s")
_FIRST_MESSAGE: Final = 2 * FIRST_PERSON
_MESSAGES_OF_A_RUN: Final = 10**12
_MESSAGES_OF_A_CLIENT: Final = 10**8

_COUNTING: Final = f"""\
\\set n :n + 1
\\set number :client_id * :people + permute(mod(:n, :people), :people, 42)
\\set person {FIRST_PERSON} + :number
\\set epoch :first_epoch + 2 * (:n / :people)
\\set message :first + :client_id * {_MESSAGES_OF_A_CLIENT} + 2 * :n
\\set said :message + 1
"""


def _id(variable: str) -> str:
    return f"(:stem::text || :{variable}::text)::uuid"


_COUNTED: Final = {
    "user_id": _id("person"),
    "conversation_id": _id("person"),
    "key": ":message",
    "epoch": ":epoch",
    "message_id": _id("message"),
    "message_ids": f"ARRAY[{_id('said')}]",
    "said_ids": f"ARRAY[{_id('said')}]",
    "outbox_ids": f"ARRAY[{_id('said')}]",
    "ids": f"ARRAY[{_id('said')}]",
}
"""Parameters that differ from turn to turn, made of what the script counts."""


def script(*, marked: bool) -> str:
    """A turn, in pgbench's language; with the mark `sent` or without."""
    statements = (*HOT, MARK) if marked else HOT
    act_for = f"SELECT set_config('app.user_id', ({_id('person')})::text, true);"
    steps = [
        f"\\startpipeline\n{act_for}\n{_peers(file, name)};\n\\endpipeline\n"
        for file, name in statements
    ]
    return _COUNTING + "".join(steps)


def _peers(file: str, name: str) -> str:
    def variable(found: re.Match[str]) -> str:
        parameter = found[1]
        if parameter in _COUNTED:
            return _COUNTED[parameter]
        if CONSTANT[name][parameter] is None:
            return "NULL"  # a variable cannot be that
        return f":{name}_{parameter}"

    return _PARAMETER.sub(variable, statement(file, name))


def variables() -> dict[str, str]:
    """What is the same in every turn, as PostgreSQL's text format has it."""
    return {
        f"{name}_{parameter}": _text(value)
        for name, constants in CONSTANT.items()
        for parameter, value in constants.items()
        if value is not None
    }


def _text(value: Any) -> str:
    if isinstance(value, bytes):
        return f"\\x{value.hex()}"
    if isinstance(value, list):
        return "{" + ",".join(_element(element) for element in value) + "}"
    return str(value)


def _element(value: Any) -> str:
    return "NULL" if value is None else '"' + _text(value).replace("\\", "\\\\") + '"'


def run_pgbench(
    program: Path,
    url: str,
    *,
    marked: bool,
    stem: str,
    people: int,
    clients: int,
    passes: int,
    run: int,
) -> Completions:
    """Every one of `people` has `passes` turns, after `run` such runs before. Each client has
    people of its own, so that the epoch a commit must name can be counted instead of read."""
    own = people // clients
    counters = {
        "n": -1,
        "people": own,
        "stem": stem,
        "first": _FIRST_MESSAGE + run * _MESSAGES_OF_A_RUN,
        "first_epoch": 2 * run * passes + 1,
    }
    with tempfile.TemporaryDirectory(prefix="evenkeel-pgbench-") as folder:
        path = Path(folder) / "turn.sql"
        path.write_text(script(marked=marked), encoding="utf-8")
        command = [
            *(str(program), "--no-vacuum", "--protocol=prepared", f"--file={path}"),
            *(f"--client={clients}", "--jobs=1", f"--transactions={own * passes}"),
            *("--log", f"--log-prefix={folder}/log"),
            *_defined({**counters, **variables()}),
        ]
        _run(command, environment(url, connect_options(Role.WORKER)))
        return _completions(Path(folder))


def _defined(values: Mapping[str, object]) -> list[str]:
    return [f"--define={name}={value}" for name, value in values.items()]


def _run(command: list[str], environment: dict[str, str]) -> None:
    done = subprocess.run(  # noqa: S603 - PostgreSQL's own program
        command, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        said = [line for line in done.stderr.splitlines() if "rror" in line]
        raise BotError(f"pgbench could not run the statements: {(said or ['no reason given'])[0]}")


def _completions(folder: Path) -> Completions:
    """From its log: client, number, microseconds, script, then the second and microsecond."""
    ended: dict[str, list[float]] = defaultdict(list)
    for log in folder.glob("log*"):
        for line in log.read_text(encoding="ascii").splitlines():
            client, _, _, _, second, microsecond, *_ = line.split()
            ended[client].append(int(second) + int(microsecond) / 1e6)
    return list(ended.values())
