"""A note type's file read strictly: what is wrong is named with its line."""

from __future__ import annotations

import hashlib
import re
import tomllib
import typing
from collections import Counter
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

import msgspec

from templates.model import NoteType

_KEY = re.compile(r"[a-z][a-z0-9_]{0,31}")
_GIVEN = {"key", "sha256"}  # not in the file: its name, and what it says
_TABLES = {"section": "sections"}  # in the file one at a time
_STEP = re.compile(r"\.(\w+)|\[(\d+|\.\.\.)\]")
_HEADER = re.compile(r"\s*\[\[?\s*([\w.]+)\s*\]\]?")

Steps = tuple[str | int, ...]
"""The way to a value: keys, and places in lists from 0."""


class NoteTypeError(ValueError):
    """A file that is no note type: which, where and why."""

    def __init__(self, name: str, line: int, reason: str) -> None:
        super().__init__(f"{name}, line {line}: {reason}")


def read(name: str, raw: bytes) -> NoteType:
    """The note type that a file called `name` holds; NoteTypeError says what is wrong with it."""
    key = name.removesuffix(".toml")
    if not _KEY.fullmatch(key):
        raise NoteTypeError(
            name, 1, "the file's name must be small letters, digits and _, at most 32"
        )
    try:
        text = raw.decode()
        data = tomllib.loads(text)
    except UnicodeDecodeError as error:
        raise NoteTypeError(name, raw[: error.start].count(b"\n") + 1, "not UTF-8") from error
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"line (\d+)", str(error))
        line = int(found[1]) if found else text.count("\n") + 1  # else: at the end of the document
        raise NoteTypeError(name, line, f"not valid TOML: {error}") from error
    return _made(name, key, text, data, hashlib.sha256(raw).hexdigest())


def _made(name: str, key: str, text: str, data: dict[str, Any], sha256: str) -> NoteType:
    def refused(steps: Steps, reason: str) -> NoteTypeError:
        return NoteTypeError(name, line_of(text, steps), reason)

    for table, field in _TABLES.items():
        if field in data or table not in data:
            raise refused((field,), f"write each of the {field} as [[{table}]]")
    whole = data | {"key": key, "sha256": sha256, "sections": data["section"]}
    del whole["section"]
    for steps, word in _unknown(NoteType, data, _GIVEN):
        raise refused(steps, f"there is no '{word}' here")
    try:
        made = msgspec.convert(whole, NoteType)
    except msgspec.ValidationError as error:
        reason, _, path = str(error).partition(" - at `$")
        steps = tuple(_steps(path.rstrip("`")))
        raise refused(steps, reason[:1].lower() + reason[1:]) from error
    for steps, reason in _senseless(made):
        raise refused(steps, reason)
    return made


def _steps(path: str) -> Iterator[str | int]:
    """The steps of a path as msgspec writes it, with the file's own words for them."""
    files_own = {field: table for table, field in _TABLES.items()}
    for word, place in _STEP.findall(path):
        if word:
            yield files_own.get(word, word)
        elif place != "...":
            yield int(place)


def _unknown(kind: type, data: object, given: set[str]) -> Iterator[tuple[Steps, str]]:
    """What stands in the file and means nothing: a slip in a key would else go unseen."""
    if not isinstance(data, dict):
        return
    hints = typing.get_type_hints(kind)
    known = {each.name for each in fields(kind)} - given
    for word, value in data.items():
        field = _TABLES.get(word, word)
        if field not in known:
            yield (word,), word
            continue
        inner = _dataclass_in(hints[field])
        for place, each in enumerate(value if isinstance(value, list) else [value]):
            at: Steps = (word, place) if isinstance(value, list) else (word,)
            if inner is not None:
                yield from (((*at, *steps), wrong) for steps, wrong in _unknown(inner, each, set()))


def _dataclass_in(hint: Any) -> type | None:
    """The dataclass that a field is, or is made of."""
    found = [each for each in (hint, *typing.get_args(hint)) if is_dataclass(each)]
    return found[0] if found and isinstance(found[0], type) else None


def _senseless(made: NoteType) -> Iterator[tuple[Steps, str]]:
    """What is of the right kind, and yet no use."""
    for word in ("title", "purpose"):
        if not getattr(made, word).strip():
            yield (word,), f"{word} is empty"
    for word in ("target_words", "draft_days", "approve_days"):
        if getattr(made, word) < 1:
            yield (word,), f"{word} must be 1 or more"
    if made.approve_days < made.draft_days:
        yield ("approve_days",), "approve_days is less than draft_days"
    yield from _senseless_sections(made)


def _senseless_sections(made: NoteType) -> Iterator[tuple[Steps, str]]:
    if not made.sections:
        yield ("section",), "there is no [[section]]"
    counted = Counter(section.key for section in made.sections)
    for place, section in enumerate(made.sections):
        if not _KEY.fullmatch(section.key):
            yield ("section", place, "key"), "a key is small letters, digits and _, at most 32"
        elif counted[section.key] > 1:
            yield ("section", place, "key"), f"two sections are called '{section.key}'"


def line_of(text: str, steps: Steps) -> int:
    """The line, from 1, on which the value at the end of `steps` is set, or as near as can be found."""
    lines, at = text.splitlines(), 0
    for place, step in enumerate(steps):
        if not isinstance(step, str):
            continue
        nth = steps[place + 1] if place + 1 < len(steps) else 0
        header = _nth_header(lines, at, step, nth if isinstance(nth, int) else 0)
        if header is not None:
            at = header
            continue
        found = _setting(lines, at, step, inside=place > 0)
        return (at if found is None else found) + 1
    return at + 1


def _nth_header(lines: list[str], after: int, name: str, nth: int) -> int | None:
    """The nth table called `name` from 0; of one inside another, only its own."""
    found = [
        number
        for number in range(after, len(lines))
        if (header := _HEADER.match(lines[number])) and header[1].split(".")[-1] == name
    ]
    return found[nth] if nth < len(found) else None


def _setting(lines: list[str], after: int, key: str, *, inside: bool) -> int | None:
    """Where `key` is set in the table whose header is at `after`, or before any table."""
    for number in range(after + inside, len(lines)):
        if _HEADER.match(lines[number]) and not lines[number].strip().endswith(","):
            return None
        if re.match(rf'\s*"?{re.escape(key)}"?\s*=', lines[number]):
            return number
    return None


def files(folder: Path) -> list[tuple[str, bytes]]:
    """The note types' files in a folder, by name; NoteTypeError where there is no folder."""
    try:
        found = sorted(path for path in folder.iterdir() if path.name.endswith(".toml"))
        return [(path.name, path.read_bytes()) for path in found]
    except OSError as error:
        reason = f"it cannot be read ({type(error).__name__})"
        raise NoteTypeError(str(folder), 1, reason) from error
