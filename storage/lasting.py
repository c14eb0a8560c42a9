"""What was written outlives a power cut."""

from __future__ import annotations

import os
from pathlib import Path


def make_lasting(path: Path) -> None:
    """A file with what is in it, or a folder with the names in it: a file that was made, renamed
    or removed is so for good once its folder is on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
