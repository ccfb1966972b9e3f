"""A form with files in it, read as it comes: no file is ever whole in memory, or unsealed on a disk."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from typing import Protocol

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

from recorder.errors import StateError

_MOST_TEXT = 256 * 1024  # bytes in all fields that are no files
_MOST_PARTS = 50
_NOT_WHOLE = "this did not come whole: go back and send it again"


async def before_files(content_type: str, body: AsyncIterator[bytes], most: int) -> dict[str, str]:
    """The fields that stand before a form's first file, of no more than about `most` bytes.

    For a form that is refused: what of it cannot be read is not missed.
    """
    fields, came = dict[str, str](), 0
    try:
        reader = FormReader(content_type, _Unread())
        fields = reader.fields
        async for data in body:
            reader.feed(data)
            came += len(data)
            if came > most:
                break
    except (StateError, _FileBeginsError):
        return fields
    return fields


class Files(Protocol):
    """What becomes of the files."""

    def begin(self, fields: Mapping[str, str], name: str, filename: str) -> None:
        """A file in the field `name` begins; `fields` are those that stood before it."""

    def feed(self, data: bytes) -> None:
        """More of it."""

    def end(self) -> None:
        """That was all of it."""


class _FileBeginsError(Exception):
    """Nothing of a file is read."""


class _Unread:
    """Files of which nothing becomes anything."""

    def begin(self, _fields: Mapping[str, str], _name: str, _filename: str) -> None:
        raise _FileBeginsError

    def feed(self, _data: bytes) -> None:
        raise _FileBeginsError

    def end(self) -> None:
        raise _FileBeginsError


class FormReader:
    """Fed with the body of one request. StateError for what is no form, or not whole."""

    def __init__(self, content_type: str, files: Files) -> None:
        self.fields: dict[str, str] = {}
        self._files = files
        self._parts = self._text = 0
        self._whole = False
        self._header, self._value = bytearray(), bytearray()
        self._name = ""
        self._filename: str | None = None  # None: this part is no file
        self._said = bytearray()
        _, options = parse_options_header(content_type)
        try:
            self._parser = MultipartParser(
                options.get(b"boundary", b""),
                {
                    "on_part_begin": self._begin,
                    "on_header_field": lambda data, at, to: self._header.extend(data[at:to]),
                    "on_header_value": lambda data, at, to: self._value.extend(data[at:to]),
                    "on_header_end": self._header_ends,
                    "on_headers_finished": self._content_begins,
                    "on_part_data": self._more,
                    "on_part_end": self._ends,
                    "on_end": self._end,
                },
            )
        except FormParserError as error:
            raise StateError(_NOT_WHOLE) from error

    def feed(self, data: bytes) -> None:
        """What came."""
        try:
            self._parser.write(data)
        except FormParserError as error:
            raise StateError(_NOT_WHOLE) from error

    def close(self) -> None:
        """No more comes."""
        if not self._whole:
            raise StateError(_NOT_WHOLE)

    # --- what the parser calls ---

    def _begin(self) -> None:
        self._parts += 1
        if self._parts > _MOST_PARTS:
            raise StateError(_NOT_WHOLE)
        self._name, self._filename = "", None
        self._said.clear()

    def _header_ends(self) -> None:
        name, value = bytes(self._header).lower(), bytes(self._value)
        self._header.clear()
        self._value.clear()
        if name != b"content-disposition":
            return
        _, options = parse_options_header(value)
        self._name = options.get(b"name", b"").decode(errors="replace")
        filename = options.get(b"filename")
        self._filename = None if filename is None else filename.decode(errors="replace")

    def _content_begins(self) -> None:
        if self._filename:  # empty where no file was chosen
            self._files.begin(self.fields, self._name, self._filename)

    def _more(self, data: bytes, at: int, to: int) -> None:
        if self._filename:
            self._files.feed(data[at:to])
        elif self._filename is None:
            self._text += to - at
            if self._text > _MOST_TEXT:
                raise StateError("that is too much text for one form: send it in smaller parts")
            self._said += data[at:to]

    def _ends(self) -> None:
        if self._filename:
            self._files.end()
        elif self._filename is None:
            self.fields[self._name] = self._said.decode(errors="replace")

    def _end(self) -> None:
        self._whole = True
