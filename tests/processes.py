"""The real command as a real process, with an environment of its own."""

from __future__ import annotations

import asyncio
import os
import shutil
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from urllib.parse import urlencode

from psycopg import conninfo

ROOT = Path(__file__).parent.parent
OURS = ("EVENKEEL_", "TELEGRAM_", "SLACK_", "OPENAI_", "COUNSELOR_", "DATABASE_")


@contextmanager
def reachable_folder() -> Iterator[Path]:
    """A new folder that the user whom PostgreSQL runs as can get through, also when we are root."""
    folder = Path(tempfile.mkdtemp(prefix="evenkeel-test-"))
    folder.chmod(0o711)
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


def as_url(parameters: str) -> str:
    """The same database as a URL, which is how the environment names it."""
    parts = conninfo.conninfo_to_dict(parameters)
    database = parts.pop("dbname", "")
    return f"postgresql:///{database}?{urlencode(parts)}"


def environment(settings: Mapping[str, str]) -> dict[str, str]:
    """Ours, without settings of whoever runs the tests, and with these."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
    return {**kept, "PYTHONUNBUFFERED": "1", **settings}


async def start(
    settings: Mapping[str, str], *arguments: str, stdin: int = asyncio.subprocess.PIPE
) -> asyncio.subprocess.Process:
    """`evenkeel ARGUMENTS`, in an empty folder so that no `.env` is read."""
    folder = settings["EVENKEEL_DATA_DIR"]
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bot",
        *arguments,
        cwd=folder,
        env=environment({"PYTHONPATH": str(ROOT), **settings}),
        stdin=stdin,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )


async def run(
    settings: Mapping[str, str], *arguments: str, lines: str = ""
) -> tuple[int, str, str]:
    """Exit code, standard output and standard error of a run that ends by itself."""
    process = await start(settings, *arguments)
    out, err = await process.communicate(lines.encode())
    assert process.returncode is not None
    return process.returncode, out.decode(), err.decode()


async def run_at_terminal(
    settings: Mapping[str, str], *arguments: str, typed: str
) -> tuple[int, str, str]:
    """As `run`, by somebody who sits at a terminal and types these keys."""
    keyboard, terminal = os.openpty()
    try:
        process = await start(settings, *arguments, stdin=terminal)
        os.write(keyboard, typed.encode())
        out, err = await process.communicate()
    finally:
        os.close(terminal)
        os.close(keyboard)
    assert process.returncode is not None
    return process.returncode, out.decode(), err.decode()


@asynccontextmanager
async def serving(settings: Mapping[str, str]) -> AsyncIterator[asyncio.subprocess.Process]:
    """`evenkeel serve` until the block ends; then it is asked to stop and must do so."""
    process = await start(settings, "serve")
    try:
        yield process
    finally:
        if process.returncode is None:
            process.terminate()
        _, err = await process.communicate()
        print(err.decode())  # shown when the test fails
