"""The original of a recording or arrival: what of it does not open is tampering, and told as such."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from store import age
from store.alarm import Alarm
from store.errors import HeaderError, NoMatchError, PayloadError, TamperedError


@contextmanager
def opening(alarm: Alarm, object_id: str) -> Iterator[None]:
    """Whatever does not open in this block is a TamperedError with the object's id, and told."""
    with alarm.watch():
        try:
            yield
        except (HeaderError, NoMatchError, PayloadError) as error:
            raise TamperedError(f"the original of {object_id} does not open", object_id) from error


class Original(age.Reader):
    """Random access to what was recorded. A chunk is given out once it is shown to be authentic."""

    def __init__(self, sealed: tuple[bytes, age.ReadAt, int], alarm: Alarm, object_id: str) -> None:
        """`sealed`: file key, payload and its size. TamperedError unless the final chunk opens."""
        self._alarm, self._object_id = alarm, object_id
        super().__init__(*sealed)

    def _opened(self, index: int, count: int) -> bytes:
        with opening(self._alarm, self._object_id):
            return super()._opened(index, count)
