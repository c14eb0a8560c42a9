"""A worker of its own process, for the tests of the embedded server.

    embedded_worker.py FOLDER [OS_USER]

Starts or joins the server on FOLDER, says so in a JSON line, and leaves when its input ends.
LARGEST_FILE in its environment limits what it and the server may write to one file, in bytes.
"""

from __future__ import annotations

import json
import os
import pwd
import resource
import sys
from pathlib import Path

import psycopg
import psycopg_binary  # noqa: F401 - before the interpreter's own folder may become unreadable

from storage.embedded.server import EmbeddedServer
from storage.errors import StorageError


def become(name: str) -> None:
    user = pwd.getpwnam(name)
    if user.pw_uid == os.geteuid():
        return
    os.setgroups([])
    os.setgid(user.pw_gid)
    os.setuid(user.pw_uid)


def report(server: EmbeddedServer) -> dict[str, object]:
    with psycopg.connect(server.url("evenkeel_admin", "postgres")) as connection:
        row = connection.execute("SELECT pg_postmaster_start_time()::text").fetchone()
    return {
        "server": row[0] if row else None,
        "url": server.url("evenkeel_admin", "postgres"),
        "programs": str(server.programs),
        "runs_as": server.account.name,
    }


def main() -> None:
    folder = Path(sys.argv[1])
    if len(sys.argv) > 2:
        become(sys.argv[2])
    if limit := int(os.environ.get("LARGEST_FILE", "0")):
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
    try:
        server = EmbeddedServer.start(folder, fast=True)
    except StorageError as exc:
        print(json.dumps({"error": str(exc)}), flush=True)
        return
    print(json.dumps(report(server)), flush=True)
    sys.stdin.read()
    server.close()


if __name__ == "__main__":
    main()
