"""What the council's Mosaic calls our kinds of note and our staff: one file, read strictly.

Nothing stands in for a line that is missing: a made-up code would file a note where nobody looks.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

from recorder.export.text import forbidden, length
from store.people import fold
from templates import note_type_keys
from templates.reading import line_of

NOTE_TYPE_LENGTH = 16
USERNAME_LENGTH = 30

_LONGEST = {"note_types": NOTE_TYPE_LENGTH, "workers": USERNAME_LENGTH}
_NO_CODES: Mapping[str, str] = MappingProxyType({})


class CodesError(ValueError):
    """A file of codes that cannot be used: which, where and why."""

    def __init__(self, name: str, line: int, reason: str) -> None:
        super().__init__(f"{name}, line {line}: {reason}")


@dataclass(frozen=True, slots=True)
class Codes:
    """The council's codes, by what we call the same thing."""

    file: str = "mosaic.toml"  # the name of the file that they stand in
    note_types: Mapping[str, str] = field(default_factory=lambda: _NO_CODES)  # by note type key
    workers: Mapping[str, str] = field(default_factory=lambda: _NO_CODES)  # username, by handle

    def username(self, handle: str) -> str:
        """The Mosaic username of whoever has a handle, whatever its case; empty where none is said."""
        return {fold(key): value for key, value in self.workers.items()}.get(fold(handle), "")

    def missing(self, kind: str, handle: str) -> Iterator[str]:
        """For a note of a kind by somebody: each line to add before it can leave, as a sentence."""
        if kind not in self.note_types:
            yield self._add("note_types", kind, "CODE", "this kind of note has no Mosaic code yet")
        if not self.username(handle):
            yield self._add(
                "workers", handle, "USERNAME", "its worker has no Mosaic username there yet"
            )

    def _add(self, table: str, key: str, value: str, why: str) -> str:
        return f'{why}: add the line {bare(key)} = "{value}" under [{table}] in {self.file}'


_taken = [Codes()]  # of this process, as with note types


def use(path: Path) -> None:
    """Take the codes of a file in place of those taken before; of one that is not there, none.

    CodesError names the file, the line and the reason; then nothing changes.
    """
    _taken[0] = read(path)


def codes() -> Codes:
    """The codes that were taken last."""
    return _taken[0]


def read(path: Path) -> Codes:
    """The codes of a file, none where there is no file; CodesError."""
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        return Codes(path.name)
    except OSError as error:
        reason = f"it cannot be read ({type(error).__name__})"
        raise CodesError(path.name, 1, reason) from error
    return _parsed(path.name, raw)


def _parsed(name: str, raw: bytes) -> Codes:
    try:
        text = raw.decode("utf-8-sig").replace("\r\n", "\n")
        data = tomllib.loads(text)
    except UnicodeDecodeError as error:
        raise CodesError(name, raw[: error.start].count(b"\n") + 1, "not UTF-8") from error
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"line (\d+)", str(error))
        line = int(found[1]) if found else text.count("\n") + 1  # else: at the end of the document
        raise CodesError(name, line, f"not valid TOML: {error}") from error
    for steps, reason in _wrong(data):
        raise CodesError(name, line_of(text, steps), reason)
    made = {table: MappingProxyType(data.get(table, {})) for table in _LONGEST}
    return Codes(name, made["note_types"], made["workers"])


def _wrong(data: dict[str, Any]) -> Iterator[tuple[tuple[str, ...], str]]:
    for table, given in data.items():
        if table not in _LONGEST:
            yield (table,), f"there is no '{table}' here, only [note_types] and [workers]"
        elif not isinstance(given, dict):
            yield (table,), f"write [{table}] on a line of its own, and its lines below"
        else:
            for key, value in given.items():
                if reason := _wrong_value(value, _LONGEST[table]):
                    yield (table, key), reason
            yield from _WRONG_KEYS[table](given)


def _wrong_value(value: object, longest: int) -> str:
    if not isinstance(value, str):
        return 'write what Mosaic calls it between quotes: "LIKE THIS"'
    if not value.strip() or value != value.strip():
        return "it is empty, or begins or ends with a blank"
    if found := forbidden(value, lines=False):
        return f"it holds characters that cannot be shown safely ({', '.join(found)})"
    if length(value) > longest:
        return f"it has {length(value)} characters and Mosaic takes {longest}"
    return ""


def _wrong_kinds(given: dict[str, str]) -> Iterator[tuple[tuple[str, ...], str]]:
    known = note_type_keys()
    for key in given:
        if key not in known:
            yield ("note_types", key), f"there is no note type '{key}': use {', '.join(known)}"


def _wrong_workers(given: dict[str, str]) -> Iterator[tuple[tuple[str, ...], str]]:
    """Two people with one username: the note of one would stand in the name of the other."""
    handles: set[str] = set()
    names: set[str] = set()
    for key, value in given.items():
        if fold(key) in handles:
            yield ("workers", key), "this person stands above already, in other letters"
        if value.casefold() in names:
            yield ("workers", key), "somebody above has this username: a note has one worker"
        handles.add(fold(key))
        names.add(value.casefold())


_WRONG_KEYS = {"note_types": _wrong_kinds, "workers": _wrong_workers}


def bare(key: str) -> str:
    """A key as it is written in TOML."""
    return key if re.fullmatch(r"[A-Za-z0-9_-]+", key) else f'"{key}"'
