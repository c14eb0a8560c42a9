"""A backup and a restore as another OS user, in a process of its own.

    backup_as_user.py FOLDER OS_USER

Prints what was restored, as one line.
"""

from __future__ import annotations

import codecs
import sys
from pathlib import Path

import psycopg  # noqa: F401
import psycopg_binary  # noqa: F401 - before the interpreter's own folder may become unreadable

from tests.integration.embedded_worker import become
from tests.integration.places import Place


def main() -> None:
    codecs.lookup("ascii")  # likewise: codecs are imported when they are first used
    become(sys.argv[2])
    place = Place(top=Path(sys.argv[1]))
    place.ask("CREATE TABLE words (word text)")
    place.back_up()
    moment = place.write("kept")
    place.write("lost")
    print(*place.restore(moment))
    owners = {path.owner() for path in place.top.rglob("*")}
    place.down()
    print(*owners)


if __name__ == "__main__":
    main()
