"""Puts restored data in the place of the one in use, in steps that each leave one of them whole."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path

from storage.embedded.cluster import Cluster, end_restore
from storage.embedded.spool import spool_of, waiting
from storage.lasting import make_lasting


def swap(cluster: Cluster, fresh: Cluster) -> Path | None:
    """Returns where the data of before is kept, None when there was none. From the first step on
    the new data is whole at `cluster.restored`; whoever starts the server after a crash before
    the last step takes it from there (`end_restore`)."""
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
    kept = cluster.home / f"data.before-{stamp}"
    fresh.data.rename(cluster.restored)
    make_lasting(cluster.home)
    had_data = cluster.data.exists()
    if had_data:
        cluster.data.rename(kept)
    _lay_aside(cluster, stamp)
    end_restore(cluster)
    make_lasting(cluster.home)
    shutil.rmtree(fresh.home)
    return kept if had_data else None


def _lay_aside(cluster: Cluster, stamp: str) -> None:
    """Changes that could not be sealed belong to the data of before; the restored one goes on
    under names that may be the same."""
    if waiting(cluster.home):
        spool = spool_of(cluster.home)
        spool.rename(cluster.home / f"spool.before-{stamp}")
        spool.mkdir(mode=0o700)
        shutil.chown(spool, cluster.account.uid, cluster.account.gid)
