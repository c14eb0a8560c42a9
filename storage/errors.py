"""The one family of errors of `storage`. A docstring is the sentence an operator reads."""

from __future__ import annotations


class StorageError(Exception):
    """The database refused a statement. This is a defect: please report it."""

    def __init__(self, message: str | None = None) -> None:
        super().__init__(message or " ".join((type(self).__doc__ or "").split()))


class StorageUnavailableError(StorageError):
    """The database does not answer right now. Nothing was stored; try again in a moment."""


class LockedError(StorageUnavailableError):
    """Others hold what this needs. Nothing was changed; try again in a moment."""


class MonthMissingError(StorageError):
    """There is no partition for the time of a row. Is the clock of this machine right?"""


class StorageConfigurationError(StorageError):
    """A setting of the database is wrong. The command ends with exit code 2."""


class FencedError(StorageError):
    """Another worker holds this conversation now; nothing of this turn was stored."""


class KeyMissingError(StorageError):
    """A person has no key in the key store. It is not the store that these rows were made with."""


class ParentGoneError(StorageError):
    """A row refers to one that is not there (any more). Nothing of it was stored."""


class UpdateSpentError(StorageError):
    """Somebody sent this before they were erased. It is not taken in again."""


class KeyErasedError(StorageError):
    """This person was erased: their key is destroyed and nothing of theirs can be read."""


class PersonUnknownError(StorageConfigurationError):
    """Nobody here has this id. Ids are listed nowhere; ask the person how they write to us."""


class KeyTakenError(StorageError):
    """A key of this name is stored already, and keys are never overwritten."""


class SealBrokenError(StorageError):
    """Sealed bytes do not open: they were altered, or belong to another row, column or person."""

    def __init__(self, table: str, column: str) -> None:
        super().__init__(f"A sealed value of {table}.{column} does not open where it was found.")


class BackupError(StorageError):
    """A backup could not be made or restored. What was there before is as it was."""


class BackupBrokenError(StorageError):
    """A file of a backup is missing, cut short, altered, renamed, or of another backup."""

    def __init__(self, path: object, why: str | None = None) -> None:
        reason = why or "cut short, altered, renamed, or from another set of backups"
        super().__init__(
            f"The backup's file {path} does not open ({reason}). Take it from another copy of the "
            "backup folder, or use another backup: `evenkeel backup --check` tells which are whole."
        )


class CatalogueChangedError(StorageError):
    """A form reads differently from the stored one of the same version, to which people gave
    their answers. Give the changed form a new version."""

    def __init__(self, assessment: str, version: int) -> None:
        super().__init__(
            f"Version {version} of {assessment} reads differently from the stored one, to which "
            "people gave their answers. Give the changed form a new version."
        )
