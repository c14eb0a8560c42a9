"""Ids are uuid7: they carry their time, so rows sort by it and an id alone finds its partition."""

from __future__ import annotations

from uuid import UUID

import uuid_utils.compat


def new_id() -> UUID:
    return uuid_utils.compat.uuid7()
