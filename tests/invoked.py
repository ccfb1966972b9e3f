"""What came of a command that was called in this process."""

from __future__ import annotations

from click.testing import Result

from recorder.errors import RecorderError


def good(result: Result) -> str:
    """What a command printed that went well."""
    if result.exception is not None:
        raise result.exception
    assert result.exit_code == 0
    return result.stdout


def refused(result: Result, kind: type[RecorderError], words: str) -> None:
    """It ended with such an error, which says these words."""
    assert isinstance(result.exception, kind), result.exception
    assert words in str(result.exception)
