"""ASCII armour, read only: PEM of one strict form, so that any byte can be found by counting.

Whitespace may stand around it. All line ends are alike, LF or CRLF, and all lines but the last are
full; so a large armoured file is read in place, and nothing of it is held in memory.
"""

from __future__ import annotations

import base64
import binascii

from store.age.stream import ReadAt
from store.errors import ArmourError

_BEGIN = b"-----BEGIN AGE ENCRYPTED FILE-----"
_END = b"-----END AGE ENCRYPTED FILE-----"
_COLUMNS = 64
_BYTES = 48  # in a full line
_AROUND = 1024  # bytes of whitespace allowed before, and after
_WHITESPACE = b" \t\r\n"


def is_armoured(read_at: ReadAt, size: int) -> bool:
    """Whether a file of `size` bytes means to be in armour."""
    head = read_at(0, min(size, _AROUND + len(_BEGIN)))
    return head.lstrip(_WHITESPACE).startswith(_BEGIN)


class Armoured:
    """Random access to what an armour holds. Each line is checked when it is read."""

    def __init__(self, read_at: ReadAt, size: int) -> None:
        """Raises ArmourError unless both ends and the last line are well formed."""
        self._source = read_at
        begin, self._line_end = self._find_begin(size)
        end = self._find_end(size)
        self._begin, self._length = begin, end - begin
        self._stride = _COLUMNS + len(self._line_end)
        if self._length < 0:
            raise ArmourError("an armour ends before it begins")
        full = max(self._length - 1, 0) // self._stride  # lines before the last
        self.size: int = full * _BYTES + len(self._lines(full, full + 1))

    def read_at(self, offset: int, length: int) -> bytes:
        """Bytes from `offset`, `length` of them or as many as there are."""
        end = min(offset + length, self.size)
        if offset >= end:
            return b""
        first, start = divmod(offset, _BYTES)
        data = self._lines(first, -(-end // _BYTES))
        return data[start : start + end - offset]

    def _lines(self, first: int, beyond: int) -> bytes:
        """The bytes in the lines from `first` up to `beyond`."""
        start = first * self._stride
        size = min(beyond * self._stride, self._length) - start
        text = self._source(self._begin + start, size)
        if not text:
            return b""
        *lines, rest = text.split(self._line_end)
        full = all(len(line) == _COLUMNS for line in lines[:-1])
        if rest or not lines or not lines[-1] or not full:
            raise ArmourError("an armour's line has the wrong length")
        return _decoded(b"".join(lines))

    def _find_begin(self, size: int) -> tuple[int, bytes]:
        head = self._source(0, min(size, _AROUND + len(_BEGIN) + 2))
        before, begin, after = head.partition(_BEGIN)
        if not begin or not _is_blank(before, ending=True):
            raise ArmourError("an armour does not begin as it should")
        line_end = b"\r\n" if after.startswith(b"\r") else b"\n"
        if not after.startswith(line_end):
            raise ArmourError("an armour's first line goes on")
        return len(before) + len(begin) + len(line_end), line_end

    def _find_end(self, size: int) -> int:
        start = max(0, size - _AROUND - len(_END))
        before, end, after = self._source(start, size - start).rpartition(_END)
        if not end or not _is_blank(after, ending=False):
            raise ArmourError("an armour does not end as it should")
        return start + len(before)


def _is_blank(around: bytes, *, ending: bool) -> bool:
    """Whether this is whitespace that makes whole lines, before or after the armour."""
    whole = around[-1:] == b"\n" if ending else around.startswith((b"\n", b"\r\n"))
    return not around or (len(around) <= _AROUND and not around.strip(_WHITESPACE) and whole)


def _decoded(text: bytes) -> bytes:
    try:
        data = base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise ArmourError("an armour holds what is not base64") from error
    if base64.b64encode(data) != text:
        raise ArmourError("an armour's base64 is not canonical")
    return data
