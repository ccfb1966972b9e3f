"""A recording's original: what of it does not open is tampering, and is told as such."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from store import age
from store.alarm import Alarm
from store.errors import HeaderError, NoMatchError, PayloadError, TamperedError


@contextmanager
def opening(alarm: Alarm, recording_id: str) -> Iterator[None]:
    """Whatever does not open in this block is a TamperedError with the recording's id, and told."""
    with alarm.watch():
        try:
            yield
        except (HeaderError, NoMatchError, PayloadError) as error:
            raise TamperedError(f"recording {recording_id} does not open", recording_id) from error


class Original(age.Reader):
    """Random access to what was recorded. A chunk is given out once it is shown to be authentic."""

    def __init__(
        self, sealed: tuple[bytes, age.ReadAt, int], alarm: Alarm, recording_id: str
    ) -> None:
        """`sealed`: file key, payload and its size. TamperedError unless the final chunk opens."""
        self._alarm, self._recording_id = alarm, recording_id
        super().__init__(*sealed)

    def _opened(self, index: int, count: int) -> bytes:
        with opening(self._alarm, self._recording_id):
            return super()._opened(index, count)
