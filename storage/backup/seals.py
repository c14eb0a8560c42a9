"""Sealed files: compressed, then encrypted in frames, each under its own name in its own set.

A file that was cut short, changed, renamed, or brought from another set does not open. Every one
is written whole or not at all.
"""

from __future__ import annotations

import hashlib
import io
import os
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import tink

from storage.errors import BackupBrokenError, BackupError
from storage.lasting import make_lasting

if TYPE_CHECKING:
    from tink.streaming_aead import StreamingAead

SUFFIX: Final = ".sealed"
CHUNK: Final = 1 << 20  # bytes
_TIME_BYTES: Final = 32  # a sealed file begins with the time of its sealing, padded with spaces
_QUICKLY: Final = 1  # zlib's level: what is sealed by rows hardly shrinks at any


@dataclass(frozen=True, kw_only=True, slots=True)
class SealedFile:
    """What was written: its size on disk and SHA-256, and the size of what is in it."""

    bytes: int
    sha256: str
    content_bytes: int


@dataclass(frozen=True, kw_only=True)
class Opened:
    """A sealed file while it is read; `chunks` raises BackupBrokenError where it is broken, so
    nothing may be believed before it has ended."""

    sealed_at: datetime
    chunks: Iterator[bytes]


class Seals:
    """The seals of one set of backups."""

    def __init__(self, set_name: str, primitive: StreamingAead) -> None:
        self._set_name = set_name
        self._primitive = primitive

    def write(self, path: Path, name: str, chunks: Iterable[bytes]) -> SealedFile:
        """Seal `chunks` into a new file; `name` is what it must be called to open again."""
        draft = path.with_name(f".{path.name}.part")
        try:
            sealed = self._write_draft(draft, name, chunks)
            draft.replace(path)
        except OSError as exc:
            raise BackupError(
                f"{path} cannot be written: {exc.strerror}. Nothing half-written was left there."
            ) from None
        finally:
            draft.unlink(missing_ok=True)
        make_lasting(path.parent)
        return sealed

    def _write_draft(self, draft: Path, name: str, chunks: Iterable[bytes]) -> SealedFile:
        sink = _Sink(draft)
        squeezed, content_bytes = zlib.compressobj(_QUICKLY), 0
        try:
            with self._primitive.new_encrypting_stream(sink, self._bound_to(name)) as stream:
                stream.write(squeezed.compress(_time_line()))
                for chunk in chunks:
                    content_bytes += len(chunk)
                    stream.write(squeezed.compress(chunk))
                stream.write(squeezed.flush())
        except tink.TinkError:
            raise sink.trouble or BackupError("The backup's key did not seal.") from None
        finally:
            sink.close()
        if sink.trouble:
            raise sink.trouble
        return SealedFile(
            bytes=sink.bytes, sha256=sink.digest.hexdigest(), content_bytes=content_bytes
        )

    def open(self, path: Path, name: str) -> Opened:
        """Begin to read a sealed file. Raises BackupBrokenError."""
        chunks = self._chunks(path, name)
        first = next(chunks, b"")
        try:
            sealed_at = datetime.fromisoformat(first[:_TIME_BYTES].decode("ascii").strip())
        except ValueError:
            raise BackupBrokenError(path) from None
        return Opened(sealed_at=sealed_at, chunks=chunks)

    def read(self, path: Path, name: str) -> bytes:
        """All of a small file."""
        return b"".join(self.open(path, name).chunks)

    def _chunks(self, path: Path, name: str) -> Iterator[bytes]:
        """First the time of sealing, then what was sealed."""
        unsqueezed = zlib.decompressobj()
        try:
            with (
                path.open("rb") as file,
                self._primitive.new_decrypting_stream(file, self._bound_to(name)) as stream,
            ):
                yield unsqueezed.decompress(stream.read(CHUNK), _TIME_BYTES)
                while not unsqueezed.eof:
                    more = unsqueezed.unconsumed_tail or stream.read(CHUNK)
                    chunk = unsqueezed.decompress(more, CHUNK)
                    if chunk:
                        yield chunk
                    elif not more:
                        raise BackupBrokenError(path)
                if stream.read(1):
                    raise BackupBrokenError(path)
        except (tink.TinkError, zlib.error):
            raise BackupBrokenError(path) from None
        except OSError as exc:
            raise BackupBrokenError(path, exc.strerror) from None

    def _bound_to(self, name: str) -> bytes:
        return f"evenkeel backup 1|{self._set_name}|{name}".encode()


class _Sink(io.RawIOBase):
    """A file that remembers its digest, and what went wrong: Tink forgets it."""

    def __init__(self, path: Path) -> None:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        self._file = os.fdopen(descriptor, "wb", buffering=0)
        self.digest = hashlib.sha256()
        self.bytes = 0
        self.trouble: OSError | None = None

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        try:
            written = self._file.write(data)
        except OSError as exc:
            self.trouble = exc
            raise
        self.digest.update(bytes(data)[:written])
        self.bytes += written
        return written

    def close(self) -> None:
        if self._file.closed:
            return
        try:
            os.fsync(self._file.fileno())
        except OSError as exc:
            self.trouble = self.trouble or exc
        self._file.close()
        super().close()


def _time_line() -> bytes:
    return datetime.now(UTC).isoformat(timespec="microseconds").ljust(_TIME_BYTES).encode()
