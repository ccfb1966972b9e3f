"""What can go wrong at rest. Every public exception stands under StoreError.

Messages carry ids, sizes and states, never content.
"""


class StoreError(Exception):
    """The root of everything this package raises."""


class HeaderError(StoreError):
    """An age header is not one that this package would have written."""


class MacError(HeaderError):
    """An age header was altered: it opens, but its authentication code does not match."""


class ArmourError(StoreError):
    """The text form of an age file is not one that this package reads."""


class NoMatchError(StoreError):
    """None of the given identities opens this header."""


class PayloadError(StoreError):
    """A sealed payload was changed, cut short or extended."""


class KeyUnavailableError(StoreError):
    """A key is missing, unreadable, or lies open to others."""


class KeyAbsentError(KeyUnavailableError):
    """What a wrapper takes to open the root key is not here: no file, no passphrase, no service."""


class WrongKeyError(KeyUnavailableError):
    """A passphrase, file or service was asked, and what it gave does not open the root key."""


class ShareError(StoreError):
    """A recovery share is mistyped, or the shares do not belong together."""


class TamperedError(StoreError):
    """A row or blob is not the one that was written here."""

    def __init__(self, message: str, object_id: str = "") -> None:
        super().__init__(message)
        self.object_id = object_id  # of the row or recording; empty where none is known
        self.told = False  # whether it stands in the audit log


class ErasedError(StoreError):
    """The case's identity was destroyed; nothing of it opens any more."""


class SoundErasedError(ErasedError):
    """The bytes of a recording went by a rule; what was heard in it may still be there."""


class HeldError(StoreError):
    """The case is under a legal hold: nothing of it may be erased."""


class NotFoundError(StoreError):
    """There is no such row."""


class DatabaseError(StoreError):
    """The database cannot be read or written just now."""


class PlaceError(DatabaseError):
    """The database's file would lie where it is corrupted sooner or later."""


class BusyError(DatabaseError):
    """Somebody else does this on the same database already."""


class VaultError(StoreError):
    """The vault cannot be read or written just now."""


class DuplicateError(StoreError):
    """A row with this reference exists already."""


class ConflictError(StoreError):
    """Somebody else changed the row first."""


class BackupError(StoreError):
    """A backup cannot be made, or is not whole."""


class AuditError(StoreError):
    """The audit log does not verify."""

    def __init__(self, message: str, seq: int) -> None:
        super().__init__(message)
        self.seq = seq  # the first event that does not fit


class CheckpointError(StoreError):
    """A checkpoint is not one that this log signed."""
