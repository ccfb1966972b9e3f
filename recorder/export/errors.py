"""What can go wrong on the way out. No message carries content."""

from __future__ import annotations

from recorder.errors import RecorderError


class ExportError(RecorderError):
    """The root of everything this package raises."""


class ExportRefused(ExportError):  # noqa: N818 - a refusal is an outcome, and the name callers know
    """A note does not fit Mosaic. `reasons` holds every reason as a plain sentence."""

    def __init__(self, note_id: str, version: int, reasons: tuple[str, ...]) -> None:
        super().__init__(
            f"Note {note_id} version {version} cannot be exported. " + " ".join(reasons)
        )
        self.note_id = note_id
        self.version = version
        self.reasons = reasons


class ExportFailedError(ExportError):
    """The pack could not be written. Nothing of it stands in the target folder."""
