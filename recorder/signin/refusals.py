"""Why nobody came in by an identity provider: codes for the log, never what was sent."""

from __future__ import annotations


class RefusedError(Exception):
    """What came does not prove who somebody is, or is not what was agreed; `reason` is a code of ours."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class SilentError(Exception):
    """The provider gave no answer that can be used; `reason` is a code of ours."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
